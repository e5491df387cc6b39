"""Chapter 3, when a call gets its target: claims c3.01, c3.02 and c3.09 to c3.11."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

from golifelab.claims.backend import listed, program
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.images import all_calls, built, built_if_possible, calls_in
from golifelab.claims.stacks import parse_stacks
from golifelab.claims.workbench import BUILDS, Lab
from golifelab.link.executable import Executable
from golifelab.link.relocate.arithmetic import arithmetic

_RELOCATIONS = ("REL", "RELA", "RELR")
_SYMBOLIZES = re.compile(r"symboliz|symtab", re.IGNORECASE)
_INIT = re.compile(r"runtime\.init(\.\d+)?")
_PLACE = re.compile(r"^\t(\S+\.(?:go|s):\d+)", re.MULTILINE)


def loader_tables(binary: Executable) -> list[str]:
    """The sections that tell a dynamic loader what to fill in."""
    wanted = (*_RELOCATIONS, "DYNAMIC")
    return [section.name for section in binary.sections if section.type in wanted]


def decide_lazy_binding(facts: Facts) -> Ruling:
    """c3.01: whether a call into the runtime is bound when the program runs."""
    calls = facts["calls"]
    bound = (one["of"] for one in calls if one["of"] == one["goes to"] and one["as reckoned"])
    left = sorted({one["of"] for one in calls} - set(bound))
    if facts["for a loader"] or left or not calls:
        return settle(
            True,
            f"left to be done by a loader: {', '.join([*facts['for a loader'], *left]) or 'all'}",
            "",
        )
    shown = "; ".join(f"{one['of']}: {one['before']} became {one['after']}" for one in calls)
    return settle(
        False,
        "",
        f"the linker wrote every target into the file, and no relocation is left. {shown}",
    )


@experiment("c3.01", decide_lazy_binding)
def measure_lazy_binding(lab: Lab) -> Facts:
    """Compare the calls of main.main in the object with the same bytes in the executable."""
    studied = program(lab, "hello", "main")
    symbol = studied.object.symbol("main.main")
    binary = studied.link()
    function = binary.function("main.main")
    patched = {call.address: call for call in calls_in(binary, function)} if function else {}
    calls = []
    for one in symbol.relocations:
        if not function or not one.kind.startswith("R_CALL"):
            continue
        place = function.address + one.offset
        # On amd64 the hole begins after the operation's own byte.
        call = patched.get(place) or patched.get(place - 1)
        if call is None:
            continue
        start = call.address - function.address
        before = symbol.data[start : start + len(call.code)]
        target = binary.function_at(call.target) if call.target is not None else None
        hole = symbol.data[one.offset : one.offset + one.size]
        reckoned = arithmetic(one.kind, hole, S=call.target or 0, A=one.addend, P=place)
        calls.append(
            {
                "of": one.symbol,
                "goes to": target.name.removesuffix(".abi0") if target else "nowhere",
                "before": before.hex(" "),
                "after": call.code.hex(" "),
                "as reckoned": call.code.endswith(reckoned.after),
            }
        )
        numbers = ", ".join(f"{term.name} = {term.value:#x}" for term in reckoned.terms)
        lab.note(
            f"go tool objdump -s main.main main.o   # and of hello, at {call.address:#x}",
            f"main.o: {before.hex(' ')}   {one.kind} {one.symbol}\n"
            f"hello:  {call.code.hex(' ')}   {reckoned.formula} = {reckoned.result:#x}; {numbers}",
        )
    tables = loader_tables(binary)
    lab.note("readelf -rW hello", ", ".join(tables) or "There are no relocations in this file.")
    return {"calls": calls, "for a loader": tables}


def decide_symbol_tables(facts: Facts) -> Ruling:
    """c3.02: whether a program needs .symtab and .dynsym."""
    whole, stripped = facts["tables"]["scheduler"], facts["tables"]["scheduler stripped"]
    return settle(
        ".dynsym" in whole or facts["traceback"] != facts["traceback when stripped"],
        "without the tables the program knows less about itself",
        f"scheduler has {' and '.join(whole) or 'neither'}; built with -s -w it has"
        f" {' and '.join(stripped) or 'neither'}, and panics with the same"
        f" {len(facts['traceback'])} functions and lines: the runtime reads .gopclntab",
    )


@experiment("c3.02", decide_symbol_tables)
def measure_symbol_tables(lab: Lab) -> Facts:
    """Let a program panic, with its symbol table and without."""
    tables, tracebacks = {}, {}
    for name in ("scheduler", "scheduler stripped"):
        sections = [section.name for section in built(lab, name).sections]
        tables[name] = [one for one in (".symtab", ".dynsym") if one in sections]
        tracebacks[name] = _traceback(lab, name)
    return {
        "tables": tables,
        "traceback": tracebacks["scheduler"],
        "traceback when stripped": tracebacks["scheduler stripped"],
    }


def _traceback(lab: Lab, name: str) -> list[str]:
    """The main goroutine's traceback of a program that panics: functions with their lines."""
    bench = lab.bench
    bench.need_processes()
    flag = " ".join(("", *BUILDS[name].words))
    ran = lab.run(
        [bench.build(name)],
        f"GOTRACEBACK=system ./scheduler   # built by go build{flag}",
        env=bench.environment(GOTRACEBACK="system"),
        keep=r"^panic|^main\.|^runtime\.main|/main\.go",
    )
    first = ran.error_text.partition("\ngoroutine 1 ")[2].partition("\n\n")[0]
    stack = next(iter(parse_stacks(f"goroutine 1 {first}\n")), None)
    places = [bench.clean(place) for place in _PLACE.findall(first)]
    functions = stack.functions if stack else ()
    return [f"{name} {place}" for name, place in zip(functions, places, strict=False)]


def decide_linkage_tables(facts: Facts) -> Ruling:
    """c3.09: whether calls of a default program go through a GOT and a PLT."""
    sections, slots = facts["sections"], facts["filled by a loader"]
    others = "".join(
        f". {name} has {', '.join(found)}, with {len(slots[name])} slots for C functions such as"
        f" {', '.join(slots[name][:2])}, and {sum('runtime.' in one for one in slots[name])} for"
        " the runtime's"
        for name, found in sections.items()
        if name != "hello" and slots.get(name)
    )
    return settle(
        bool(sections["hello"]),
        f"hello has {', '.join(sections['hello'])}",
        f"hello has neither a GOT nor a PLT{others}",
    )


@experiment("c3.09", decide_linkage_tables)
def measure_linkage_tables(lab: Lab) -> Facts:
    """List the sections named .got and .plt, and the symbols that a loader fills slots for."""
    sections, slots = {}, {}
    for name in ("hello", "net cgo"):
        binary = built_if_possible(lab, name)
        if binary is None:
            continue
        rows = [one for one in binary.image.relocations if one.kind.endswith("JUMP_SLOT")]
        found = [one.name for one in binary.sections if one.name.startswith((".got", ".plt"))]
        file = name.replace(" ", "-")
        lab.note(f"readelf -SW {file} | grep -E '\\.(got|plt)'", "\n".join(found) or "(nothing)")
        lab.note(
            f"readelf -rW {file} | grep JUMP_SLOT",
            "\n".join(f"{one.address:x}  {one.symbol}" for one in rows) or "(nothing)",
        )
        sections[name], slots[name] = found, [one.symbol for one in rows]
    return {"sections": sections, "filled by a loader": slots}


def decide_init_symbolizes(facts: Facts) -> Ruling:
    """c3.10: whether the runtime's init looks symbols up in the symbol table."""
    found = [name for name in facts["runtime.init calls"] if _SYMBOLIZES.search(name)]
    asks = "runtime.findfunc" in facts["runtime.init calls"]
    return settle(
        bool(found) or not facts["frames named without .symtab"],
        f"runtime.init calls {', '.join(found) or 'a lookup'}",
        f"the {facts['inits']} init functions of the runtime call"
        f" {len(facts['runtime.init calls'])} others, none of which reads .symtab or is called"
        f" symbolize{'; one asks findfunc, for the size of a frame' if asks else ''}. Names are"
        f" read when needed: {facts['functions that call findfunc']} functions call findfunc."
        f" Without .symtab a panic names {facts['frames named without .symtab']} frames, out of the"
        f" {facts['functions without .symtab']:,} functions in .gopclntab",
    )


@experiment("c3.10", decide_init_symbolizes)
def measure_init_symbolizes(lab: Lab) -> Facts:
    """Read the calls of the runtime's init functions; then let a stripped program panic."""
    hello = built(lab, "hello")
    calls = all_calls(hello.path)
    inits = [one.name for one in hello.functions if _INIT.fullmatch(one.name)]
    targets = (
        hello.function_at(call.target) for init in inits for call in calls[init] if call.target
    )
    called = list(dict.fromkeys(found.name for found in targets if found))
    lab.note("go tool objdump -s '^runtime.init' hello | grep CALL", "\n".join(called))
    find = hello.function("runtime.findfunc")
    callers = [
        name
        for name, ones in calls.items()
        if find and any(call.target == find.address for call in ones)
    ]
    lab.note("go tool objdump hello | grep 'CALL runtime.findfunc'", "\n".join(callers))
    return {
        "inits": len(inits),
        "runtime.init calls": called,
        "functions that call findfunc": len(callers),
        "frames named without .symtab": len(_traceback(lab, "scheduler stripped")),
        "functions without .symtab": len(built(lab, "scheduler stripped").pclntab),
    }


def decide_calls_are_direct(facts: Facts) -> Ruling:
    """c3.11: whether a call goes to the code itself."""
    kinds, astray = facts["calls"], facts["direct calls to no function"]
    direct, through = kinds.get("direct", 0), kinds.get("through memory", 0)
    inside, register = facts["entered in the middle"], kinds.get("through a register", 0)
    return settle(
        direct > 0 and not astray and direct > 10 * through,
        f"{direct:,} calls name an address, and every one of them is code of a function"
        f"{f' (of {listed(inside)} in the middle)' if inside else ''}; {register:,} go through a"
        f" register (closures, interfaces, main.main), {through} through memory",
        f"of {direct:,} direct calls {astray} do not lead to a function, and {through} go through"
        " memory",
    )


@experiment("c3.11", decide_calls_are_direct)
def measure_calls_are_direct(lab: Lab) -> Facts:
    """Decode every call instruction of hello."""
    hello = built(lab, "hello")
    starts = {one.address for one in hello.functions}
    kinds: Counter[str] = Counter()
    inside: dict[str, None] = {}
    astray = 0
    calls = all_calls(hello.path)
    for call in chain.from_iterable(calls.values()):
        if call.target is not None:
            kinds["direct"] += 1
            if call.target not in starts:
                found = hello.function_at(call.target)
                astray += found is None
                inside |= {found.name: None} if found else {}
        else:
            kinds["through memory" if "[" in call.operand else "through a register"] += 1
    rows = [
        f"{call.address:x}  {call.code.hex(' '):16} {call.operand}" for call in calls["main.main"]
    ]
    lab.note("go tool objdump -s main.main hello | grep CALL", "\n".join(rows))
    lab.note(
        "go tool objdump hello | grep -c CALL",
        "\n".join(f"{number:>7,} {kind}" for kind, number in kinds.items()),
    )
    return {
        "calls": dict(kinds),
        "direct calls to no function": astray,
        "entered in the middle": sorted(inside),
    }
