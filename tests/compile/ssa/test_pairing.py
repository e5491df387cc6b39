"""One function compiled twice: for two processors, by two Go versions, before and after an edit."""

from __future__ import annotations

import pytest

from golifelab.compile.ssa.pairing import Pairing, pairing
from golifelab.compile.ssa.stage import ssa
from golifelab.source import Source

TEXT = """package main

//go:noinline
func mix(a, b int, list []int) int {
	sum := a*b - a
	for _, x := range list {
		if x > b {
			sum += x << 2
		}
	}
	return sum ^ b
}

func main() { println(mix(1, 2, []int{3})) }
"""
LIKE = {"IMULQ": "MUL", "MULQ": "MUL", "SUBQ": "SUB", "XORQ": "XOR", "CMPQ": "CMP"}


@pytest.fixture(scope="module")
def source() -> Source:
    return Source.from_text(TEXT)


def test_two_processors_have_one_function_until_lower(source, observed):
    pair = Pairing(
        ssa(source, observed, "mix"), ssa(source, observed.with_(goarch="arm64"), "mix"), None
    )
    for which in ("start", "opt"):
        found = pair.at(None, which)
        assert found.empty, str(found)
    found = pair.at(None, "lower")
    likes = [p for p in found.pairs if p.before.op in LIKE]
    assert len(likes) >= 4
    for like in likes:
        # MADD and its kin do the work of two: the one that is left stands for either.
        assert like.after.op.startswith((LIKE[like.before.op], "MADD", "MSUB", "MNEG")), like
    smaller = min(pair.left["lower"].statistics[1], pair.right["lower"].statistics[1])
    assert len(found.pairs) >= 0.8 * smaller
    assert not found.blocks_added
    assert not found.blocks_removed


def test_a_target_beside_itself_is_the_same_pass_by_pass(tier, source, observed):
    one = ssa(source, observed, "mix")
    pair = pairing(one, one)
    assert pairing(one, one) is pair
    for step in one.passes:
        assert pair.at(None, step.index).empty, step.name
    assert pair.at("opt", "opt") is pair.at(None, "opt")
    assert all(left == right for left, right in pair.partners().items())
    assert {"v1", "b1"} <= pair.partners().keys()
    assert pair.partners("no such pass") == pair.partners()


def test_passes_are_the_same_by_name_and_turn(source, newest, oldest):
    one, other = ssa(source, newest, "mix"), ssa(source, oldest, "mix")
    pair = Pairing(other, one, None)
    for step in one.passes:
        found = other[pair.same(step.index)]
        if any(step.name == left.name for left in other.passes):
            assert found.name == step.name
    assert pair.same("start") == 0
    assert pair.same(-1) == len(other) - 1


def test_partners_follow_an_edit_into_every_pass(source, observed):
    text = source.text().replace("sum := a*b - a", "sum := b*7\n\tsum += a*b - a")
    after = source.with_text(text)
    left, right = ssa(source, observed, "mix"), ssa(after, observed, "mix")
    names = pairing(left, right, (source, after)).partners()
    values = {step.name: step for step in right.passes}
    for step in (left["start"], left["lower"]):
        product = next(value for value in step.values() if value.op in {"Mul64", "MULQ", "IMULQ"})
        found = values[step.name].value(names[product.name])
        assert found is not None
        assert found.op == product.op
        assert found.position is not None
        assert found.position.line == product.position.line + 1


def test_a_number_means_the_value_of_the_pass_that_is_looked_at(observed):
    source = Source.from_text(
        "package main\n\nfunc runes(s string, limit int) (n int) {\n\tfor i, c := range s {\n"
        "\t\tif c > 'a' {\n\t\t\tn += i * 3\n\t\t} else {\n\t\t\tn -= int(c) % limit\n"
        '\t\t}\n\t}\n\treturn n\n}\n\nfunc main() { println(runes("abc", 7)) }\n'
    )
    targets = observed, observed.with_(goarch="arm64")
    pair = Pairing(*(ssa(source, target, "runes") for target in targets), None)
    first = pair.partners()
    recycled = 0
    for which in ("opt", "lower", "regalloc"):
        names = pair.partners(which)
        for value in pair.at(None, which).pairs:
            assert names[value.before.name] == value.after.name
            recycled += first[value.before.name] != value.after.name
    assert recycled > 0
