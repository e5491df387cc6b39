"""Chapter 4, how the main goroutine comes to run: claims c4.44 to c4.49."""

from __future__ import annotations

import re

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.held import held, words
from golifelab.claims.images import built
from golifelab.claims.started import calls_of, started
from golifelab.claims.workbench import Lab
from golifelab.errors import FeatureUnavailable
from golifelab.load.gdb import gdb_path, parse_backtrace
from golifelab.load.hold.architecture import host
from golifelab.load.runtime.chain import chain

_RT0, _MAIN = "runtime.rt0_go", "runtime.main"
_CHECK = re.compile(r"CMPQ SP, 0x10\(R14\)|CMPQ R12, 0x10\(R14\)|CMPQ 0x10\(R14\), SP")
_FRAME = re.compile(r"SUBQ \$(0x[0-9a-f]+), SP|ADDQ \$-(0x[0-9a-f]+), SP")
_SOURCE = re.compile(r"^TEXT runtime\.main\(SB\) (\S+)$", re.MULTILINE)
_WRITTEN = re.compile(r"^TEXT\s+runtime·main\(SB\)", re.MULTILINE)


def decide_jump(facts: Facts) -> Ruling:
    """c4.44: whether rt0_go itself goes to runtime.main."""
    calls = facts["rt0_go calls"]
    return settle(
        _MAIN in calls or facts["caller of runtime.main"] == _RT0,
        "rt0_go calls runtime.main",
        f"rt0_go calls {', '.join(name.removeprefix('runtime.') for name in calls)}, and not main."
        f" Before runtime.main came {' > '.join(facts['the way'])}; below it on its stack is"
        f" {facts['caller of runtime.main']}",
    )


@experiment("c4.44", decide_jump)
def measure_jump(lab: Lab) -> Facts:
    """Read the calls of rt0_go; watch what comes between it and runtime.main."""
    seen = started(lab)
    order = [name.removeprefix("runtime.") for name in seen.order]
    return {
        "rt0_go calls": calls_of(lab, _RT0),
        "the way": order[order.index("newproc") : order.index("main")],
        "caller of runtime.main": seen.milestone(_MAIN).caller,
        "seen by": seen.how,
    }


def decide_breakpoint(facts: Facts) -> Ruling:
    """c4.45: whether one can stop at runtime.main."""
    frames = facts["frames"]
    return settle(
        frames[:1] == [_MAIN],
        f"{facts['by']} stopped there; the stack is {' < '.join(frames)}",
        "nothing stopped at runtime.main",
    )


@experiment("c4.45", decide_breakpoint)
def measure_breakpoint(lab: Lab) -> Facts:
    """Stop at runtime.main by gdb; where there is none, hold the process there ourselves."""
    lab.bench.need_processes()
    try:
        frames = _by_gdb(lab)
        if frames:
            return {"by": "gdb", "frames": frames}
    except FeatureUnavailable as error:
        lab.note("gdb -ex 'break runtime.main' -ex run hello", error.message)
    process = held(lab, "hello", _MAIN)
    if process is None:
        raise FeatureUnavailable("a breakpoint", "neither gdb nor we can stop a process here")
    with process:
        registers = process.registers()
        found = chain(
            process.executable.pclntab,
            host(),
            registers,
            lambda place: words(process, place, 1)[0],
            process.bias,
        )
        frames = [name for _, name in found]
    lab.note(f"golifelab: hold hello at runtime.main by {process.how}", " < ".join(frames))
    return {"by": "golifelab", "frames": frames}


def _by_gdb(lab: Lab) -> list[str]:
    path = built(lab, "hello").path
    words = [gdb_path(), "-nx", "-batch", "-ex", "set debuginfod enabled off"]
    words += ["-ex", "set width 0", "-ex", "set backtrace past-main on"]
    words += ["-ex", "break runtime.main", "-ex", "run", "-ex", "backtrace"]
    shown = "gdb -batch -ex 'break runtime.main' -ex run -ex backtrace hello"
    done = lab.run([*words, path], shown, keep=r"^#|^Breakpoint|ptrace", env={"LC_ALL": "C"})
    return [frame.function for frame in parse_backtrace(done.text)]


def decide_assembly(facts: Facts) -> Ruling:
    """c4.46: whether runtime.main is written in assembly, with a frame of 8 bytes and no check."""
    return settle(
        bool(facts["in assembly"]) or not facts["file"].endswith(".go"),
        f"it is written in {', '.join(facts['in assembly']) or facts['file']}",
        f"it is Go, in {facts['file']}: no file of the runtime has a TEXT runtime·main"
        + (". Its code begins with a check of the stack" if facts["checks its stack"] else "")
        + (f", and makes a frame of {facts['frame']} bytes" if facts["frame"] else ""),
    )


@experiment("c4.46", decide_assembly)
def measure_assembly(lab: Lab) -> Facts:
    """Disassemble runtime.main, and search the runtime's assembly for it."""
    hello = built(lab, "hello")
    listing = lab.objdump("^runtime.main$", hello.path, keep=r"TEXT|R12|SUBQ.*SP|ADDQ \$-.*SP")
    sources = sorted((lab.bench.go.root / "src" / "runtime").glob("*.s"))
    found = [file.name for file in sources if _WRITTEN.search(file.read_text(errors="replace"))]
    lab.note(r"grep -l 'TEXT runtime·main(SB)' $GOROOT/src/runtime/*.s", "\n".join(found) or "none")
    source = _SOURCE.search(listing)
    frame = _FRAME.search(listing)
    digits = (frame[1] or frame[2]) if frame else "0"
    return {
        "file": source[1].rpartition("/")[2] if source else "",
        "in assembly": found,
        "checks its stack": bool(_CHECK.search(listing)),
        "frame": int(digits, 16),
    }


def decide_eight_bytes(facts: Facts) -> Ruling:
    """c4.47: whether the main goroutine begins with a stack of 8 bytes."""
    first, later = facts["at runtime.main"], facts["at main.main"]
    moved = f", and {later:,} when main.main begins: it was moved once by then"
    return settle(
        first == 8,
        "its stack has 8 bytes",
        f"its stack has {first:,} bytes when runtime.main begins{moved if later != first else ''}",
    )


@experiment("c4.47", decide_eight_bytes)
def measure_eight_bytes(lab: Lab) -> Facts:
    """Read the bounds of goroutine 1's stack at runtime.main and at main.main."""
    seen = started(lab)
    first, later = seen.milestone(_MAIN), seen.milestone("main.main")
    lab.note(
        "gdb -ex 'break runtime.main' -ex 'break main.main' … (g.stack.hi - g.stack.lo)",
        f"runtime.main {first.hi - first.lo}\nmain.main    {later.hi - later.lo}",
    )
    return {"at runtime.main": first.hi - first.lo, "at main.main": later.hi - later.lo}


def decide_mstart(facts: Facts) -> Ruling:
    """c4.48: whether it is runtime.main that goes to mstart."""
    calls = facts["rt0_go calls"]
    return settle(
        "runtime.mstart" in facts["runtime.main calls"],
        "runtime.main calls mstart",
        "runtime.main does not call it. rt0_go does: it calls"
        f" {', '.join(name.removeprefix('runtime.') for name in calls)}",
    )


@experiment("c4.48", decide_mstart)
def measure_mstart(lab: Lab) -> Facts:
    """Read the calls of rt0_go and of runtime.main."""
    return {"rt0_go calls": calls_of(lab, _RT0), "runtime.main calls": calls_of(lab, _MAIN)}


def decide_directly(facts: Facts) -> Ruling:
    """c4.49: whether something else than runtime.main calls main.main."""
    caller = facts["caller of main.main"]
    return settle(
        caller != _MAIN,
        f"{caller} calls main.main",
        "runtime.main calls it, on its own stack: below main.main are"
        f" {' < '.join(facts['below main.main'])}",
    )


@experiment("c4.49", decide_directly)
def measure_directly(lab: Lab) -> Facts:
    """Look at the stack when main.main begins."""
    first = started(lab).milestone("main.main")
    lab.note("gdb -ex 'break main.main' -ex run -ex backtrace hello", "\n".join(first.chain))
    return {"caller of main.main": first.caller, "below main.main": list(first.chain)}
