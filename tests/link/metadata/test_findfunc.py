"""findfunc, judged by a search of the whole table and by what the steps themselves say."""

from __future__ import annotations

import random

from golifelab.link.metadata.findfunc import BUCKET, SUBBUCKET, find_function


def test_every_function_is_found_at_both_ends(program):
    table = program.pclntab
    for index in random.Random(1).sample(range(len(table)), 300):
        function = table[index]
        for pc in (function.entry, function.end - 1):
            lookup = find_function(program, pc)
            assert lookup.function == table.find(pc) == function
            # All it compared but the last begin at or before the address.
            assert [one.entry <= pc for one in lookup.compared[:-1]].count(False) == 0
            assert lookup.compared[-1].entry > pc
            assert lookup.index + len(lookup.compared) - 1 == function.index


def test_the_last_bucket_is_cut_off(program):
    last = program.pclntab[-1]
    assert find_function(program, last.end - 1).function == last
    assert find_function(program, last.end).function is None


def test_the_steps(program):
    main = program.pclntab.named("main.main")
    lookup = find_function(program, main.entry + 3)
    steps = {step.name: step for step in lookup.steps}
    offset = steps["offset"].value
    assert lookup.bucket == offset // BUCKET == steps["bucket"].value
    assert lookup.subbucket == offset % BUCKET // SUBBUCKET == steps["subbucket"].value
    assert lookup.index == steps["bucket's function"].value + steps["subbucket's share"].value
    assert steps["functab"].value == main.entry
    order = program.image.byte_order
    for step in lookup.steps:
        if step.address is not None:
            assert program.image.bytes_at(step.address, len(step.bytes)) == step.bytes
    entry = int.from_bytes(steps["functab"].bytes, order)
    assert entry + program.pclntab.text == main.entry
    assert lookup.frame().value.tolist() == [step.value for step in lookup.steps]
    assert lookup.to_json()["function"] == "main.main"


def test_outside(program):
    for pc in (0, program.pclntab[0].entry - 1, 1 << 60):
        lookup = find_function(program, pc)
        assert lookup.function is None
        assert [step.name for step in lookup.steps] == ["module"]
        assert (lookup.bucket, lookup.index, lookup.compared) == (-1, -1, ())
