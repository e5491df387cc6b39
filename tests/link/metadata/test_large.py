"""The metadata of Go's own programs, the largest at hand, judged by addr2line; other processors."""

from __future__ import annotations

import random

import pytest

from golifelab.link.executable import Executable, executable, link
from golifelab.link.metadata.findfunc import find_function
from golifelab.link.metadata.moduledata import SYMBOL, module_data
from golifelab.link.metadata.parts import pclntab_parts
from golifelab.link.metadata.places import metadata_places
from golifelab.link.metadata.pointermasks import pointer_masks
from golifelab.link.metadata.stackmaps import stack_maps
from golifelab.program import Program
from golifelab.source import Source
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run
from tests.link.metadata.conftest import WALK


@pytest.fixture(scope="module", params=["compile", "go"])
def large(request, newest) -> Executable:
    go = find_go(newest.go)
    return executable(go.command if request.param == "go" else go.tool(request.param))


def judged(program: Executable, newest, count: int) -> int:
    """Compare the names and lines of chosen addresses; how many had a line to compare."""
    go = find_go(newest.go)
    table = program.pclntab
    chosen = random.Random(3)
    functions = (table[chosen.randrange(len(table))] for _ in range(count))
    addresses = [chosen.randrange(one.entry, one.end) for one in functions]
    done = run(
        [go.command, "tool", "addr2line", program.path],
        env=go.host_environment(),
        input="".join(f"{address:#x}\n" for address in addresses).encode(),
        timeout=120,
    )
    lines = done.text.splitlines()
    assert len(lines) == 2 * count, done.error_text
    compared = 0
    for address, name, place in zip(addresses, lines[0::2], lines[1::2], strict=True):
        lookup = find_function(program, address)
        assert lookup.function is not None
        assert lookup.function.name == name
        # Of padding, addr2line knows no line. The linker's markers have no tables at all: there it
        # reads the first of all, at offset 0.
        if lookup.function.raw.pcline and place != "?:0" and not place.startswith(":-"):
            assert place == str(table.position(address))
            compared += 1
    return compared


def test_a_sample_of_addresses(large, newest):
    assert judged(large, newest, 200) > 150


@pytest.mark.slow
def test_many_addresses(large, newest):
    assert judged(large, newest, 10_000) > 8_000


@pytest.mark.slow
def test_functions_have_readable_tables(large):
    table = large.pclntab
    maps = 0
    for index in range(0, len(table), 4):
        function = table[index]
        found = stack_maps(large, function.entry)
        assert found.function == function
        maps += len(found)
        assert all(-1 <= row.value < max(len(found), 1) for row in found.rows), function.name
        assert find_function(large, function.entry).function == function
        table.calls(function.entry)
    assert maps > len(table) // 4
    assert sum(part.size for part in pclntab_parts(large.image)) > 1 << 20
    assert pointer_masks(large).data.pointers.sum() > 1000


@pytest.mark.slow
@pytest.mark.parametrize("processor", ["386", "arm", "s390x", "riscv64"])
def test_other_processors(newest, processor):
    program = link(Source.from_text(WALK), newest.with_(goarch=processor))
    module = module_data(program.image)
    symbol = program.symbol(SYMBOL)
    assert (module.address, module.size) == (symbol.address, symbol.size)
    maps = stack_maps(program, "main.walk")
    assert maps.frame().arguments.tolist() == ["101", "001", "000"]
    for function in program.pclntab:
        assert find_function(program, function.entry).function == function
    assert metadata_places(program)["runtime.m0"].section == ".bss"
    masks = pointer_masks(program)
    assert masks.symbol("runtime.allp").pointers == (True, False, False)
    own = Program(Source.from_text(WALK), newest.with_(goarch=processor)).stack_maps("walk")
    assert own.arguments == maps.arguments
