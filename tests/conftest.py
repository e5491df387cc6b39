"""Fixtures for every test: which Go versions are under test, and small programs."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.ahead import ahead
from golifelab.toolchain.install import install

# Started in a shell's background, a run ignores interrupts, as would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

OLDEST = "1.24.11"
HELLO = """package main

import "fmt"

//go:noinline
func add(a, b int) int {
	return a + b // the sum
}

func twice(a int) int { return a * 2 }

type pair[T any] struct{ left, right T }

func (p *pair[T]) swap() { p.left, p.right = p.right, p.left }

func main() {
	p := &pair[string]{"one", "two"}
	p.swap()
	for i, s := range []string{p.left, p.right} {
		fmt.Println(i, s, add(i, twice(i)))
	}
}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A sweep over all of std is run on the newest Go; on the others it is for `make test-all`."""
    for item in items:
        parameters = getattr(item, "callspec", None)
        version = parameters.params.get("target") if parameters else None
        if version and item.get_closest_marker("sweep"):
            item.add_marker("slow")


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    """Compilers that were started ahead end with the test whose edits they were for."""
    yield
    ahead.close()


def go_versions() -> list[str]:
    """The versions under test; "" is the toolchain of this environment."""
    named = os.environ.get("GOLIFELAB_TEST_GO_VERSIONS")
    return named.split(",") if named else ["", OLDEST]


@pytest.fixture(scope="session", params=go_versions(), ids=lambda version: version or "newest")
def target(request: pytest.FixtureRequest) -> Target:
    """A target for each Go version under test."""
    version: str = request.param
    if version:
        install(version)
    return Target(go=version)


@pytest.fixture(scope="session")
def newest() -> Target:
    """The default target."""
    return Target()


@pytest.fixture(scope="session")
def hello() -> Source:
    """A program of a few functions that imports only fmt."""
    return Source.from_text(HELLO)
