"""What a program is: a source and a target."""

from __future__ import annotations

from dataclasses import dataclass, field

from golifelab.source import Source
from golifelab.target import Target


@dataclass(frozen=True)
class Base:
    """One Go package and the target it is built for. Frozen; equal by content and target."""

    source: Source
    target: Target = field(default_factory=Target)
