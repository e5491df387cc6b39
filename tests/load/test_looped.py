"""Processes held at any place without ptrace: what is seen there is what ptrace sees."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import link
from golifelab.load.hold import detour, looped
from golifelab.load.hold.architecture import ARM64, host
from golifelab.load.hold.process import address_of
from golifelab.load.hold.start import start
from golifelab.load.runtime.chain import chain
from golifelab.load.runtime.listing import goroutines, threads
from golifelab.source import Source

OURS = Path(__file__).parents[2]
PLACES = ("runtime.schedinit", "runtime.doInit1", "main.main", "main.add", "runtime.exit")
# Four processors, preemption by signals, and threads of their own: arrivals at the same time.
LIVELY = {"GODEBUG": "asyncpreemptoff=0", "GOMAXPROCS": "4"}

pytestmark = pytest.mark.skipif(host().name != "amd64", reason="its instructions are amd64's")


def seen_at(process, place):
    """What a held process shows, without addresses that are others in each run."""
    registers, table = process.registers(), process.executable.pclntab
    sp = registers["rsp"]

    def word(address):
        return int.from_bytes(process.memory(address, 8), "little")

    frames = [name for _, name in chain(table, host(), registers, word, process.bias)]
    current = next((one for one in threads(process) if one.lo <= sp <= one.hi), None)
    mine = [one for one in goroutines(process) if one.lo < sp <= one.hi]
    code = address_of(process.executable, place)
    rows = [row for row in process.maps if row.sections]
    return {
        "held at": process.held_at,
        "at": registers["rip"] - process.bias == code,
        "g": registers["r14"] in (current.g0 if current else 0, *(one.address for one in mine)),
        "stack": [(one.goid, one.hi - sp, one.hi - one.lo) for one in mine],
        "system stack": current and (current.id, current.hi - sp, current.current != 0),
        "frames": frames,
        "arguments": [registers[name] for name in ("rax", "rbx")] if place == "main.add" else [],
        "segments": [(row.end - row.start, row.permissions, row.sections) for row in rows],
        "code": process.memory(code + process.bias, 64).hex(),
        "thread": registers["fs_base"] != 0,
    }


def told(program, tier):
    with start(program, hold="exec", tier=tier) as process:
        registers = process.registers()
        found = [registers["rip"] == program.entry or bool(program.interpreter or process.bias)]
        for place in PLACES:
            assert process.run_to(place)
            found.append(seen_at(process, place))
        assert not process.run_to("main.main")
        found.append([process.held_at, *dataclasses.astuple(process.resume())])
    return json.loads(json.dumps(found))


def test_it_is_what_ptrace_sees(kind):
    assert told(kind, "loop") == told(kind, "ptrace")


SCRIPT = """
import json, sys
sys.path[:0] = sys.argv[2:]
from golifelab.link.executable import executable
from test_looped import told
print(json.dumps(told(executable(sys.argv[1]), "auto")))
"""


def test_where_ptrace_is_refused_it_is_the_same(program, deny_ptrace):
    words = [str(deny_ptrace), sys.executable, "-c", SCRIPT, str(program.path)]
    words += [str(OURS), str(Path(__file__).parent)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout, done.stderr
    assert json.loads(done.stdout) == told(program, "ptrace")


def test_all_registers_come_through_a_place(newest):
    """A program that looks at them itself is not disturbed, and prints what it would."""
    text = (
        "package main\n\nfunc sum(a, b, c, d, e, f, g, h, i int) int {\n"
        "\treturn a + 2*b + 3*c + 4*d + 5*e + 6*f + 7*g + 8*h + 9*i\n}\n\n"
        "var call = sum\n\nfunc main() { println(call(1, 2, 3, 4, 5, 6, 7, 8, 9)) }\n"
    )
    program = link(Source.from_text(text), newest)
    with start(program, hold="main.sum", tier="loop") as process:
        registers = process.registers()
        order = ("rax", "rbx", "rcx", "rdi", "rsi", "r8", "r9", "r10", "r11")
        assert [registers[name] for name in order] == list(range(1, 10))
        assert process.resume().output == "285\n"


def test_no_arrival_is_missed(busy):
    hits = Counter()
    with start(busy, hold="exec", tier="loop", environment=LIVELY) as process:
        places = ["main.work", "main.last"]
        assert not process.run_through(places, lambda stop: hits.update([stop.place]))
        assert process.resume().output == "total 1925790\n"
    assert hits == {"main.work": 64, "main.last": 1}


def test_held_again_and_again_all_stand_still(busy):
    with start(busy, hold="main.work", tier="loop", environment=LIVELY) as process:
        hits = 1
        while process.run_to("main.work"):
            hits += 1
            states = {
                (task / "stat").read_text().rsplit(")", 1)[1].split()[0]
                for task in Path(f"/proc/{process.pid}/task").iterdir()
            }
            assert states == {"T"}
        assert hits == 64
        assert process.resume().returncode == 0


def test_those_who_were_on_their_way_go_on(busy):
    """Held once only; other threads are between the place and where they would wait."""
    for _ in range(6):
        with start(busy, hold="main.work", tier="loop", environment=LIVELY) as process:
            assert process.resume(timeout=5).output == "total 1925790\n"
    with start(busy, hold="main.work", tier="loop", environment=LIVELY) as process:
        assert process.run_to("main.last", timeout=5)
        assert process.resume(timeout=5).returncode == 0


def test_nothing_of_ours_is_seen(program):
    text = program.image.section(".text")
    main = program.function("main.main").address
    with start(program, hold="main.main", tier="loop") as process:
        whole = program.bytes_at(text.address, text.size)
        assert process.memory(text.address, text.size) == whole
        # The place is as it was, in truth; only what threads wait in is in the memory.
        raw = (Path("/proc") / str(process.pid) / "mem").open("rb", buffering=0)
        with raw:
            raw.seek(main)
            assert raw.read(16) == program.bytes_at(main, 16)
        page = process.pages(main, main + 1)[0]
        assert (page.present, page.file) == (True, False)  # its page is a copy, and says so


def test_places_that_are_none_and_places_that_cannot_be(busy):
    with start(busy, hold="exec", tier="loop") as process:
        assert process.how == "signal"
        with pytest.raises(GolifelabError, match=r"main\.nobody"):
            process.run_to("main.nobody")
        with pytest.raises(FeatureUnavailable, match="single step"):
            process.step()
        # It begins with a jump of two bytes, and goes back to what is behind it.
        with pytest.raises(FeatureUnavailable, match="cannot be replaced"):
            process.run_to("runtime.(*lfstack).pop")
        with pytest.raises(FeatureUnavailable, match="needs that place"):
            process.run_to("runtime.schedtrace")
        with pytest.raises(FeatureUnavailable, match="return to"):
            process.run_to("runtime.goexit")
        assert process.run_to("main.main")
        assert process.resume().returncode == 0


def test_where_memory_may_not_be_written(program, monkeypatch):
    """As with proc_mem.force_override=never: the next way takes over."""

    def refuse(*_arguments):
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(os, "pwrite", refuse)
    with pytest.raises(FeatureUnavailable, match="written: not permitted"):
        start(program, hold="main.main", tier="loop")


def test_another_processor_says_so(program, monkeypatch):
    with start(program, hold="exec", tier="loop") as process:
        monkeypatch.setattr(looped, "host", lambda: ARM64)
        with pytest.raises(FeatureUnavailable, match="arm64"):
            process.run_to("main.main")


def test_instructions_do_the_same_elsewhere():
    """Counted from where they stand: jumps, calls and memory; by the disassembler's words."""
    capstone = pytest.importorskip("capstone")
    engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    place, where = 0x401000, 0x455500

    def moved(code):
        taken = detour.covered(bytes.fromhex(code), place, place)
        words = engine.disasm(detour.displaced(taken, where), where)
        return [f"{one.mnemonic} {one.op_str}".strip() for one in words]

    assert moved("493b6610 7610 90") == [
        "cmp rsp, qword ptr [r14 + 0x10]", "jbe 0x401016", "jmp 0x401006",
    ]  # fmt: skip
    assert moved("493b6610 0f8610010000 90")[1] == "jbe 0x40111a"
    assert moved("e9fb0f0000 cc") == ["jmp 0x402000"]
    assert moved("c3 cccccccc") == ["ret"]
    # Of a call the address it returns to is the one behind it, where it was.
    assert moved("e8fb0f0000 90") == [
        "push 0x401005", "mov dword ptr [rsp + 4], 0", "jmp 0x402000", "jmp 0x401005",
    ]  # fmt: skip
    found = moved("488b0df90f0000 90")  # mov rcx, [rip + 0xff9]: 0x402000
    assert found == [f"mov rcx, qword ptr [rip - {where + 7 - 0x402000:#x}]", "jmp 0x401007"]
    for code in ("eb03 90 90 90 ebfa", "ffd0 9090 9090", "e2fe 9090 9090"):
        assert detour.covered(bytes.fromhex(code), place, place) is None


@pytest.mark.slow
def test_nearly_every_function_can_be_held(newest):
    """All but a handful of a program's functions begin so that they can be."""
    program = link(
        Source.from_text('package main\n\nimport _ "net/http"\n\nfunc main() {}\n'), newest
    )
    none = [
        one.name
        for one in program.functions
        if detour.covered(program.bytes_at(one.address, one.size), one.address, one.address) is None
    ]
    assert len(none) < 0.005 * len(program.functions), none
