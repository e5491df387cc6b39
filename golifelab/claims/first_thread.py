"""Chapter 3, how the first thread's m0 and g0 come to be: claims c3.15 and c3.18."""

from __future__ import annotations

import re

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.held import held, words
from golifelab.claims.images import built, called_by
from golifelab.claims.workbench import Lab

_M0, _G0 = "runtime.m0", "runtime.g0"
# Before the runtime has set anything up, and after it has tied m0 and g0 together.
_TIED = "runtime.schedinit"
_COPIES = re.compile(r"runtime\.(memmove|duffcopy)")


def decide_template(facts: Facts) -> Ruling:
    """c3.15: whether the start copies a prepared m0."""
    # The disassembler knows the names where one instruction holds the whole address.
    names = f" names m0 and g0 in {facts['mentions']} instructions and" if facts["mentions"] else ""
    return settle(
        facts["bytes of m0 in the file"] > 0 or bool(facts["copies in rt0_go"]),
        f"rt0_go copies: {', '.join(facts['copies in rt0_go']) or 'the file holds m0'}",
        f"there is nothing to copy: m0 is {facts['bytes of m0']:,} bytes in"
        f" {facts['section of m0']}, and the file has none of them. rt0_go{names} calls no"
        f" copying function{_live(facts)}",
    )


def _live(facts: Facts) -> str:
    """What a live process showed of m0 and g0, in words."""
    if not facts["live"]:
        return ""
    live = facts["live"]
    zero = "all zero" if live["zero at the start"] else "not zero"
    tied = "set to &g0 and &m0" if live["tied at schedinit"] else "not set"
    return f". Live: both are {zero} at the entry, and m0.g0 and g0.m are {tied} at schedinit"


@experiment("c3.15", decide_template)
def measure_template(lab: Lab) -> Facts:
    """Look for m0 in the file, and for copying in rt0_go; then watch m0 in a live process."""
    hello = built(lab, "hello")
    m0 = hello.symbol(_M0)
    listing = lab.objdump("^runtime.rt0_go", hello.path, keep=r"runtime\.[gm]0|memmove|MOVS[BWLQ]")
    copies = [name for name in called_by(hello, "runtime.rt0_go.abi0") if _COPIES.match(name)]
    copies += re.findall(r"\bREP; MOVS\w", listing)
    in_file = len(hello.bytes_at(m0.address, m0.size)) if m0 else 0
    return {
        "bytes of m0": m0.size if m0 else 0,
        "section of m0": m0.section if m0 else "",
        "bytes of m0 in the file": in_file,
        "mentions": len(re.findall(r"runtime\.[gm]0\b", listing)),
        "copies in rt0_go": copies,
        "live": _first_steps(lab),
    }


def _first_steps(lab: Lab) -> dict[str, bool]:
    """m0 and g0 before the first instruction, and at schedinit; {} where no process can be held."""
    hello = built(lab, "hello")
    m0, g0 = hello.symbol(_M0), hello.symbol(_G0)
    process = held(lab, "hello", "exec")
    if process is None or m0 is None or g0 is None:
        return {}
    with process:
        before = process.memory(m0.address, m0.size) + process.memory(g0.address, g0.size)
        process.run_to(_TIED)
        size = hello.image.bits // 8
        # The first field of an m is g0. Where m is in a g depends on the release: it is searched.
        first = words(process, m0.address, 1)[0]
        tied = first == g0.address and m0.address in words(process, g0.address, g0.size // size)
    lab.note(
        "gdb -ex starti -ex 'print runtime.m0' -ex 'break runtime.schedinit' -ex continue"
        " -ex 'print runtime.m0.g0' hello",
        f"at the entry: {len(before) - before.count(0)} bytes of m0 and g0 are not zero\n"
        f"at schedinit: m0.g0 = {first:#x}, and runtime.g0 is at {g0.address:#x}",
    )
    return {"zero at the start": not any(before), "tied at schedinit": tied}


def decide_m0_init(facts: Facts) -> Ruling:
    """c3.18: whether there is a function runtime.m0.init that clears m0.g0."""
    return settle(
        bool(facts["named like it"]),
        f"the program has {', '.join(facts['named like it'])}",
        f"no symbol of {facts['symbols']:,} is called so{_live(facts)}",
    )


@experiment("c3.18", decide_m0_init)
def measure_m0_init(lab: Lab) -> Facts:
    """Search the symbols for the name; watch m0.g0 in a live process."""
    hello = built(lab, "hello")
    named = [one.name for one in hello.symbols if "m0.init" in one.name]
    lab.note("nm hello | grep -c m0.init", str(len(named)))
    return {"named like it": named, "symbols": len(hello.symbols), "live": _first_steps(lab)}
