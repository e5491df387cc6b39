"""Chapter 3, what symbols are called and what the table says of them: claims c3.03 to c3.08."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from golifelab.claims.backend import program
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.gosource import search
from golifelab.claims.images import built, built_if_possible, counted, rows_of
from golifelab.claims.workbench import Lab
from golifelab.link.executable import Executable
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    from golifelab.link.elf.symbols import ImageSymbol

_DOT = "·"
_BARRIER = re.compile(r"runtime\.gcWriteBarrier\d*")
# What the article shows: the name as a regular expression, address, size and binding.
_SHOWN = (("nanotime1?", 0x42A1C0, 128, "GLOBAL"), ("mstart", 0x42B3F0, 40, "LOCAL"))


def decide_middle_dot(facts: Facts) -> Ruling:
    """c3.03: whether the names in the executable have a middle dot after the package."""
    sources, in_objects = facts["assembler source"], facts["in the object"]
    return settle(
        facts["runtime names with a dot"] > 0,
        f"{facts['runtime names with a dot']} names in hello begin with runtime{_DOT}",
        f"no name in hello begins with runtime{_DOT}. The source of the assembler writes"
        f" {sources[0] if sources else 'it'}, the executable has"
        f" {', '.join(facts['write barriers']) or 'nothing of the kind'}. Of hello's own object"
        f" {len(in_objects)} symbols have a middle dot, for what has no name in Go:"
        f" {', '.join(in_objects[:2]) or 'none'}; in the executable {facts['names with a dot']}",
    )


@experiment("c3.03", decide_middle_dot)
def measure_middle_dot(lab: Lab) -> Facts:
    """Spell functions three ways: in the assembler's source, in an object, in an executable."""
    names = [one.name for one in built(lab, "hello").symbols]
    assembler = f"runtime/asm_{lab.bench.target.goarch}.s"
    hits = search(lab, rf"^TEXT runtime{_DOT}gcWriteBarrier\d", assembler)
    barriers = [name for name in names if _BARRIER.fullmatch(name)]
    lab.note("nm hello | grep gcWriteBarrier", "\n".join(barriers))
    with_dot = sorted(
        {one.name for one in program(lab, "hello").object.symbols if _DOT in one.name}
    )
    lab.note(f"go tool nm main.o | grep {_DOT}", "\n".join(with_dot))
    runtime = [name for name in names if name.startswith(f"runtime{_DOT}")]
    lab.note(f"nm hello | grep -c runtime{_DOT}", str(len(runtime)))
    return {
        "assembler source": [hit.text.removeprefix("TEXT ").split("(")[0] for hit in hits],
        "in the object": with_dot,
        "write barriers": barriers,
        "names with a dot": sum(_DOT in name for name in names),
        "runtime names with a dot": len(runtime),
    }


def decide_mstart_is_local(facts: Facts) -> Ruling:
    """c3.04: whether functions of the runtime such as mstart are bound locally."""
    found = facts["mstart"]
    return settle(
        bool(found) and set(found.values()) == {"LOCAL"},
        f"mstart is LOCAL: {found}",
        f"{' and '.join(f'{name} is {binding}' for name, binding in found.items())}. Of"
        f" {counted(facts['bindings'])} the LOCAL ones are boundaries that the linker sets, and"
        f" what no other file may call: {', '.join(facts['local'][:6])}",
    )


@experiment("c3.04", decide_mstart_is_local)
def measure_mstart_is_local(lab: Lab) -> Facts:
    """Read the binding of every symbol."""
    symbols = built(lab, "hello").symbols
    found = _called(symbols, r"mstart")
    lab.note("readelf -sW hello | grep 'runtime.mstart'", rows_of(found))
    local = [one for one in symbols if one.binding == "LOCAL" and one.type == "FUNC"]
    lab.note("readelf -sW hello | grep 'FUNC.*LOCAL'", rows_of(local))
    return {
        "mstart": {one.name: one.binding for one in found},
        "bindings": dict(Counter(one.binding for one in symbols)),
        "local": [one.name for one in local],
    }


def _called(symbols: Iterable[ImageSymbol], function: str) -> list[ImageSymbol]:
    """The symbols of runtime functions: `function` is a regular expression without the ABI."""
    rule = re.compile(rf"runtime\.{function}(?:\.abi\w+)?")
    return [one for one in symbols if rule.fullmatch(one.name)]


def decide_loader_resolves(facts: Facts) -> Ruling:
    """c3.05: whether the dynamic linker can resolve runtime.nanotime."""
    seen = facts["seen by the loader"]
    given = {name: [one for one in names if "nanotime" in one] for name, names in seen.items()}
    programs = "; ".join(
        f"In {name} it sees {len(names)} symbols, and as Go's own"
        f" {', '.join(facts['of Go'][name]) or 'none'}"
        for name, names in seen.items()
        if names
    )
    return settle(
        any(given.values()),
        f"the dynamic linker finds it: {given}",
        "GLOBAL is a word of .symtab, which a dynamic linker does not read, and hello has no"
        f" .dynsym. Nor is there one runtime.nanotime: it became part of its callers, and"
        f" {', '.join(facts['left']) or 'nothing'} is left" + (f". {programs}" if programs else ""),
    )


@experiment("c3.05", decide_loader_resolves)
def measure_loader_resolves(lab: Lab) -> Facts:
    """Find nanotime in Go's source and in the executable; list what a dynamic linker would see."""
    hello = built(lab, "hello")
    search(lab, r"^func nanotime1?\(", "runtime")
    left = _called(hello.symbols, r"nanotime1?")
    lab.note("readelf -sW hello | grep runtime.nanotime", rows_of(left))
    programs: dict[str, Executable | None] = {"hello": hello}
    programs["net cgo"] = built_if_possible(lab, "net cgo")
    seen, of_go = {}, {}
    for name, binary in programs.items():
        if binary is not None:
            rows = binary.image.dynamic_symbols
            defined = [one for one in rows if one.section]
            lab.note(
                f"readelf --dyn-syms -W {name.replace(' ', '-')}",
                rows_of(sorted(rows, key=lambda one: not one.section)) or "(nothing)",
            )
            seen[name] = [one.name for one in rows]
            of_go[name] = [one.name for one in defined]
    return {"seen by the loader": seen, "of Go": of_go, "left": [one.name for one in left]}


def decide_functions_are_func(facts: Facts) -> Ruling:
    """c3.06: whether STT_FUNC marks functions."""
    return settle(
        facts["functions"] > 0 and not facts["functions of another type"] + facts["func elsewhere"],
        f"all {facts['functions']:,} functions that the runtime knows have the type FUNC, and no"
        f" FUNC lies outside executable sections. In all: {counted(facts['types'])}",
        f"{facts['functions of another type']} functions have another type, and"
        f" {facts['func elsewhere']} FUNC are no code",
    )


@experiment("c3.06", decide_functions_are_func)
def measure_functions_are_func(lab: Lab) -> Facts:
    """Compare the types in the symbol table with the functions in the runtime's own table."""
    hello = built(lab, "hello")
    code = {section.name for section in hello.sections if "X" in section.flags}
    marked = {one.address for one in hello.symbols if one.type == "FUNC"}
    entries = [function.entry for function in hello.pclntab]
    types = Counter(one.type for one in hello.symbols)
    lab.note("readelf -sW hello | awk '{print $4}' | sort | uniq -c", counted(types))
    return {
        "types": dict(types),
        "functions": len(entries),
        "functions of another type": sum(entry not in marked for entry in entries),
        "func elsewhere": sum(
            one.type == "FUNC" and one.section not in code for one in hello.symbols
        ),
    }


def decide_grep_lists(facts: Facts) -> Ruling:
    """c3.07: whether the article's command lists the runtime's functions."""
    return settle(
        facts["lines"] > 0,
        f"the command prints {facts['lines']} lines",
        f"it prints nothing: names have a period. readelf -sW hello | grep ' runtime\\.' prints"
        f" {facts['lines with a period']:,} lines"
        + (
            f"; without -W readelf cuts {facts['names cut without -W']:,} names short"
            if facts["names cut without -W"] is not None
            else ""
        ),
    )


@experiment("c3.07", decide_grep_lists)
def measure_grep_lists(lab: Lab) -> Facts:
    """Give the command to readelf; where it is missing, search the table ourselves."""
    hello = built(lab, "hello")
    tool = shutil.which("readelf")
    if tool is None:
        wide = rows_of(hello.symbols)
        narrow = wide
    else:
        narrow, wide = (run([tool, flag, hello.path], timeout=60).text for flag in ("-s", "-sW"))
    wrong = [line for line in narrow.splitlines() if f"runtime{_DOT}" in line]
    right = [line for line in wide.splitlines() if " runtime." in line]
    lab.note(f"readelf -s hello | grep 'runtime{_DOT}'", "\n".join(wrong) or "(nothing)")
    lab.note("readelf -sW hello | grep ' runtime\\.'", "\n".join(right))
    return {
        "lines": len(wrong),
        "lines with a period": len(right),
        "names cut without -W": len(_names(wide) - _names(narrow)) if tool else None,
    }


def _names(table: str) -> set[str]:
    """The names in what readelf prints: the eighth column, which may have spaces in it."""
    rows = (line.split(None, 7) for line in table.splitlines())
    return {row[7] for row in rows if len(row) == 8}


def decide_sample_rows(facts: Facts) -> Ruling:
    """c3.08: whether the rows that the article shows are those of this program."""
    found = facts["found"]
    same = [
        any(re.search(part, row[0]) and tuple(row[1:]) == (address, size, binding) for row in found)
        for part, address, size, binding in _SHOWN
    ]
    here = ", ".join(
        f"{name} {size} bytes {binding} at 0x{address:x}" for name, address, size, binding in found
    )
    return settle(
        all(same),
        f"the rows are as shown: {here}",
        f"{same.count(False)} of the {len(same)} rows are not there. Here: {here or 'neither'}."
        " Addresses and sizes change with every release and program: no article can show yours",
    )


@experiment("c3.08", decide_sample_rows)
def measure_sample_rows(lab: Lab) -> Facts:
    """Look the two functions up."""
    symbols = built(lab, "hello").symbols
    found = [one for part, *_ in _SHOWN for one in _called(symbols, part)]
    lab.note("readelf -sW hello | grep -e nanotime -e mstart", rows_of(found))
    return {"found": [[one.name, one.address, one.size, one.binding] for one in found]}
