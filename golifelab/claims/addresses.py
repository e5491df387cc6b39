"""Chapter 3, which addresses stay, and what a goroutine is made of: claims c3.19 and c3.22."""

from __future__ import annotations

import re

from golifelab.claims.backend import listed
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.gosource import search
from golifelab.claims.images import built, called_by
from golifelab.claims.workbench import Lab
from golifelab.compile.gosource import functions_of

_RUNS = 4
_LINKER = "cmd/link/internal/ld/lib.go"
_PLACE = re.compile(r"^(\w+)\s+0x([0-9a-f]+)$", re.MULTILINE)
_COST = re.compile(
    r"^(goroutines|stack bytes each|bytes from the system each) (\d+)$", re.MULTILINE
)
_STACK_MAPS = re.compile(r"getStackMap|stackmapdata|pcdatavalue")
_MAKES = re.compile(r"runtime\.(gfget|malg|allgadd)")


def decide_fixed_addresses(facts: Facts) -> Ruling:
    """c3.19: whether addresses are fixed when the program is built, by a linker script."""
    left, moving = facts["left to the loader"], facts["moves from run to run"]
    still = facts["the same in every run"]
    moved = "; ".join(f"{name}: {listed(what)}" for name, what in moving.items())
    return settle(
        not any(left.values()) and not any(moving.values()),
        f"in {facts['runs']} runs nothing moved, and no address is left to the loader",
        f"a linker script is written in {listed(facts['linker scripts are written in'])}, for gcc;"
        f" Go's own linker needs none. In {facts['runs']} runs the same: {listed(still)}. A PIE"
        f" leaves {left['places pie']:,} addresses to the loader. Moved between runs: {moved}",
    )


@experiment("c3.19", decide_fixed_addresses)
def measure_fixed_addresses(lab: Lab) -> Facts:
    """Run a program that prints its addresses several times, as a plain executable and as a PIE."""
    bench = lab.bench
    bench.need_processes()
    search(lab, r"LinkerScript\(", _LINKER)
    writers = [
        name
        for name, function in functions_of(_LINKER, bench.target).items()
        if any(called.endswith("LinkerScript") for called in function.calls)
    ]
    left, moves = {}, {}
    still: list[str] = []
    for name in ("places", "places pie"):
        image = built(lab, name).image
        left[name] = sum(one.kind.endswith("RELATIVE") for one in image.relocations)
        seen: dict[str, set[int]] = {}
        for _ in range(_RUNS):
            ran = lab.run([bench.build(name)], f"./{name.replace(' ', '-')}")
            for what, address in _PLACE.findall(ran.text):
                seen.setdefault(what, set()).add(int(address, 16))
        moves[name] = [what for what, found in seen.items() if len(found) > 1]
        if name == "places":
            still = [what for what, found in seen.items() if len(found) == 1]
    return {
        "runs": _RUNS,
        "linker scripts are written in": writers,
        "left to the loader": left,
        "moves from run to run": moves,
        "the same in every run": still,
    }


def decide_goroutines_reuse(facts: Facts) -> Ruling:
    """c3.22: whether starting goroutines needs the stack maps, and allocates nothing."""
    return settle(
        bool(facts["reads stack maps"]) and not facts["stack bytes each"],
        f"newproc1 reads them through {', '.join(facts['reads stack maps'])}, and no memory grows",
        f"of the functions that newproc1 calls, {len(facts['reads stack maps'])} read stack maps,"
        f" and {' and '.join(facts['takes or makes a g']) or 'none'} take a g that is free or make"
        f" one. {facts['goroutines']:,} parked goroutines cost {facts['stack bytes each']:,} bytes"
        f" of stack each, and {facts['bytes from the system each']:,} from the system",
    )


@experiment("c3.22", decide_goroutines_reuse)
def measure_goroutines_reuse(lab: Lab) -> Facts:
    """Park thousands of goroutines and count bytes; read what newproc1 calls."""
    bench = lab.bench
    bench.need_processes()
    calls = called_by(built(lab, "parked"), "runtime.newproc1")
    lab.note("go tool objdump -s '^runtime.newproc1$' parked | grep CALL", "\n".join(calls))
    ran = lab.run([bench.build("parked")], "./parked")
    costs = {name: int(number) for name, number in _COST.findall(ran.text)}
    return {
        "goroutines": costs.get("goroutines", 0),
        "stack bytes each": costs.get("stack bytes each", 0),
        "bytes from the system each": costs.get("bytes from the system each", 0),
        "reads stack maps": [name for name in calls if _STACK_MAPS.search(name)],
        "takes or makes a g": [name for name in calls if _MAKES.fullmatch(name)],
    }
