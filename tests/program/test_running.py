"""How a program runs, asked of the program itself."""

from __future__ import annotations

import shutil

import pytest

from golifelab.errors import GolifelabError
from golifelab.program import Program, sample


@pytest.mark.skipif(shutil.which("gcc") is None, reason="its C code needs a C compiler")
def test_a_program_with_c_code_is_run_as_go_builds_it():
    program = sample("cgoapp")
    libraries = {one.path.rsplit("/", 1)[-1] for one in program.moments["main.main"]}
    assert "libc.so.6" in libraries
    assert program.boot.milestone("main.main") is not None
    assert any("libc.so.6" in call.arguments for call in program.system_calls.named("openat"))
    assert "runtime" in program.inits.packages
    with program.start(hold="main.main") as process:
        assert len(process.maps) > 28
    assert program.goroutines(hold="main.main").own[0].function == "main.main"


CALLS = """package main

// static int twice(int x) { return 2 * x; }
import "C"

import "fmt"

var kept = make([]int, C.twice(512))

func main() {
	done := make(chan C.int)
	go func() { done <- C.twice(C.int(len(kept))) }()
	fmt.Println(<-done)
	panic("oh")
}
"""


@pytest.mark.skipif(shutil.which("gcc") is None, reason="its C code needs a C compiler")
def test_a_program_with_c_code_is_watched_like_any_other():
    program = Program.from_text(CALLS)
    traced = program.scheduling
    assert (traced.said, traced.output, traced.cut) == ("panic: oh", "2048\n", "")
    own = [one.function for one in traced.goroutines if not one.system]
    assert own == ["main.main", "main.main.func1"]
    places = {call.position.file for event in traced.trace for call in event.stack}
    assert "main.go" in places
    assert not [file for file in places if file.endswith("/main.go")]
    heap = program.heap
    assert heap.ended == "panic: oh"
    functions = heap.frame().set_index("function")
    assert functions.flat["main.init"] == 8 * 1024
    order = program.init_order
    assert order.agrees
    assert order.predicted[-1] == "main"
    with pytest.raises(GolifelabError, match=r"main.go:12:\d+: undefined: nope"):
        Program.from_text(CALLS.replace("len(kept)", "nope")).scheduled()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: sample("deep").stack_growth(most=0),
        lambda: sample("deep").stack_overflow(limit=-5),
        lambda: sample("hello").scheduled(-1),
        lambda: sample("hello").scheduled(100_000),
        lambda: sample("hello").heap_at(0),
        lambda: sample("hello").goroutines(-1),
    ],
)
def test_what_cannot_be_meant_is_refused(ask):
    with pytest.raises(GolifelabError) as raised:
        ask()
    assert raised.value.remedy
