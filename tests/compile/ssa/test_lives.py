"""The lives of all values, checked against the passes themselves."""

from __future__ import annotations

from itertools import pairwise

import pytest

from golifelab.compile.ssa.biography import lives
from golifelab.compile.ssa.stage import ssa
from golifelab.errors import GolifelabError
from golifelab.source import Source

# The write barriers' pass frees the stores that it moves and uses their numbers again at once.
BARRIERS = """package main

type node struct {
	left, right, up *node
	name            string
}

//go:noinline
func link(a, b, c *node, name string) *node {
	a.left, a.right, a.name = b, c, name
	println(name)
	return &node{left: a, right: b, up: c, name: name}
}

func main() { link(&node{}, nil, nil, "a") }
"""


def alive(step):
    return {
        value.id: (block.id, value)
        for block in step.blocks
        if not block.dead
        for value in block.values
        if not value.dead
    }


@pytest.fixture
def bodies(tier, rich, observed):
    barriers = Source.from_text(BARRIERS)
    return [ssa(source, observed, name) for source, name in ((rich, "main"), (barriers, "link"))]


def test_a_value_that_is_dead_from_the_start_is_told_from_one_that_never_was(bodies):
    body = bodies[0]
    known = {value.id for step in body.passes for block in step.blocks for value in block.values}
    unused = sorted(known - set(lives(body.passes)))
    assert unused
    with pytest.raises(GolifelabError, match=f"never needs v{unused[0]}: it is DEAD from start on"):
        body.biography(unused[0])
    with pytest.raises(GolifelabError, match="never has a value"):
        body.biography(max(known) + 1)


def test_lives_tell_what_every_pass_holds(bodies):
    for body in bodies:
        found = lives(body.passes)
        told = {}
        for step in body.passes:
            for number, known in found.items():
                for life in known:
                    for event in life.events:
                        if event.pass_index != step.index:
                            continue
                        if event.kind == "gone":
                            told.pop(number, None)
                        else:
                            told[number] = (event.block, event.value)
            now = alive(step)
            assert told.keys() == now.keys(), step.name
            for number, (block, value) in now.items():
                home, said = told[number]
                assert (home, said.text.split(" (")[0]) == (block, value.text.split(" (")[0])


def test_a_life_is_well_formed(bodies):
    for body in bodies:
        for known in lives(body.passes).values():
            assert [life.nth for life in known] == list(range(1, len(known) + 1))
            for life in known:
                kinds = [event.kind for event in life.events]
                assert kinds[0] == "built"
                assert kinds.count("built") == 1
                indices = [event.pass_index for event in life.events]
                assert indices == sorted(set(indices))
                assert (kinds[-1] == "gone") == bool(life.events[-1].value is None)
                if life.swept is not None:
                    assert life.swept >= indices[-1]
                    assert kinds[-1] == "gone"


def test_one_biography_is_part_of_all(bodies):
    body = bodies[0]
    found = lives(body.passes)
    for number in list(found)[::7]:
        assert body.biography(number).lives == found[number]


def test_a_number_that_is_used_again_is_another_value(bodies):
    again = [known for known in lives(bodies[-1].passes).values() if len(known) > 1]
    assert again
    for known in again:
        for one, other in pairwise(known):
            assert one.swept is not None
            assert one.swept <= other.events[0].pass_index


def test_the_write_barriers_use_a_number_again_at_once(observed):
    body = ssa(Source.from_text(BARRIERS), observed, "link")
    at_once = [
        (one, other)
        for known in lives(body.passes).values()
        for one, other in pairwise(known)
        if one.swept == other.events[0].pass_index
    ]
    assert at_once
    assert {other.events[0].pass_name for _, other in at_once} == {"writebarrier"}
    for one, other in at_once:
        assert one.events[-1].pass_name == "writebarrier"
        assert one.events[-2].value.op != other.events[0].value.op


def test_where_the_work_of_a_value_goes(observed):
    text = (
        "package main\n\ntype p struct{ a, b int }\n\n//go:noinline\nfunc f(x *p, n int) int {\n"
        "\tif n > x.b+0 {\n\t\treturn x.b * 8\n\t}\n\treturn 1\n}\n\nfunc main() { f(&p{}, 1) }\n"
    )
    body = ssa(Source.from_text(text), observed, "f")
    built = {
        (value.position.line, value.op): value.id
        for value in body["start"].values()
        if value.position
    }
    first = {op: number for (line, op), number in built.items() if line == 7}
    loaded, condition = body.biography(first["Load"]), body.biography(first["Less64"])
    # x.b+0 is x.b, its address goes into the load, the comparison into the end of its block.
    assert body.biography(first["Add64"]).lives[0].by == (f"v{loaded.value}",)
    address = body.biography(first["OffPtr"]).lives[0]
    assert (address.how, address.by) == ("taken over", (f"v{loaded.value}",))
    assert "now MOVQload [8], does its work" in address.events[-1].note
    notes = [event.note for event in condition.lives[0].events]
    added, loaded_as = first["Add64"], loaded.value
    assert f"takes v{loaded_as} in place of v{added}" in notes
    assert condition.lives[0].how == "taken over"
    assert condition.lives[0].by == (body["lower"].blocks[0].name,)
    assert condition.lives[0].absorbed_by is None
    assert body.biography(built[8, "Load"]).lives[0].absorbed_by == loaded.value
    copies = [value for value in body["start"].values() if value.op == "Copy"]
    for copy in copies:
        assert body.biography(copy.id).lives[0].absorbed_by == copy.args[0]


def test_what_is_translated_with_its_user_stands_for_the_value(observed):
    text = "package main\n\nfunc f(a, b int) int { return a + b*3 }\n\nfunc main() { f(1, 2) }\n"
    body = ssa(Source.from_text(text), observed, "f")
    product = next(value for value in body["start"].values() if value.op == "Mul64")
    life = body.biography(product.id).lives[0]
    if life.how:
        assert life.how == "replaced"
        (name,) = life.by
        new = body[life.events[-1].pass_name].value(name)
    else:  # rewritten in place, by the older compilers
        new = body[-1].value(product.id)
    assert new is not None
    assert new.op.startswith("LEAQ")
    # What is folded in is taken over: its user has the constant now.
    factor = body.biography(product.args[1]).lives[0]
    assert factor.how in ("taken over", "with its users")


def test_nearly_every_end_is_accounted_for(bodies):
    for body in bodies:
        ends = [
            life
            for known in lives(body.passes).values()
            for life in known
            if life.events[-1].kind == "gone"
        ]
        unknown = [life for life in ends if not life.how]
        assert len(ends) > 40
        assert len(unknown) <= len(ends) // 50
        # What is said to do the work of a value is there, after the pass that ended it.
        for life in ends:
            after = body[life.events[-1].pass_index]
            for name in life.by if life.how in ("replaced", "taken over") else ():
                found = after.block(name) if name.startswith("b") else after.value(name)
                assert found is not None, (life.number, life.nth, name)
                assert not found.dead, (life.number, life.nth, name)


def test_arguments_that_change_places_are_told_so(bodies):
    notes = {
        event.note: event.value
        for body in bodies
        for known in lives(body.passes).values()
        for life in known
        for event in life.events
        if event.kind == "changed"
    }
    swapped = {note: value for note, value in notes.items() if "another order" in note}
    assert swapped
    for note, value in swapped.items():
        order = note.split(": ")[1].split(", ")[0]
        assert order == " ".join(f"v{arg}" for arg in value.args)
