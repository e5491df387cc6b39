"""What the compiler says about its own decisions: inlining, escape analysis, checks it kept."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from golifelab.compile.front import Recent
from golifelab.compile.plain import diagnostics, place
from golifelab.compile.remarks.budget import inline_budget
from golifelab.compile.remarks.changes import Changes, changes
from golifelab.compile.remarks.logged import read
from golifelab.compile.remarks.merge import merge
from golifelab.compile.remarks.pins import pin
from golifelab.compile.remarks.printed import read_text
from golifelab.compile.remarks.remark import FAMILIES, Family, Remark
from golifelab.compile.remarks.words import meaning_of_text
from golifelab.compile.syntax import Node, syntax
from golifelab.errors import CompileFailed, LimitExceeded
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.compile import Compiled, compile_object
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd

# What the compiler is asked to tell: records with columns and ways (-json), the same in sentences
# with what -json leaves out (-m=2), nil checks, bounds checks that are left, and what was proved.
# -L gives the real place beside the one that a //line directive makes of it.
_CHECKS = ("-L", "-d=nil=1", "-d=ssa/check_bce/debug=1", "-d=ssa/prove/debug=1")
_FULL = ("-json=0,file://{dir}/remarks", "-m=2", *_CHECKS)
# The ways of values grow faster than the program: those of go/types fill 165 MB, and would take a
# minute to read. Beyond so many bytes the compiler is asked again, for less.
_BRIEF = ("-m=1", *_CHECKS)
_MOST_TOLD = 48 << 20

_COLUMNS = ("position", "family", "outcome", "kind", "subject", "message", "cost", "steps", "times")
_PLAIN = (
    *("kind", "family", "outcome", "subject", "message"),
    *("function", "cost", "budget", "reason", "body", "times"),
)
_JUDGED = ("canInlineFunction", "cannotInlineFunction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks(Stage):
    """The compiler's remarks on the files of a package, by position. A sequence of Remark.

    A program that is refused has none; then `errors` say why. `brief` is set for a program so large
    that the compiler has too much to tell: then costs, reasons and steps are left out. `rest` are
    lines of the compiler that name no place.
    """

    source: Source
    target: Target
    remarks: tuple[Remark, ...]
    errors: tuple[Diagnostic, ...] = ()
    brief: bool = False
    rest: tuple[str, ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.remarks)

    def __iter__(self) -> Iterator[Remark]:
        return iter(self.remarks)

    def __getitem__(self, index: int) -> Remark:
        return self.remarks[index]

    def at(self, position: Position) -> tuple[Remark, ...]:
        """The remarks on a line; those on the very column come first."""
        on_line = self.on_line(position.line, position.file)
        return tuple(sorted(on_line, key=lambda r: r.position.column != position.column))

    def on_line(self, line: int, file: str = "") -> tuple[Remark, ...]:
        """The remarks on a line of a file, of the first one by default."""
        wanted = (file or self.source.names[0], line)
        return tuple(r for r in self.remarks if (r.position.file, r.position.line) == wanted)

    def kinds(self) -> dict[str, int]:
        """How many remarks there are of each kind, most frequent first."""
        return dict(Counter(remark.kind for remark in self.remarks).most_common())

    def of_kind(self, *kinds: str) -> tuple[Remark, ...]:
        """The remarks of some kinds."""
        return tuple(remark for remark in self.remarks if remark.kind in kinds)

    def families(self) -> dict[Family, int]:
        """How many remarks there are of each family, all families named."""
        counts = Counter(remark.family for remark in self.remarks)
        return {family: counts[family] for family in FAMILIES}

    def of(self, *words: str) -> tuple[Remark, ...]:
        """The remarks of some families or outcomes: `of("bounds")`, `of("escape", "kept")`."""
        return tuple(r for r in self.remarks if r.family in words or r.outcome in words)

    def about(self, subject: str) -> tuple[Remark, ...]:
        """The remarks about a function, a variable or an expression, as the compiler writes it."""
        return tuple(remark for remark in self.remarks if remark.subject == subject)

    def judgements(self) -> dict[str, Remark]:
        """What the inliner says of each function, by the compiler's name of the function."""
        return {remark.subject: remark for remark in self.remarks if remark.kind in _JUDGED}

    @property
    def budget(self) -> int | None:
        """What a plain function may cost to be inlined, as this compiler's source says."""
        return inline_budget(self.target)

    def node(self, remark: Remark) -> Node | None:
        """The node of the syntax tree that a remark is about; None where the compiler names none.

        The same node in both tiers.
        """
        return pin(syntax(self.source, self.target), remark)

    def changes(self, after: Remarks) -> Changes:
        """What differs in the remarks of the program after an edit."""
        return changes(self, after)

    def frame(self) -> pd.DataFrame:
        """One row a remark: position, family, outcome, kind, subject, message, cost, steps."""
        import pandas as pd

        rows = [
            (
                str(r.position),
                *(r.family, r.outcome, r.kind, r.subject, r.message, r.cost, len(r.steps), r.times),
            )
            for r in self.remarks
        ]
        made = pd.DataFrame(rows, columns=list(_COLUMNS))
        return made.astype({"cost": "Int64"})  # whole numbers, or nothing

    def to_json(self) -> dict[str, Any]:
        """`remarks`: objects with the fields of Remark, `steps` with those of Step; `errors`."""
        return self.header() | {
            "remarks": [_plain(remark) for remark in self.remarks],
            "errors": diagnostics(self.errors),
        }


def _plain(remark: Remark) -> dict[str, Any]:
    return {
        "position": place(remark.position),
        "end": place(remark.end),
        **{name: getattr(remark, name) for name in _PLAIN},
        "related": [{"position": place(p), "message": text} for p, text in remark.related],
        "inlined": [place(p) for p in remark.inlined],
        "steps": [
            {
                "position": place(step.position),
                "kind": step.kind,
                "message": step.message,
                "inlined": [place(p) for p in step.inlined],
            }
            for step in remark.steps
        ],
    }


_Run = tuple[tuple[str, ...], Compiled | CompileFailed | LimitExceeded]
_recent: Recent[_Run] = Recent(8)


def remarks(source: Source, target: Target) -> Remarks:
    """Compile a package once and read all remarks. Never raises for wrong Go."""
    flags, done = _recent.get((source, target), lambda: _compiled(source, target))
    shown = tuple(flag.replace("{dir}", "/tmp") for flag in flags)  # noqa: S108 - to be read
    empty = Remarks(
        command=compile_line(source, target, shown),
        tier="tool",
        source=source,
        target=target,
        remarks=(),
        brief=flags == _BRIEF,
    )
    if isinstance(done, CompileFailed):
        return replace(empty, errors=done.diagnostics)
    if isinstance(done, LimitExceeded):
        said = Diagnostic(Position(source.names[0], 0), str(done), phase="compile")
        return replace(empty, errors=(said,))
    if not done.object:
        return replace(empty, seconds=done.seconds, errors=_errors(done))
    names = {name: number for number, name in enumerate(source.names)}
    logged = [
        record
        for name, content in sorted(done.side.items())
        for record in read(content.decode("utf-8", "replace"), name)
        if record.position.file in names
    ]
    told, rest = read_text(done.stdout + "\n" + done.stderr)
    found = merge(logged, [one for one in told if one.position.file in names])
    found.sort(key=lambda r: (names[r.position.file], r.position))
    return replace(empty, seconds=done.seconds, remarks=tuple(found), rest=tuple(rest))


def _errors(refused: Compiled) -> tuple[Diagnostic, ...]:
    """What the compiler has against a program, without the remarks it made before it found it."""
    return tuple(
        said
        for said in refused.diagnostics
        if not said.message.startswith("  ")  # a step of a way
        and meaning_of_text(said.message.partition("\n")[0]).kind == "note"
    )


def _compiled(source: Source, target: Target) -> _Run:
    try:
        with contextlib.suppress(LimitExceeded):
            done = compile_object(source, target, extra=_FULL, collect=("remarks/**/*.json",))
            if len(done.stdout) + sum(map(len, done.side.values())) <= _MOST_TOLD:
                return _FULL, done
        return _BRIEF, compile_object(source, target, extra=_BRIEF)
    except CompileFailed as refused:  # an import that can't be found: known before it compiles
        return _FULL, refused
    except LimitExceeded as reached:
        return _BRIEF, reached
