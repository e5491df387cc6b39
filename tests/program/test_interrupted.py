"""A run that the reader interrupts: what was gathered is there, and asking again runs it again."""

from __future__ import annotations

import _thread
import threading

import pytest

from golifelab.program import Program

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
    "inits": lambda value: "runtime" in value.packages,
    "system_calls": lambda value: bool(value.named("execve", "mmap")),
}


@pytest.mark.parametrize("stage", GATHERED)
def test_what_was_gathered_is_kept(stage):
    program = Program.from_text(ENDLESS)
    program.link()
    timer = threading.Timer(0.9, _thread.interrupt_main)
    timer.start()
    try:
        value = getattr(program, stage)
    finally:
        timer.join()
    assert value.interrupted
    assert GATHERED[stage](value)
    assert stage not in vars(program)
