"""Processes that their own, changed runtime holds: what they tell is what ptrace sees."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded
from golifelab.load.hold.architecture import host
from golifelab.load.hold.overlay.building import milestones, overlaid, overlay_ready
from golifelab.load.hold.overlay.milestones import MILESTONES, milestone_patch
from golifelab.load.hold.start import start
from golifelab.source import Source
from golifelab.toolchain.go import find_go

# A C compiler is no part of it, and neither is a helper's build.
HELLO = 'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\n'
TELLING = HELLO + 'func main() { fmt.Println(len(os.Environ()), os.Args[1:], os.Getenv("A")) }\n'


@pytest.fixture(scope="session")
def waiting(hello, target):
    return overlaid(hello, target)


def states(pid: int) -> set[str]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return {(task / "stat").read_text().rsplit(")", 1)[1].split()[0] for task in tasks}


def test_every_go_has_the_anchors(target):
    files = milestone_patch().files(find_go(target.go))
    assert set(files) == {"runtime/proc.go", "runtime/zz_golifelab.go"}
    assert files["runtime/proc.go"].count("golifelab") == len(MILESTONES)


def test_every_go_waits(hello, target):
    names = [one.name for one in milestones(hello, target)]
    order = list(dict.fromkeys(names))
    assert order[:6] == [
        "runtime.schedinit",
        "runtime.newproc",
        "runtime.mstart1",
        "runtime.schedule",
        "runtime.execute",
        "runtime.main",
    ]
    assert order.index("runtime.gcenable") < order.index("main.main") < order.index("runtime.exit")
    assert "runtime.goexit1" not in order


def test_what_it_tells_is_what_ptrace_sees(waiting):
    """The same executable, run by both: stack pointer, g and stack bounds at each milestone."""
    names = ["runtime.schedinit", "runtime.mstart1", "runtime.main"]
    told, seen = [], []
    with start(waiting, hold="exec", tier="overlay") as process:
        for name in names:
            assert process.held_at == name or process.run_to(name)
            now = process.milestone
            text = process.executable.pclntab.find(now.caller - process.bias)
            told.append((now.name, now.hi - now.sp, now.goid, now.on_system_stack, text.name))

    def look(stop):
        g = stop.registers["r14" if host().name == "amd64" else "x28"]
        caller = process.executable.pclntab.find(stop.word(stop.sp))
        seen.append((stop.place, stop.word(g + 8) - stop.sp, caller.name))

    with start(waiting, hold="exec", tier="ptrace") as process:
        # mstart1 is come to by every thread: the first is meant.
        assert not process.run_through(names, look)
        assert process.resume().returncode == 0
    if host().name == "amd64":
        first = {row[0]: row for row in reversed(seen)}
        assert [(row[0], row[1], row[4]) for row in told] == [first[name] for name in names]
    assert [(row[2], row[3]) for row in told] == [(0, True), (0, True), (1, False)]


def test_held_still_and_looked_at(waiting):
    with start(waiting, hold="main.main", tier="overlay") as process:
        assert (process.how, process.held_at) == ("overlay", "main.main")
        assert states(process.pid) == {"T"}
        main = process.executable.function("main.main").address
        assert ".text" in process.maps.at(main).sections
        assert process.memory(main, 8) == waiting.bytes_at(main, 8)
        registers = process.registers()
        assert registers[host().pc] == main
        now = process.milestone
        assert now.lo < registers[host().sp] == now.sp < now.hi
        assert (now.goid, now.on_system_stack) == (1, False)
        # Its page is the file's: no breakpoint instruction was written.
        assert process.pages(now.sp, now.sp + 1)[0].present
        assert all(page.file for page in process.pages(main, main + 1) if page.present)
        assert process.passed[0].name == "runtime.schedinit"
        assert process.run_to("runtime.exit")
        assert not process.run_to("runtime.schedinit")
        assert process.resume().output.splitlines()[0] == "0 two 0"
        with pytest.raises(GolifelabError, match="has ended"):
            process.run_to("main.main")


def test_it_holds_where_it_is_asked_to(waiting):
    with start(waiting, hold="first init", tier="overlay") as process:
        assert (process.held_at, process.milestone.name) == ("first init", "runtime.doInit1")
        assert process.resume().returncode == 0
        assert process.passed[-1].name == "runtime.exit"
    with start(waiting, hold="exec", tier="overlay") as process:
        assert process.held_at == "runtime.schedinit"
    with pytest.raises(FeatureUnavailable, match="only knows"):
        start(waiting, hold="main.add", tier="overlay")


def test_another_program_is_not_held(program):
    with pytest.raises(FeatureUnavailable, match="changed runtime"):
        start(program, hold="main.main", tier="overlay")


def test_nothing_is_added_to_what_the_program_sees(newest):
    program = overlaid(Source.from_text(TELLING), newest)
    with start(
        program, argv=["x y"], environment={"A": "ü=", "B": ""}, hold="main.main", tier="overlay"
    ) as process:
        assert process.resume().output == "2 [x y] ü=\n"
    # Without anybody to wait for it runs as ever.
    with start(program, argv=["x"], environment={}, hold="exec", tier="ptrace") as process:
        assert process.resume().output == "0 [x] \n"


def test_a_program_that_never_arrives_or_is_killed(newest):
    text = "package main\n\nvar n int\n\nfunc main() { for n = 0; n >= 0; n &= 255 { n++ } }\n"
    program = overlaid(Source.from_text(text), newest)
    with (
        start(program, hold="main.main", tier="overlay") as process,
        pytest.raises(LimitExceeded, match="time"),
    ):
        process.run_to("runtime.exit", timeout=0.5)
    assert not process.alive
    with start(program, hold="main.main", tier="overlay") as process:
        os.kill(process.pid, signal.SIGKILL)
        assert not process.run_to("runtime.exit", timeout=5)
        assert process.resume().returncode == -signal.SIGKILL


def test_it_is_built_ahead(hello, target, waiting):
    assert waiting.path.exists()
    assert overlay_ready(hello, target)
