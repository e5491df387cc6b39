"""What the bytes of an executable are for, and how that changes between builds."""

from __future__ import annotations

from golifelab.link.sizes.difference import Change, Growth, SizesDifference, sizes_difference
from golifelab.link.sizes.packages import package_of
from golifelab.link.sizes.rows import Sized
from golifelab.link.sizes.stage import Group, Sizes, sizes

__all__ = [
    "Change",
    "Group",
    "Growth",
    "Sized",
    "Sizes",
    "SizesDifference",
    "package_of",
    "sizes",
    "sizes_difference",
]
