"""Placement, judged by the symbol table, by another reader of objects, and by the bytes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from golifelab.link.object.file import read_object
from golifelab.link.placement.stage import Placement, placement
from golifelab.program import Program, sample
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import Mode

if TYPE_CHECKING:
    from golifelab.link.placement.symbols import PlacedSymbol

SERVER = Program.from_text(
    'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe("", nil) }\n'
)
VERSIONS = ["", "1.24.11", "1.25.5", "1.26.6"]
# Relocations whose instruction the linker may rewrite: more than the hole differs.
REWRITTEN = {"R_TLS_LE", "R_TLS_IE", "R_GOTPCREL"}


def sound(placed: Placement) -> None:
    """No symbol is in two places, no two symbols share a byte."""
    assert placed.conflicts == 0
    assert len(placed) > 5000
    assert (placed.sizes > 0).all()
    ends = placed.addresses + placed.sizes
    assert (ends[:-1] <= placed.addresses[1:]).all()


def test_every_symbol_has_one_place_of_its_own(placed):
    sound(placed)


def test_names_that_tell_their_abi_as_the_executable_writes_them(placed):
    written = [one for one in placed.executable.symbols if one.name.endswith(".abi0")]
    assert written
    for one in written:
        found = placed.of(one.name)
        assert (found.address, found.abi) == (one.address, "ABI0"), one.name
    assert placed.of("main.main.abi0") is None


def test_other_ways_of_linking(kind):
    sound(kind)
    assert kind.of("main.main").kind == "STEXT"


def test_a_stripped_file_tells_the_same_addresses(placed, hello, target):
    """The judge is the symbol table of a file that was not stripped: this placement has none."""
    bare = placement(hello, target, Mode(flags=("-s", "-w")))
    assert not bare.executable.symbols
    assert {symbol.how for symbol in bare} == {"function table", "relocation", "function data"}
    # Where Go code has a function of the same name, the linker adds ".abi0" to assembly's.
    known = {
        (one.name.removesuffix(".abi0"), one.address, one.size) for one in placed.executable.symbols
    }
    names = {name for name, _, _ in known}
    shared = [one for one in bare if one.name in names and one.abi != "static"]
    assert len(shared) > 1500
    assert all((one.name, one.address, one.size) in known for one in shared)


@pytest.mark.parametrize("package", ["fmt", "internal/bytealg", "runtime"])
def test_what_is_not_relocated_is_the_object_s(placed, target, package):
    """Every byte again, with the reader that goes record by record."""
    content = export_files(target)[package].read_bytes()
    made = read_object(content, find_go(target.go).root)
    by_row = {
        (made.members[1:][one._part].name, one._row): one for one in made.symbols if one.data_size
    }
    compared = 0
    for symbol in placed:
        if symbol.package != package or (symbol.member, symbol.row) not in by_row:
            continue
        there = by_row[symbol.member, symbol.row]
        assert there.name in (symbol.name, "")
        compared += compare(placed, symbol, there)
    assert compared > 1000


def compare(placed: Placement, symbol: PlacedSymbol, there) -> int:
    holes = set()
    for one in there.relocations:
        first = one.offset - 3 if one.kind in REWRITTEN else one.offset
        holes |= set(range(first, one.offset + one.size))
    found = placed.executable.bytes_at(symbol.address, there.data_size)
    wrong = [i for i, (a, b) in enumerate(zip(found, there.data, strict=True)) if a != b]
    assert set(wrong) <= holes, symbol
    return there.data_size


def test_the_targets_of_a_call(placed, hello, target):
    """Offset by offset what the object asks for, and where the call in the file leads."""
    program = Program(hello, target)
    main = program.object.symbol("main.main")
    at = placed.of("main.main").address
    targets = placed.targets("main", main._part, main._row)
    calls = 0
    assert len(targets) == len(main.relocations)
    for one, there in zip(main.relocations, targets, strict=True):
        if one.kind == "R_CALL" and one.size == 4:
            code = placed.executable.bytes_at(at + one.offset, 4)
            distance = int.from_bytes(code, "little", signed=True)
            assert at + one.offset + 4 + distance == there
            assert placed.at(there).name == one.symbol
            calls += 1
    assert calls >= 2


def test_who_points_to_a_function(placed):
    add = placed.of("main.add")
    pointers = placed.pointers_to(add)
    assert {"main.main"} == {one.symbol.name for one in pointers}
    assert {one.kind for one in pointers} == {"R_CALL"}
    for one in pointers:
        hole = placed.hole_at(one.address)
        assert (hole.target, hole.target_address) == ("main.add", add.address)


def test_strings_and_types_are_found_though_no_table_lists_them(placed):
    listed = {one.name for one in placed.executable.symbols}
    for name in ('go:string."one"', "type:string"):
        found = placed.of(name)
        assert found is not None, name
        assert name not in listed
        assert found.how == "relocation"
        assert found.evidence.startswith("R_")
    text = placed.of('go:string."one"')
    assert placed.executable.bytes_at(text.address, text.size) == b"one"


def test_stack_maps_are_found_by_the_function_table(placed):
    maps = [one for one in placed if one.name.startswith("gclocals·")]
    assert len(maps) > 100
    assert {one.how for one in maps} <= {"function data", "symbol table"}
    assert any("ArgsPointerMaps of " in one.evidence for one in maps)


def test_placed_symbols_by_address_and_by_name(placed):
    for symbol in list(placed)[::97]:
        assert placed.at(symbol.address) == symbol
        assert placed.at(symbol.end - 1) == symbol
        assert placed.symbols[symbol.number] == symbol
    assert placed.at(0) is None
    assert placed.of("main.nothing") is None
    assert [one.address for one in placed.symbols[:3]] == sorted(placed.addresses[:3])
    assert len(placed.frame()) == len(placed)
    assert len(placed.to_json()["symbols"]) == len(placed)


def test_a_function_that_is_gone_has_no_place():
    program = sample("hello")
    edited = program.edit("func main() {", "func unused() int { return 7 }\n\nfunc main() {")
    assert edited.object.symbol("main.unused")
    assert edited.placement.of("main.unused") is None


@pytest.mark.slow
@pytest.mark.parametrize("goarch", ["amd64", "arm64"])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_server_on_every_version(version, goarch):
    placed = placement(SERVER.source, Target(go=version, goarch=goarch))
    sound(placed)
    assert len(placed) > 20_000


@pytest.mark.slow
@pytest.mark.parametrize("goarch", ["386", "arm", "riscv64", "s390x"])
def test_other_processors(goarch):
    sound(placement(sample("hello").source, Target(goarch=goarch)))


def test_pairs_in_order(placed: Placement, hello: Source, target: Target) -> None:
    """Placing again gives the same value, from the cache of this process."""
    assert placement(hello, target) is placed
    assert all(a.address < b.address for a, b in pairwise(placed))
