"""Processes that are really started, held, looked at and ended."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded
from golifelab.link.executable import link
from golifelab.load.backtrace import println_chain
from golifelab.load.hold.architecture import host
from golifelab.load.hold.start import start
from golifelab.load.memory.maps import parse_maps
from tests.ending import children, gone

OURS = Path(__file__).parents[2]


_strangers: set[int] = set()


@pytest.fixture(autouse=True)
def _know_the_strangers():
    """Children of other tests, such as the front end's servers, are none of ours."""
    _strangers.clear()
    _strangers.update(children())


def left_behind() -> set[int]:
    """The processes started since the test began and not reaped."""
    return children() - _strangers


def test_at_exec_nothing_has_run(program):
    with start(program, hold="exec", tier="ptrace") as process:
        assert process.how == "ptrace"
        assert process.held_at == "exec"
        assert process.registers()[host().pc] == program.entry
        assert process.memory(program.entry, 16) == program.bytes_at(program.entry, 16)
        names = [mapping.name for mapping in process.maps]
        assert [name for name in names if name.startswith("segment")] == [
            "segment r-x",
            "segment r--",
            "segment rw-",
            "segment rw-, zeroed data",
        ]
        assert "stack" in names
        text = program.image.section(".text")
        # The kernel has mapped the code, and brought none of it into memory for this process.
        main = program.function("main.main").address
        assert process.maps.at(main).sections == (".text",)
        assert len(process.pages(text.address, text.address + text.size)) == -(-text.size // 4096)
        pid = process.pid
    assert gone(pid)
    assert not process.alive


def test_first_init_comes_before_main(program):
    with start(program, hold="first init", tier="ptrace") as process:
        assert process.held_at == "first init"
        assert process.run_to("main.main")
        assert process.held_at == "main.main"
        finished = process.resume()
    assert finished.returncode == 0
    assert finished.output.splitlines()[0] == "0 two 0"


def test_at_main_the_code_is_the_files_own_page(program):
    with start(program, hold="main.main", tier="ptrace") as process:
        address = program.function("main.main").address
        assert process.registers()[host().pc] == address
        # The watch strikes before the code is fetched: its page may come in with the step.
        assert process.step()
        page = process.pages(address, address + 1)[0]
        # No breakpoint instruction was written: the page is still the file's.
        assert (page.present, page.file) == (True, True)
        heap = [m for m in process.maps if m.name.startswith(("anonymous", "Go"))]
        assert len(heap) > 5


def test_without_debug_registers(program, monkeypatch):
    import dataclasses

    from golifelab.load.hold import tracer

    plain = dataclasses.replace(host(), debug_offset=0)
    monkeypatch.setattr(tracer, "host", lambda: plain)
    with start(program, hold="main.main", tier="ptrace") as process:
        address = program.function("main.main").address
        assert process.registers()[host().pc] == address
        # The breakpoint is gone again, and the page it was written to is a private copy.
        assert process.memory(address, 16) == program.bytes_at(address, 16)
        assert not process.pages(address, address + 1)[0].file
        assert process.run_to("main.add")
        assert process.run_to("main.add")
        assert not process.run_to("main.add")
        assert process.resume().returncode == 0


def test_arguments_in_registers(program):
    with start(program, hold="main.add", tier="ptrace") as process:
        if host().name == "amd64":
            registers = process.registers()
            assert (registers["rax"], registers["rbx"]) == (0, 0)
            assert process.run_to("main.add")
            registers = process.registers()
            assert (registers["rax"], registers["rbx"]) == (1, 2)
            while process.registers()["rip"] < program.function("main.add").end - 1:
                assert process.step()
            assert process.registers()["rax"] == 3
        assert not process.run_to("main.add")
        assert process.held_at == "its end"
        for action in (process.registers, process.step, lambda: process.run_to("main.add")):
            with pytest.raises(GolifelabError, match="has ended"):
                action()


def test_every_kind_of_executable(kind):
    with start(kind, hold="main.main", tier="ptrace") as process:
        main = kind.function("main.main").address
        assert (process.bias > 0) == (kind.image.type == "DYN")
        assert process.registers()[host().pc] == main + process.bias
        assert process.memory(main + process.bias, 32) == kind.bytes_at(main, 32)
        mapping = process.maps.at(main + process.bias)
        assert ".text" in mapping.sections
        assert mapping.permissions == "r-xp"
        sections = {name for row in process.maps for name in row.sections}
        loaded = {s.name for s in kind.sections if s.loaded and s.size and "T" not in s.flags}
        assert loaded == sections
        assert process.resume().output.splitlines()[1] == "1 one 3"


def test_a_program_of_many_threads_stands_still(busy):
    with start(
        busy, hold="main.last", tier="ptrace", environment={"GODEBUG": "asyncpreemptoff=0"}
    ) as process:
        states = [
            (task / "stat").read_text().rsplit(")", 1)[1].split()[0]
            for task in Path(f"/proc/{process.pid}/task").iterdir()
        ]
        assert len(states) > 4
        assert set(states) == {"t"}
        first, second = process.maps, process.maps
        assert first.rows == second.rows
        assert process.resume().output.startswith("total ")


def test_held_again_and_again(busy):
    with start(busy, hold="main.work", tier="ptrace") as process:
        hits = 1
        while process.run_to("main.work"):
            hits += 1
        # Two threads may arrive at once, and are then one hit.
        assert 8 < hits <= 64


def test_it_stands_where_the_kernel_says(program):
    with start(program, hold="exec", tier="ptrace") as process:
        raw = Path(f"/proc/{process.pid}/maps").read_bytes()
        ours = [(m.start, m.end, m.permissions, m.path) for m in process.maps]
        assert ours == [(m.start, m.end, m.permissions, m.path) for m in parse_maps(raw)]


def test_a_place_that_is_not_there(program):
    with pytest.raises(GolifelabError, match=r"main\.nobody"):
        start(program, hold="main.nobody", tier="ptrace")
    assert not left_behind()


def test_a_place_that_is_not_reached(program, endless):
    with pytest.raises(GolifelabError, match="without reaching"):
        start(program, hold="runtime.throw", tier="ptrace")
    with pytest.raises(LimitExceeded):
        start(endless, hold="main.never", tier="ptrace", timeout=1.0)
    assert not left_behind()


def test_a_process_that_does_not_end(endless):
    for tier in ("ptrace", "pipe"):
        with start(endless, hold="first init", tier=tier) as process:
            with pytest.raises(LimitExceeded):
                process.resume(timeout=0.5)
            assert not process.alive
            with pytest.raises(GolifelabError):
                _ = process.maps
    assert not left_behind()


def test_memory_that_is_not_there(program):
    with start(program, hold="exec", tier="ptrace") as process:
        for address in (0, 1 << 62, -5):
            with pytest.raises(GolifelabError):
                process.memory(address, 8)
        with pytest.raises(LimitExceeded):
            process.memory(program.entry, 1 << 40)
        with pytest.raises(LimitExceeded):
            process.pages(0, 1 << 50)


def test_a_pipe_holds_without_ptrace(program):
    with start(program, hold="exec", tier="pipe") as process:
        assert process.how == "pipe"
        assert "inittrace" in process.held_at
        main = program.function("main.main").address
        assert process.maps.at(main).sections == (".text",)
        assert process.memory(main, 8) == program.bytes_at(main, 8)
        with pytest.raises(FeatureUnavailable):
            process.registers()
        with pytest.raises(FeatureUnavailable):
            process.step()
        assert "init runtime @" in process.resume().output
    with start(program, hold="main.main", tier="pipe") as process:
        assert "standard output" in process.held_at
        assert process.resume().output.splitlines()[0] == "0 two 0"
        assert process.resume().returncode == 0


def test_a_silent_program_is_not_held_by_a_pipe(newest):
    from golifelab.source import Source

    silent = link(Source.from_text("package main\n\nfunc main() {}\n"), newest)
    with pytest.raises(GolifelabError, match="ended without writing"):
        start(silent, tier="pipe")
    with pytest.raises(GolifelabError, match=r"no main\.other"):
        start(silent, hold="main.other", tier="pipe")
    assert not left_behind()


WITHOUT = """
import sys
from golifelab import Program
silent = Program.from_text("package main\\n\\nfunc main() {}\\n")
for hold in ("exec", "runtime.main", "main.main"):
    with silent.start(hold=hold) as process:
        print(process.how, process.held_at, len(process.maps))
"""


def test_without_ptrace_a_silent_program_is_held_where_it_was_asked(deny_ptrace):
    lines = python(str(deny_ptrace), sys.executable, "-c", WITHOUT).communicate(timeout=120)[0]
    held = [line.split()[:2] for line in lines.splitlines()]
    assert held == [["signal", "exec"], ["loop", "runtime.main"], ["loop", "main.main"]]


def test_both_ways_show_the_same_segments(program):
    with (
        start(program, hold="first init", tier="ptrace") as traced,
        start(program, hold="first init", tier="pipe") as piped,
    ):
        ours, theirs = (
            [(m.start, m.end, m.permissions, m.name, m.sections) for m in p.maps if m.sections]
            for p in (traced, piped)
        )
        assert ours == theirs


SCRIPT = """
import json, sys
from golifelab.load.hold.start import start
with start(sys.argv[1], hold="first init") as process:
    rows = [[m.start, m.end, m.permissions, m.name] for m in process.maps if m.sections]
    print(json.dumps([process.how, rows]))
"""


def python(*words: str, **options) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": str(OURS)}
    return subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True, **options)


def test_where_ptrace_is_refused_a_loop_takes_over(program, deny_ptrace):
    child = python(str(deny_ptrace), sys.executable, "-c", SCRIPT, str(program.path))
    output, _ = child.communicate(timeout=60)
    how, rows = json.loads(output)
    assert how == "loop"
    with start(program, hold="first init", tier="ptrace") as process:
        assert rows == [[m.start, m.end, m.permissions, m.name] for m in process.maps if m.sections]


def test_a_chain_of_calls_where_ptrace_is_refused(program, deny_ptrace):
    script = """
import sys
from golifelab.load.backtrace import println_chain
chain = println_chain(sys.argv[1])
print(chain.how, chain.frames == println_chain(sys.argv[1]).frames, *chain.functions)
"""
    child = python(str(deny_ptrace), sys.executable, "-c", script, str(program.path))
    how, same, *functions = child.communicate(timeout=60)[0].split()
    assert (how, same) == ("loop", "True")
    assert functions == list(println_chain(program).functions)


@pytest.mark.parametrize(
    ("tool", "module", "ask"),
    [
        ("gdb", "golifelab.load.gdb", "gdb_chain(sys.argv[1])"),
        ("strace", "golifelab.load.syscalls.stage", "system_calls(sys.argv[1], tier='strace')"),
    ],
)
def test_tools_that_may_not_trace_say_so(program, deny_ptrace, tool, module, ask):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    script = (
        "import sys\nfrom golifelab.errors import FeatureUnavailable\n"
        f"from {module} import {ask.partition('(')[0]}\n"
        f"try:\n    {ask}\nexcept FeatureUnavailable as error:\n    print(error.reason)\n"
    )
    child = python(str(deny_ptrace), sys.executable, "-c", script, str(program.path))
    assert child.communicate(timeout=60)[0].strip()


def test_demanding_ptrace_where_it_is_refused(program, deny_ptrace):
    script = SCRIPT.replace('hold="first init"', 'hold="exec", tier="ptrace"')
    child = python(
        str(deny_ptrace), sys.executable, "-c", script, str(program.path), stderr=subprocess.PIPE
    )
    _, errors = child.communicate(timeout=60)
    assert "PtraceRefused" in errors
    assert "SYS_PTRACE" in errors


def test_starts_from_many_threads(program):
    failures: list[BaseException] = []

    def many() -> None:
        try:
            for _ in range(5):
                with start(program, hold="main.main", tier="ptrace") as process:
                    assert process.registers()[host().pc] == program.function("main.main").address
                    assert process.resume().returncode == 0
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=many) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures
    assert not left_behind()


def test_other_children_are_left_alone(program):
    other = subprocess.Popen(["sleep", "30"])
    try:
        with start(program, hold="main.main", tier="ptrace") as process:
            assert process.resume().returncode == 0
        assert other.poll() is None
    finally:
        other.kill()
        assert other.wait() == -signal.SIGKILL


def test_another_processors_program_shows_a_recording(hello, newest):
    other = "arm64" if host().name == "amd64" else "amd64"
    program = link(hello, newest.with_(goarch=other))
    with pytest.raises(FeatureUnavailable, match=other):
        start(program, tier="ptrace")
    with start(program) as process:
        assert process.how == "recording"
        assert str(process.recorded).startswith("recorded with go")
        assert process.maps.recorded == process.recorded


def test_environment_and_arguments(newest):
    from golifelab.source import Source

    text = (
        'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\n'
        'func main() { fmt.Println(len(os.Environ()), os.Args[1:], os.Getenv("A")) }\n'
    )
    program = link(Source.from_text(text), newest)
    for tier in ("ptrace", "loop", "pipe"):
        with start(
            program, argv=["x y", "z=1"], environment={"A": "ü="}, hold="main.main", tier=tier
        ) as process:
            assert process.resume().output == "1 [x y z=1] ü=\n"
