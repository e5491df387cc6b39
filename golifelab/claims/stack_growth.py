"""Chapter 4, how goroutine stacks grow and shrink: claims c4.19, c4.20, and c4.27 to c4.31."""

from __future__ import annotations

import re

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.ledger import Verdict
from golifelab.claims.loading import calls
from golifelab.claims.workbench import Build, Lab
from golifelab.compile.gosource import functions_of
from golifelab.errors import FeatureUnavailable, LimitExceeded
from golifelab.run.stacks.copies import stack_copies
from golifelab.run.stacks.growth import StackGrowth, stack_growth
from golifelab.run.stacks.overflow import SMALL, stack_overflow
from golifelab.run.stacks.subject import subject, without_inlining
from golifelab.source import Source

_MEGABYTES = 2 << 20  # the least that may be called several
_ARGUMENT = 10_000
_CLAIMED = 1 << 30
_GROWING = """package main

import "runtime"

func deep(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + deep(n-1)
}

func main() {
	println(deep(1_000_000))
	runtime.GC()
	runtime.GC()
}
"""


def _source(lab: Lab) -> Source:
    return Source.from_directory(lab.bench.source("deep").parent)


def _grown(lab: Lab, *, inlined: bool = True) -> StackGrowth:
    """The course's function deep, measured; FeatureUnavailable where it can't run."""
    lab.bench.need_processes()
    source, target = _source(lab), lab.bench.target
    if not inlined:
        source = without_inlining(source, subject(source, target, "deep"))
    growth = stack_growth(source, target, "deep")
    said = "sample('deep')" + (
        "" if inlined else ".edit('func deep(', '//go:noinline\\nfunc deep(')"
    )
    lab.note(
        f'python -c "from golifelab import sample; print({said}.stack_growth().frame())"',
        "\n".join(f"{step.size:>10,} up to deep({step.last:,})" for step in growth.steps),
    )
    return growth


def decide_starts_small(facts: Facts) -> Ruling:
    """c4.19: whether a stack begins with 2 KB, grows and shrinks."""
    sizes, left = facts["sizes"], facts["after collections"]
    return settle(
        facts["at first"] == facts["stackMin"] == 2048 and len(sizes) > 1 and left[-1] < left[0],
        f"a new goroutine has {facts['at first']:,} bytes; calls take it to"
        f" {sizes[-1]:,}, always twice as much; collections halve what is not needed:"
        f" {' > '.join(f'{size:,}' for size in left[:4])} …",
        f"a new goroutine has {facts['at first']:,} bytes (stackMin is {facts['stackMin']:,}), its"
        f" sizes are {sizes}, and collections leave {left}",
    )


@experiment("c4.19", decide_starts_small)
def measure_starts_small(lab: Lab) -> Facts:
    """Measure a goroutine's stack as it is new, as it grows, and after collections."""
    growth = _grown(lab)
    text = (lab.bench.go.root / "src" / "runtime" / "stack.go").read_text(encoding="utf-8")
    found = re.search(r"\bstackMin\s*=\s*(\d+)", text)
    lab.note("grep -w stackMin $GOROOT/src/runtime/stack.go", found[0] if found else "(none)")
    lab.note(
        "python -c \"… print(sample('deep').stack_growth().shrinking)\"",
        "\n".join(f"after {one.collections}: {one.stack:,}" for one in growth.shrinking),
    )
    return {
        "stackMin": int(found[1]) if found else 0,
        "at first": growth.start,
        "sizes": [step.size for step in growth.steps],
        "after collections": [one.stack for one in growth.shrinking],
    }


def decide_in_the_heap(facts: Facts) -> Ruling:
    """c4.20: whether stacks are part of the garbage-collected heap."""
    counted = f"StackInuse by {facts['StackInuse']:,} and HeapInuse by {facts['HeapInuse']:,} bytes"
    return settle(
        facts["HeapInuse"] >= facts["stack"],
        f"a stack of {facts['stack']:,} bytes makes {counted} larger",
        f"a stack of {facts['stack']:,} bytes makes {counted} larger: its spans come from"
        f" {' and '.join(facts['stackalloc calls']) or 'elsewhere'}, which no collection frees and"
        " no heap profile shows",
    )


@experiment("c4.20", decide_in_the_heap)
def measure_in_the_heap(lab: Lab) -> Facts:
    """Read the runtime's counters while a goroutine with a large stack lives."""
    growth = _grown(lab)
    largest = max(growth.growth, key=lambda one: one.stack)
    lab.note(
        "python -c \"… print(sample('deep').stack_growth().growth[-1])\"",
        f"deep({largest.argument:,}): stack {largest.stack:,}, StackInuse {largest.stack_inuse:+,},"
        f" HeapAlloc {largest.heap_alloc:+,}, HeapInuse {largest.heap_inuse:+,}",
    )
    allocates = functions_of("runtime/stack.go", lab.bench.target).get("stackalloc")
    names = allocates.calls if allocates else ()
    return {
        "stack": largest.stack,
        "StackInuse": largest.stack_inuse,
        "HeapInuse": largest.heap_inuse,
        "stackalloc calls": sorted({name for name in names if name == "allocManual"}),
    }


def decide_two_kilobytes_to_a_gigabyte(facts: Facts) -> Ruling:
    """c4.27: whether stacks come from mcache and mspan and may grow to 1 GB."""
    limit, usable = facts["limit"], facts["largest with that limit"]
    return settle(
        facts["default limit"] == _CLAIMED and usable == limit,
        f"the limit is {facts['default limit']:,} bytes, and a stack may have all of its limit",
        f"the limit is {facts['default limit']:,} bytes, but sizes are powers of two: the largest"
        f" stack below it has {facts['largest below it']:,}. Tried with a limit of {limit:,}: a"
        f" stack of {usable:,} was the last, then “{facts['message']}”. Small stacks come from"
        f" {' and '.join(facts['small stacks come from']) or 'elsewhere'}",
    )


@experiment("c4.27", decide_two_kilobytes_to_a_gigabyte)
def measure_two_kilobytes_to_a_gigabyte(lab: Lab) -> Facts:
    """Lower the limit, so that little memory is needed, and look for the last one that fits."""
    growth = _grown(lab)
    found = stack_overflow(_source(lab), lab.bench.target, "deep", limit=SMALL)
    lab.note(
        f"debug.SetMaxStack({SMALL}); deep({found.fits}); deep({found.overflows})", found.message
    )
    text = (lab.bench.go.root / "src" / "runtime" / "stack.go").read_text(encoding="utf-8")
    return {
        "default limit": growth.limit,
        "largest below it": growth.usable,
        "limit": found.limit,
        "largest with that limit": found.usable,
        "message": found.message.splitlines()[-1] if found.message else "",
        "small stacks come from": [
            name for name in ("stackcache", "stackpool") if re.search(rf"\b{name}\b", text)
        ],
    }


def decide_growstack(facts: Facts) -> Ruling:
    """c4.28: whether a function growstack makes stacks larger."""
    if facts["functions called growstack"]:
        where = ", ".join(facts["functions called growstack"])
        return Ruling(Verdict.CONFIRMED, f"the program has {where}")
    chain = " > ".join(facts["chain"])
    return Ruling(
        Verdict.CORRECTED,
        "there is no growstack. A function compares the stack pointer with its g's stackguard0"
        f" and calls {' and '.join(facts['deep calls']) or 'nothing'}; then: {chain or 'unknown'}"
        + (f". main's stack moved {len(facts['moves'])} times" if facts["moves"] else ""),
    )


@experiment("c4.28", decide_growstack)
def measure_growstack(lab: Lab) -> Facts:
    """Disassemble deep's first instructions, and read who calls whom in the runtime."""
    program = lab.bench.build_as(Build("deep"))
    listing = lab.objdump("^main.deep$", program, keep=r"CMPQ|CMP |morestack")
    runtime = functions_of("runtime/stack.go", lab.bench.target)
    asked = lab.run(
        [lab.bench.go.command, "tool", "nm", program],
        "go tool nm deep | grep -i -e growstack -e 'newstack$' -e 'copystack$'",
        keep=r"(?i)growstack|runtime\.(newstack|copystack)$",
    )
    more = calls(lab.objdump("^runtime.morestack.abi0$|^runtime.morestack$", program))
    chain = ["morestack"]
    chain += ["newstack"] if "runtime.newstack" in more else []
    makes = runtime.get("newstack")
    chain += ["copystack"] if makes and "copystack" in makes.calls else []
    return {
        "deep calls": sorted({name for name in calls(listing) if "morestack" in name}),
        "functions called growstack": re.findall(r"(?i)\S*growstack\S*", asked.text),
        "chain": chain,
        "moves": _moves(lab),
    }


def _moves(lab: Lab) -> list[tuple[int, int]]:
    """The sizes between which main's stack moved; none where nothing can be traced."""
    shown = "gdb -ex 'break runtime.copystack' -ex run deep"
    try:
        lab.bench.need_processes()
        copies = stack_copies(_source(lab), lab.bench.target)
    except (FeatureUnavailable, LimitExceeded) as error:
        lab.note(shown, error.message)
        return []
    lines = (
        f"goroutine {one.goroutine}: {one.old} > {one.new}, {one.function}" for one in copies.rows
    )
    lab.note(shown, "\n".join(lines))
    return [(one.old, one.new) for one in copies.of(1)]


def decide_several_megabytes(facts: Facts) -> Ruling:
    """c4.29: whether deep(10000) takes several megabytes of stack."""
    return settle(
        facts["stack"] >= _MEGABYTES,
        f"deep({_ARGUMENT:,}) has a stack of {facts['stack']:,} bytes",
        f"deep({_ARGUMENT:,}) has a stack of {facts['stack']:,} bytes, and"
        f" {facts['without inlining']:,} with //go:noinline; {_MEGABYTES:,} bytes are needed from"
        f" deep({facts['first of two megabytes']:,}) on",
    )


@experiment("c4.29", decide_several_megabytes)
def measure_several_megabytes(lab: Lab) -> Facts:
    """Measure the stack of deep(10000), with and without inlining."""
    growth, plain = _grown(lab), _grown(lab, inlined=False)
    return {
        "stack": growth.size(_ARGUMENT),
        "without inlining": plain.size(_ARGUMENT),
        "first of two megabytes": growth.last(_MEGABYTES // 2) + 1,
    }


def decide_scvg(facts: Facts) -> Ruling:
    """c4.30: whether GODEBUG=gctrace=1 prints a scvg line that shows the growth."""
    if facts["scvg lines"]:
        return Ruling(Verdict.CONFIRMED, f"there are {facts['scvg lines']} scvg lines")
    return Ruling(
        Verdict.OBSOLETE,
        "no line says scvg. The scavenger speaks with scavtrace=1 and says nothing of stacks"
        f" ({facts['scav lines']} lines); gctrace's own lines have"
        f" “{facts['stacks field'] or 'no word of stacks'}”",
    )


@experiment("c4.30", decide_scvg)
def measure_scvg(lab: Lab) -> Facts:
    """Let a program recurse a million times and collect, with both traces on."""
    lab.bench.need_processes()
    built = lab.go(_GROWING, "build", "-o", "prog", ".")
    if built.returncode:
        raise lab.bench.refused(built)
    program = lab.bench.folder(_GROWING) / "prog"
    env = lab.bench.environment(GODEBUG="gctrace=1,scavtrace=1")
    shown = "GODEBUG=gctrace=1,scavtrace=1 ./prog 2>&1 | grep -e ^gc -e ^sc"
    text = lab.run([program], shown, env=env, keep=r"^gc |^sc").error_text
    field = re.search(r"\d+ MB stacks", text)
    return {
        "scvg lines": len(re.findall(r"^scvg", text, re.MULTILINE)),
        "scav lines": len(re.findall(r"^scav ", text, re.MULTILINE)),
        "stacks field": field[0] if field else "",
    }


def decide_frame_for_every_call(facts: Facts) -> Ruling:
    """c4.31: whether every recursive call has a frame of its own."""
    levels = facts["levels in a frame"]
    return settle(
        levels == 1 and not facts["inlined into itself"],
        f"a level costs {facts['bytes a level']} bytes, one frame of {facts['frame']}",
        f"the compiler inlines deep into itself ({facts['inlined into itself'] or 'silently'}):"
        f" {levels} levels share a frame of {facts['frame']} bytes, {facts['bytes a level']} bytes"
        f" a level; with //go:noinline a level costs {facts['bytes a level, not inlined']}",
    )


@experiment("c4.31", decide_frame_for_every_call)
def measure_frame_for_every_call(lab: Lab) -> Facts:
    """Ask the compiler what it inlines; work out the bytes of a level from the stacks' sizes."""
    said = lab.compile("deep", "-m", keep="inlining call to deep").text
    growth, plain = _grown(lab), _grown(lab, inlined=False)
    found = re.search(r"^\S*main\.go:(\d+:\d+): inlining call to deep", said, re.MULTILINE)
    return {
        "inlined into itself": f"inlining call to deep at {found[1]}" if found else "",
        "levels in a frame": growth.levels_per_frame,
        "frame": growth.frame_size,
        "bytes a level": round(growth.bytes_per_level, 2),
        "bytes a level, not inlined": round(plain.bytes_per_level, 2),
    }
