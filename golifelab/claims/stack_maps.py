"""Chapter 3, a stack map's bits and how the runtime finds them: claims c3.16, c3.17, c3.21."""

from __future__ import annotations

import re

from golifelab.claims.backend import program
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.gosource import search
from golifelab.claims.images import built, calls_in
from golifelab.claims.workbench import Lab
from golifelab.link.metadata.findfunc import find_function
from golifelab.link.metadata.numbers import ARGUMENT_MAPS
from golifelab.link.metadata.stackmaps import StackMaps, bit_text, stack_maps

_WALK = "main.walk"
_PARAMETERS = ("a", "k", "b")  # walk's, one word each
_HEADER = 8  # n and nbit, four bytes each
_FIELD = re.compile(r"^(n|nbit|bytedata)\s+(\S+)")
_LIVE = re.compile(r"main\.go:(\d+):\d+: live at call to leaf: (.*)")
_STEP = 7  # every seventh function is looked up


def _walk(lab: Lab) -> StackMaps:
    """The stack maps of main.walk, with the bytes of those of its arguments as evidence."""
    maps = stack_maps(built(lab, "walk"), _WALK)
    found = maps.arguments
    data = found.header + found.data
    rows = [f"{data.hex(' ')}   in {found.section}"]
    rows.append(f"n = {found.count}, nbit = {found.bits}")
    rows += [f"bitmap {i}: {bit_text(found.pointers(i))}" for i in range(found.count)]
    place = found.address or 0
    bounds = f"--start-address={place:#x} --stop-address={place + len(data):#x}"
    lab.note(f"objdump -s {bounds} walk   # of main.walk", "\n".join(rows))
    return maps


def decide_nbit_is_bytes(facts: Facts) -> Ruling:
    """c3.16: whether nbit is a uint32 that counts the bytes of the bitmap."""
    declared, each = facts["declared"], facts["bytes of a bitmap"]
    return settle(
        declared.get("nbit") == "uint32" and facts["nbit"] == each,
        f"nbit is a uint32, {facts['nbit']} for bitmaps of {each} bytes",
        f"{', '.join(f'{name} is {type_}' for name, type_ in declared.items()) or 'not declared'}."
        f" The record of walk's arguments has n = {facts['n']} bitmaps of nbit = {facts['nbit']}"
        f" bits, and each takes {each:g} byte: {facts['bytes of the record']} bytes with the two"
        " numbers",
    )


@experiment("c3.16", decide_nbit_is_bytes)
def measure_nbit_is_bytes(lab: Lab) -> Facts:
    """Read the struct's declaration, and the size of a record in the object."""
    hits = search(lab, r"^\t(n|nbit|bytedata) +\S+ +// .*bitmap", "runtime/symtab.go")
    fields = (_FIELD.match(hit.text) for hit in hits)
    maps = _walk(lab).arguments
    # The object has the record as a symbol, which ends where the last bitmap ends.
    walk = program(lab, "walk").object.symbol(_WALK)
    data = walk.function.funcdata if walk.function else ()
    record = next((len(one.data) for one in data if one.number == ARGUMENT_MAPS), 0)
    lab.note("go tool nm -size main.o   # the record of walk's arguments", f"{record} bytes")
    return {
        "declared": {field[1]: field[2] for field in fields if field},
        "n": maps.count,
        "nbit": maps.bits,
        "bytes of the record": record,
        "bytes of a bitmap": (record - _HEADER) / maps.count if maps.count else 0,
    }


def decide_bit_is_byte(facts: Facts) -> Ruling:
    """c3.17: whether a bit stands for a byte of the frame."""
    per_bit = facts["bytes of arguments"] / facts["nbit"] if facts["nbit"] else 0
    return settle(
        per_bit == 1,
        "there is a bit for every byte of the arguments",
        f"{facts['nbit']} bits stand for {facts['bytes of arguments']} bytes of arguments: one for"
        f" {per_bit:g} bytes, a word. At the calls of leaf the bits of {', '.join(_PARAMETERS)} are"
        f" {' and '.join(facts['at the calls'])}",
    )


@experiment("c3.17", decide_bit_is_byte)
def measure_bit_is_byte(lab: Lab) -> Facts:
    """Decode the maps of walk's arguments at its two calls."""
    maps = _walk(lab)
    return {
        "nbit": maps.arguments.bits,
        "bytes of arguments": maps.function.arguments_size,
        "at the calls": [bit_text(bits) for _, bits in _at_calls(lab, maps)],
    }


def _at_calls(lab: Lab, maps: StackMaps) -> list[tuple[int, tuple[bool, ...]]]:
    """The line of each call of leaf in walk, with the bits of walk's arguments there."""
    binary = built(lab, "walk")
    leaf, walk = binary.function("main.leaf"), binary.function(_WALK)
    if leaf is None or walk is None:
        return []
    found = []
    for call in calls_in(binary, walk):
        place = binary.pclntab.position(call.address)
        if call.target == leaf.address and place is not None:
            bits = maps.after_call(call.address + len(call.code)).arguments
            found.append((place.line, bits))
    return found


def decide_findfunc(facts: Facts) -> Ruling:
    """c3.21: whether findfunc, functab and the index lead from an address to the stack map."""
    lookups, wrong = facts["lookups"], facts["lookups that differ"]
    by_tables, by_compiler = facts["live by the tables"], facts["live by the compiler"]
    return settle(
        lookups > 0 and not wrong and by_tables == by_compiler and bool(by_tables),
        f"of {lookups:,} addresses the tables give the function that the symbol table has, after"
        f" {facts['entries compared']:,} comparisons in functab. At walk's calls the maps they"
        f" lead to say what compile -live says: {_in_words(by_tables)}",
        f"{wrong} of {lookups} addresses lead elsewhere; live are {_in_words(by_tables)} by the"
        f" tables, {_in_words(by_compiler)} by the compiler",
    )


def _in_words(live: dict[int, list[str]]) -> str:
    return ", ".join(f"in line {line} {' and '.join(names)}" for line, names in live.items())


@experiment("c3.21", decide_findfunc)
def measure_findfunc(lab: Lab) -> Facts:
    """Look addresses up as the runtime does; compare walk's maps with the compiler's own words."""
    hello = built(lab, "hello")
    chosen = [one for one in hello.functions if one.address >= hello.pclntab.text][::_STEP]
    wrong = compared = lookups = 0
    for function in chosen:
        for pc in (function.address, function.end - 1):
            lookup = find_function(hello, pc)
            found = lookup.function
            lookups += 1
            compared += len(lookup.compared)
            wrong += found is None or found.entry != function.address
    shown = find_function(hello, chosen[len(chosen) // 2].address + 1)
    lab.note(
        f"echo {shown.pc:#x} | go tool addr2line hello   # step by step",
        "\n".join(f"{step.name:18} {step.expression} = {step.value:#x}" for step in shown.steps),
    )
    maps = _walk(lab)
    said = lab.compile("walk", "-live", keep="live at call to leaf")
    live = {
        int(line): sorted(names.split())
        for line, names in _LIVE.findall(said.text + said.error_text)
    }
    by_tables = {
        line: [name for name, bit in zip(_PARAMETERS, bits, strict=False) if bit]
        for line, bits in _at_calls(lab, maps)
    }
    return {
        "lookups": lookups,
        "lookups that differ": wrong,
        "entries compared": compared,
        "live by the tables": {line: sorted(names) for line, names in by_tables.items() if names},
        "live by the compiler": live,
    }
