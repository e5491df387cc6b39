"""What the prove pass knew and proved."""

from __future__ import annotations

from collections import Counter

import pytest

from golifelab.compile.dump import code_of
from golifelab.compile.ssa.passes import Block, Pass, Snapshot
from golifelab.compile.ssa.proofs import proofs
from golifelab.compile.ssa.proofs.scope import Scope
from golifelab.compile.ssa.proofs.tracetext import read
from golifelab.errors import CompileFailed, GolifelabError
from golifelab.position import Position
from golifelab.source import Source
from golifelab.toolchain.compile import compile_object

TEXT = """package main

func sum(values []int) int {
	total := 0
	for i := range values {
		total += values[i]
	}
	return total
}

func guarded(values []int, i int) int {
	if i < 0 {
		if i > 5 {
			return 9
		}
		return 7
	}
	if i < len(values) {
		return values[i]
	}
	return 0
}

func shift(x uint64, n uint) uint64 {
	if n < 64 {
		return x << n
	}
	return 0
}

func plain(values []int, i int) int { return values[i] }

func main() { println(sum(nil), guarded(nil, 1), shift(1, 2), plain([]int{1}, 0)) }
"""


@pytest.fixture(params=["amd64", "arm64"])
def aim(request, target):
    return target.with_(goarch=request.param)


def test_a_loop_needs_no_bounds_check(aim):
    made = proofs(Source.from_text(TEXT), aim, "sum")
    (proof,) = made
    assert proof.text.startswith("Proved IsInBounds (")
    assert proof.position == Position("main.go", 6, 18)
    assert made.at(proof.position) == (proof,)
    (loop,) = made.inductions
    assert "increment 1" in loop.text
    index, length = proof.contradiction.about
    assert proof.contradiction.relation == ">="
    relations = [(f.about, f.relation) for f in proof.known if f.kind == "relation"]
    assert ((index, length), "<") in relations
    # The way on which the index is too large was tried, and found impossible: it is not known.
    assert ((index, length), ">=") not in relations


def test_what_holds_on_another_way_is_not_known(aim):
    made = proofs(Source.from_text(TEXT), aim, "guarded")
    by_line = {proof.position.line: proof for proof in made}
    assert {13, 19} <= set(by_line)
    inside = by_line[19]
    index, length = inside.contradiction.about
    relations = [(f.about, f.relation) for f in inside.known if f.kind == "relation"]
    assert ((index, length), "<") in relations
    assert not any(op == "<" and values == (index, index) for values, op in relations)
    # "i < 0" holds in the first branch alone, where line 13 contradicts it.
    zero = {f.about[1] for f in by_line[13].known if f.relation == "<" and f.about[0] == index}
    assert zero
    assert not zero & {values[1] for values, op in relations if op == "<"}


def test_a_sentence_without_a_value_is_pinned_by_its_place(aim):
    made = proofs(Source.from_text(TEXT), aim, "shift")
    bounded = [proof for proof in made if "bounded" in proof.text]
    assert bounded
    assert all(proof.value >= 0 and proof.contradiction is None for proof in bounded)


def test_nothing_is_proved_where_nothing_is_known(aim):
    made = proofs(Source.from_text(TEXT), aim, "plain")
    assert len(made) == 0
    assert made.frame().empty
    assert made.to_json()["proofs"] == []


def test_as_data(aim, tier):
    made = proofs(Source.from_text(TEXT), aim, "guarded")
    assert made.tier == tier
    assert len(made.frame()) == len(made) == len(list(made))
    plain = made.to_json()
    assert plain["stage"] == "proofs"
    assert [row["proof"] for row in plain["proofs"]] == [proof.text for proof in made]
    assert len(plain["facts"]) == len(made.facts)


def test_the_proofs_of_all_functions_are_those_the_compiler_prints(rich, target):
    source = Source((("a.go", rich.text()), ("b.go", TEXT.partition("func main")[0])))
    done = compile_object(source, target, extra=("-c=1", "-m", "-d=ssa/prove/debug=1"))
    printed = Counter(
        (str(fact.position), fact.text) for fact in read(done.stdout.splitlines()) if fact.position
    )
    printed = Counter(
        {key: n for key, n in printed.items() if key[1].startswith(("Proved", "Disproved"))}
    )
    ours: Counter[tuple[str, str]] = Counter()
    for function in code_of(source, target).functions:
        for proof in proofs(source, target, function.symbol):
            words = proof.text.split(" (")[0]
            # Constants that are put in for arguments are told at a higher level only.
            if "is constant" not in words:
                ours[str(proof.position), words] += 1
    assert printed
    assert ours == printed


def test_errors(target):
    with pytest.raises(GolifelabError, match="nobody"):
        proofs(Source.from_text(TEXT), target, "nobody")
    with pytest.raises(CompileFailed):
        proofs(Source.from_text(TEXT.replace("total := 0", "")), target, "guarded")


def test_both_spellings_of_limits_and_unknown_lines():
    facts = list(
        read(
            [
                "main.go:3:4: new limit v9 sm,SM=-1,5 um,UM=0,7 unsat=false",
                "main.go:3:4: new limit v9 sm,SM,um,UM=-1,5,0,7 unsat=true",
                "main.go:3:4: a line of a Go to come",
                "no position at all",
                "",
            ]
        )
    )
    assert [fact.kind for fact in facts] == ["limit", "contradiction", "other", "other", "other"]
    assert facts[0].signed == facts[1].signed == (-1, 5)
    assert facts[0].unsigned == facts[1].unsigned == (0, 7)
    assert facts[3].position is None


def test_what_holds_where():
    # b3 is the entry and does not stand first: b3 -> b1, b2 on v9; both lead to b4.
    blocks = (
        Block(1, "Plain", (), (), (4,), (3,)),
        Block(2, "Plain", (), (), (4,), (3,)),
        Block(3, "If", (), (9,), (1, 2)),
        Block(4, "Ret", (), (), (), (1, 2)),
    )
    facts = list(
        read(
            [
                "main.go:1:1: parent=b3, update v5 v6 ==",
                "main.go:1:1: new limit v9 sm,SM=1,1 um,UM=1,1 unsat=false",
                "main.go:1:1: parent=b3, update v5 v7 <",
                "main.go:1:1: new limit v9 sm,SM=0,0 um,UM=0,0 unsat=false",
                "main.go:1:1: parent=b3, update v5 v7 >=",
                "main.go:1:1: parent=b4, update v5 v8 <",
            ]
        )
    )
    scope = Scope(facts, Pass("prove", 0, 0, lambda _: Snapshot(blocks)))
    assert scope.dominators(4) == {3, 4}

    def known(*at):
        return [fact.text.partition("update ")[2] for fact in scope.known(6, {5}, at)]

    assert known(1) == ["v5 v6 ==", "v5 v7 <"]
    assert known(2) == ["v5 v6 ==", "v5 v7 >="]
    assert known(3) == ["v5 v6 =="]
    assert known(4) == ["v5 v6 ==", "v5 v8 <"]
    assert known(1, 2) == ["v5 v6 =="]
    assert known() == []


@pytest.mark.slow
def test_nothing_known_contradicts_itself(observed, std_source):
    source = std_source("strconv", observed)
    opposite = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}
    facts = 0
    for function in code_of(source, observed).functions[::4]:
        for proof in proofs(source, observed, function.symbol):
            known = {(fact.about, fact.relation) for fact in proof.known if fact.relation}
            facts += len(known)
            assert not [pair for pair in known if (pair[0], opposite.get(pair[1])) in known]
    assert facts
