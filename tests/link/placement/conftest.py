"""Placements of small programs, each made once."""

from __future__ import annotations

import shutil

import pytest

from golifelab.link.placement.stage import Placement, placement
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.link import Mode

STRIP = ("-s", "-w")


@pytest.fixture(scope="session")
def placed(hello: Source, target: Target) -> Placement:
    """The small program's symbols, for each Go version under test."""
    return placement(hello, target)


@pytest.fixture(scope="session", params=["stripped", "pie", "stripped pie", "arm64", "external"])
def kind(request: pytest.FixtureRequest, hello: Source, target: Target) -> Placement:
    """The same program linked in other ways."""
    how: str = request.param
    if how == "arm64":
        return placement(hello, target.with_(goarch="arm64"))
    if how == "external":
        if shutil.which("gcc") is None:
            pytest.skip("gcc is not installed")
        return placement(hello, target.with_(cgo=True), Mode(linkmode="external"))
    flags = STRIP if "stripped" in how else ()
    return placement(hello, target, Mode("pie" if "pie" in how else "exe", flags=flags))
