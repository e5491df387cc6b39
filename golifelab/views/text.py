"""Stage values as plain text, for a terminal and for `text/plain`."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from golifelab.compile.changed.checked import Checked
from golifelab.compile.gotokens import GoTokens
from golifelab.compile.ir import IR
from golifelab.compile.irtrees import IRTrees
from golifelab.compile.machine.stage import Machine
from golifelab.compile.remarks import Remarks
from golifelab.compile.ssa.rules import Rewrites
from golifelab.compile.ssa.stage import SSA
from golifelab.compile.tokens import Tokens
from golifelab.link.cgo import CPackages
from golifelab.link.deadcode.reach import Reach
from golifelab.link.executable import Executable
from golifelab.link.modes import ModeMatrix
from golifelab.link.relocations import Relocations
from golifelab.link.sizes import Sizes
from golifelab.load.memory.maps import Mappings
from golifelab.load.moments.stage import Moments
from golifelab.load.syscalls.forensics import Cases
from golifelab.load.syscalls.stage import SystemCalls
from golifelab.run.boot.stage import Boot
from golifelab.run.goroutines import Goroutines
from golifelab.run.notices import Notices
from golifelab.run.scheduler.stage import Scheduling
from golifelab.stage import Stage
from golifelab.thread import Thread
from golifelab.views.back import origin
from golifelab.views.boottwin import boot_text
from golifelab.views.goroutines import goroutines_text
from golifelab.views.memorymaptwin import moments_text
from golifelab.views.modestwin import c_packages_text, mode_matrix_text
from golifelab.views.optimizer import rewrites_text
from golifelab.views.patchtwin import relocations_text
from golifelab.views.reachtwin import reach_text
from golifelab.views.remarkstwin import remarks_text
from golifelab.views.schedlanestwin import scheduling_text
from golifelab.views.sizestwin import sizes_text
from golifelab.views.syscallstwin import calls_text, cases_text
from golifelab.views.thread import thread_text

if TYPE_CHECKING:
    import pandas as pd

_MAX_ROWS = 2000
_PLACES = {"start", "end", "address", "lo", "hi", "sp", "pc"}
_BRIEF_LINES, _BRIEF_WIDTH = 60, 400


def brief(value: object) -> str:
    """The beginning of `text`, for a notebook: a file that keeps it stays small."""
    lines = text(value).split("\n")
    shown = [
        line if len(line) <= _BRIEF_WIDTH else f"{line[:_BRIEF_WIDTH]} …"
        for line in lines[:_BRIEF_LINES]
    ]
    if len(lines) > _BRIEF_LINES:
        shown.append(f"… and {len(lines) - _BRIEF_LINES:,} more lines; .frame() has it all")
    return "\n".join(shown)


def text(value: object) -> str:
    """The value in words a terminal can show; a table for a stage that has no other form.

    What was recorded says so first.
    """
    recorded = value.recorded if isinstance(value, Stage) else None
    return _form(value) if recorded is None else f"({recorded}; not live)\n{_form(value)}"


@singledispatch
def _form(value: object) -> str:
    if not isinstance(value, Stage):
        return str(value)
    frame = value.frame()
    shown = _table(frame.head(_MAX_ROWS)) if len(frame) else "(nothing)"
    more = f"\n… and {len(frame) - _MAX_ROWS:,} more rows" if len(frame) > _MAX_ROWS else ""
    complaints = "".join(f"\n{error}" for error in getattr(value, "errors", ()))
    return shown + more + complaints


def _table(frame: pd.DataFrame) -> str:
    """A frame in columns. What is too large to count anything is an address."""
    places = [
        name
        for name in _PLACES & set(frame.columns)
        if getattr(frame[name].dtype, "kind", "O") in "iu" and frame[name].max() >= 1 << 20
    ]
    return frame.to_string(index=False, formatters=dict.fromkeys(places, hex))


@_form.register
def _(value: Tokens) -> str:
    lines = [
        f"{at.position!s:<18} {at.kind:<10} {at.text}"
        + (f"  ← inserted at the {at.literal}" if at.automatic else "")
        for at in value
    ]
    return "\n".join([*lines, *(str(error) for error in value.errors)])


@_form.register
def _(value: Boot) -> str:
    return boot_text(value)


@_form.register
def _(value: Rewrites) -> str:
    return rewrites_text(value)


@_form.register
def _(value: GoTokens) -> str:
    lines = [
        f"{at.position!s:<18} {at.name:<14} {at.number:>3}  {at.text}"
        + ("  ← inserted at the end of the line" if at.automatic else "")
        for at in value
    ]
    return "\n".join([*lines, *(str(error) for error in value.errors)])


@_form.register
def _(value: Remarks) -> str:
    return remarks_text(value)


@_form.register
def _(value: IR) -> str:
    return value.text


@_form.register
def _(value: IRTrees) -> str:
    return "\n".join(f"── {step.heading}\n{step.text}" for step in value)


@_form.register
def _(value: SSA) -> str:
    parts: list[str] = []
    before = ""
    for step in value.passes:
        dump = value.text(step.name)
        if dump != before:
            parts.append(f"── after {step.name} ({step.ns / 1000:.1f} µs)\n{dump}")
        before = dump
    return "\n".join(parts)


@_form.register
def _(value: Machine) -> str:
    lines = [f"{value.function.symbol}: {len(value.code)} bytes, frame {value.frame_size}"]
    lines += [
        f"{at.pc:#06x}  {at.bytes.hex(' '):<24}  {at.text.expandtabs(8):<32}  "
        f"{at.position or ''!s:<16}  {origin(at)}"
        for at in value
    ]
    return "\n".join(lines)


@_form.register
def _(value: SystemCalls) -> str:
    return calls_text(value)


@_form.register
def _(value: Cases) -> str:
    return cases_text(value)


@_form.register
def _(value: Mappings) -> str:
    lines = [
        f"{at.start:012x}-{at.end:012x} {at.permissions}  {at.name:<32} {' '.join(at.sections)}"
        for at in value
    ]
    return "\n".join(line.rstrip() for line in lines)


@_form.register
def _(value: Moments) -> str:
    return moments_text(value)


@_form.register
def _(value: Relocations) -> str:
    return relocations_text(value)


@_form.register
def _(value: Executable) -> str:
    started = value.interpreter or "the kernel"
    head = (
        f"{value.size:,} bytes, entry {value.entry:#x} {value.entry_symbol}, linked by the "
        f"{value.linker} linker, started by {started}"
    )
    lines = [
        f"{at.name:<20} {at.type:<12} {at.flags:<4} {at.address:#010x}  {at.offset:#010x}"
        f"  {at.size:>12,}"
        for at in value.sections
        if at.name
    ]
    return "\n".join([head, *lines])


@_form.register
def _(value: CPackages) -> str:
    return c_packages_text(value)


@_form.register
def _(value: ModeMatrix) -> str:
    return mode_matrix_text(value)


@_form.register
def _(value: Sizes) -> str:
    return sizes_text(value)


@_form.register
def _(value: Reach) -> str:
    return reach_text(value)


@_form.register
def _(value: Scheduling) -> str:
    return scheduling_text(value)


@_form.register
def _(value: Goroutines) -> str:
    return goroutines_text(value)


@_form.register
def _(value: Thread) -> str:
    return thread_text(value)


@_form.register
def _(value: Checked) -> str:
    verdict = "accepted" if value.accepted else "refused"
    return "\n".join([f"{value.tool}: {verdict}", *(str(at) for at in value.diagnostics)])


@_form.register
def _(value: Notices) -> str:
    marks = {True: "yes", False: ".", None: "-"}
    width = max(map(len, value.programs), default=0)
    lines = ["  ".join([" " * width, *value.columns])]
    for name in value.programs:
        cells = [marks[value.cell(name, column).noticed] for column in value.columns]
        padded = [cell.ljust(len(head)) for cell, head in zip(cells, value.columns, strict=True)]
        lines.append("  ".join([name.ljust(width), *padded]).rstrip())
    said = [f"{at.program}, {at.column}: {at.message or at.why}" for at in value.cells]
    told = [line for line, at in zip(said, value.cells, strict=True) if at.noticed is not False]
    return "\n".join([*lines, "", *told])
