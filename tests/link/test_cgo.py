"""Whose C is in a program, judged by `go list`."""

from __future__ import annotations

import subprocess
from itertools import pairwise

import pytest

from golifelab.errors import ParseError
from golifelab.link.cgo import BRIDGE, _objects, c_packages
from golifelab.link.modes import Way, built
from golifelab.program import sample
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

QUERY = "{{if .CgoFiles}}{{.ImportPath}}{{end}}"


@pytest.mark.parametrize("cgo", [False, True])
def test_the_packages_that_go_list_names(target, cgo):
    program = sample("netapp")
    found = program.for_target(go=target.go).c_packages(cgo=cgo)
    go = find_go(target.go)
    listed = subprocess.run(
        [go.command, "list", "-deps", "-f", QUERY, program.source.directory / "main.go"],
        env=go.environment(target.with_(cgo=cgo)),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert sorted(found.with_c) == sorted(listed)
    assert found.uses_c == ("std" if cgo else "none")
    assert len(found.frame()) == len(found.packages)
    assert found.to_json()["uses_c"] == found.uses_c
    told = run(
        ["bash", "-c", found.command],
        env=go.environment(target) | {"PATH": f"{go.command.parent}:/usr/bin:/bin"},
        cwd=program.source.directory,
    )
    assert told.returncode == 0, told.error_text
    assert [line.split()[0] for line in told.text.splitlines() if line.strip()] == listed


def test_the_imports_that_bring_c_in(newest):
    text = 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe("", nil) }\n'
    found = c_packages(Source.from_text(text), newest.with_(cgo=True))
    assert found.chain("net") == ("main", "net/http", "net")
    assert found.chain(BRIDGE)[:2] == ("main", "net/http")
    assert found.chains[0][-1] == "net"
    assert found.chain("os/exec/nothing") == ()
    for chain in found.chains:
        for importer, imported in pairwise(chain):
            assert imported in found.package(importer).imports
    assert c_packages(Source.from_text(text), newest.with_(cgo=True), ("netgo",)).uses_c == "none"


def test_a_programs_own_c(newest):
    source = sample("cgoapp").source
    found = c_packages(source, newest.with_(cgo=True))
    assert (found.uses_c, found.with_c) == ("own", (BRIDGE, "main"))
    assert found.chains == (("main",), ("main", BRIDGE))
    without = c_packages(source, newest)
    assert (without.uses_c, without.left_out) == ("left out", ("main.go",))
    assert without.error == "build constraints exclude all Go files"


def test_a_file_that_other_constraints_leave_out_is_not_blamed_on_c(newest):
    source = Source(
        (
            ("main.go", "package main\n\nfunc main() {}\n"),
            ("other.go", "//go:build plan9\n\npackage main\n"),
        )
    )
    found = c_packages(source, newest)
    assert found.packages[-1].ignored == ("other.go",)
    assert (found.left_out, found.uses_c) == ((), "none")


def test_a_broken_program_has_what_can_be_read(newest):
    found = c_packages(Source.from_text('package main\n\nimport "net\n'), newest)
    assert found.uses_c == "none"
    assert found.error


def test_a_module_on_disk_finds_its_other_packages(tmp_path):
    (tmp_path / "go.mod").write_text("module lab.test/outer\n\ngo 1.24\n")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "inner.go").write_text('package inner\n\nimport _ "net"\n')
    (tmp_path / "main.go").write_text(
        'package main\n\nimport _ "lab.test/outer/inner"\n\nfunc main() {}\n'
    )
    source = Source.from_directory(tmp_path)
    found = c_packages(source, Target(cgo=True))
    assert found.chain("net") == ("main", "lab.test/outer/inner", "net")
    # What is in the editor counts, not what is on disk.
    edited = source.with_text("package main\n\nfunc main() {}\n")
    assert c_packages(edited, Target(cgo=True)).uses_c == "none"


def test_what_changes_on_disk_is_seen(tmp_path):
    (tmp_path / "go.mod").write_text("module outer\n\ngo 1.24\n")
    (tmp_path / "inner").mkdir()
    inner = tmp_path / "inner" / "inner.go"
    inner.write_text('package inner\n\nimport _ "net"\n')
    (tmp_path / "other.go").write_text("package main\n\nfunc main() {}\n")
    source = Source((("main.go", 'package main\n\nimport _ "outer/inner"\n\nfunc main() {}\n'),))
    source = Source(source.files, directory=tmp_path)
    # The folder's other main is no part of the program.
    assert built(source, Target(), Way()).outcome == "static"
    assert c_packages(source, Target(cgo=True)).uses_c == "std"
    inner.write_text("package inner\n")
    assert c_packages(source, Target(cgo=True)).uses_c == "none"
    inner.write_text("package inner\n\nfunc broken\n")
    assert built(source, Target(), Way()).outcome == "refused"


def test_what_go_list_never_prints():
    assert list(_objects('{"a": 1}\n{"b": {"c": 2}}')) == [{"a": 1}, {"b": {"c": 2}}]
    assert list(_objects("")) == []
    with pytest.raises(ParseError):
        list(_objects('{"a": 1}{"b":'))
