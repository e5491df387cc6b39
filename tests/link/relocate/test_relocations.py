"""Relocations of real programs: the arithmetic gives the linked bytes, exactly and everywhere."""

from __future__ import annotations

from collections import Counter

import pytest

from golifelab import Program
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.object.file import read_object
from golifelab.link.placement.stage import placement
from golifelab.link.relocate.applied import applied
from golifelab.link.relocations import apply, relocations
from golifelab.source import Source
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import Mode

SERVER = """package main

import (
	"fmt"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, r.URL) })
	fmt.Println(http.ListenAndServe("127.0.0.1:0", nil))
}
"""
_ENTRIES = ", ".join(f'"k{n}": {n}' for n in range(60))
# A map that nothing reads: the linker drops the function that fills it. And a method that nothing
# can call, of a type that an interface holds.
DROPPED = f"""package main

import "fmt"

var table = map[string]int{{{_ENTRIES}}}

type one int

func (one) Unused() {{}}

func main() {{ fmt.Println(one(1)) }}
"""


@pytest.fixture(scope="module", params=["amd64", "arm64"])
def processor(request, target):
    return target.with_(goarch=request.param)


@pytest.fixture(scope="module")
def found(hello, processor):
    return relocations(hello, processor)


def test_every_hole_holds_what_the_arithmetic_gives(found):
    assert found.unexplained == ()
    outcomes = Counter(row.outcome for row in found)
    assert outcomes["patched"] > 40
    assert outcomes["unknown"] == 0
    assert outcomes["note"] > 5


def test_addresses_are_those_of_the_symbol_table(found):
    image = found.executable.image
    checked = 0
    for row in found.of("main.main"):
        listed = image.symbol(row.symbol) or image.symbol(f"{row.symbol}.abi0")
        if row.size and listed is not None:
            assert row.target_address == listed.address, row.symbol
            checked += 1
        if row.symbol.startswith("go:string."):
            text = row.symbol.removeprefix("go:string.").strip('"').encode()
            assert image.bytes_at(row.target_address, len(text)) == text
            checked += 1
    assert checked > 8


def test_a_call_by_hand(found, hello, processor):
    call = next(row for row in found.calls if row.symbol == "main.add")
    assert call.owner == "main.main"
    done = apply(call.kind, call.before, S=call.target_address, A=call.addend, P=call.place)
    assert done == call.after == found.executable.bytes_at(call.place, call.size)
    assert call.before == found.object.content[call.file_offset : call.file_offset + call.size]
    assert call.image_offset == found.executable.offset_of(call.place)
    assert Program(hello, processor).relocations("main.main").calls[0].owner == "main.main"


def test_what_became_of_what_was_deleted(processor):
    source = Source.from_text(DROPPED)
    found = relocations(source, processor)
    stripped = relocations(source, processor, mode=Mode(flags=("-s", "-w")))
    assert found.unexplained == stripped.unexplained == ()
    same = [(one, other) for one, other in zip(found, stripped, strict=True) if one.is_call]
    assert all(one.outcome == other.outcome for one, other in same)
    call = next(row for row in found if row.outcome == "redirected" and row.is_call)
    assert (call.symbol, call.redirected) == ("main.map.init.0", "runtime.mapinitnoop")
    assert call.weak
    assert call.target_address == found.executable.symbol("runtime.mapinitnoop").address
    assert "only returns" in call.words
    method = [row for row in found if row.outcome == "no method"]
    assert {"main.one.Unused", "main.(*one).Unused"} & {row.symbol for row in method}
    assert all(row.after == b"\xff" * row.size for row in method)
    assert found.executable.function("main.one.Unused") is None


def test_one_function_and_no_function(hello, target):
    found = relocations(hello, target, "main.main")
    assert {row.owner for row in found} == {"main.main"}
    assert found.of("main.add") == ()
    with pytest.raises(GolifelabError, match=r"main\.add has no relocations"):
        relocations(hello, target, "main.add")
    with pytest.raises(FeatureUnavailable, match="s390x"):
        relocations(hello, target.with_(goarch="s390x"))
    frame = found.frame()
    assert len(frame) == len(found) == len(found.to_json()["relocations"])


def explained(source, target, packages=()):
    """How often which outcome is; a hole that the arithmetic does not explain is an error."""
    places = placement(source, target)
    wanted = packages or {symbol.package for symbol in places}
    counts: Counter[str] = Counter()
    for name, path in export_files(target).items():
        if name not in wanted:
            continue
        file = read_object(path.read_bytes(), find_go(target.go).root, package=name)
        for row in applied(file, places.executable.image, places, iter(file.symbols)):
            counts[row.outcome] += 1
            assert row.explained, (name, row)
    return counts


def test_packages_of_std_too(hello, processor):
    counts = explained(hello, processor, ("fmt", "internal/bytealg", "errors"))
    assert counts["patched"] > 1000


@pytest.mark.slow
def test_all_packages_of_a_program(hello, processor):
    counts = explained(hello, processor)
    assert counts["patched"] > 25_000
    assert counts["redirected"] > 50
    # Generic code that several packages instantiated: the copies of all but one are dropped.
    assert 0 < counts["another copy"] < 500


@pytest.mark.slow
def test_all_packages_of_a_server(processor):
    counts = explained(Source.from_text(SERVER), processor)
    assert counts["patched"] > 100_000


@pytest.mark.parametrize("mode", [Mode("pie"), Mode(flags=("-s", "-w"))], ids=["pie", "stripped"])
def test_other_ways_to_link(hello, processor, mode):
    found = relocations(hello, processor, mode=mode)
    assert found.unexplained == ()
    assert sum(row.outcome == "patched" for row in found) > 30
