"""Chapter 4, the system calls of a start, and what the flags in them do: claims c4.02 to c4.06."""

from __future__ import annotations

import errno
import mmap
import subprocess
from functools import lru_cache
from pathlib import Path

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.images import built
from golifelab.claims.workbench import Lab
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import Executable
from golifelab.load.recorded.envelope import recorded
from golifelab.load.syscalls.call import SystemCall
from golifelab.load.syscalls.flags import MAP
from golifelab.load.syscalls.kept import calls_from, plain_calls
from golifelab.load.syscalls.space import space_of
from golifelab.load.syscalls.stage import SystemCalls, system_calls
from golifelab.toolchain.run import kill_group, spawn

_SHOWN = ("execve", "mmap", "mprotect", "brk")
_WORDS = f"strace -f -o trace.txt -e trace={','.join(_SHOWN)}"
# The builds that are traced, and the recordings that stand in for them.
_TRACED = {"hello": "syscalls-static", "hello external": "syscalls-dynamic"}
_FILE, _OFFSET = 4, 5


@lru_cache(maxsize=8)
def _traced(value: Executable) -> SystemCalls:
    return plain_calls(system_calls(value), value.name)


def trace(lab: Lab, build: str) -> SystemCalls:
    """The system calls of a build; recorded ones of such a program where nobody may trace."""
    try:
        return _traced(built(lab, build))
    except FeatureUnavailable as error:
        kept = calls_from(recorded(_TRACED[build]))
        lab.note(f"{_WORDS} ./{build.replace(' ', '-')}", f"{error.message}: {kept.recorded}")
        return kept


def traces(lab: Lab) -> dict[str, SystemCalls]:
    """The calls of hello, linked by Go alone and by a C linker, as far as that is possible here."""
    found = {}
    for build in _TRACED:
        try:
            found[build] = trace(lab, build)
        except GolifelabError as error:
            lab.note(f"{_WORDS} ./{build.replace(' ', '-')}", error.message)
    if "hello" not in found:
        raise FeatureUnavailable("a trace of system calls", "hello cannot be built")
    return found


def _note(lab: Lab, build: str, rows: list[SystemCall], words: str = _WORDS) -> None:
    lines = "\n".join(row.line() for row in rows)
    lab.note(f"{words} ./{build.replace(' ', '-')}; cat trace.txt", lines or "(no such call)")


def decide_trace_command(facts: Facts) -> Ruling:
    """c4.02: whether the command shows the calls that make the address space what it is."""
    shown = facts["calls shown"]
    counts = ", ".join(f"{shown[name]} {name}" for name in _SHOWN)
    return settle(
        bool(shown["execve"] and shown["mmap"] and facts["ranges alike"]),
        f"of {facts['calls']} calls it shows {counts}; replayed, they leave the same addresses"
        " reserved and usable as all calls together. With -f it follows every thread, with -o the"
        " program's own output stays out of it",
        f"it shows {counts}, and that is not what made the address space",
    )


@experiment("c4.02", decide_trace_command)
def measure_trace_command(lab: Lab) -> Facts:
    """Trace hello in full; take what the command would show, and replay it."""
    calls = trace(lab, "hello")
    rows = list(calls.named(*_SHOWN))
    _note(lab, "hello", rows)
    return {
        "calls": len(calls.rows),
        "calls shown": {name: sum(row.name == name for row in rows) for name in _SHOWN},
        "ranges alike": space_of(rows).ranges == calls.space.ranges,
    }


def decide_file_maps(facts: Facts) -> Ruling:
    """c4.03: whether the trace of hello has mappings of a file that was opened as 3."""
    found, mapped = facts["maps of files"], facts["mmap calls"]
    other = found.get("hello external")
    elsewhere = (
        f" Such lines are a dynamic loader's: hello, linked by a C linker, has {len(other)} of"
        f" them, all of {', '.join(facts['files mapped'])}."
        if other
        else ""
    )
    return settle(
        bool(found["hello"]),
        f"hello maps a file: {'; '.join(found['hello'][:2])}",
        f"not one of hello's {mapped['hello']} mmap calls has a file: each has descriptor -1. The"
        f" kernel mapped the program itself, in execve.{elsewhere}",
    )


@experiment("c4.03", decide_file_maps)
def measure_file_maps(lab: Lab) -> Facts:
    """Look for mmap calls with a descriptor, in hello as Go links it and as a C linker does."""
    found, files = {}, dict[str, None]()
    all_ = traces(lab)
    for build, calls in all_.items():
        rows = [row for row in calls.named("mmap") if row.number(_FILE) >= 0]
        _note(lab, build, rows, "strace -f -o trace.txt -e trace=mmap")
        found[build] = [row.line() for row in rows]
        files |= dict.fromkeys(one.path for one in calls.descriptors if one.maps)
    return {
        "maps of files": found,
        "mmap calls": {build: len(calls.named("mmap")) for build, calls in all_.items()},
        "files mapped": list(files),
    }


def decide_deny_write(facts: Facts) -> Ruling:
    """c4.04: whether MAP_DENYWRITE keeps anybody from writing the file."""
    running = facts["writing a running program"]
    other = (
        f"A running program does refuse, with {running}: execve sees to that, without any flag"
        if running
        else "This system even lets a running program be written"
    )
    return settle(
        not facts["written while mapped with it"],
        "a file mapped with MAP_DENYWRITE could not be written",
        f"a file mapped with MAP_DENYWRITE ({facts['flag']:#x}) was opened for writing and written"
        f" all the same: the kernel ignores the flag. {other}",
    )


@experiment("c4.04", decide_deny_write)
def measure_deny_write(lab: Lab) -> Facts:
    """Map a file with the flag and write it; try the same with a program while it runs."""
    flag = MAP["MAP_DENYWRITE"]
    path = lab.bench.directory / "denied"
    path.write_bytes(bytes(mmap.PAGESIZE))
    with path.open("rb") as file:
        kind = mmap.MAP_PRIVATE | flag
        with mmap.mmap(file.fileno(), mmap.PAGESIZE, flags=kind, prot=mmap.PROT_READ):
            refused = _written(path, b"written")
    written = path.read_bytes().startswith(b"written")
    path.unlink()
    lab.note(
        "python -c \"import mmap; file = open('f', 'rb'); m = mmap.mmap(file.fileno(), 4096,"
        f" flags=mmap.MAP_PRIVATE | {flag:#x}, prot=mmap.PROT_READ);"
        " open('f', 'r+b').write(b'x')\"",
        refused or "(it was written)",
    )
    running = _written_while_it_runs(lab)
    lab.note("./blocked & echo x >> ./blocked", running or "(it was written)")
    return {
        "flag": flag,
        "written while mapped with it": written,
        "writing a running program": running,
    }


def _written_while_it_runs(lab: Lab) -> str:
    """The name of the error of opening a running program to write it; "" for none."""
    lab.bench.need_processes()
    path = lab.bench.build("blocked")
    # It waits until somebody reads what it prints, and nobody does.
    child = spawn([path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        return _written(path, b"")
    finally:
        kill_group(child)
        child.communicate()


def _written(path: Path, data: bytes) -> str:
    try:
        with path.open("r+b") as file:
            file.write(data)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return ""


def decide_fixed(facts: Facts) -> Ruling:
    """c4.05: whether MAP_FIXED is what relocates .dynamic."""
    fixed, inside = facts["fixed"], facts["inside what was reserved"]
    other = fixed.get("hello external")
    return settle(
        facts["over .dynamic"] > 0,
        f"{facts['over .dynamic']} of the calls put something over the program's .dynamic",
        f"it says where, no more. Of hello's {fixed['hello']} calls with MAP_FIXED"
        f" {inside['hello']} make a piece of what Go had reserved with PROT_NONE usable. "
        + (
            f"Of the {other} when a C linker linked it, {facts['of files']} put a library's"
            " segments side by side; none touches .dynamic"
            if other
            else "There is no .dynamic in it"
        ),
    )


@experiment("c4.05", decide_fixed)
def measure_fixed(lab: Lab) -> Facts:
    """Look at every mmap with MAP_FIXED: what was there before, and is .dynamic in it."""
    fixed, inside, over, files = {}, {}, 0, 0
    for build, calls in traces(lab).items():
        rows = [
            (at, row)
            for at, row in enumerate(calls.rows)
            if row.name == "mmap" and "MAP_FIXED" in row.flags
        ]
        _note(lab, build, [row for _, row in rows][:6], "strace -f -o trace.txt -e trace=mmap")
        fixed[build] = len(rows)
        inside[build] = sum(_was_reserved(calls, at, row) for at, row in rows)
        files += sum(row.number(_FILE) >= 0 for _, row in rows)
        over += sum(_meets(row, _dynamic(lab, build)) for _, row in rows)
    return {
        "fixed": fixed,
        "inside what was reserved": inside,
        "of files": files,
        "over .dynamic": over,
    }


def _was_reserved(calls: SystemCalls, at: int, row: SystemCall) -> bool:
    """Whether the place of a call was reserved, by the calls before it, and not usable."""
    place = row.span
    before = space_of(calls.rows[:at]).ranges
    return place is not None and any(
        start <= place[0] and place[1] <= end and not usable for start, end, usable in before
    )


def _dynamic(lab: Lab, build: str) -> tuple[int, int]:
    # Neither build is position-independent: its addresses are those in the file.
    section = built(lab, build).image.section(".dynamic")
    return (section.address, section.address + section.size) if section else (0, 0)


def _meets(row: SystemCall, place: tuple[int, int]) -> bool:
    span = row.span
    return span is not None and span[0] < place[1] and place[0] < span[1]


def decide_descriptor(facts: Facts) -> Ruling:
    """c4.06: whether descriptor 3 is the program's own file, and offset 0x3000 its .data."""
    said = "; ".join(
        f"in {build} it stands for {', '.join(names) or 'nothing'}"
        for build, names in facts["files of 3"].items()
    )
    return settle(
        any(facts["opens itself"].values()),
        f"the program opens its own file. Descriptor 3: {said}",
        "no program here ever opens its own file: execve was given it, by the kernel."
        f" Descriptor 3: {said}."
        + (
            f" The offsets that are mapped are those libraries': {', '.join(facts['offsets'])}"
            if facts["offsets"]
            else ""
        ),
    )


@experiment("c4.06", decide_descriptor)
def measure_descriptor(lab: Lab) -> Facts:
    """Follow descriptor 3 through both traces, and see whether the program is ever behind one."""
    third, itself, offsets = {}, {}, dict[str, None]()
    for build, calls in traces(lab).items():
        path = built(lab, build).path
        lives = [one for one in calls.descriptors if one.opened >= 0]
        third[build] = list(dict.fromkeys(one.path for one in lives if one.number == 3))
        itself[build] = any(Path(one.path).name == path.name for one in lives)
        mapped = [row for row in calls.named("mmap") if row.number(_FILE) >= 0]
        offsets |= dict.fromkeys(row.words[_OFFSET] for row in mapped)
        opened = [row for row in calls.named("openat", "close") if not row.error]
        _note(lab, build, opened, "strace -f -o trace.txt -e trace=openat,close")
    return {"files of 3": third, "opens itself": itself, "offsets": list(offsets)}
