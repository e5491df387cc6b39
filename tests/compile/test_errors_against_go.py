"""Broken programs: what we say is what compile, go build and go vet say, place and first line.

The programs are those by which Go's own authors test the type checkers, read from the GOROOT under
test: $GOROOT/src/internal/types/testdata, and $GOROOT/test where a distribution has it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from golifelab.compile.check.trace import check_trace
from golifelab.compile.types import types
from golifelab.source import Source
from golifelab.toolchain.exports import export_files, importcfg
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

LINE = re.compile(r"^(?:vet: )?(?:\./)?(p\d+)/x\.go:(\d+):(?:(\d+):)? (.*)$")
# What Go 1.27.3's own checker does not come to an end with.
ENDLESS = {"issue78346.go"}
# What Go says after its front end: go build of functions that no other file can have the body of,
# the compiler when it lays out what is good.
BESIDE = re.compile(r"missing function body|too large|larger than address space")


@dataclass(frozen=True)
class Broken:
    """A program of the corpus; `name` is its package in the judges' module."""

    name: str
    path: Path
    source: Source


@pytest.fixture(scope="module")
def corpus(observed) -> list[Broken]:
    """Every program of one file that needs no flags and imports nothing but std."""
    root = find_go(observed.go).root
    std = {*export_files(observed), "unsafe"}
    found = []
    folders = (root / "src" / "internal" / "types" / "testdata", root / "test")
    for path in sorted(path for folder in folders for path in folder.rglob("*.go")):
        text = path.read_bytes().decode(errors="surrogateescape")
        # Most programs of $GOROOT/test are good ones, to be run.
        if folders[1] in path.parents and not re.match(r"// errorcheck\s*\n", text):
            continue
        flags = text.startswith("// -") or "//go:build" in text or "// +build" in text
        # The go command reports nonsense and foreign imports itself, before any tool of Go does.
        if flags or "\udc00" <= max(text, default="") <= "\udfff" or re.search("/[/*]line ", text):
            continue
        name = f"p{len(found):04}"
        source = Source((("x.go", text),), package=f"judge/{name}")
        if set(source.imports()) <= std and path.name not in ENDLESS:
            found.append(Broken(name, path, source))
    assert len(found) > 200
    return found


@pytest.fixture(scope="module")
def said(observed, corpus, tmp_path_factory):
    """What go build and go vet say to each program: name → list of (line, column, first line)."""
    go = find_go(observed.go)
    module = tmp_path_factory.mktemp("module")
    (module / "go.mod").write_text("module judge\n\ngo {}.{}\n".format(*go.release))
    for one in corpus:
        (module / one.name).mkdir()
        one.source.write(module / one.name)
    environment = go.environment(observed) | {"GO111MODULE": "on", "GOFLAGS": "-mod=mod"}
    # With one package that the go command itself refuses, it does not begin with the others.
    listed = run(
        [go.command, "list", "-e", "-f", "{{if not .Error}}{{.ImportPath}}{{end}}", "./..."],
        cwd=module,
        env=environment,
        timeout=300,
    )
    packages = [f"./{name.removeprefix('judge/')}" for name in listed.text.split()]

    def ask(*words):
        done = run([go.command, *words, *packages], cwd=module, env=environment, timeout=500)
        lines = {}
        for line in (done.text + done.error_text).splitlines():
            match = LINE.match(line)
            if match:
                place = int(match[2]), int(match[3] or 0), match[4]
                lines.setdefault(match[1], []).append(place)
        return lines

    asked = {Path(name).name for name in packages}
    return {"asked": asked, "build": ask("build", "-gcflags=-e"), "vet": ask("vet")}


def key(error, name=""):
    """Place and first line of an error; the judges write file names with their folder."""
    line = re.sub(
        r"(?<![\w/])x\.go:", f"{name}/x.go:" if name else "x.go:", error.message.split("\n")[0]
    )
    return error.position.line, error.position.column, line


def test_all_errors_are_those_of_go_build(observed, corpus, said):
    different, broken, errors = [], 0, 0
    for one in corpus:
        if one.name not in said["asked"]:
            continue
        ours = [key(error, one.name) for error in types(one.source, observed).errors]
        ours = [line for line in ours if not BESIDE.search(line[2])]
        theirs = [line for line in said["build"].get(one.name, []) if not BESIDE.search(line[2])]
        broken += bool(theirs)
        errors += len(theirs)
        if ours != theirs:
            different.append((one.path, sorted(set(ours) ^ set(theirs))[:4]))
    assert broken >= 60
    assert errors >= 1000
    assert not different, different[:5]


def test_all_errors_are_those_of_compile(observed, corpus, tmp_path):
    """The same without the go command, so with the package's own name, and in the same order."""
    go = find_go(observed.go)
    tool = go.tool("compile")
    count = Counter()
    for one in corpus[::3]:
        one.source.write(tmp_path)
        done = run(
            [
                tool,
                "-e",
                "-p",
                one.source.package,
                "-o",
                "x.o",
                "-importcfg",
                importcfg(observed),
                "x.go",
            ],
            cwd=tmp_path,
            env=go.environment(observed),
            timeout=60,
        )
        said = [line for line in done.text.splitlines() if line.startswith("x.go:")]
        ours = [str(e).split("\n")[0] for e in types(one.source, observed).errors]
        ours, theirs = (
            [line for line in lines if not BESIDE.search(line.split(": ", 1)[1])]
            for lines in (ours, said)
        )
        assert ours == theirs, one.path
        count["broken"] += bool(theirs)
    assert count["broken"] >= 60


def test_the_first_error_is_that_of_go_vet(observed, corpus, said, monkeypatch):
    """vet checks with go/types, as the fallback does, and stops at the first error it finds."""
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    different, broken, beside = [], 0, 0
    for one in corpus:
        if one.name not in said["asked"]:
            continue
        trace = check_trace(one.source, observed)
        assert trace.tier == "fallback"
        ours = [key(error, one.name) for error in trace.errors[:1]]
        theirs = [
            (line, column, re.sub(r" \(and \d+ more errors\)$", "", text))
            for line, column, text in said["vet"].get(one.name, [])[:1]
        ]
        # The fallback says of what go/parser says that it is about syntax, as the compiler does. Of
        # the errors of a line vet keeps the first that its parser meets, the fallback the leftmost.
        ours = [(line, column, text.removeprefix("syntax error: ")) for line, column, text in ours]
        if trace.first is not None and trace.first.name == "parse":
            beside += ours != theirs
            ours, theirs = [row[0] for row in ours], [row[0] for row in theirs]
        broken += bool(theirs)
        if ours != theirs:
            different.append((one.path, ours, theirs))
    assert broken >= 60
    assert beside <= broken // 50
    assert not different, different[:5]


def test_watching_the_checker_does_not_change_what_it_finds(tier, observed, corpus):
    """Printing a trace can lead the checker astray (15 of these programs in Go 1.27): not ours."""
    traced = 0
    for one in corpus[::2]:
        trace = check_trace(one.source, observed)
        assert sorted(map(str, trace.errors)) == sorted(
            map(str, types(one.source, observed).errors)
        )
        phases = {phase.name for phase in trace}
        assert all(finding.phase in phases for finding in trace.findings), one.path
        traced += trace.traced
    assert traced > len(corpus[::2]) * 0.8
