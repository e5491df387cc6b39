"""The machine tab's payload: what the stage has, with jumps as capstone reads them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate, pairwise

import pytest

from golifelab import Program, sample
from golifelab.views.back import biography_html, machine_html
from golifelab.views.lives import lives_payload
from golifelab.views.machinepanel import ORIGINS, machine_payload

ARCHITECTURES = ("amd64", "arm64")
SAMPLES = ("add", "decisions", "busy", "loop")

INLINED = """package main

func half(n int) int { return n / 2 }

func quarter(n int) int {
	return half(half(n))
}

func main() { println(quarter(8)) }
"""


def codes(architecture: str):
    for name in SAMPLES:
        program = sample(name).for_target(goarch=architecture)
        for function in program.functions:
            yield program.machine(function.symbol)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_columns_are_the_instructions(architecture):
    for machine in codes(architecture):
        payload = machine_payload(machine)
        code = bytes.fromhex(payload["code"])
        assert code == machine.code
        for one in machine:
            at = one.index
            begin = payload["pc"][at]
            assert code[begin : begin + payload["sizes"][at]] == one.bytes
            assert payload["texts"][at] == one.text
            assert payload["gnu"][at] == machine.gnu(at)
            assert payload["words"][at] == machine.explain(at)
            assert payload["kinds"][payload["origins"][at]] == one.origin
            assert payload["ids"][at] == one.origin_id
            file, line, column = payload["places"][payload["place"][at]]
            assert one.position is not None
            place = (payload["files"][file], line, column)
            assert place == (one.position.file, one.position.line, one.position.column)
        assert payload["more"] == 0


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_jumps_lead_where_the_bytes_say(architecture):
    direct = re.compile(r"^(?:j\w+|b|b\.\w+|cbn?z|tbn?z) .*?#?(0x[0-9a-f]+|\d+)$")
    found = 0
    for machine in codes(architecture):
        payload = machine_payload(machine)
        patched = {gap[0] for gap in payload["relocations"]}
        for one in machine:
            match = direct.match(machine.gnu(one.index))
            begin, end = one.pc, one.pc + one.size
            if match and not any(begin <= offset < end for offset in patched):
                found += 1
                assert payload["pc"][payload["targets"][one.index]] == int(match[1], 0)
            else:
                assert payload["targets"][one.index] == -1
    assert found > 30


def test_the_tier_without_the_helper(monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    machine = sample("add").machine("add")
    payload = machine_payload(machine)
    assert payload["precision"] == "line"
    assert {ORIGINS[kind] for kind in payload["origins"]} == {"none"}
    assert any(index >= 0 for index in payload["targets"])


def test_inlined_calls_are_told_outermost_first():
    machine = Program.from_text(INLINED).machine("quarter")
    payload = machine_payload(machine)
    assert payload["stacks"]
    for index, stack in payload["stacks"].items():
        lines = [payload["places"][place][1] for place in stack]
        assert lines[0] == 6
        assert lines[-1] == payload["places"][payload["place"][index]][1] == 3


def test_a_processor_without_gnu_syntax_says_why():
    # Only the name is another's: std for one more processor would take as long as a hundred tests.
    machine = replace(sample("add").machine("add"), architecture="riscv64")
    payload = machine_payload(machine)
    assert payload["gnu"] is None
    assert "riscv64" in payload["gnu_note"]


def test_what_is_over_the_bound_is_counted():
    machine = sample("decisions").machine("main.main")
    payload = machine_payload(machine, limit=10)
    assert len(payload["texts"]) == len(payload["targets"]) == 10
    assert payload["more"] == len(machine) - 10
    assert len(payload["code"]) == 2 * (machine[9].pc + machine[9].size)
    assert all(-1 <= index < 10 for index in payload["targets"])
    assert payload["size"] == len(machine.code)


def test_the_rows_are_the_biographies():
    body = sample("decisions").ssa("main.main")
    payload = lives_payload(body)
    ends = [0, *accumulate(payload["counts"])]
    told: dict[int, list[tuple]] = {}
    for row, (begin, end) in enumerate(pairwise(ends)):
        life = told.setdefault(payload["numbers"][row], [])
        events = [
            (
                payload["passes"][at],
                payload["kinds"][payload["events"][at]],
                payload["blocks"][at],
                payload["notes"][at],
            )
            for at in range(begin, end)
        ]
        swept = payload["swept"][row]
        life.append((payload["nth"][row], swept, payload["hows"][payload["how"][row]], events))
    assert any(len(life) > 1 for life in told.values())
    for number, found in told.items():
        lives = body.biography(number).lives
        assert found == [
            (
                life.nth,
                -1 if life.swept is None else life.swept,
                life.how,
                [(e.pass_index, e.kind, e.block, e.note) for e in life.events],
            )
            for life in lives
        ]
    everything = {value.id for step in body.passes for value in step.values() if not value.dead}
    assert everything <= told.keys()


def test_lives_over_the_bound_are_counted():
    body = sample("add").ssa("add")
    whole, some = lives_payload(body), lives_payload(body, limit=7)
    assert sum(some["counts"]) <= 7
    assert some["more"] == len(whole["numbers"]) - len(some["numbers"]) > 0


def test_the_twins_tell_the_lives_apart_and_the_sizes():
    body = sample("decisions").ssa("main.main")
    numbers = {value.id for step in body.passes for value in step.values()}
    told = max((body.biography(n) for n in numbers if not _dead(body, n)), key=_lives)
    html = biography_html(told)
    assert html.count("<table>") == _lives(told) > 1
    assert f"value 2 of {_lives(told)} that had this number" in html
    machine = sample("decisions").machine("main.main")
    assert f"{len(machine)} instructions, {len(machine.code)} bytes" in machine_html(machine)
    assert f"a frame of {machine.frame_size} bytes" in machine_html(machine)


def _lives(told):
    return len(told.lives)


def _dead(body, number):
    """Whether nothing ever needs a value of this number."""
    return all(value is None or value.dead for value in (s.value(number) for s in body.passes))
