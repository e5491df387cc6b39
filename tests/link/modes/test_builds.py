"""Builds of every way, judged by readelf and by go itself."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from golifelab.errors import FeatureUnavailable
from golifelab.link.modes import WAYS, Way, build, built, executable_built, mode_matrix, modes
from golifelab.link.modes.ccompiler import c_compiler, native
from golifelab.link.modes.tree import Outcome, leaves, outcome_of
from golifelab.link.modes.way import PURE, STATIC
from golifelab.program import sample
from golifelab.run.program import run_program
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go

C = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
READELF = pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf is not installed")
SAMPLES = ("hello", "netapp", "cgoapp")


def said_by_readelf(path):
    """Interpreter, libraries and type of a file, in readelf's words."""
    headers = subprocess.run(
        ["readelf", "-hldW", path], capture_output=True, text=True, check=True, env={"LC_ALL": "C"}
    ).stdout
    interpreter = re.search(r"Requesting program interpreter: (.*)\]", headers)
    libraries = re.findall(r"\(NEEDED\)\s+Shared library: \[(.*)\]", headers)
    kind = re.search(r"Type:\s+(\w+)", headers)
    return interpreter[1] if interpreter else "", tuple(libraries), kind[1]


def test_a_way_in_words():
    assert Way().command == "CGO_ENABLED=0 go build ."
    assert Way().name == "no cgo"
    way = Way(cgo=True, buildmode="pie", linkmode="external", extldflags=STATIC, tags=PURE)
    assert way.flags == (
        "-buildmode=pie",
        "-tags=netgo,osusergo",
        '-ldflags=-linkmode=external -extldflags "-static"',
    )
    assert way.name == (
        'cgo, -buildmode=pie, -tags=netgo,osusergo, -linkmode=external, -extldflags "-static"'
    )
    assert Way(strip=True).flags == ("-ldflags=-s -w",)
    assert len(set(WAYS)) == len(WAYS)


@READELF
@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("hello", Way(buildmode="pie")),
        pytest.param("netapp", Way(cgo=True), marks=C),
        pytest.param("netapp", Way(cgo=True, tags=PURE), marks=C),
        pytest.param("cgoapp", Way(cgo=True, linkmode="internal"), marks=C),
        pytest.param("cgoapp", Way(cgo=True, extldflags=STATIC), marks=C),
        pytest.param("hello", Way(cgo=True, buildmode="c-shared"), marks=C),
    ],
)
def test_a_row_says_what_readelf_says(target, name, way):
    source = sample(name).source
    row = built(source, target, way)
    path = executable_built(source, target, way)
    interpreter, libraries, kind = said_by_readelf(path)
    assert (row.interpreter, row.needed) == (interpreter, libraries)
    assert (row.kind == "executable") == (kind == "EXEC")
    assert row.static == (not interpreter)
    # The build again: this time from the cache, and the same.
    assert built(source, target, way) == row


@pytest.mark.slow
@C
@READELF
def test_every_row_says_what_readelf_and_go_say(target):
    matrix = mode_matrix(target.go)
    assert len(matrix) == len(SAMPLES) * len(WAYS)
    assert all(len(leaf.outcomes) == 1 for leaf in leaves(matrix.tree))
    go, said = find_go(target.go), {}
    for row in matrix:
        if not row.available or row.kind == "archive":
            continue
        path = executable_built(sample(row.program).source, target, row.way)
        interpreter, libraries, _ = said_by_readelf(path)
        assert (row.interpreter, row.needed) == (interpreter, libraries), row.command
        if row.outcome in ("static", "dynamic"):
            # However it was made, it does the same.
            ran = run_program(path)
            assert ran.returncode == 0
            assert ran.text == said.setdefault(row.program, ran.text), row.command
        info = subprocess.run(
            [go.command, "version", "-m", path], capture_output=True, text=True, check=True
        ).stdout
        assert f"CGO_ENABLED={int(row.way.cgo)}" in info
        assert f"-buildmode={row.way.buildmode}" in info


@C
def test_the_matrix_of_a_program_and_its_tree(target):
    ways = [Way(), Way(cgo=True), Way(cgo=True, extldflags=STATIC), Way(linkmode="external")]
    matrix = modes(sample("netapp").source, target, ways, name="netapp")
    plain, allowed, told, refused = matrix
    assert (plain.outcome, allowed.outcome, told.outcome) == ("static", "dynamic", "dynamic")
    # The trap: the flag was taken, changed nothing, and nobody said so.
    assert told.ignored == ("extldflags",)
    assert told.warnings == ()
    assert set(allowed.c) == {"net", "runtime/cgo"}
    assert (refused.outcome, refused.missing) == ("refused", "")
    assert "requires external (cgo) linking" in refused.reason
    assert matrix.row(Way()) == plain
    assert matrix.programs == ("netapp",)
    assert len(matrix.frame()) == len(matrix.to_json()["builds"]) == 4
    assert {outcome_of(row) for row in matrix} == {
        one for leaf in leaves(matrix.tree) for one in leaf.outcomes
    }
    with pytest.raises(KeyError):
        matrix.row(Way(buildmode="plugin"))


@C
def test_a_position_independent_program_that_is_none(newest):
    way = Way(cgo=True, buildmode="pie", linkmode="external", extldflags=STATIC)
    row = built(sample("hello").source, newest, way)
    if row.missing:
        pytest.skip(row.reason)
    # Asked for both, most C compilers make a program with a fixed place, without a word.
    assert row.static
    assert row.ignored == (("buildmode",) if row.kind == "executable" else ())


@C
def test_a_static_c_library_warns_of_what_it_still_needs():
    row = built(
        sample("netapp").source,
        Target(),
        Way(cgo=True, linkmode="external", extldflags=STATIC),
    )
    if row.missing:
        pytest.skip(row.reason)
    assert row.static
    assert any("getaddrinfo" in one for one in row.warnings)
    assert not any("/tmp" in one for one in row.warnings)


def test_a_program_with_c_alone_is_refused_without_cgo(target):
    row = built(sample("cgoapp").source, target, Way())
    assert (row.outcome, row.left_out) == ("refused", ("main.go",))
    assert row.reason == "package main: build constraints exclude all Go files"
    with pytest.raises(FeatureUnavailable, match="build constraints"):
        executable_built(sample("cgoapp").source, target, Way())


def test_a_broken_program_is_a_row_that_says_why(newest):
    row = built(Source.from_text("package main\n\nfunc main() { x }\n"), newest, Way())
    assert row.outcome == "refused"
    assert "undefined: x" in row.reason


def test_a_library_is_no_program(newest):
    row = built(Source.from_text("package lib\n"), newest, Way())
    assert (row.outcome, row.kind) == ("refused", "")
    assert "package lib is not a program" in row.reason


def test_another_processor_without_c(newest):
    row = built(sample("hello").source, newest.with_(goarch="arm64"), Way())
    assert (row.outcome, row.entry_symbol) == ("static", "_rt0_arm64_linux")


def test_what_a_machine_lacks_is_said_and_the_rest_works(monkeypatch, tmp_path, newest):
    monkeypatch.setenv("PATH", str(tmp_path))
    row = built(sample("netapp").source, newest, Way(cgo=True))
    assert row.outcome == "unavailable"
    assert "gcc" in row.reason
    assert "apt install gcc" in row.missing
    # C is allowed, but there is none: Go does not ask for a compiler.
    assert built(sample("hello").source, newest, Way(cgo=True)).outcome == "static"
    assert executable_built(sample("hello").source, newest, Way(cgo=True)).exists()
    assert built(sample("netapp").source, newest, Way()).outcome == "static"
    with pytest.raises(FeatureUnavailable, match="gcc"):
        executable_built(sample("netapp").source, newest, Way(cgo=True))
    matrix = modes(sample("netapp").source, newest, [Way(), Way(cgo=True)])
    assert matrix.missing == (row.missing,)
    # What could not be measured has no say in the tree.
    assert [leaf.outcomes for leaf in leaves(matrix.tree)] == [
        (Outcome("static", "Go", "executable"),)
    ]


def test_a_compiler_without_a_static_library(monkeypatch, tmp_path, newest):
    gcc = tmp_path / "gcc"
    gcc.write_text("#!/bin/sh\necho '/usr/bin/ld: cannot find -lc: No such file' >&2\nexit 1\n")
    gcc.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    row = built(sample("hello").source, newest, Way(cgo=True, linkmode="external"))
    assert row.outcome == "unavailable"
    assert "cannot find -lc" in row.reason
    assert "static C library" in row.missing


def test_a_c_compiler_makes_code_for_its_own_machine():
    foreign = Target(goos="plan9", goarch="386")
    assert not native(foreign)
    with pytest.raises(FeatureUnavailable, match="plan9/386"):
        c_compiler(foreign)


def test_the_eight_builds_keep_their_names():
    row = build("hello")
    assert (row.name, row.outcome, row.command) == ("hello", "static", "CGO_ENABLED=0 go build .")


def test_the_same_build_gives_the_same_file(newest):
    source = Source.from_text('package main\n\nfunc main() { println("the same") }\n')
    path = executable_built(source, newest, Way())
    first = path.read_bytes()
    assert built(source, newest, Way()).size == len(first)
    path.unlink()
    assert executable_built(source, newest, Way()).read_bytes() == first
