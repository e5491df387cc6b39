"""Chapter 4, the heap: claims c4.16 and c4.26."""

from __future__ import annotations

import re

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.workbench import Lab
from golifelab.run.heap.heap import Heap, heap
from golifelab.source import Source

_LIMIT = """package main

import "runtime/debug"

func main() { println(debug.SetMemoryLimit(-1)) }
"""
_UNLIMITED = (1 << 63) - 1


def _run(lab: Lab) -> Heap:
    """The course's allocating program, watched; FeatureUnavailable where it can't run."""
    lab.bench.need_processes()
    source = Source.from_directory(lab.bench.source("keeper").parent)
    made = heap(source, lab.bench.target)
    begin, last = _committed(made, "begin"), _committed(made, "last")
    lab.note(
        "python -c \"from golifelab import sample; print(sample('keeper').heap.arenas)\"",
        f"as main begins: {begin[0]:,} bytes committed of {begin[1]:,} reserved\n"
        f"when it has returned: {last[0]:,} of {last[1]:,}",
    )
    return made


def _committed(run: Heap, moment: str) -> tuple[int, int]:
    """The bytes of all arenas that may be used, and those that are kept free for the heap."""
    found = run.arenas.get(moment, ())
    return sum(one.committed for one in found), sum(one.reserved for one in found)


def decide_mapped_and_sampled(facts: Facts) -> Ruling:
    """c4.16: whether the heap is mapped memory that grows under mheap, and profiles sample it."""
    begin, reserved, grown = facts["committed"], facts["reserved"], facts["committed later"]
    return settle(
        0 < begin < reserved
        and grown > begin
        and facts["profile rate"] > 1
        and bool(facts["mheap calls"]),
        f"an arena of {reserved:,} bytes is reserved, {begin:,} of it committed as main begins and"
        f" {grown:,} later, by mheap's {' and '.join(facts['mheap calls'])}; a heap profile has one"
        f" sample for {facts['profile rate']:,} bytes on average",
        f"{begin:,} of {reserved:,} bytes are committed at first, {grown:,} later; a profile has"
        f" one sample for {facts['profile rate']:,} bytes",
    )


@experiment("c4.16", decide_mapped_and_sampled)
def measure_mapped_and_sampled(lab: Lab) -> Facts:
    """Read the program's own mappings at two moments, and the runtime's source."""
    run = _run(lab)
    committed, reserved = _committed(run, "begin")
    root = lab.bench.go.root / "src" / "runtime"
    profile = re.search(
        r"MemProfileRate int = (\d+) \* (\d+)", (root / "mprof.go").read_text(encoding="utf-8")
    )
    lab.note(
        "grep 'MemProfileRate int' $GOROOT/src/runtime/mprof.go", profile[0] if profile else ""
    )
    sources = "".join(
        (root / name).read_text(encoding="utf-8") for name in ("mheap.go", "malloc.go")
    )
    calls = [name for name in ("sysAlloc", "grow") if f"func (h *mheap) {name}(" in sources]
    lab.note("grep 'func (h \\*mheap)' $GOROOT/src/runtime/m*.go", "\n".join(calls))
    return {
        "committed": committed,
        "reserved": reserved,
        "committed later": _committed(run, "last")[0],
        "profile rate": int(profile[1]) * int(profile[2]) if profile else 0,
        "mheap calls": calls,
    }


def decide_grows_and_is_collected(facts: Facts) -> Ruling:
    """c4.26: whether the heap grows, is collected, and may have gigabytes."""
    return settle(
        facts["collections"] > 0
        and facts["committed later"] > facts["committed"]
        and facts["memory limit"] == _UNLIMITED,
        f"{facts['collections']} collections, the first at a goal of {facts['first goal']} MB;"
        f" {facts['committed']:,} bytes are committed at first, {facts['committed later']:,} later;"
        " by default nothing but the machine bounds it",
        f"{facts['collections']} collections; {facts['committed']:,} bytes committed at first,"
        f" {facts['committed later']:,} later; the limit is {facts['memory limit']:,} bytes",
    )


@experiment("c4.26", decide_grows_and_is_collected)
def measure_grows_and_is_collected(lab: Lab) -> Facts:
    """Trace the collector of a program that keeps a part of what it allocates."""
    run = _run(lab)
    lab.note(
        "GODEBUG=gctrace=1 ./keeper 2>&1 | grep ^gc",
        "\n".join(
            f"gc {one.number} @{one.at_seconds:.3f}s: {one.start}->{one.end}->{one.live} MB,"
            f" {one.goal} MB goal"
            for one in run.collections[:6]
        ),
    )
    limit = lab.run_text(_LIMIT).error_text.split()
    return {
        "collections": len(run.collections),
        "first goal": run.collections[0].goal if run.collections else 0,
        "committed": _committed(run, "begin")[0],
        "committed later": _committed(run, "last")[0],
        "memory limit": int(limit[0]) if limit and limit[0].isdigit() else 0,
    }
