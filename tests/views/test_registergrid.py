"""The register grid's payload: bars against the grid's own cells, slots, spills, the frame."""

from __future__ import annotations

from itertools import pairwise

import pytest

from golifelab import Program
from golifelab.views.registergrid import frame_payload, grid_payload, registers_payloads
from golifelab.views.registerstwin import _cells, grids_html, grids_text, headline, registers_html
from golifelab.views.residences import in_register, on_stack
from golifelab.widgets.view import pack

_LOADS = "".join(f"\tx{n} := p[{n}]\n" for n in range(16))
_SUM = " ^ ".join(f"(x{n} * x{(n + 5) % 16})" for n in range(16))
# Sixteen values are alive at once: more than amd64 has registers for, fewer than arm64 has.
PRESS = f"""package main

func press(p *[16]int) int {{
{_LOADS}	p[0] = x15
	return {_SUM}
}}

func many(a, b, c, d, e, f, g, h, i, j, k int) int {{
	if a > 3 {{
		a = many(b, c, d, e, f, g, h, i, j, k, a)
	}}
	return a*j - b*k + c
}}

func loop(list []int, n float64) (total float64) {{
	for i, x := range list {{
		total += float64(many(i, x, i, x, i, x, i, x, i, x, i)) * n
	}}
	return total
}}

func main() {{ println(press(new([16]int)), loop(nil, 2)) }}
"""
FUNCTIONS = ("press", "many", "loop")


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    return request.param


@pytest.fixture(params=["amd64", "arm64"])
def program(request, target):
    return Program.from_text(PRESS, target=target.with_(goarch=request.param))


def test_bars_say_what_the_grid_says(tier, program):
    for function in FUNCTIONS:
        grid = program.registers(function)
        payload = grid_payload(grid)
        cells = _cells(payload)
        for step in grid:
            shown = cells.get(step.index, [""] * len(payload["columns"]))
            assert shown[: len(grid.used)] == [grid.cell(step, name) for name in grid.used]
        for name in grid.used:
            lives = list(in_register(grid, name))
            assert all(one.end <= after.start for one, after in pairwise(lives))
        assert {number for _, number, *_ in payload["bars"]} <= {*map(int, payload["values"])}


def test_spills_are_told_at_a_glance(tier, program):
    payload = grid_payload(program.registers("press"))
    amd64 = program.target.goarch == "amd64"
    assert bool(payload["spills"]) == amd64
    assert ("no value is spilled" in headline(payload)) != amd64
    assert (payload["most"] == payload["registers"]["general"]) == amd64
    for spill in payload["spills"]:
        assert payload["steps"]["mark"][spill["step"]] == "spill"
        assert {payload["steps"]["mark"][step] for step in spill["steps"]} == {"reload"}
        for number in (spill["store"], *spill["restores"]):
            assert payload["values"][str(number)]["origin"] == spill["value"]
    kinds = [column["kind"] for column in payload["columns"]]
    assert kinds.count("spill") == len({spill["slot"] for spill in payload["spills"]})


def test_slots_of_the_stack(tier, program):
    grid = program.registers("many")
    slots = {slot.name: slot for slot in on_stack(grid)}
    homes = {spill.slot for spill in grid.spills}
    assert homes <= slots.keys()
    # Eleven arguments do not fit into amd64's registers: the caller leaves the rest on the stack.
    given = {name for name, slot in slots.items() if slot.kind == "argument"}
    assert given == ({"j[int]", "k[int]"} if program.target.goarch == "amd64" else set())
    marks = grid_payload(grid)["steps"]["mark"]
    assert marks.count("argument") == sum(len(slots[name].reads) for name in given)
    for slot in slots.values():
        for step, value in slot.reads:
            (lives,) = [one for one in slot.residences if one.value == value]
            assert lives.start < 2 * step + 1 <= lives.end


def test_what_a_call_gives_is_a_value_of_its_step(program):
    grid = program.registers("many")
    payload = grid_payload(grid)
    (call,) = [step for step in grid if step.values[:1] and step.values[0].op == "CALLstatic"]
    (result,) = call.writes.values()
    assert payload["values"][str(result)]["text"].startswith(f"v{result} = SelectN")


def test_the_frame_beside_the_grid(program):
    grid, layout = program.registers("many"), program.frame_layout("many")
    payload = grid_payload(grid, layout)["frame"]
    assert payload["frame_size"] == layout.frame_size
    named = {slot["name"] for slot in payload["slots"]}
    assert {spill.slot.partition("[")[0] for spill in grid.spills} <= named
    for number, told in payload["code"].items():
        one = grid.instructions[int(number)]
        assert told["text"] == one.text
        if told["step"] >= 0:
            assert int(number) in grid[told["step"]].instructions
    assert frame_payload(layout)["code"] == {}


def test_both_processors_side_by_side(target):
    program = Program.from_text(PRESS, target=target.with_(goarch="arm64"))
    first, both = registers_payloads(program)
    assert [grid["architecture"] for grid in first["grids"]] == ["arm64"]
    assert [grid["architecture"] for grid in both["grids"]] == ["amd64", "arm64"]
    assert both["native"] == "arm64"
    assert both["function"] == "main.press", "the first of the text"
    assert [one["name"] for one in both["functions"]] == ["press", "many", "loop", "main"]
    assert pack(both)
    assert "value" in grids_text(both)
    html = grids_html(both, "amd64")
    assert html.count("<details open>") == 1
    assert "every step on amd64" in html


def test_what_go_refuses_has_no_grid():
    (payload,) = registers_payloads(Program.from_text("package main\n\nfunc main() { x }\n"))
    assert payload["grids"] == []
    assert payload["errors"] == 1
    assert grids_text(payload) == "1 error in the program"
    (payload,) = registers_payloads(Program.from_text("package p\n"))
    assert "no function" in grids_html(payload)


def test_a_long_function_is_cut_and_counted(monkeypatch):
    monkeypatch.setattr("golifelab.views.registergrid.MAX_STEPS", 10)
    monkeypatch.setattr("golifelab.views.registergrid.MAX_SLOTS", 2)
    grid = Program.from_text(PRESS).registers("press")
    payload = grid_payload(grid)
    assert payload["hidden"] == {"steps": len(grid) - 10, "slots": len(on_stack(grid)) - 2}
    assert len(payload["steps"]["text"]) == 10
    assert max(end for *_, end in payload["bars"]) <= 20
    assert registers_html(grid)


def test_what_a_block_reads_at_once_is_read_there(target):
    # Small blocks that end a search begin with the last read of what other blocks have made.
    text = """package main

func middle(a, b, c, n int) int {
	if n > 9 {
		if a > b {
			return b*c + n
		}
		return a - c
	}
	for n < 9 && a*n < c {
		n += b
	}
	return n
}

func main() { println(middle(1, 2, 3, 4)) }
"""
    grid = Program.from_text(text, target=target).registers("middle")
    payload = grid_payload(grid)
    at_once = [bar for bar in payload["bars"] if bar[2] % 2 == 0 and bar[3] == bar[2] + 1]
    assert at_once
    cells = _cells(payload)
    for column, value, start, _ in at_once:
        assert cells[start // 2][column].split()[0] == f"-v{value}"
    for step in grid:
        shown = cells.get(step.index, [""] * len(payload["columns"]))
        assert shown[: len(grid.used)] == [grid.cell(step, name) for name in grid.used]
