from __future__ import annotations

import shutil

import pytest

from golifelab.course.exercise import State, exercise
from golifelab.course.exercises_cgo import (
    BUILDS,
    build_name,
    dynamic_programs,
    static_builds,
    thread_version,
    way_of,
)

QUERY = "go list -deps -f '{{if .CgoFiles}}{{.ImportPath}}{{end}}' ."
PURE = "CGO_ENABLED=0 go build ."
TAGS = "go build -tags netgo,osusergo ."
STATIC = "go build -ldflags '-linkmode external -extldflags \"-static\"' ."
needs_gcc = pytest.mark.skipif(not shutil.which("gcc"), reason="needs gcc")


@needs_gcc
def test_3_3a_knows_which_builds_are_static():
    truth = static_builds()
    assert list(truth) == [build_name(*one) for one in BUILDS]
    assert len(set(truth.values())) == 2
    one = exercise("3.3a")
    words = {name: "static" if fact else "dynamic" for name, fact in truth.items()}
    assert one.check(words).state is State.CORRECT
    assert one.check(truth).state is State.CORRECT
    trap = 'netapp: cgo, -extldflags "-static"'
    assert "look again at netapp" in one.check(words | {trap: "static"}).message
    assert one.check(dict.fromkeys(words, ...)).state is State.NOT_ATTEMPTED
    assert "was not asked" in one.check({"nothing": "static"}).message


@needs_gcc
def test_3_3b_wants_three_different_reasons():
    one = exercise("3.3b")
    assert one.check([PURE, TAGS, STATIC]).state is State.CORRECT
    assert "the same way" in one.check([PURE, f"CGO_ENABLED=0 {TAGS}", STATIC]).message
    trapped = one.check([PURE, TAGS, "go build -ldflags '-extldflags \"-static\"' ."])
    assert "was not heard" in trapped.message
    assert "asks for" in one.check([PURE, TAGS, "go build ."]).message
    assert "is not a go build" in one.check([PURE, TAGS, "gcc -static"]).message
    assert "output is chosen" in one.check([PURE, TAGS, "go build -o x ."]).message
    assert "GOOS is not needed" in one.check([PURE, TAGS, "GOOS=linux go build ."]).message
    assert one.check([PURE, TAGS, "go build -tags 'a"]).state is State.INCORRECT
    assert one.check([PURE, TAGS, "go build -ldflags=-nonsense ."]).state is State.INCORRECT
    assert one.check(PURE).state is State.INCORRECT


def test_without_a_c_compiler_two_of_three_ways_can_be_judged(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert way_of(PURE) != way_of(TAGS)
    state = exercise("3.3b").check([PURE, TAGS, STATIC])
    assert (state.state, "gcc" in state.message) == (State.UNCHECKABLE, True)


@needs_gcc
def test_3_3c_finds_the_version_in_the_file():
    version, library = thread_version()
    assert version.startswith("GLIBC_")
    assert library.startswith("lib")
    one = exercise("3.3c")
    for right in (version, version.lower(), f"pthread_create@{version}", version[6:]):
        assert one.check(right).state is State.CORRECT
    assert one.check("GLIBC_1.0").state is State.INCORRECT
    assert one.check(2.34).state is State.INCORRECT


def test_3_3d_tries_the_query_on_three_programs():
    truth = dynamic_programs()
    assert truth["hello", True] is False
    assert truth["netapp", True] is True
    assert truth["netapp", False] is False
    one = exercise("3.3d")
    assert one.check(QUERY).state is State.CORRECT
    # Files that import "C" and are left out: without cgo that names too many.
    assert "is not dynamic, and it prints" in one.check("go list -deps .").message
    assert "prints nothing" in one.check(QUERY.replace("-deps ", "")).message
    assert "begins with go list" in one.check("ls").message
    assert one.check("go list -f '{{.Nonsense}}' .").state is State.INCORRECT
    assert one.check("go list 'x").state is State.INCORRECT
