"""What the compiler says about its own decisions: inlining, escape analysis, checks it kept."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from golifelab.compile.front import Recent
from golifelab.compile.plain import diagnostics, place
from golifelab.errors import CompileFailed, ParseError
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.compile import Compiled, compile_object, shell_line

if TYPE_CHECKING:
    import pandas as pd

_COST = re.compile(r"\bcost:? (\d+)")


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark.

    `kind` is the compiler's own word: "canInlineFunction", "cannotInlineFunction", "inlineCall",
    "escape", "leak", "nilcheck", "isInBounds" … `cost` is the inliner's figure where the message
    has one (functions above 80 are not inlined). `related` explains step by step, as places and
    messages: the way a value takes to the heap, or where an inlined body comes from.
    """

    position: Position
    end: Position
    kind: str
    message: str
    cost: int | None = None
    related: tuple[tuple[Position, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks(Stage):
    """The compiler's remarks on the files of a package, by position. A sequence of Remark.

    A program that is refused has none; then `errors` say why.
    """

    remarks: tuple[Remark, ...]
    errors: tuple[Diagnostic, ...] = ()

    def __len__(self) -> int:
        return len(self.remarks)

    def __iter__(self) -> Iterator[Remark]:
        return iter(self.remarks)

    def __getitem__(self, index: int) -> Remark:
        return self.remarks[index]

    def at(self, position: Position) -> tuple[Remark, ...]:
        """The remarks on a line; those on the very column come first."""
        on_line = [
            remark
            for remark in self.remarks
            if (remark.position.file, remark.position.line) == (position.file, position.line)
        ]
        return tuple(sorted(on_line, key=lambda r: r.position.column != position.column))

    def kinds(self) -> dict[str, int]:
        """How many remarks there are of each kind, most frequent first."""
        return dict(Counter(remark.kind for remark in self.remarks).most_common())

    def of_kind(self, *kinds: str) -> tuple[Remark, ...]:
        """The remarks of some kinds."""
        return tuple(remark for remark in self.remarks if remark.kind in kinds)

    def frame(self) -> pd.DataFrame:
        """One row a remark: position, kind, message, cost."""
        import pandas as pd

        rows = [(str(r.position), r.kind, r.message, r.cost) for r in self.remarks]
        made = pd.DataFrame(rows, columns=["position", "kind", "message", "cost"])
        return made.astype({"cost": "Int64"})  # whole numbers, or nothing

    def to_json(self) -> dict[str, Any]:
        """`remarks`: position, end, kind, message, cost, related; `errors`."""
        rows = [
            {
                "position": place(remark.position),
                "end": place(remark.end),
                "kind": remark.kind,
                "message": remark.message,
                "cost": remark.cost,
                "related": [{"position": place(p), "message": text} for p, text in remark.related],
            }
            for remark in self.remarks
        ]
        return self.header() | {"remarks": rows, "errors": diagnostics(self.errors)}


_recent: Recent[Compiled | CompileFailed] = Recent(8)


def remarks(source: Source, target: Target) -> Remarks:
    """Compile a package with -json and read the remarks. Never raises for wrong Go."""
    done = _recent.get((source, target), lambda: _compiled(source, target))
    command = shell_line(source, target, ("-json=0,file:///tmp/remarks",))
    if isinstance(done, CompileFailed):
        return Remarks(command=command, tier="tool", remarks=(), errors=done.diagnostics)
    found = [
        remark
        for name, content in sorted(done.side.items())
        for remark in read(content.decode("utf-8", "replace"), name)
        if remark.position.file in source.names
    ]
    found.sort(key=lambda r: (source.names.index(r.position.file), r.position, r.kind))
    return Remarks(
        command=command,
        tier="tool",
        seconds=done.seconds,
        remarks=tuple(found),
        errors=() if done.object else done.diagnostics,
    )


def _compiled(source: Source, target: Target) -> Compiled | CompileFailed:
    try:
        return compile_object(
            source,
            target,
            extra=("-json=0,file://{dir}/remarks",),
            collect=("remarks/**/*.json",),
        )
    except CompileFailed as refused:  # an import that can't be found: known before it compiles
        return refused


def read(text: str, name: str = "remarks") -> list[Remark]:
    """The remarks of one file, as `compile -json` writes them: a header line, then one a line."""
    lines = text.splitlines()
    try:
        file = str(json.loads(lines[0])["file"]) if lines else ""
        return [_remark(file, json.loads(line)) for line in lines[1:]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParseError(f"compile -json ({name})", str(error)) from error


def _remark(file: str, entry: dict[str, Any]) -> Remark:
    message = str(entry.get("message", ""))
    cost = _COST.search(message)
    related = tuple(
        (
            _position(unquote(step["location"]["uri"]).removeprefix("file://"), step["location"]),
            str(step["message"]),
        )
        for step in entry.get("relatedInformation", ())
    )
    return Remark(
        _position(file, entry),
        _position(file, entry, "end"),
        str(entry["code"]),
        message,
        int(cost[1]) if cost else None,
        related,
    )


def _position(file: str, entry: dict[str, Any], edge: str = "start") -> Position:
    # Unlike the protocol whose words it borrows, the compiler counts lines and columns from 1.
    spot = entry["range"][edge]
    return Position(file, int(spot["line"]), int(spot["character"]))
