"""Chapter 3, where the collector's tables live: claims c3.12 to c3.14 and c3.20."""

from __future__ import annotations

import shutil

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.held import held, pointers, words_of
from golifelab.claims.images import built, built_if_possible, rows_of
from golifelab.claims.workbench import Lab
from golifelab.link.executable import Executable
from golifelab.link.metadata.numbers import LOCAL_MAPS, NO_DATA
from golifelab.link.metadata.places import metadata_places
from golifelab.link.metadata.pointermasks import pointer_masks

_TABLES = ("pclntab", "findfunctab", "go:func.*", "runtime.gcdata", "runtime.gcbss")
_MEANT = {
    "go:func.*": "stack maps (go:func.*)",
    "pclntab": "the function table",
    "findfunctab": "its index",
    "runtime.gcdata": "the mask of .data",
    "runtime.gcbss": "the mask of .bss",
}
_NOWHERE = "not in the file"
_RELRO = ".data.rel.ro"
_MASKS = ("runtime.gcdata", "runtime.gcbss")
_ARTICLES_MASK = "runtime._gcdata"


def decide_embedded(facts: Facts) -> Ruling:
    """c3.12: whether stack maps, m0 and g0 all lie in the file's read-only data."""
    where = facts["where"]
    rows = "; ".join(
        f"{_MEANT.get(name, name)} in {one['section']}:"
        f" {'writable' if one['writable'] else 'read-only'},"
        f" {'in the file' if one['in the file'] else 'without a byte in the file'}"
        for name, one in where.items()
    )
    embedded = [one["in the file"] and not one["writable"] for one in where.values()]
    return settle(bool(where) and all(embedded), f"all of them: {rows}", rows)


@experiment("c3.12", decide_embedded)
def measure_embedded(lab: Lab) -> Facts:
    """Ask the runtime's own moduledata and the symbol table where each of them is."""
    hello = built(lab, "hello")
    places = metadata_places(hello)
    rows = [
        f"{one.what:26}{one.section:12}"
        + (f"{one.size:>9,} bytes, in the file {one.file_bytes:,}" if one.size >= 0 else "")
        for one in places.places
    ]
    lab.note("readelf -sSW hello   # where they are", "\n".join(rows))
    where = {}
    for what in ("go:func.*", "runtime.m0", "runtime.g0"):
        one = places[what]
        where[what] = {
            "section": one.section,
            "writable": one.writable,
            "in the file": one.address is not None and hello.offset_of(one.address) is not None,
        }
    return {"where": where}


def decide_not_allocated(facts: Facts) -> Ruling:
    """c3.13: whether the collector's tables come with the file, or are made at run time."""
    tables, other = facts["tables"], facts["sections with other bytes at run time"]
    made = [what for what, section in tables.items() if section == _NOWHERE] + other
    also = ", ".join(
        f"{of} of {total} {kind}" for kind, (of, total) in facts["allocated at run time"].items()
    )
    same = " (a process in main.main has the same bytes there)"
    return settle(
        bool(tables) and not made,
        f"{', '.join(f'{_MEANT.get(what, what)} in {section}' for what, section in tables.items())}"
        f"{same if facts['looked at a process'] else ''}"
        + (f". Made at run time, outside the program's sections: {also}" if also else ""),
        f"made at run time: {', '.join(made)}",
    )


@experiment("c3.13", decide_not_allocated)
def measure_not_allocated(lab: Lab) -> Facts:
    """Find the tables in the file; compare them with those of a process, and look at its Gs."""
    hello = built(lab, "hello")
    places = [one for one in metadata_places(hello).places if one.what in _TABLES]
    tables = {
        one.what: one.section if hello.offset_of(one.address or 0) is not None else _NOWHERE
        for one in places
    }
    lab.note(
        "gdb -batch -ex \"print/x 'runtime.firstmoduledata'\" hello",
        "\n".join(f"{one.what:16}{one.address or 0:#x} in {tables[one.what]}" for one in places),
    )
    other: list[str] = []
    counts: dict[str, tuple[int, int]] = {}
    process = held(lab, "hello", "main.main")
    if process is not None:
        with process:
            other = [
                section.name
                for section in hello.sections
                if section.name in tables.values()
                and process.memory(section.address, section.size)
                != hello.image.section_bytes(section)
            ]
            counts = {
                "Gs": _outside(hello, pointers(process, "runtime.allgs")),
                "Ps": _outside(hello, pointers(process, "runtime.allp")),
                "newest M": _outside(hello, words_of(process, "runtime.allm", 1)),
            }
        lab.note(
            "gdb -ex 'break main.main' -ex run -ex 'p runtime.allgs' -ex 'p runtime.allm' hello",
            "\n".join(f"{kind}: {of} of {n} outside hello" for kind, (of, n) in counts.items()),
        )
    return {
        "tables": tables,
        "looked at a process": process is not None,
        "sections with other bytes at run time": other,
        "allocated at run time": counts,
    }


def _outside(binary: Executable, pointers: list[int]) -> tuple[int, int]:
    """How many pointers point outside the program's own sections, and how many there are."""
    return sum(binary.section_at(one) is None for one in pointers), len(pointers)


def decide_relro(facts: Facts) -> Ruling:
    """c3.14: whether .data.rel.ro of a default program has a symbol runtime.stackMap."""
    named = ", ".join(facts["named like it"]) or "none"
    pie = facts["sections"].get("hello pie")
    return settle(
        _RELRO in facts["sections"]["hello"] and "runtime.stackMap" in facts["named like it"],
        "the section and the symbol are both there",
        f"hello has {'a' if _RELRO in facts['sections']['hello'] else 'no'} section {_RELRO}"
        + (f" (a PIE has {'one' if _RELRO in pie else 'none'})" if pie is not None else "")
        + f", and of symbols named like it there is {named}: stack maps have no names",
    )


@experiment("c3.14", decide_relro)
def measure_relro(lab: Lab) -> Facts:
    """Give the command to objdump, and look for the section in both kinds of executable."""
    hello = built(lab, "hello")
    sections = {"hello": _data_sections(hello)}
    pie = built_if_possible(lab, "hello pie")
    if pie is not None:
        sections["hello pie"] = _data_sections(pie)
    objdump = shutil.which("objdump")
    shown = f"objdump -s -j {_RELRO} hello"
    if objdump:
        lab.run([objdump, "-s", "-j", _RELRO, hello.path], shown)
    else:
        lab.note(f"readelf -SW hello | grep -c {_RELRO}", str(sections["hello"].count(_RELRO)))
    named = [one.name for one in hello.symbols if "stackmap" in one.name.lower()]
    lab.note("nm hello | grep -i stackmap", "\n".join(named) or "(nothing)")
    return {"sections": sections, "named like it": named}


def _data_sections(binary: Executable) -> list[str]:
    return [one.name for one in binary.sections if ".data" in one.name]


def decide_gcdata(facts: Facts) -> Ruling:
    """c3.20: whether the compiler makes a symbol runtime._gcdata for the stack's bitmaps."""
    masks = ", ".join(
        f"{one['name']} ({one['bytes']} bytes in {one['section']}: {one['pointers']:,} of the"
        f" {one['words']:,} words of {one['of']} are pointers)"
        for one in facts["masks"]
    )
    return settle(
        bool(facts["holds runtime._gcdata"]),
        f"{', '.join(facts['holds runtime._gcdata'])} has a symbol {_ARTICLES_MASK}",
        f"nothing is called {_ARTICLES_MASK}. There are {masks or 'no masks'};"
        f" {', '.join(facts['objects that define a mask']) or 'no object'} defines them, so the"
        f" linker makes them. Bitmaps of stacks are other records: {facts['uses of stack maps']:,}"
        f" uses of {facts['stack maps']:,} different ones",
    )


@experiment("c3.20", decide_gcdata)
def measure_gcdata(lab: Lab) -> Facts:
    """Search the executable and package runtime's object for the names; count the stack maps."""
    hello = built(lab, "hello")
    symbols = [one for name in _MASKS if (one := hello.symbol(name))]
    lab.note("readelf -sW hello | grep runtime.gc", rows_of(symbols))
    masks = [
        {
            "name": symbol.name,
            "section": symbol.section,
            "bytes": symbol.size,
            "of": mask.name,
            "words": len(mask.pointers),
            "pointers": int(mask.pointers.sum()),
        }
        for mask in pointer_masks(hello).masks
        for symbol in symbols
        if symbol.address == mask.address
    ]
    runtime = lab.bench.runtime_object.read_bytes()
    in_object = [name for name in (*_MASKS, _ARTICLES_MASK) if name.encode() in runtime]
    lab.note(
        "strings runtime.a | grep -e runtime.gc -e runtime._gc", "\n".join(in_object) or "(nothing)"
    )
    holders = {"hello": {one.name for one in hello.symbols}, "runtime.a": set(in_object)}
    records = [
        record
        for function in hello.pclntab
        for record in function.raw.funcdata[: LOCAL_MAPS + 1]
        if record != NO_DATA
    ]
    return {
        "holds runtime._gcdata": [who for who, names in holders.items() if _ARTICLES_MASK in names],
        "masks": masks,
        "objects that define a mask": ["runtime.a"] if set(in_object) & set(_MASKS) else [],
        "uses of stack maps": len(records),
        "stack maps": len(set(records)),
    }
