"""The change of the reader's own runtime: at its milestones it says where it stands, and waits."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from golifelab.compile.changed.patch import Edit, Patch

_FILE = "runtime/proc.go"
# Functions that begin with a word about themselves, and the line where each begins.
_FUNCTIONS = (
    ("runtime.schedinit", "func schedinit() {"),
    ("runtime.newproc", "func newproc(fn *funcval) {"),
    ("runtime.mstart1", "func mstart1() {"),
    ("runtime.schedule", "func schedule() {"),
    ("runtime.execute", "func execute(gp *g, inheritTime bool) {"),
    ("runtime.main", "func main() {"),
    ("runtime.newm", "func newm(fn func(), pp *p, id int64) {"),
    ("runtime.doInit1", "func doInit1(t *initTask) {"),
    ("runtime.goexit1", "func goexit1() {"),
)
# Calls that a word is put before.
_CALLS = (
    ("runtime.gcenable", "\n\tgcenable()\n"),
    ("main.main", "\n\tfn := main_main // make an indirect call"),
    ("runtime.exit", "\n\texit(0)\n"),
)
MILESTONES = tuple(name for name, _ in (*_FUNCTIONS, *_CALLS))
RECORD = struct.Struct("<11Q40x")
_ADDED = "runtime/zz_golifelab.go"


@dataclass(frozen=True, slots=True)
class Passed:
    """A thread at a milestone, told by the runtime itself.

    `at_ns` is the runtime's own clock, `thread` the system's id of the thread, `sp` the stack
    pointer at the function's first instruction, `lo` and `hi` the bounds of the stack of the
    goroutine `g` (number `goid`, 0 for a thread's g0) that runs on the thread of `m`; `caller` is
    the return address.
    """

    name: str
    at_ns: int
    thread: int
    sp: int
    g: int
    goid: int
    m: int
    lo: int
    hi: int
    caller: int
    on_system_stack: bool


def passed(record: bytes) -> Passed:
    """The milestone of one record."""
    number, at_ns, thread, sp, g, goid, m, lo, hi, caller, system = RECORD.unpack(record)
    name = MILESTONES[number]
    return Passed(name, at_ns, thread, sp, g, goid, m, lo, hi, caller, bool(system))


def milestone_patch() -> Patch:
    """The edits, one for each milestone, and the file that they need."""
    edits = []
    for number, (_, line) in enumerate(_FUNCTIONS):
        told = f"\n{line}\n\tgolifelabPassed({number}, sys.GetCallerPC(), sys.GetCallerSP())\n"
        edits.append(Edit(_FILE, f"\n{line}\n", told))
    for number, (_, line) in enumerate(_CALLS, len(_FUNCTIONS)):
        edits.append(Edit(_FILE, line, f"\n\tgolifelabCall({number}){line}"))
    text = (Path(__file__).parent / "zz_golifelab.go").read_text()
    return Patch("milestones", tuple(edits), ((_ADDED, text),))
