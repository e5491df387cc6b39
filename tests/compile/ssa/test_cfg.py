"""Graphs of blocks: against the definitions on random graphs, and on functions of Go."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, strategies as st

from golifelab.compile.ssa.graph.dominators import DominatorTree, reverse_post_order
from golifelab.compile.ssa.graph.liveness import liveness
from golifelab.compile.ssa.graph.loops import loop_nest
from golifelab.compile.ssa.stage import ssa
from golifelab.errors import GolifelabError
from golifelab.source import Source

NESTED = """package main

func sum(rows [][]int, limit int) int {
	total := 0
	for _, row := range rows {
		for _, n := range row {
			if n > limit {
				continue
			}
			total += n
		}
	}
	return total
}

func tangled(n int) int {
	if n > 3 {
		goto second
	}
first:
	n++
	if n > 100 {
		return n
	}
second:
	n += 2
	if n < 50 {
		goto first
	}
	return n
}

func main() { println(sum(nil, 1), tangled(2)) }
"""


@st.composite
def graphs(draw):
    """Successors of nodes 0…n-1, each with up to three, as blocks of Go mostly have."""
    count = draw(st.integers(1, 9))
    following = st.lists(st.integers(0, count - 1), max_size=3)
    return {node: tuple(draw(following)) for node in range(count)}


def turned(successors):
    return {
        node: tuple(n for n, all_ in successors.items() for to in all_ if to == node)
        for node in successors
    }


def reachable(successors, start, without=()):
    seen, waiting = set(), [start]
    while waiting:
        node = waiting.pop()
        if node not in seen and node not in without:
            seen.add(node)
            waiting.extend(successors[node])
    return seen


@given(graphs())
def test_dominators_by_their_definition(successors):
    order = reverse_post_order(0, successors)
    assert order[0] == 0
    assert set(order) == reachable(successors, 0)
    assert len(set(order)) == len(order)
    tree = DominatorTree(order, turned(successors))
    for node in order:
        above = {
            other
            for other in order
            if other == node or node not in reachable(successors, 0, without=(other,))
        }
        assert above == {other for other in order if tree.dominates(other, node)}
        assert tree.depths[node] == len(above) - 1
        for child in tree.children(node):
            assert tree.parents[child] == node


@given(graphs())
def test_loops_by_their_definition(successors):
    order = reverse_post_order(0, successors)
    loops = loop_nest(order, successors)
    by_header = {loop.header: loop for loop in loops}
    assert len(by_header) == len(loops)
    tree = DominatorTree(order, turned(successors))
    for loop in loops:
        inside = set(loop.blocks)
        inner = {node: [to for to in successors[node] if to in inside] for node in inside}
        for node in inside:  # all reach each other without leaving
            assert reachable(inner, node) == inside
            assert node in [to for other in inside for to in inner[other]]
        assert set(loop.entries) == {
            node
            for node in inside
            if node == 0 or any(node in successors[other] for other in order if other not in inside)
        }
        assert loop.header == loop.entries[0]
        assert loop.irreducible == (not all(tree.dominates(loop.header, n) for n in inside))
        assert set(loop.latches) == {n for n in inside if set(successors[n]) & set(loop.entries)}
        assert set(loop.exits) == {
            (n, to) for n in inside for to in successors[n] if to not in inside
        }
        if loop.outer >= 0:
            around = by_header[loop.outer]
            assert inside < set(around.blocks)
            assert not inside & set(around.entries)
            assert loop.depth == around.depth + 1
        else:
            assert loop.depth == 1
    # Every edge to a block that dominates where it comes from closes a loop of that block.
    for node in order:
        for to in successors[node]:
            if tree.dominates(to, node):
                assert any(node in one.blocks and to in one.entries for one in loops)


def test_a_long_chain_and_deep_nest_are_no_trouble():
    count = 3_000
    chain = {node: (node + 1,) for node in range(count)} | {count: ()}
    order = reverse_post_order(0, chain)
    assert DominatorTree(order, turned_fast(chain)).depths[count] == count
    assert loop_nest(order, chain) == ()
    deep = 60  # block i enters block i + 1, and the way back leads out through every header
    nest = {i: (i + 1,) for i in range(deep)}
    nest |= {deep + i: (deep - 1 - i, deep + i + 1) for i in range(deep)} | {2 * deep: ()}
    loops = loop_nest(reverse_post_order(0, nest), nest)
    assert [loop.depth for loop in loops] == list(range(1, deep + 1))


def turned_fast(successors):
    found = {node: [] for node in successors}
    for node, following in successors.items():
        for to in following:
            found[to].append(node)
    return found


def test_the_loops_of_a_function(tier, observed):
    body = ssa(Source.from_text(NESTED), observed, "sum")
    for which in ("start", "lower", "layout"):
        graph = body.cfg(which)
        outer, inner = graph.loops
        assert (outer.depth, inner.depth) == (1, 2)
        assert inner.outer == outer.header
        assert not outer.irreducible
        assert graph.loops_around(inner.header) == (outer, inner)
        assert graph.loops_around(graph.entry) == ()
        assert graph.dominates(outer.header, inner.header)
        assert not graph.dominates(f"b{inner.header}", f"b{outer.header}")
        assert {to for _, to in graph.back_edges()} == {outer.header, inner.header}
    with pytest.raises(GolifelabError, match="no block 'b999'"):
        graph["b999"]


def test_a_loop_with_two_entries(tier, observed):
    graph = ssa(Source.from_text(NESTED), observed, "tangled").cfg("start")
    (loop,) = graph.loops
    assert loop.irreducible
    assert len(loop.entries) == 2
    assert f"entered at b{loop.entries[0]} b{loop.entries[1]}" in str(graph)


def test_a_deep_tree_is_no_wide_text(observed):
    tests = "".join(f"\tif n == {i} {{ return {i * i} }}\n" for i in range(60))
    text = f"package main\n\nfunc f(n int) int {{\n{tests}\treturn n\n}}\n\nfunc main() {{}}\n"
    graph = ssa(Source.from_text(text), observed, "f").cfg("start")
    lines = str(graph).splitlines()
    assert max(map(len, lines)) < 100
    assert any("(60 deep) b" in line for line in lines)


def test_what_is_alive(tier, observed):
    """A value is alive where a use can still be reached: asked of every block on its own."""
    body = ssa(Source.from_text(NESTED), observed, "sum")
    for which in ("opt", "lower", "regalloc"):
        step = body[which]
        blocks = [block for block in step.blocks if not block.dead]
        found = liveness(blocks)
        for block in blocks:
            for value in (v for b in blocks for v in b.values):
                assert (value.id in found.entering[block.id]) == needed(blocks, block.id, value.id)


def needed(blocks, start, value):
    """Whether a walk from the top of a block meets a use of a value before its definition."""
    graph = {block.id: block for block in blocks}
    seen, waiting = set(), [(start, None)]
    while waiting:
        at, came = waiting.pop()
        if (at, came) in seen:
            continue
        seen.add((at, came))
        block = graph[at]
        if came is not None:
            for phi in (v for v in block.values if v.op == "Phi" and not v.dead):
                if phi.args[block.predecessors.index(came)] == value:
                    return True
        if any(v.id == value for v in block.values):
            continue
        live = [v for v in block.values if not v.dead and v.op != "Phi"]
        if value in block.controls or any(value in v.args for v in live):
            return True
        waiting.extend((to, at) for to in block.successors)
    return False


def test_the_graph_as_data(tier, rich, observed):
    graph = ssa(rich, observed, "main").cfg()
    assert [block.order for block in graph] == list(range(len(graph)))
    data = graph.to_json()
    assert [row["block"] for row in data["blocks"]] == [block.name for block in graph]
    assert data["blocks"][0]["dominator"] == ""
    assert len(graph.frame()) == len(graph)
    assert len(data["loops"]) == len(graph.loops)
    for loop in graph.loops:
        assert graph[loop.header].loop == loop.header
    chance = random.Random(1)
    for block in chance.sample(graph.blocks, min(8, len(graph))):
        assert all(graph[child].dominator == block.id for child in graph.dominated(block.id))
