"""What registers hold: the grid against the compiler's own dump and against the processor."""

from __future__ import annotations

import pytest

from golifelab.compile import dump
from golifelab.compile.machine.registerfile import register_file
from golifelab.compile.machine.registers import register_grid
from golifelab.compile.machine.residency import Residency
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.program import Program
from golifelab.source import Source
from golifelab.views.stage import stage_html

ARCHITECTURES = ("amd64", "arm64")

KEEP = """package main

//go:noinline
func other(a int) int { return a + 1 }

func keep(a, b int, x float64) (int, float64) {
	n := other(a)
	return n*b + a, x
}

func sum(list []int) (total int) {
	for _, n := range list {
		total += n
	}
	return
}

func main() { keep(1, 2, 3); sum(nil) }
"""


@pytest.fixture
def keep() -> Source:
    return Source.from_text(KEEP)


def test_the_register_file(target):
    amd64 = register_file(target.with_(goarch="amd64"))
    assert amd64.integer_arguments == ("AX", "BX", "CX", "DI", "SI", "R8", "R9", "R10", "R11")
    assert not {"SP", "BP", "g", "X15"} & {*amd64.allocatable}
    arm64 = register_file(target.with_(goarch="arm64"))
    assert arm64.integer_arguments == tuple(f"R{number}" for number in range(16))
    assert arm64.link == "R30"
    assert not {"SP", "g", "R18", "R27"} & {*arm64.allocatable}
    assert len(arm64.general) > len(amd64.general)
    with pytest.raises(FeatureUnavailable):
        register_file(target.with_(goarch="wasm"))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_what_a_call_leaves(tier, keep, observed, architecture):
    target = observed.with_(goarch=architecture)
    grid = register_grid(keep, target, "keep")
    entry = grid[0]
    assert entry.kind == "entry"
    first, second = grid.registers.integer_arguments[:2]
    assert {first, second, grid.registers.floating_arguments[0]} == entry.writes.keys()
    (call,) = [s for s in grid if s.values and s.values[0].op == "CALLstatic"]
    assert call.holds.keys() == {first}, "nothing but the result outlives a call"
    saved = {spill.value for spill in grid.spills}
    assert saved == set(entry.writes.values())
    assert all(spill.restores for spill in grid.spills)
    (end,) = [s for s in grid if s.kind == "end"]
    assert end.reads.keys() == {first, grid.registers.floating_arguments[0]}
    assert max(grid.pressure) >= 2


def test_a_loop_keeps_its_registers(tier, keep, observed):
    grid = register_grid(keep, observed.with_(goarch="amd64"), "sum")
    assert not [step for step in grid if step.values and step.values[0].op == "LoadReg"]
    phis = [step for step in grid if step.kind == "phis"]
    (loop,) = [step for step in phis if step.writes]
    assert not loop.instructions, "a phi costs nothing"
    for register, value in loop.writes.items():
        assert (loop.index, register) in grid.holding(value)
        assert grid.cell(loop, register) == f"+v{value}"
    assert {"AX", "BX"} <= {*grid.used} <= {*grid.registers.allocatable}


def test_instructions_have_a_step(keep, observed):
    grid = register_grid(keep, observed, "keep")
    inside = [index for step in grid for index in step.instructions]
    assert sorted([*inside, *grid.outside]) == list(range(len(grid.instructions)))
    kinds = {grid.instructions[index].origin for index in grid.outside}
    assert kinds == {"tail"}
    assert grid.step_of(0) is grid[0]
    assert grid.step_of(grid.outside[0]) is None


def test_the_grid_as_data(tier, keep, observed):
    grid = Program(keep, observed).registers("keep")
    frame = grid.frame()
    assert len(frame) == len(grid)
    assert [*frame.columns][-len(grid.used) :] == [*grid.used]
    told = grid.to_json()
    assert told["stage"] == "registergrid"
    assert len(told["steps"]) == len(grid)
    assert "values spilled" in stage_html(grid)
    with pytest.raises(GolifelabError):
        register_grid(keep, observed, "absent")


def test_without_the_compilers_source(keep, observed, monkeypatch):
    monkeypatch.setattr("golifelab.compile.machine.registerfile._TABLE", "src/absent.go")
    with pytest.raises(FeatureUnavailable, match="source"):
        register_grid(keep, observed, "keep")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    "package",
    [
        "path",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("strconv", "sort", "regexp")),
    ],
)
def test_the_processor_agrees(
    package, architecture, observed, std_source, registers_of, monkeypatch
):
    """Every read finds its value on every path, and no instruction writes over a held one."""
    monkeypatch.setattr(dump, "_WHOLE", 1 << 30)
    target = observed.with_(goarch=architecture)
    source = std_source(package, target)
    code = dump.HelperCode(source, target)
    registers = register_file(target)
    steps = 0
    for function in code.functions:
        last = code.passes(function)[-1]
        assert Residency(last, registers.allocatable).strangers() == [], function.symbol
    for function in code.functions:
        grid = register_grid(source, target, function.symbol)
        for step in grid:
            made = [grid.instructions[index] for index in step.instructions]
            if step.kind not in ("value", "end") or not made:
                continue
            steps += 1
            written = registers_of(architecture, made)[1]
            where = f"{function.symbol} b{step.block}: {grid.text(step)}"
            called = any(one.opcode.startswith(("CALL", "BL", "DUFF")) for one in made)
            assert called or step.writes.keys() <= written, where
            assert not written & (step.holds.keys() - step.writes.keys()), where
    assert steps > 300
