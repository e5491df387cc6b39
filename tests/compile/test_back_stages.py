"""SSA, IR, machine code and remarks of good programs, in both tiers."""

from __future__ import annotations

import gzip
import json

import pytest

from golifelab.compile.ir import ir
from golifelab.compile.machine.stage import machine
from golifelab.compile.remarks import remarks
from golifelab.compile.ssa.stage import functions, ssa
from golifelab.errors import GolifelabError
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

PLUS = Position("main.go", 26, 11)
NAMES = {
    "add": "main.add",
    "main.add": "main.add",
    "(*counter).Inc": "main.(*counter).Inc",
    "counter.Inc": "main.(*counter).Inc",
    "counter.Get": "main.counter.Get",
    "Map": "main.Map[go.shape.int,go.shape.string]",
    "Map[int,string]": "main.Map[int,string]",
    "main.func1": "main.main.func1",
}


def test_functions_can_be_named(tier, rich, observed):
    for name, symbol in NAMES.items():
        body = ssa(rich, observed, name)
        assert body.function.symbol == symbol
        assert body.tier == tier
    assert {f.symbol for f in functions(rich, observed)} >= set(NAMES.values())
    assert all(f.size > 0 for f in functions(rich, observed))


def test_the_sum_through_the_passes(tier, rich, observed):
    body = ssa(rich, observed, "add")
    assert body.passes[0].name == "start"
    assert body.passes[-1].name == "trim"
    assert len(body) >= 50
    (built,) = [v for v in body.at(PLUS, "start") if v.op.startswith("Add")]
    assert built.op == "Add64"
    assert built.position == (PLUS if tier == "helper" else Position("main.go", 26))
    story = body.biography(built.name)
    assert [event.kind for event in story.events] == ["built", "changed", "placed"]
    assert story.events[1].pass_name == "lower"
    assert story.events[2].value.location == "AX"
    assert story.absorbed_by is None
    change = body.diff("opt", "lower")
    assert ("Add64", "ADDQ") in {(a.op, b.op) for a, b in change.changed}
    assert body.diff("lower", "lower").empty
    assert f"v{built.id} = Add64 <int> v" in body.text("start")


def test_blocks_know_each_other(tier, rich, observed):
    for step in ssa(rich, observed, "main").passes:
        blocks = {block.id: block for block in step.blocks}
        for block in step.blocks:
            for successor in block.successors:
                assert block.id in blocks[successor].predecessors
        known = {value.id for value in step.values()}
        for block in step.blocks:
            assert known >= set(block.controls)
            for value in block.values:
                assert known >= set(value.args)
                assert step.value(value.name) is value
                assert step.block_of(value.id) is block


def test_a_value_that_is_folded_away(tier, observed):
    text = "package main\n\nfunc f(a int) int {\n\treturn a*2 + 0\n}\n\nfunc main() { f(1) }\n"
    body = ssa(Source.from_text(text), observed, "f")
    added = next(v for v in body["start"].values() if v.op == "Add64")
    story = body.biography(added.id)
    assert story.events[-1].kind == "gone"
    assert story.absorbed_by is not None
    assert body["start"].value(story.absorbed_by) is not None
    with pytest.raises(GolifelabError):
        body.biography("v9999")
    with pytest.raises(GolifelabError, match="no pass"):
        body.text("nothing")


def test_line_table_is_the_dump(tier, rich, observed):
    body = ssa(rich, observed, "main")
    rows = body.rows()
    for step, listed in zip(body.passes, rows.passes, strict=True):
        text = [rows.lines[row] for row in listed.rows]
        assert text == [x for x in body.text(step.name).split("\n") if not x.startswith("name ")]
    whole = sum(len(body.text(i)) for i in range(len(body)))
    packed = gzip.compress(json.dumps(rows.to_json()).encode())
    assert len(packed) < whole / 8


def test_inlined_values_have_a_stack(rich, observed):
    body = ssa(rich, observed, "main")
    product = next(v for v in body["start"].values() if v.op == "Mul64")
    assert product.position == Position("main.go", 29, 35)
    assert [place.line for place in product.stack] == [33, 29]
    assert all(not v.stack for v in ssa(rich, observed, "add")["start"].values())


def test_machine_code_of_the_sum(tier, rich, observed):
    code = machine(rich, observed, "add")
    assert [(i.text, i.hex) for i in code] == [("ADDQ BX, AX", "48 01 d8"), ("RET", "c3")]
    assert code.code == b"".join(i.bytes for i in code)
    assert code.at(PLUS)[0].opcode == "ADDQ"
    assert code.covering(2) is code[0]
    assert code.covering(4) is None
    assert code.covering(-1) is None
    assert code.gnu(0) == "addq %rbx, %rax"
    assert (code.frame_size, code.arguments_size) == (0, 16)


def test_machine_code_is_all_there(tier, rich, observed):
    for function in functions(rich, observed):
        code = machine(rich, observed, function.symbol)
        assert len(code.code) == function.size
        assert code[0].pc == 0
        for one, following in zip(code, code.instructions[1:], strict=False):
            assert one.pc + one.size <= following.pc
        for gap in code.relocations:
            assert gap.offset + gap.size <= len(code.code)


def test_origins(rich, observed):
    code = machine(rich, observed, "main")
    last = ssa(rich, observed, "main").passes[-1]
    kinds = {one.origin for one in code}
    assert kinds >= {"value", "block", "prologue", "epilogue", "tail"}
    assert kinds <= {"value", "block", "prologue", "epilogue", "tail", "mark"}
    for one in code:
        if one.origin == "value":
            assert last.value(one.origin_id) is not None
            assert one in code.of_value(one.origin_id)
        elif one.origin == "block":
            assert last.block(one.origin_id) is not None


def test_calls_are_relocations(tier, rich, observed):
    code = machine(rich, observed, "main")
    (call,) = [gap for gap in code.relocations if gap.symbol == "main.add" and "CALL" in gap.kind]
    assert code.covering(call.offset).opcode == "CALL"
    assert call.size == 4


def test_arm64(tier, rich, observed):
    target = observed.with_(goarch="arm64")
    code = machine(rich, target, "add")
    assert code[0].text == "ADD R1, R0, R0"
    assert code.gnu(0) == "add x0, x0, x1"
    assert ssa(rich, target, "add").biography(ssa(rich, target, "add").at(PLUS, "start")[0].id)


def test_ir_of_the_sum(tier, rich, observed):
    tree = ir(rich, observed, "add")
    assert [node.op for node in tree.nodes] == [
        "RETURN",
        "AS",
        "NAME-main.~r0",
        "ADD",
        "NAME-main.a",
        "NAME-main.b",
    ]
    (plus,) = [node for node in tree.at(PLUS) if node.op == "ADD"]
    assert (plus.type, plus.position) == ("int", PLUS)
    assert [child.op for child in tree.children(plus)] == ["NAME-main.a", "NAME-main.b"]
    assert tree[1].role == "Results"
    assert "Class:PPARAM" in tree[4].attributes
    assert all(node.parent < node.id for node in ir(rich, observed, "main"))


def test_commands_work_in_a_terminal(rich, observed, tmp_path):
    go = find_go(observed.go)
    rich.write(tmp_path)
    env = go.environment(observed)
    env["PATH"] = f"{go.command.parent}:{env['PATH']}"
    generic = ssa(rich, observed, "Map")
    for value, printed in (
        (generic, generic.text("start").split("\n")[-1]),
        (ir(rich, observed, "add"), ir(rich, observed, "add").text.split("\n")[-2][:20]),
        (machine(rich, observed, "add"), "ADDQ\tBX, AX"),
        (remarks(rich, observed), ""),
    ):
        done = run(["bash", "-c", value.command], env=env, cwd=tmp_path)
        assert done.returncode == 0, done.error_text
        assert printed in done.text


def test_one_run_serves_all(rich, newest, observed):
    first = ssa(rich, newest, "add")
    assert ssa(rich, newest, "add").function == first.function
    assert machine(rich, newest, "add").seconds == first.seconds
    assert machine(rich, Target(goarch="arm64"), "add").function.symbol == "main.add"
