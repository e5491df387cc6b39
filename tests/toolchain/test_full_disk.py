"""A full disk is called a full disk, whatever go list says about it."""

from __future__ import annotations

from golifelab.errors import FeatureUnavailable
from golifelab.target import Target
from golifelab.toolchain.exports import _failure


def test_a_full_disk_is_named() -> None:
    said = "package fmt: mkdir cache: no space left on device"
    error = _failure(said, Target())
    assert isinstance(error, FeatureUnavailable)
    assert "GOLIFELAB_CACHE" in error.remedy


def test_other_failures_show_their_first_lines() -> None:
    error = _failure("\n".join(f"line {n}" for n in range(100)), Target())
    assert not isinstance(error, FeatureUnavailable)
    assert "line 4" in str(error)
    assert "95 more lines" in str(error)
