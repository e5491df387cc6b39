"""A view that began without the helper says so, and looks again by itself once it is built."""

from __future__ import annotations

import time

import pytest

from golifelab import sample, show
from golifelab.toolchain.cache import cache
from golifelab.toolchain.exports import importcfg
from golifelab.toolchain.helper import build


@pytest.fixture
def without_helper(tmp_path, monkeypatch):
    """A cache that has all but the helper, so that its build takes seconds only."""
    build.wait()
    importcfg(sample("add").target)
    full = cache().root
    for name in ("go-build", "importcfg", "toolchains"):
        if (full / name).exists():
            (tmp_path / name).symlink_to(full / name)
    monkeypatch.setenv("GOLIFELAB_CACHE", str(tmp_path))


def test_the_view_follows_the_build_of_the_helper(without_helper):
    program = sample("add")
    lab = show(program)
    assert program.tokens.tier == "fallback"
    deadline = time.monotonic() + 240
    while (not lab.picture or lab.picture["note"]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert lab.wait()
    assert lab.picture["note"] == ""
    assert lab.value.tokens.tier == "helper"
    assert lab.picture["thread"]["ssa"][0]["label"] == "v13 Add64 → ADDQ"


def test_a_picture_without_the_helper_says_so(monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    lab = show(sample("add").edit("40", "41"))
    assert lab.wait()
    assert "positions by line" in lab.picture["note"]


def test_the_lab_says_it_and_takes_it_back(monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    lab = show(sample("add"), view="lab", function="add")
    assert lab.wait()
    assert lab.note == "without the observed compiler: positions by line"
    monkeypatch.delenv("GOLIFELAB_HELPER")
    build.wait()
    lab.source += "\n"
    assert lab.wait()
    assert lab.note == ""
