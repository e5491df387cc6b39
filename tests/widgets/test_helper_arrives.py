"""A view that began without the helper says so, and looks again by itself once it is built."""

from __future__ import annotations

import time

import pytest

from golifelab import sample, show
from golifelab.toolchain.cache import cache
from golifelab.toolchain.exports import importcfg
from golifelab.toolchain.helper import build
from golifelab.widgets.view import unpack


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
    lab = show(sample("add"))
    notes: list[str] = []
    lab.observe(lambda change: notes.append(unpack(change["new"])["note"]), "payload")
    assert lab.wait()
    deadline = time.monotonic() + 240
    while lab.picture["note"] and time.monotonic() < deadline:
        time.sleep(0.1)
    assert lab.wait()
    assert any("positions by line" in note for note in notes)
    assert notes[-1] == ""
    assert lab.value.tokens.tier == "helper"
    assert lab.picture["thread"]["ssa"][0]["label"] == "v13 Add64 → ADDQ"
