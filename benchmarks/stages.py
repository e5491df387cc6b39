"""Each stage beside the bare tool that does the same work, and beside what people use now."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from benchmarks.measure import Timing, in_turns
from benchmarks.programs import hello, of_lines
from golifelab.program import Program
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.exports import importcfg_for
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import Mode
from golifelab.toolchain.run import run


def _fresh(program: Program, stage: Callable[[Program], object]) -> Callable[[], object]:
    """A call that does the work anew each time: an edit no cache has seen."""
    count = 0

    def call() -> object:
        nonlocal count
        count += 1
        edited = program.with_text(f"{program.text}\n// edit {count} of {os.getpid()}\n")
        return stage(edited)

    return call


def front_end(lines: int) -> list[Timing]:
    """An edit to tokens, trees and types as values; beside it the bare compiler, and `go vet`."""
    program = hello() if not lines else of_lines(lines)
    go = find_go()
    with scratch() as directory:
        (directory / "go.mod").write_text("module measured\n\ngo 1.24\n")
        environment = go.environment(program.target)

        def vet(edited: Program) -> object:
            (directory / "main.go").write_text(edited.text)
            done = run([go.command, "vet", "."], env=environment, cwd=directory, timeout=300)
            assert not done.returncode, done.error_text
            return done

        return in_turns(
            {
                "bare compile": _fresh(program, lambda p: compile_object(p.source, p.target)),
                "go vet": _fresh(program, vet),
                "tokens, syntax, types": _fresh(program, lambda p: (p.tokens, p.syntax, p.types)),
                "go/scanner and go/ast": _fresh(program, lambda p: (p.go_tokens, p.go_syntax)),
            },
            rounds=15 if lines < 5000 else 5,
        )


def growth(front_ends: Mapping[int, list[Timing]]) -> list[Timing]:
    """What a thousand lines cost in programs of several sizes: equal figures are linear growth."""
    return [
        Timing(
            f"1,000 of {lines:,} lines",
            *(figure * 1000 / lines for figure in (timing.median, timing.fastest, timing.p95)),
        )
        for lines, group in front_ends.items()
        for timing in group
        if timing.name == "tokens, syntax, types"
    ]


def back_end(program: Program, function: str) -> list[Timing]:
    """An edit to all passes of one function as values; beside it the bare compiler."""

    def passes(edited: Program) -> object:
        body = edited.ssa(function)
        return [step.statistics for step in body.passes]

    return in_turns(
        {
            "bare compile": _fresh(program, lambda p: compile_object(p.source, p.target)),
            f"all passes of {function}": _fresh(program, passes),
        }
    )


def gossafunc() -> list[Timing]:
    """What people do now to see SSA: GOSSAFUNC with go build, the second and later times.

    The first time for each function costs some ten seconds more, because the variable is part of
    the key under which go build keeps every package; measuring that would fill the build cache.
    """
    program = hello()
    go = find_go()
    with scratch() as directory:
        (directory / "go.mod").write_text("module measured\n\ngo 1.24\n")
        environment = go.environment(program.target)
        environment["GOCACHE"] = str(directory / "cache")
        environment["GOSSAFUNC"] = "main"
        count = 0

        def build() -> object:
            nonlocal count
            count += 1
            (directory / "main.go").write_text(f"{program.text}\n// edit {count}\n")
            argv = [go.command, "build", "-o", "program", "."]
            return run(argv, env=environment, cwd=directory, timeout=300)

        return in_turns(
            {
                "GOSSAFUNC go build": build,
                "all passes of main": _fresh(program, lambda p: p.ssa("main.main").passes),
            },
            rounds=5,
        )


def linking() -> list[Timing]:
    """An object to an executable whose sections and symbols are read; beside it the bare linker."""
    program = hello()
    go = find_go()
    made = compile_object(program.source, program.target).object
    config = importcfg_for(program.source, program.target)
    serial = iter(range(1 << 30))
    with scratch() as directory:
        (directory / "main.o").write_bytes(made)
        words = [go.tool("link"), "-importcfg", config, "-o", "program", "main.o"]
        environment = go.environment(program.target)

        def bare() -> object:
            return run(words, env=environment, cwd=directory)

        def linked() -> object:
            mode = Mode(flags=("-buildid", f"measured-{os.getpid()}-{next(serial)}"))
            return program.link(mode).symbols

        return in_turns({"bare link": bare, "link, sections, symbols": linked}, rounds=7)
