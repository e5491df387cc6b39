"""The printed trees of a function: nothing of what the compiler prints is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from golifelab.compile.ir import ir
from golifelab.compile.irtext import read
from golifelab.compile.irtrees import ir_trees, split, tree_functions
from golifelab.errors import CompileFailed, GolifelabError
from golifelab.position import Position
from golifelab.source import Source
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.go import find_go

PLUS = Position("main.go", 26, 11)


def test_the_moments_of_a_function(rich, target):
    trees = ir_trees(rich, target, "add")
    assert trees.tier == "tool"
    assert {"before escape", "before walk", "after walk"} <= set(trees.headings)
    assert ("before devirtualize-and-inline" in trees.headings) == (
        find_go(target.go).release >= (1, 26)
    )
    for tree in trees:
        assert "ADD" in [node.op for node in tree.at(PLUS)]
        assert tree.function.symbol == "main.add"
    assert trees["after walk"] is trees[-1]
    assert len(trees) == len(list(trees)) == len(trees.headings)
    with pytest.raises(GolifelabError, match=r"breakfast' of .*\n.*after walk"):
        trees["before breakfast"]


def test_the_last_tree_is_the_one_that_enters_ssa(rich, target):
    plain = [(node.op.partition("-")[0], node.type) for node in ir(rich, target, "add")]
    last = ir_trees(rich, target, "add")[-1]
    walked = [(node.op.partition("-")[0], node.type) for node in last]
    assert plain == walked


def test_inlining_happens_between_two_moments(rich, target):
    trees = ir_trees(rich, target, "main")
    inlined = [any(node.op == "INLCALL" for node in tree) for tree in trees]
    assert any(inlined)
    if trees.headings[0] == "before devirtualize-and-inline":
        assert not inlined[0]


def test_an_init_list_belongs_to_the_node_below_it(target):
    text = "package main\n\nfunc f(m map[string]int) int { x := 1; y := len(m); return x + y }\n"
    tree = ir_trees(Source.from_text(text), target, "f")["before escape"]
    inits = [node for node in tree if node.role == "init"]
    assert inits
    for node in inits:
        assert tree[node.parent].op == "AS"
        assert node.op == "DCL"
    below = [tree.children(node)[0].op for node in inits]
    assert below == ["NAME-main.x", "NAME-main.y"]


def test_names_and_errors(rich, target):
    names = [function.name for function in tree_functions(rich, target)]
    assert {"add", "main", "(*counter).Inc", "main.func1"} <= set(names)
    assert ir_trees(rich, target, "counter.Inc").function.name == "(*counter).Inc"
    with pytest.raises(GolifelabError, match="nowhere"):
        ir_trees(rich, target, "nowhere")
    with pytest.raises(CompileFailed):
        ir_trees(Source.from_text("package main\nfunc main() { x }\n"), target, "main")


def test_frames_and_json(rich, target):
    trees = ir_trees(rich, target, "main")
    assert len(trees.frame()) == sum(len(tree) for tree in trees)
    plain = trees.to_json()
    assert [step["heading"] for step in plain["stages"]] == list(trees.headings)
    assert "-W=2" in trees.command


LONG = [pytest.param(one, marks=pytest.mark.slow) for one in ("strconv", "text/template/parse")]


@pytest.mark.parametrize("package", ["sort", *LONG])
def test_every_line_of_a_package_is_read(package, target, std_source):
    source = std_source(package, target)
    flags = ("-std",) if package != "text/template/parse" else ()
    done = compile_object(source, target.with_(gcflags=flags), extra=("-c=1", "-W=2"))
    assert done.object
    sections = split(done.stdout)
    assert len(sections) > 100
    # Every line is a heading or part of a tree, in this order and in full.
    printed = [line for line in done.stdout.split("\n") if line]
    again = []
    for section in sections:
        body = section.text.split("\n") if section.text else []
        head = f"{section.heading} {section.function}"
        again += [head if body else f"{head} <nil>", *body]
    assert again == printed
    declared = _operations(target)
    for section in sections:
        nodes = read(section.text)
        assert [node.id for node in nodes] == list(range(len(nodes)))
        assert printed_again(nodes) == [x for x in section.text.split("\n") if x]
        for node in nodes:
            assert node.op.partition("-")[0] in declared, node.text
            assert node.position is not None or " # " not in node.text, node.text


LINES = st.sampled_from(
    [
        *("AS # a.go:1:2", "AS-init", "CALLFUNC int tc(1)", "CALLFUNC-Args", "CALLFUNC-init"),
        *("NAME-main.a Class:PAUTO", 'LITERAL-"x # y"', "DCLFUNC main.f ABI:ABI0", "DCLFUNC-body"),
        *("...", "NilIrNode", "-", "é", "TYPE <S> type int", "DOT", "AS-init-Args", "*-init"),
    ]
)


@given(st.lists(st.tuples(st.integers(0, 6), LINES), max_size=30))
def test_trees_of_any_shape_are_trees(lines):
    text = "\n".join(".   " * depth + body for depth, body in lines)
    nodes = read(text)
    assert [node.id for node in nodes] == list(range(len(nodes)))
    for node in nodes:
        assert -1 <= node.parent < node.id
        assert (node.depth, node.text) in [(depth - 1, body) for depth, body in lines]
        if node.parent >= 0:
            assert nodes[node.parent].depth < node.depth


def _operations(target):
    """The operations that this Go's own source lists."""
    path = find_go(target.go).root / "src/cmd/compile/internal/ir/node.go"
    text = path.read_text().partition("OXXX Op = iota")[2].partition("\n)")[0]
    words = [line.split()[0] for line in text.split("\n") if line.strip()]
    return {word[1:] for word in words if word.startswith("O")} | {"..."}


def printed_again(nodes):
    """What the compiler would print for these nodes: labels and init lists included."""
    below: dict[int, list] = {}
    for node in nodes:
        below.setdefault(node.parent, []).append(node)
    lines: list[str] = []

    def show(node):
        indent = ".   " * (node.depth + 1)
        op = node.op.partition("-")[0]
        children = below.get(node.id, [])
        first = [child for child in children if child.role == "init"]
        if first:
            lines.append(f"{indent}{op}-init")
            for child in first:
                show(child)
        lines.append(indent + node.text)
        role = ""
        for child in children:
            if child.role == "init":
                continue
            if child.role and child.role != role:
                lines.append(f"{indent}{op}-{child.role}")
            role = child.role
            show(child)

    for root in below.get(-1, []):
        show(root)
    return lines
