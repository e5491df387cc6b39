"""The calling convention, read from the compiler, against the one that Go's documents describe."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from golifelab.compile.machine.abi import abi
from golifelab.compile.machine.registerfile import register_file
from golifelab.errors import CompileFailed, FeatureUnavailable, GolifelabError
from golifelab.program import Program
from golifelab.source import Source
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run
from golifelab.views.stage import stage_html

ARCHITECTURES = ("amd64", "arm64")
SOURCE = """package main

type point struct{ x, y float32 }

type shape interface{ area() float64 }

func (p *point) move(by float32, times int) bool { return times > 0 }

func join(sep string, parts ...string) (joined string, err error) { return }

func same[T any](a T) T { return a }

func main() { (&point{}).move(1, 2); join("") ; same(1) }
"""


@pytest.fixture(params=ARCHITECTURES)
def target_of(request, observed):
    return observed.with_(goarch=request.param)


def test_the_order_of_registers(tier, target_of):
    source = Source.from_text(SOURCE)
    found = abi(source, target_of, "func(a int, x float64, s string) (int, error)")
    registers = register_file(target_of)
    whole, floating = registers.integer_arguments, registers.floating_arguments
    assert [one.registers for one in found.parameters] == [whole[:1], floating[:1], whole[1:3]]
    assert [one.registers for one in found.results] == [whole[:1], whole[1:3]]
    assert [one.spill for one in found.parameters] == [0, 8, 16]
    assert {one.spill for one in found.results} == {-1}
    assert found.arguments_size == 32
    assert found.tier == tier


def test_functions_of_the_program(tier, target_of):
    program = Program(Source.from_text(SOURCE), target_of)
    move = program.abi("(*point).move")
    assert [one.role for one in move.assignments] == [
        "receiver",
        "parameter",
        "parameter",
        "result",
    ]
    assert move.signature == "func (p *point) move(by float32, times int) bool"
    assert program.abi("point.move").assignments == move.assignments
    joined = program.abi("join")
    assert joined.parameters[1].type == "[]string"
    assert [one.name for one in joined.results] == ["joined", "err"]
    (both,) = program.abi("func(point)").parameters
    assert [(piece.type, piece.offset) for piece in both.pieces] == [("float32", 0), ("float32", 4)]
    assert len(program.abi("func(time.Time, shape, unsafe.Pointer)").parameters) == 3
    assert program.abi("func()").frame().empty
    assert "travels in" in stage_html(move)
    assert move.to_json()["assignments"][0]["pieces"][0]["type"] == "*point"


def test_the_command_works_in_a_terminal(observed, tmp_path):
    source = Source.from_text(SOURCE)
    source.write(tmp_path)
    go = find_go(observed.go)
    env = go.environment(observed)
    env["PATH"] = f"{go.command.parent}:{env['PATH']}"
    found = abi(source, observed, "main.join")
    done = run(["bash", "-c", found.command], env=env, cwd=tmp_path)
    assert done.returncode == 0, done.error_text
    assert "main.golifelabCall STEXT" in done.text


def test_what_is_no_signature(tier, observed):
    program = Program(Source.from_text(SOURCE), observed)
    for text in ("func(", "func(a missing)", "func() {}; func g()"):
        with pytest.raises(CompileFailed):
            program.abi(text)
    with pytest.raises(GolifelabError, match="generic"):
        program.abi("same")
    with pytest.raises(GolifelabError, match="declares no function"):
        program.abi("absent")
    with pytest.raises(FeatureUnavailable):
        program.for_target(goarch="riscv64").abi("func()")


@dataclass
class Kind:
    """A type as the document sees it: its parts in registers, None where it can't be in any."""

    text: str
    size: int
    align: int
    parts: list[str] | None = field(default_factory=list)


BASIC = [
    Kind("int8", 1, 1, ["i"]),
    Kind("bool", 1, 1, ["i"]),
    Kind("uint16", 2, 2, ["i"]),
    Kind("float32", 4, 4, ["f"]),
    Kind("int", 8, 8, ["i"]),
    Kind("float64", 8, 8, ["f"]),
    Kind("complex128", 16, 8, ["f", "f"]),
    Kind("*int", 8, 8, ["i"]),
    Kind("string", 16, 8, ["i", "i"]),
    Kind("error", 16, 8, ["i", "i"]),
    Kind("[]byte", 24, 8, ["i", "i", "i"]),
]


def made(choice, depth=2):
    """Some type: a basic one, an array or a struct."""
    kind = choice.random()
    if depth == 0 or kind < 0.5:
        return choice.choice(BASIC)
    if kind < 0.75:
        one, count = made(choice, depth - 1), choice.choice((0, 1, 1, 2))
        parts = [[], one.parts, None][count]
        return Kind(f"[{count}]{one.text}", count * one.size, one.align, parts)
    fields = [made(choice, depth - 1) for _ in range(choice.randrange(4))]
    parts, end = [], 0
    for one in fields:
        end = up(end, one.align) + one.size
        parts = None if parts is None or one.parts is None else parts + one.parts
    align = max((one.align for one in fields), default=1)
    if fields and end and not fields[-1].size:
        end += 1  # nothing may point behind the struct
    names = "; ".join(f"f{row} {one.text}" for row, one in enumerate(fields))
    return Kind(f"struct{{ {names} }}" if names else "struct{}", up(end, align), align, parts)


def up(offset, align):
    return (offset + align - 1) // align * align


def by_the_document(kinds, results, registers):
    """ABIInternal as cmd/compile/abi-internal.md writes it down."""
    stack, said = 0, []
    for wanted in (kinds, results):
        used = {"i": 0, "f": 0}
        names = {"i": registers.integer_arguments, "f": registers.floating_arguments}
        for kind in wanted:
            need = {letter: (kind.parts or []).count(letter) for letter in used}
            fits = all(used[x] + need[x] <= len(names[x]) for x in used)
            if kind.size and kind.parts is not None and fits:
                taken = []
                for part in kind.parts:
                    taken.append(names[part][used[part]])
                    used[part] += 1
                said.append((tuple(taken), -1))
            else:
                stack = up(stack, kind.align)
                said.append(((), stack))
                stack += kind.size
        stack = up(stack, 8)
    spills, area = [], stack
    for kind, (taken, _) in zip([*kinds, *results], said, strict=True):
        if taken and len(spills) < len(kinds):
            area = up(area, kind.align)
            spills.append(area)
            area += kind.size
        else:
            spills.append(-1)
    return [(*way, spill) for way, spill in zip(said, spills, strict=True)], up(area, 8)


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))]
)
def test_the_compiler_does_what_its_document_says(target_of, seed):
    choice = random.Random(seed)
    registers = register_file(target_of)
    empty = Source.from_text("package main\n\nfunc main() {}\n")
    for _ in range(8):
        kinds = [made(choice) for _ in range(choice.randrange(9))]
        results = [made(choice) for _ in range(choice.randrange(5))]
        inside = ", ".join(kind.text for kind in kinds)
        outside = ", ".join(kind.text for kind in results)
        text = f"func({inside}) ({outside})"
        found = abi(empty, target_of, text)
        ways = [(one.registers, one.offset, one.spill) for one in found.assignments]
        expected, size = by_the_document(kinds, results, registers)
        assert ways == expected, text
        assert found.arguments_size == size, text
