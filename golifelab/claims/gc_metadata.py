"""Chapter 3, where the collector's tables live: claims c3.12 to c3.14 and c3.20."""

from __future__ import annotations

import shutil

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.held import held, words
from golifelab.claims.images import built, built_if_possible, rows_of
from golifelab.claims.workbench import Lab
from golifelab.link.executable import Executable
from golifelab.link.metadata.moduledata import module_data
from golifelab.link.metadata.numbers import LOCAL_MAPS, NO_DATA
from golifelab.load.process import Process

_M0, _G0 = "runtime.m0", "runtime.g0"
_STACK_MAPS = "stack maps (go:func.*)"
_NOWHERE = "not in the file"
_RELRO = ".data.rel.ro"
_MASKS = ("runtime.gcdata", "runtime.gcbss")
_ARTICLES_MASK = "runtime._gcdata"


def _place(binary: Executable, address: int) -> tuple[str, bool, bool]:
    """An address's section, whether the program may write there, and whether the file has it."""
    section, segment = binary.section_at(address), binary.segment_at(address)
    writable = segment is not None and "w" in segment.permissions
    return section.name if section else "", writable, binary.offset_of(address) is not None


def decide_embedded(facts: Facts) -> Ruling:
    """c3.12: whether stack maps, m0 and g0 all lie in the file's read-only data."""
    where = facts["where"]
    rows = "; ".join(
        f"{name} in {one['section']},"
        f" {'writable' if one['writable'] else 'read-only'} and"
        f" {'in the file' if one['in the file'] else 'without a byte in the file'}"
        for name, one in where.items()
    )
    embedded = [one["in the file"] and not one["writable"] for one in where.values()]
    return settle(bool(where) and all(embedded), f"all of them: {rows}", rows)


@experiment("c3.12", decide_embedded)
def measure_embedded(lab: Lab) -> Facts:
    """Ask the runtime's own moduledata and the symbol table where each of them is."""
    hello = built(lab, "hello")
    addresses = {_STACK_MAPS: module_data(hello.image)["gofunc"]}
    sizes = {}
    for name in (_M0, _G0):
        symbol = hello.symbol(name)
        if symbol is not None:
            addresses[name], sizes[name] = symbol.address, symbol.size
    where = {}
    for name, address in addresses.items():
        section, writable, in_file = _place(hello, address)
        where[name] = {"section": section, "writable": writable, "in the file": in_file}
    found = (symbol for name in (_M0, _G0) if (symbol := hello.symbol(name)))
    stack_maps = f"{addresses[_STACK_MAPS]:016x} {where[_STACK_MAPS]['section']}   go:func.*"
    lab.note(
        "readelf -sW hello | grep -e 'go:func' -e 'runtime.[mg]0$'",
        f"{stack_maps}\n{rows_of(found)}",
    )
    return {"where": where, "bytes in memory": sizes}


def decide_not_allocated(facts: Facts) -> Ruling:
    """c3.13: whether the collector's tables come with the file, or are made at run time."""
    tables, moved = facts["tables"], facts["other bytes at run time"]
    made = [name for name, section in tables.items() if section == _NOWHERE] + moved
    also = ", ".join(
        f"{of} of {total} {kind}" for kind, (of, total) in facts["allocated at run time"].items()
    )
    return settle(
        bool(tables) and not made,
        f"{', '.join(f'{name} lies in {section}' for name, section in tables.items())}"
        + (
            "; in the running program the bytes are the same"
            if facts["looked at a process"]
            else ""
        )
        + (f". Made at run time, outside the program's sections: {also}" if also else ""),
        f"made at run time: {', '.join(made)}",
    )


@experiment("c3.13", decide_not_allocated)
def measure_not_allocated(lab: Lab) -> Facts:
    """Find the tables in the file; compare them with those of a process, and look at its Gs."""
    hello = built(lab, "hello")
    module = module_data(hello.image)
    fields = {
        _STACK_MAPS: "gofunc",
        "function table": "pcHeader",
        "mask of .data": "gcdata",
        "mask of .bss": "gcbss",
    }
    places = {name: module[field] for name, field in fields.items()}
    tables = {}
    for name, address in places.items():
        section, _, in_file = _place(hello, address)
        tables[name] = section if in_file else _NOWHERE
    lab.note(
        "gdb -batch -ex 'print/x runtime.firstmoduledata' hello | grep -e gofunc -e gc",
        "\n".join(f"{name:24} {address:#x} {tables[name]}" for name, address in places.items()),
    )
    other: list[str] = []
    counts: dict[str, tuple[int, int]] = {}
    process = held(lab, "hello", "main.main")
    if process is not None:
        with process:
            other = [name for name, at in places.items() if not _same(process, hello, at)]
            counts = {"Gs": _outside(process, hello, "runtime.allgs")}
            counts["Ps"] = _outside(process, hello, "runtime.allp")
            newest = _word(process, hello, "runtime.allm")
        counts["newest M"] = (int(_place(hello, newest)[0] == ""), 1)
        lab.note(
            "gdb -ex 'break main.main' -ex run -ex 'p runtime.allgs' -ex 'p runtime.allm' hello",
            "\n".join(f"{kind}: {of} of {n} outside hello" for kind, (of, n) in counts.items()),
        )
    return {
        "tables": tables,
        "looked at a process": process is not None,
        "other bytes at run time": other,
        "allocated at run time": counts,
    }


def _same(process: Process, binary: Executable, address: int) -> bool:
    """Whether the first bytes at an address are those of the file."""
    count = 64
    return process.memory(address, count) == binary.bytes_at(address, count)


def _word(process: Process, binary: Executable, name: str) -> int:
    """The first word of a variable."""
    symbol = binary.symbol(name)
    return words(process, symbol.address, 1)[0] if symbol else 0


def _outside(process: Process, binary: Executable, name: str) -> tuple[int, int]:
    """Of a slice of pointers: how many point outside the program's own sections, and how many."""
    symbol = binary.symbol(name)
    if symbol is None:
        return 0, 0
    first, count = words(process, symbol.address, 2)
    pointers = words(process, first, min(count, 4096)) if count else []
    return sum(not _place(binary, one)[0] for one in pointers), len(pointers)


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
        f"{name} ({size} bytes, in {section})" for name, (section, size) in facts["masks"].items()
    )
    return settle(
        bool(facts["holds runtime._gcdata"]),
        f"{', '.join(facts['holds runtime._gcdata'])} has a symbol {_ARTICLES_MASK}",
        f"nothing is called {_ARTICLES_MASK}. There are {masks or 'no masks'}, for .data and .bss;"
        f" {', '.join(facts['objects that define a mask']) or 'no object'} defines them, so the"
        f" linker makes them. Bitmaps of stacks are other records: {facts['uses of stack maps']:,}"
        f" uses of {facts['stack maps']:,} different ones",
    )


@experiment("c3.20", decide_gcdata)
def measure_gcdata(lab: Lab) -> Facts:
    """Search the executable and package runtime's object for the names; count the stack maps."""
    hello = built(lab, "hello")
    masks = [one for name in _MASKS if (one := hello.symbol(name))]
    lab.note("readelf -sW hello | grep gc", rows_of(masks))
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
        "masks": {one.name: (one.section, one.size) for one in masks},
        "objects that define a mask": ["runtime.a"] if set(in_object) & set(_MASKS) else [],
        "uses of stack maps": len(records),
        "stack maps": len(set(records)),
    }
