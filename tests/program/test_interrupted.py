"""A run that the reader interrupts: what was gathered is there, and asking again runs it again."""

from __future__ import annotations

import pytest

from golifelab.program import Program
from golifelab.run.inits.inittrace import inits
from tests.interrupting import interrupted_when_busy

ENDLESS = """package main

import "fmt"

func main() {
	fmt.Println("begun")
	for turns := 0; turns >= 0; turns &= 255 {
		turns++
	}
}
"""
GATHERED = {
    "moments": lambda value: {one.name for one in value.moments} >= {"exec", "main.main"},
    "boot": lambda value: value.milestone("main.main") is not None,
    "system_calls": lambda value: bool(value.named("execve", "mmap")),
}


@pytest.mark.parametrize("stage", GATHERED)
def test_what_was_gathered_is_kept(stage):
    program = Program.from_text(ENDLESS)
    program.link()
    value = interrupted(lambda: getattr(program, stage))
    assert GATHERED[stage](value)
    assert stage not in vars(program)


def test_a_trace_of_inits_is_kept():
    program = Program.from_text(ENDLESS).link()
    value = interrupted(lambda: inits(program))
    assert "runtime" in value.packages


def interrupted(ask):
    """What is there when the reader has had enough."""
    with interrupted_when_busy():
        value = ask()
    assert value.interrupted
    return value
