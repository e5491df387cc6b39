"""What the passes did: the sums are right, and what is called idle is."""

from __future__ import annotations

from itertools import pairwise

import pytest

from golifelab.compile import dump
from golifelab.compile.dump import HelperCode
from golifelab.compile.ssa.impact import KINDS, impact
from golifelab.compile.ssa.stage import ssa
from golifelab.source import Source


def alive(step):
    """Everything that lives after a pass, by number, with all that can be said of it."""
    blocks = [block for block in step.blocks if not block.dead]
    values = {v.id: (v, block.id) for block in blocks for v in block.values if not v.dead}
    ids = {block.id for block in blocks}
    return values, {
        block.id: (
            block.kind,
            block.aux,
            block.likely,
            tuple(c if c in values else -1 for c in block.controls),
            tuple(s if s in ids else -1 for s in block.successors),
        )
        for block in blocks
    }


def described(values):
    """Values as plain facts; arguments that are dead are nothing."""
    return {
        number: (
            value.op,
            value.type,
            value.aux,
            value.location,
            value.temporary,
            value.position,
            value.stack,
            value.stmt,
            value.names,
            tuple(a if a in values else -1 for a in value.args),
            home,
        )
        for number, (value, home) in values.items()
    }


def judged(passes):
    """Check all steps of a function; how many were idle and how many were not."""
    found = impact(passes)
    listed = [name for step in found for name in (step.pass_name, *step.merged)]
    assert listed == [step.name for step in passes]
    quiet = set(found.idle)
    for before, after in pairwise(passes):
        (values, blocks), (later, blocks_later) = alive(before), alive(after)
        step = found[after.name]
        if after.name in quiet:
            # The rule would allow other numbers; no pass does only that.
            assert described(values) == described(later)
            assert blocks == blocks_later
        else:
            assert not step.idle
            assert step.pass_name == after.name
            assert after.statistics[1] - before.statistics[1] == (
                step.counts["added"] - step.counts["removed"]
            )
            assert len(step.comparison.pairs) + len(step.comparison.added) == len(later)
            assert len(step.comparison.pairs) + len(step.comparison.removed) == len(values)
            if (described(values), blocks) == (described(later), blocks_later):
                assert not step.score
    return len(quiet), len(found) - 1


def test_the_sum(tier, rich, observed):
    found = ssa(rich, observed, "add").impact()
    assert found["lower"].counts["changed"] == 1
    assert found["regalloc"].counts["placed"] >= 2
    assert found.steps[0].pass_name == "start"
    assert found.steps[0].idle
    assert "prove" in found.idle
    assert found["prove"].pass_name != "prove"
    assert "1 changed" in str(found)
    with pytest.raises(KeyError):
        found["nothing"]
    assert list(found.frame().columns) == ["pass", "ns", "score", *KINDS, "merged"]
    assert [row["pass"] for row in found.to_json()["steps"]] == [s.pass_name for s in found]


def test_every_step_adds_up(tier, rich, observed):
    quiet, busy = judged(ssa(rich, observed, "main").passes)
    assert quiet >= 15
    assert busy >= 25


def test_folding_and_the_dead(observed):
    text = "package main\n\nfunc f(a int) int {\n\treturn a*2 + 0\n}\n\nfunc main() { f(1) }\n"
    found = ssa(Source.from_text(text), observed, "f").impact()
    assert found["opt"].pass_name == "opt"
    assert found["opt"].score > 0
    assert any(step.counts["swept"] for step in found)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["strconv", "sort", "regexp/syntax"])
def test_every_function_of_a_package(path, newest, std_source, monkeypatch):
    monkeypatch.setattr(dump, "_WHOLE", 1 << 30)  # every function in one run
    target = newest.with_(gcflags=("-std",))
    code = HelperCode(std_source(path, target), target)
    both = [judged(code.passes(function)) for function in code.functions if function.size]
    assert len(both) >= 50
