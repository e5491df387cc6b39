"""Fixtures for the compiler's stages: the helper where it is wanted, and the tier without it."""

from __future__ import annotations

import json
import os
import sys
from functools import lru_cache
from pathlib import Path

import pytest

import golifelab
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.exports import importcfg
from golifelab.toolchain.go import find_go
from golifelab.toolchain.helper import build
from golifelab.toolchain.install import install
from golifelab.toolchain.run import run

OLDEST = "1.24.11"

RICH = """package main

import (
	"fmt"
	"sort"
)

type counter struct{ n int }

func (c *counter) Inc(by int) { c.n += by }

func (c counter) Get() int { return c.n }

type getter interface{ Get() int }

func Map[A, B any](list []A, f func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, a := range list {
		out = append(out, f(a))
	}
	return out
}

//go:noinline
func add(a, b int) int {
	return a + b
}

func double(a int) int { return a * 2 }

func main() {
	c := &counter{add(1, 2)}
	c.Inc(double(3))
	defer func() { fmt.Println("bye", recover()) }()
	list := Map([]int{3, 2, 1}, func(n int) string { return fmt.Sprint(n, c.Get()) })
	sort.Strings(list)
	var g getter = c
	for i, s := range list {
		switch {
		case i > 0 && len(s) > 1 || g.Get() == 7:
			fmt.Println("é", s, i)
		default:
			go add(i, i)
		}
	}
}
"""


@pytest.fixture(scope="session")
def rich() -> Source:
    """Methods, a closure, a generic function, an interface, a defer."""
    return Source.from_text(RICH)


@pytest.fixture(scope="session")
def observed(target: Target) -> Target:
    """Each Go version under test, with its helper built."""
    build.wait(target)
    return target


@pytest.fixture(params=["helper", "fallback"])
def tier(request, observed, monkeypatch) -> str:
    """Both tiers, one after the other."""
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    return request.param


def std_package(path: str, target: Target) -> Source:
    """The source of a package of std."""
    go = find_go(target.go)
    done = run(
        [go.command, "list", "-json=GoFiles,Dir", path], env=go.environment(target), cwd=go.root
    )
    listed = json.loads(done.stdout)
    files = tuple((name, Path(listed["Dir"], name).read_text()) for name in listed["GoFiles"])
    return Source(files, package=path)


@pytest.fixture(scope="session")
def std_source():
    """A function of (import path, target) to the source of a package of std."""
    return std_package


@pytest.fixture(scope="session")
def oldest() -> Target:
    """The oldest supported Go, with its helper built."""
    install(OLDEST)
    build.wait(Target(go=OLDEST))
    return Target(go=OLDEST)


@pytest.fixture(scope="session")
def typesets(tmp_path_factory):
    """What go/types says of a package's method sets or interfaces: the lines of judge/typesets.go.

    A function of ("methods" | "implements", source, target) to rows of cells.
    """
    folder = tmp_path_factory.mktemp("typesets")
    judge = Path(__file__).parent / "judge" / "typesets.go"

    def ask(what: str, source: Source, target: Target) -> list[list[str]]:
        go = find_go(target.go)
        program = folder / f"judge{go.version}.exe"
        if not program.exists():
            built = run([go.command, "build", "-o", program, judge], env=go.host_environment())
            assert built.returncode == 0, built.error_text
        files = folder / source.digest
        files.mkdir(exist_ok=True)
        source.write(files)
        said = run(
            [program, what, importcfg(target), source.package, *source.names],
            cwd=files,
            # What the compiler does in all versions, and go/types of itself since Go 1.27.
            env=go.host_environment() | {"GODEBUG": "gotypesalias=1"},
        )
        assert said.returncode == 0, said.error_text
        return [line.split("\t") for line in said.text.splitlines()]

    return ask


# Capstone says that these write their first operand; they only read it.
COMPARISONS = ("cmp", "cmn", "tst", "fcmp", "ccmp")


@pytest.fixture(scope="session")
def registers_of():
    """A function of (architecture, instructions) to the registers they read and write: capstone's.

    The names are Go's.
    """
    return _registers_of


def _registers_of(architecture, instructions):
    read, written = set(), set()
    for one in instructions:
        for shown in _disassembler(architecture).disasm(one.bytes, one.pc):
            reads, writes = shown.regs_access()
            read |= {_go_name(shown.reg_name(number)) for number in reads}
            if shown.mnemonic.startswith(COMPARISONS):
                read |= {_go_name(shown.reg_name(number)) for number in writes}
            else:
                written |= {_go_name(shown.reg_name(number)) for number in writes}
    return read, written


@lru_cache
def _disassembler(architecture):
    import capstone

    modes = {
        "amd64": (capstone.CS_ARCH_X86, capstone.CS_MODE_64),
        "arm64": (capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM),
    }
    reader = capstone.Cs(*modes[architecture])
    reader.detail = True
    return reader


def _go_name(name):
    if name[0] in "wx" and name[1:].isdigit():
        return f"R{name[1:]}"
    if name[0] in "bhsdqv" and name[1:].isdigit():
        return f"F{name[1:]}"
    if name in ("fp", "lr"):
        return {"fp": "R29", "lr": "R30"}[name]
    if name[1:3] == "mm":
        return f"X{name[3:]}"
    if name[0] == "r" and name[1].isdigit():
        return f"R{name[1:].rstrip('dwb')}"
    if name in ("sil", "dil"):
        return name[:2].upper()
    bare = name[1:] if name[0] in "re" and len(name) == 3 else name
    return (bare[0] + "x" if bare[-1] in "lh" and len(bare) == 2 else bare).upper()


@pytest.fixture
def terminal(tmp_path):
    """What a command line prints in `tmp_path`, where `python` is the one that runs the tests."""
    folders = (Path(sys.executable).parent, os.environ.get("PATH", ""))
    root = Path(golifelab.__file__).parents[1]
    environment = os.environ | {
        "PATH": os.pathsep.join(map(str, folders)),
        "PYTHONPATH": str(root),
    }

    def ask(line: str) -> str:
        done = run(["bash", "-c", line], env=environment, cwd=tmp_path, timeout=120)
        assert not done.returncode, done.error_text
        return done.text.rstrip("\n")

    return ask
