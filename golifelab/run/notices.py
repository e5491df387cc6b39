"""Who notices what: one program after another before everybody who might object to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.compile.changed import compiler
from golifelab.compile.changed.checked import Checked
from golifelab.compile.changed.compiler import ChangedCompiler
from golifelab.compile.changed.laundering import DEFAULT_TEXT, laundering
from golifelab.compile.changed.linter import lint
from golifelab.compile.changed.patch import Patch
from golifelab.compile.changed.verdicts import compile_with
from golifelab.compile.changed.vetcheck import vet, vet_check
from golifelab.compile.front import Recent, before_types
from golifelab.compile.types import types
from golifelab.errors import CompileFailed, GolifelabError, LinkFailed
from golifelab.link.executable import link
from golifelab.position import Diagnostic, Position
from golifelab.run.culprits import culprits
from golifelab.run.program import Output, run_program
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

PATCHED = "patched compiler"
COLUMNS = (
    "scanner",
    "parser",
    "types2",
    "vet",
    "linter",
    "vet check",
    PATCHED,
    "run time",
)
_RUN_SECONDS = 5.0
# What the runtime and package os say before a Go program ends badly.
_LAST_WORDS = re.compile(r"^(?:panic|fatal error|runtime): .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one party says to one program.

    `noticed` is True with the first `message` and its `position` (None where it has none), False
    when the program passed, None when the party was not asked: `why` says why.
    """

    program: str
    column: str
    noticed: bool | None
    message: str = ""
    why: str = ""
    position: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices(Stage):
    """Programs and those who might notice what is wrong with them. Rows and columns in order."""

    programs: tuple[str, ...]
    columns: tuple[str, ...] = COLUMNS
    cells: tuple[Cell, ...]
    building: bool = False

    def cell(self, program: str, column: str) -> Cell:
        """One cell; GolifelabError lists programs and columns for one that is not there."""
        for cell in self.cells:
            if (cell.program, cell.column) == (program, column):
                return cell
        programs, asked = ", ".join(self.programs), ", ".join(self.columns)
        raise GolifelabError(
            f"nobody asked {column!r} about {program!r}",
            remedy=f"the programs are {programs}; asked were {asked}",
        )

    def first(self, program: str) -> str:
        """The first party to notice, in the order of the columns; empty when nobody does."""
        row = [self.cell(program, column) for column in self.columns]
        return next((cell.column for cell in row if cell.noticed), "")

    def frame(self) -> pd.DataFrame:
        """One row a cell: program, column, noticed, message, why."""
        import pandas as pd

        names = ["program", "column", "noticed", "message", "why"]
        rows = [(at.program, at.column, at.noticed, at.message, at.why) for at in self.cells]
        return pd.DataFrame(rows, columns=names)

    def to_json(self) -> dict[str, Any]:
        """Columns, whether a compiler is still being built, and a list of cells."""
        return self.header() | {
            "columns": list(self.columns),
            "building": self.building,
            "cells": [
                {
                    "program": at.program,
                    "column": at.column,
                    "noticed": at.noticed,
                    "message": at.message,
                    "why": at.why,
                    "position": None if at.position is None else str(at.position),
                }
                for at in self.cells
            ],
        }


# Answers of tools and runs. Failures to get one are not kept: the next call may have more luck.
_recent: Recent[Checked | Output] = Recent(256)


def who_notices(
    programs: Mapping[str, Source | str] | None = None,
    target: Target | None = None,
    *,
    text: str = DEFAULT_TEXT,
    patch: Patch | None = None,
) -> Notices:
    """Show each program to the compiler's stages, to vet, to the rule in three forms, and run it.

    `programs` are texts or sources by name, by default `culprits()`. `text` is what the rule says;
    `patch` is the change of the patched compiler, by default that rule. Where that compiler is not
    built yet its build begins, and its cells say so: ask again. A program runs for five seconds at
    most.
    """
    target = target or Target()
    made, why, building = _patched(patch or laundering(text), target)
    rows: list[_Row] = []
    for name, given in (programs or culprits()).items():
        source = Source.from_text(given) if isinstance(given, str) else given
        row = _Row(name, source, target, text)
        row.ask_all(made, why)
        rows.append(row)
    commands = max((row.commands for row in rows), key=len, default=[])
    return Notices(
        programs=tuple(row.program for row in rows),
        cells=tuple(row.cells[column] for row in rows for column in COLUMNS),
        building=building,
        command="\n".join(commands),
        seconds=sum(row.seconds for row in rows),
        tier="tool",
    )


def _patched(patch: Patch, target: Target) -> tuple[ChangedCompiler | None, str, bool]:
    """The patched compiler; or None, why there is none, and whether it is being built."""
    try:
        made = compiler.ready(patch, target)
        now = compiler.status(patch, target)
    except GolifelabError as error:
        return None, error.message, False
    if made is None and now.state == "building":
        return None, f"being built, {now.seconds:.0f} s so far", True
    return made, now.message, False


class _Row:
    """One program before everybody."""

    def __init__(self, program: str, source: Source, target: Target, text: str) -> None:
        self.program = program
        self.source = source
        self.target = target
        self.text = text
        self.cells: dict[str, Cell] = {}
        self.commands: list[str] = []
        self.seconds = 0.0

    def ask_all(self, made: ChangedCompiler | None, why: str) -> None:
        """Fill all cells; `made` is the patched compiler, `why` says why there is none."""
        source, target, text = self.source, self.target, self.text
        refused = self.ask_compiler()
        self.ask("vet", lambda: vet(source, target))
        self.ask("linter", lambda: lint(source, target, text=text))
        self.ask("vet check", lambda: vet_check(source, target, text=text))
        if made is None:
            self.skip(PATCHED, why)
        else:
            self.ask(PATCHED, lambda: compile_with(made, source, target), made.path)
        if refused:
            self.skip("run time", "it never runs: it does not compile")
        else:
            self.run()

    def ask_compiler(self) -> bool:
        """The three cells of Go's own compiler; whether it refuses the program."""
        found = types(self.source, self.target)
        self.seconds += found.seconds
        phases = {"scan": "scanner", "parse": "parser"}
        for phase, column in phases.items():
            self.say(column, [at for at in found.errors if at.phase == phase])
        if before_types(found.errors, found.tier):
            self.skip("types2", "the compiler stops at errors of syntax")
        else:
            self.say("types2", [at for at in found.errors if at.phase not in phases])
        return bool(found.errors)

    def ask(self, column: str, tool: Callable[[], Checked], made: Path | None = None) -> None:
        """The cell of a tool. `made` is the program asked, where more than one may be meant."""
        key = (column, made, self.source, self.target, self.text)
        try:
            answer = _recent.get(key, tool)
        except GolifelabError as error:
            return self.skip(column, error.message)
        assert isinstance(answer, Checked)
        self.commands.append(answer.command)
        self.seconds += answer.seconds
        if answer.diagnostics or answer.accepted:
            return self.say(column, answer.diagnostics)
        lines = answer.output.strip().splitlines()
        return self.skip(column, lines[0] if lines else "it failed and said nothing")

    def run(self) -> None:
        """The cell of the run."""
        key = ("run time", self.source, self.target)
        try:
            output = _recent.get(
                key, lambda: run_program(link(self.source, self.target), timeout=_RUN_SECONDS)
            )
        except CompileFailed as error:
            return self.skip("run time", f"it never runs: {error.diagnostics[0].message}")
        except LinkFailed as error:
            return self.skip("run time", f"it never runs: {error.output.strip()}")
        except GolifelabError as error:
            return self.skip("run time", error.message)
        assert isinstance(output, Output)
        self.seconds += output.seconds
        words = _LAST_WORDS.search(output.error_text)
        message = words.group() if words else f"it ends with status {output.returncode}"
        ended = message if output.returncode else ""
        self._set(Cell(self.program, "run time", bool(ended), ended))
        return None

    def say(self, column: str, found: Sequence[Diagnostic]) -> None:
        """What a party said first, if it said anything."""
        if not found:
            return self._set(Cell(self.program, column, noticed=False))
        first = min(found, key=lambda at: at.position)
        return self._set(Cell(self.program, column, True, first.message, position=first.position))

    def skip(self, column: str, why: str) -> None:
        """A party that was not asked."""
        self._set(Cell(self.program, column, None, why=why))

    def _set(self, cell: Cell) -> None:
        self.cells[cell.column] = cell
