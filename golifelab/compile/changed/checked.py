"""What one tool says about one program, as a stage."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.compile.changed.laundering import CODE
from golifelab.position import Diagnostic
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.compile import parse_diagnostics
from golifelab.toolchain.go import Go

if TYPE_CHECKING:
    import pandas as pd

# go vet and go build write "vet: ./main.go:3:1: …" and "./main.go:3:1: …"; a vet tool gives its own
# name.
_PREFIX = re.compile(r"^(?:vet(?:check)?: )?(?:\./)?(?=[^\s:]+\.go:\d)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Stage):
    """The answer of `tool`: its diagnostics, and whether it accepted the program.

    `output` is all it printed, on both streams; `made` says how the tool was made, where that is
    part of the story.
    """

    tool: str
    diagnostics: tuple[Diagnostic, ...]
    accepted: bool
    output: str
    made: str = ""

    def of(self, code: str = CODE) -> tuple[Diagnostic, ...]:
        """The diagnostics with a code, by default those of the rule."""
        return tuple(found for found in self.diagnostics if found.code == code)

    def frame(self) -> pd.DataFrame:
        """One row a diagnostic."""
        import pandas as pd

        columns = ["file", "line", "column", "message", "severity", "code", "phase"]
        return pd.DataFrame([found.to_json() for found in self.diagnostics], columns=columns)

    def to_json(self) -> dict[str, Any]:
        """The tool, whether it accepted, and its diagnostics."""
        return self.header() | {
            "tool": self.tool,
            "accepted": self.accepted,
            "diagnostics": [found.to_json() for found in self.diagnostics],
        }


def tool_diagnostics(text: str, phase: str) -> tuple[Diagnostic, ...]:
    """The diagnostics in what a tool printed, those of the rule with its code, sorted."""
    found = parse_diagnostics(_PREFIX.sub("", text), phase)
    coded = [
        dataclasses.replace(at, code=CODE) if at.message.startswith(f"{CODE}:") else at
        for at in found
    ]
    return tuple(sorted(coded, key=lambda at: at.position))


@contextlib.contextmanager
def module(source: Source, go: Go) -> Iterator[Path]:
    """The source as a module of its own in a scratch folder."""
    with scratch() as folder:
        source.write(folder)
        text = "module golifelab.example/lab\n\ngo {}.{}\n".format(*go.release)
        (folder / "go.mod").write_text(text)
        yield folder
