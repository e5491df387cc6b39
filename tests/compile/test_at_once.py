"""Functions that the compiler works on at the same time are recorded as they are one by one."""

from __future__ import annotations

import pytest

from golifelab.compile.dump import HelperCode
from golifelab.compile.functions import Function
from golifelab.compile.ssa.replay import Places, Replay
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.helper.dump import Dump, dump

PACKAGE = "strconv"


@pytest.fixture(params=["newest", pytest.param("oldest", marks=pytest.mark.slow)])
def target(request):
    return request.getfixturevalue(request.param)


def told(recorded: Dump, symbol: str, abi: int):
    """All that is recorded of a function, in terms that don't depend on what came before it."""
    found = recorded.function(symbol, abi)
    places = Places(found.positions)
    passes = Replay(found, places).passes()
    table = found.instructions
    code = [
        (
            *(table[name][row] for name in ("pc", "origin")),
            *(table.text(name, row) for name in ("text", "role")),
            places[table["position"][row]],
        )
        for row in range(len(table))
    ]
    steps = [(step.name, step.index, step.snapshot) for step in passes]
    return steps, code, found.code, found.ir, found.frame_size, len(found.relocations)


def test_a_whole_package_recorded_at_once_is_the_same(std_source, target):
    source = std_source(PACKAGE, target)
    alone = dump(source, target, wait=True)
    wanted = [one.symbol for one in alone.functions]
    together = dump(source, target, functions=wanted)
    assert together.object == alone.object == compile_object(source, target).object
    assert sorted(wanted) == sorted(one.symbol for one in together.functions)
    recorded = [one for one in alone.functions if one.recorded]
    assert len(recorded) > 30
    for one in recorded:
        key = one.symbol, one.abi
        assert told(alone, *key) == told(together, *key), one.symbol


def test_functions_of_a_large_program_stand_in_its_order(std_source, newest):
    source = std_source(PACKAGE, newest)
    runs = [HelperCode(source, newest) for _ in range(3)]
    orders = [[(f.symbol, f.abi) for f in code.functions] for code in runs]
    assert orders[0] == orders[1] == orders[2]

    def place(one: Function):
        return (one.position.file, one.position.line, one.position.column) if one.position else ()

    written = [place(f) for f in runs[0].functions if f.position and f.position.file[0] != "<"]
    assert len(written) > 30
    assert written == sorted(written)
