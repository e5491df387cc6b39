"""The trees' payload holds the trees that the stages hold."""

from __future__ import annotations

from itertools import accumulate

import pytest

from golifelab import Program, sample
from golifelab.errors import GolifelabError
from golifelab.views import trees
from golifelab.views.trees import go_tree, ir_tree, line_starts, syntax_tree, trees_payloads
from golifelab.views.treestwin import outline, trees_html, trees_text
from golifelab.widgets.view import pack

GENERIC = """package main

type list[T any] struct{ next *list[T] }

func (l *list[T]) len() (n int) {
	for ; l != nil; l = l.next { // é
		n++
	}
	return 1 << 3
}

func main() { println((&list[int]{}).len()) }
"""


def unpacked(stage: dict) -> list[dict]:
    """The nodes of a packed tree, one mapping each, with what they hang below."""
    columns, strings = dict(stage["columns"]), stage["strings"]
    for name in ("start", "line"):
        if name in columns:
            columns[name] = list(accumulate(columns[name]))
    nodes = []
    path: list[int] = []
    for row, depth in enumerate(columns["depth"]):
        node = {name: column[row] for name, column in columns.items()}
        for name in ("kind", "field", "file", "text", "type", "constant", "note"):
            at = node.get(name, -1)
            node[name] = strings[at] if at >= 0 else ""
        del path[depth:]
        node["parent"] = path[-1] if path else -1
        path.append(row)
        nodes.append(node)
    return nodes


@pytest.mark.parametrize("text", [GENERIC, sample("add").text, "package main\n\nfunc f( {", ""])
def test_the_trees_survive_the_packing(text):
    program = Program.from_text(text)
    for tree, made in (
        (program.syntax, syntax_tree(program.syntax)),
        (program.go_syntax, go_tree(program.go_syntax)),
    ):
        (stage,) = made["stages"]
        assert stage["count"] == len(tree)
        for node, seen in zip(tree, unpacked(stage) if len(tree) else [], strict=True):
            place = node.position
            assert (seen["parent"], seen["kind"], seen["field"], seen["index"]) == (
                node.parent,
                node.kind,
                node.field,
                node.index,
            )
            assert (seen["start"], seen["start"] + seen["size"]) == (node.start, node.end)
            assert (seen["file"], seen["line"], seen["column"], seen["text"]) == (
                node.file,
                place.line,
                place.column,
                node.text,
            )


def test_types_constants_and_what_names_stand_for_are_on_the_nodes():
    program = Program.from_text(GENERIC)
    made = syntax_tree(program.syntax, program.types.object_table)
    nodes = unpacked(made["stages"][0])
    for node, seen in zip(program.syntax, nodes, strict=True):
        info = program.types.of(node)
        assert seen["type"] == (info.type if info else "")
        assert seen["constant"] == (info.constant if info else "")
        assert seen["note"] == (info.object.kind if info and info.object else "")
    assert any(node["constant"] == "8" for node in nodes)


def test_go_nodes_bring_the_positions_they_keep():
    program = sample("add")
    made = go_tree(program.go_syntax)
    marks = made["marks"]
    nodes = accumulate(marks["node"])
    places = zip(nodes, marks["name"], marks["line"], marks["column"], strict=True)
    found = {(node, made["mark_names"][name], line, column) for node, name, line, column in places}
    for node in program.go_syntax:
        for mark in program.go_syntax.marks(node):
            at = (node.id, mark.name, mark.position.line, mark.position.column)
            assert (at in found) == (mark.position != node.position)


def test_the_ir_is_there_at_every_moment():
    program = sample("add")
    stages = program.ir_trees("add")
    made = ir_tree(stages, ["add", "main"])
    assert [stage["heading"] for stage in made["stages"]] == list(stages.headings)
    for tree, stage in zip(stages, made["stages"], strict=True):
        for node, seen in zip(tree, unpacked(stage), strict=True):
            assert (seen["parent"], seen["type"], seen["field"]) == (
                node.parent,
                node.type,
                node.role,
            )
            assert "-".join(filter(None, (seen["kind"], seen["text"]))) == node.op
            assert seen["line"] == (node.position.line if node.position else 0)


def test_every_go_under_test_has_three_trees(target, hello):
    *_, payload = trees_payloads(Program(hello, target))
    syntax, go, ir = payload["trees"]
    assert syntax["stages"][0]["count"] > 50
    assert go["stages"][0]["count"] > 50
    assert len(ir["stages"]) >= 3
    assert {"add", "main"} <= set(ir["functions"])
    found = [node["text"] for node in unpacked(syntax["stages"][0])]
    assert found == [node.text for node in Program(hello, target).syntax]


def test_the_source_comes_first_and_the_ir_after_it():
    early, late = trees_payloads(sample("add"))
    assert [len(part["stages"]) for part in early["trees"]] == [1, 1, 0]
    assert early["trees"][2]["why"] == "", "it is on its way"
    assert late["trees"][2]["function"] == "add"
    assert late["trees"][2]["functions"] == ["add", "main"]
    (_, other) = trees_payloads(sample("add"), "main")
    assert other["trees"][2]["function"] == "main"
    (_, gone) = trees_payloads(sample("add"), "nobody")
    assert gone["trees"][2]["function"] == "add"


def test_a_wrong_program_has_the_trees_so_far():
    (payload,) = trees_payloads(Program.from_text("package main\n\nfunc main() {\n\tx := 1 +\n}\n"))
    syntax, go, ir = payload["trees"]
    assert syntax["stages"][0]["count"] > 3
    assert "type" not in syntax["stages"][0]["columns"], "types2 was not asked"
    assert go["errors"] > 0
    assert ir["why"] == "the program has errors"
    assert payload["first"]["phase"] == "parse"
    assert "complained first" in trees_html(payload)


def test_a_failure_behind_the_front_end_is_told_in_the_irs_place(monkeypatch):
    def refuse(*_):
        raise GolifelabError("no room")

    monkeypatch.setattr(trees, "tree_functions", refuse)
    *_, payload = trees_payloads(sample("add"))
    assert payload["trees"][2]["why"] == "no room"


def test_lines_start_where_they_do():
    program = Program.from_text("package main\n\nvar é = 1\n// x")
    steps = line_starts(program.source)["main.go"]
    raw = program.text.encode()
    assert [raw[at : at + 2] for at in accumulate(steps)] == [b"pa", b"\nv", b"va", b"//"]


def test_a_huge_tree_is_cut_and_still_a_tree(monkeypatch):
    monkeypatch.setattr(trees, "MAX_NODES", 7)
    program = sample("add")
    for made, whole in (
        (syntax_tree(program.syntax), program.syntax),
        (go_tree(program.go_syntax), program.go_syntax),
    ):
        (stage,) = made["stages"]
        assert stage["count"] == len(whole)
        assert [node["parent"] for node in unpacked(stage)] == list(whole.table["parent"][:7])


def test_hundred_thousand_nodes_pack_small():
    body = "".join(f"func f{i}(a int) int {{\n\treturn a*2 + {i}\n}}\n" for i in range(8_000))
    program = Program.from_text(f"package main\n\n{body}")
    assert len(program.syntax) > 100_000
    made = {"trees": [syntax_tree(program.syntax, program.types.object_table)]}
    assert len(pack(made)) < 10 * len(program.syntax)


def test_the_twin_is_text_and_escaped():
    *_, payload = trees_payloads(Program.from_text('package main\n\nvar x = "<script>"\n'))
    assert "<script" not in trees_html(payload)
    assert "BasicLit" in trees_html(payload)
    assert "BasicLit" in trees_text(payload)
    assert "are being made" in trees_html({})
    *_, good = trees_payloads(sample("add"))
    (stage,) = good["trees"][0]["stages"]
    lines = list(outline(stage))
    assert lines[0].startswith("File")
    assert any(line.strip() == "Results:  Operation  +  int  8:12" for line in lines)
