"""A program that dumps its own heap, and programs of the course, each linked once."""

from __future__ import annotations

import pytest

from golifelab.link.executable import Executable, link
from golifelab.program import Program
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.run import run
from tests.link.metadata.heapdump import PROGRAM, Dump, read_dump

WALK = """package main

import "runtime"

type node struct {
	v    int
	next *node
}

//go:noinline
func leaf(p *node) int { runtime.GC(); return p.v }

//go:noinline
func walk(a *node, k int, b *node) int {
	x := leaf(a)
	y := leaf(b)
	return x + y + k
}

func main() { println(walk(&node{v: 1}, 2, &node{v: 3})) }
"""


@pytest.fixture(scope="session")
def dumping(target: Target) -> Executable:
    """A program with goroutines in all sorts of frames."""
    return link(Source.from_text(PROGRAM), target)


@pytest.fixture(scope="session")
def dump(dumping: Executable, tmp_path_factory: pytest.TempPathFactory) -> Dump:
    """What the runtime of `dumping` says of its frames and variables."""
    path = tmp_path_factory.mktemp("dump") / "heap"
    done = run([dumping.path, path], env={}, timeout=60)
    assert done.returncode == 0, done.error_text
    return read_dump(path.read_bytes())


@pytest.fixture(scope="session", params=["amd64", "arm64"])
def walk(request: pytest.FixtureRequest, target: Target) -> Program:
    """The program whose second argument must survive the first call."""
    return Program(Source.from_text(WALK), target.with_(goarch=request.param))
