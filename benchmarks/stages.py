"""Each stage beside the bare tool that does the same work, and beside what people use now."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from benchmarks.measure import Timing, in_turns, seconds, summary
from benchmarks.programs import hello, of_lines
from golifelab.errors import FeatureUnavailable
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


def _passes(function: str, program: Program) -> object:
    return [step.statistics for step in program.ssa(function).passes]


def back_end(program: Program, function: str) -> list[Timing]:
    """An edit to all passes of one function as values; beside it the bare compiler."""
    return in_turns(
        {
            "bare compile": _fresh(program, lambda p: compile_object(p.source, p.target)),
            f"all passes of {function}": _fresh(program, partial(_passes, function)),
        }
    )


def gossafunc() -> list[Timing]:
    """All passes of a function as values; beside it what people do now: GOSSAFUNC with go build.

    GOSSAFUNC is part of the key under which go build keeps every package: the first time with a new
    value all of them are compiled again. That is measured twice, with two names of one function,
    in a build cache of its own that has the packages already.
    """
    program = hello()
    go = find_go()
    count = 0
    with scratch() as directory:
        (directory / "go.mod").write_text("module measured\n\ngo 1.24\n")
        environment = go.environment(program.target)
        environment["GOCACHE"] = str(directory / "cache")

        def build(name: str = "main") -> object:
            nonlocal count
            count += 1
            (directory / "main.go").write_text(f"{program.text}\n// edit {count}\n")
            argv: list[str | Path] = [go.command, "build", "-o", "program", "."]
            named = {"GOSSAFUNC": name} if name else {}
            done = run(argv, env=environment | named, cwd=directory, timeout=300)
            assert not done.returncode, done.error_text
            return done

        build("")
        first = [seconds(partial(build, name)) for name in ("main", "main.main")]
        again, ours = in_turns(
            {
                "GOSSAFUNC go build, again": build,
                "all passes of main.main": _fresh(program, partial(_passes, "main.main")),
            },
            rounds=5,
        )
        return [ours, again, summary("GOSSAFUNC go build, first", first)]


def linking(program: Program) -> list[Timing]:
    """An object to an executable whose sections and symbols are read; beside it the bare linker."""
    go = find_go()
    made = compile_object(program.source, program.target).object
    config = importcfg_for(program.source, program.target)
    serial = iter(range(1 << 30))
    with scratch() as directory:
        (directory / "main.o").write_bytes(made)
        words: list[str | Path] = [go.tool("link"), "-importcfg", config, "-o", "program", "main.o"]
        environment = go.environment(program.target)

        def bare() -> object:
            return run(words, env=environment, cwd=directory)

        def linked() -> object:
            mode = Mode(flags=("-buildid", f"measured-{os.getpid()}-{next(serial)}"))
            return program.link(mode).symbols.names.all

        return in_turns({"bare link": bare, "link, sections, symbols": linked}, rounds=7)


def layouts() -> list[Timing]:
    """Graphs laid out by the page's modules, in node; FeatureUnavailable where there is none."""
    node = shutil.which("node")
    if node is None:
        raise FeatureUnavailable("measuring the layout of graphs", "there is no node on PATH")
    done = run([node, Path(__file__).with_name("layout.mjs")], timeout=120)
    assert not done.returncode, done.error_text
    return [summary(name, times) for name, times in json.loads(done.text).items()]
