"""What `golifelab warm` makes ready is what the lessons ask for first."""

from __future__ import annotations

from golifelab.compile.changed import compiler
from golifelab.compile.changed.laundering import laundering
from golifelab.course.warm import warm
from golifelab.target import Target
from golifelab.toolchain.helper import build


def test_warm_prepares_the_toolchain_and_the_lessons():
    said: list[str] = []
    warm(architectures=("amd64",), say=said.append)
    assert any(line.startswith("std for linux/amd64: ") for line in said)
    told = dict(line.split(": ", 1) for line in said)
    for name in (
        "the compiler, observed",
        "go tool nm",
        "Go's library as a server",
        "the compiler, changed",
        "its rule as linter and as vet check",
    ):
        assert told[name].startswith("ready"), told[name]
    assert build.status(Target()).state == "ready"
    assert compiler.status(laundering(), Target()).state == "ready"


def test_what_cannot_be_had_is_told_and_skipped(monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    said: list[str] = []
    warm(architectures=("amd64",), say=said.append)
    assert any("the compiler, observed: not available" in line for line in said)
    assert any(line.startswith("Go's library as a server: ready") for line in said)
