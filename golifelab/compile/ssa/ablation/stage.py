"""What each pass of the compiler is good for in a function: it is compiled without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import Code, function_of
from golifelab.compile.functions import Function
from golifelab.compile.ssa.ablation.measure import MEASURES, Measure, measure, switched
from golifelab.compile.ssa.ablation.passtable import PassEntry, pass_table
from golifelab.compile.ssa.passlog import flag_of
from golifelab.errors import CompileFailed, GolifelabError, Superseded
from golifelab.source import Source
from golifelab.stage import Stage, Tier
from golifelab.target import Target
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Ablated:
    """The function with one pass, or several, switched the other way.

    `switched` is "off", "on" for a pass that does not run by itself, "off and on" where several are
    switched that differ in this, "" for a required one, which the compiler does not let go.
    `measure` is None then, and where the compiler failed; `error` says in its own words why.
    """

    name: str
    switched: str
    measure: Measure | None
    error: str = ""

    @property
    def required(self) -> bool:
        """Whether the compiler insists on this pass."""
        return not self.switched


@dataclass(frozen=True, slots=True, kw_only=True)
class Ablation(Stage):
    """A function compiled once for each pass, in the order of the passes. A sequence of Ablated.

    `baseline` is the function as it is by default. Only the program's own code is compiled anew;
    the packages it imports stay as they are.
    """

    function: Function
    baseline: Measure
    cells: tuple[Ablated, ...]

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[Ablated]:
        return iter(self.cells)

    def __getitem__(self, name: str) -> Ablated:
        """The cell of a pass ("prove"); KeyError for a name that is none."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        raise KeyError(name)

    def change(self, name: str, what: str = "bytes") -> int | None:
        """How much larger the function is with a pass switched; None where that is not known."""
        made = self[name].measure
        return None if made is None else int(getattr(made, what) - getattr(self.baseline, what))

    def frame(self) -> pd.DataFrame:
        """One row a pass: pass, required, switched, the measures, error; default stands first."""
        import pandas as pd

        rows = [{"pass": "(default)", "required": False, "switched": ""} | _plain(self.baseline)]
        rows += [self._row(cell) for cell in self.cells]
        frame = pd.DataFrame(rows)
        frame[list(MEASURES)] = frame[list(MEASURES)].astype("Int64")
        return frame.fillna({"error": ""})

    def to_json(self) -> dict[str, Any]:
        """`function`, `baseline`, `passes` as the rows of `frame`."""
        return self.header() | {
            "function": self.function.symbol,
            "baseline": _plain(self.baseline),
            "passes": [self._row(cell) for cell in self.cells],
        }

    def _row(self, cell: Ablated) -> dict[str, Any]:
        row = {"pass": cell.name, "required": cell.required, "switched": cell.switched}
        return row | _plain(cell.measure) | {"error": cell.error}


def _plain(made: Measure | None) -> dict[str, Any]:
    return {name: None if made is None else getattr(made, name) for name in MEASURES}


def ablation(
    source: Source, target: Target, function: str, passes: Sequence[str] | None = None
) -> Ablation:
    """Compile a function once without each optional pass.

    `passes` limits it to some, by name ("generic cse"); by default all that there are.
    CompileFailed for a program that Go refuses as it is, GolifelabError for an unknown function or
    pass.
    """
    *_, whole = sweep(source, target, function, passes)
    return whole


def sweep(
    source: Source, target: Target, function: str, passes: Sequence[str] | None = None
) -> Iterator[Ablation]:
    """The same as it grows: without a pass to begin with, then with one more each time."""
    code, found = function_of(source, target, function)
    ran = _ran(code, found)
    made = Ablation(
        command=compile_line(source, target, ("-S",)),
        tier=code.tier,
        precision=code.precision,
        seconds=code.seconds,
        function=found,
        baseline=measure(source, target, code.tier, found),
        cells=(),
    )
    yield made
    example = ""
    for entry in choose(target, passes):
        cell = _cell(source, target, code.tier, found, (entry,), ran)
        if cell.switched and not example:
            example = f"-d=ssa/{entry.flag}/{cell.switched}"
            made = replace(made, command=compile_line(source, target, (example, "-S")))
        made = replace(made, cells=(*made.cells, cell))
        yield made


def switch(source: Source, target: Target, function: str, passes: Sequence[str]) -> Ablated:
    """A function with several optional passes switched at once.

    The cell's name is theirs, joined by " + ". CompileFailed for a program that Go refuses as it
    is, GolifelabError for an unknown function or pass, and for a required pass.
    """
    code, found = function_of(source, target, function)
    entries = optional(target, passes)
    return _cell(source, target, code.tier, found, entries, _ran(code, found))


def choose(target: Target, names: Sequence[str] | None) -> tuple[PassEntry, ...]:
    """The passes of these names, in the compiler's order; GolifelabError for one there is not."""
    table = pass_table(target)
    if names is None:
        return table
    wanted = {flag_of(name) for name in names}
    unknown = sorted(wanted - {entry.flag for entry in table})
    if unknown:
        raise GolifelabError(
            f"this Go has no pass named {unknown[0].replace('_', ' ')!r}",
            remedy="its passes are " + ", ".join(entry.name for entry in table),
        )
    return tuple(entry for entry in table if entry.flag in wanted)


def optional(target: Target, names: Sequence[str]) -> tuple[PassEntry, ...]:
    """The same; GolifelabError, in the compiler's words, for one that is required."""
    chosen = choose(target, names)
    for entry in chosen:
        if entry.required:
            raise GolifelabError(entry.refusal, remedy="choose passes that are optional")
    return chosen


def _ran(code: Code, function: Function) -> set[str]:
    return {step.name for step in code.passes(function)}


def _cell(
    source: Source,
    target: Target,
    tier: Tier,
    function: Function,
    entries: tuple[PassEntry, ...],
    ran: set[str],
) -> Ablated:
    name = " + ".join(entry.name for entry in entries)
    refusal = next((entry.refusal for entry in entries if entry.required), "")
    if refusal:
        return Ablated(name, "", None, refusal)
    off = [entry.flag for entry in entries if entry.name in ran]
    on = [entry.flag for entry in entries if entry.name not in ran]
    setting = " and ".join(word for word, flags in (("off", off), ("on", on)) if flags)
    try:
        made = measure(source, switched(switched(target, on, "on"), off), tier, function)
    except Superseded:
        raise
    except CompileFailed as error:
        # Optional passes are not all independent: without one, another may stumble.
        said = error.diagnostics[0].message if error.diagnostics else str(error)
        return Ablated(name, setting, None, said.partition("\n")[0] or "the compiler failed")
    except GolifelabError as error:
        return Ablated(name, setting, None, error.message.partition("\n")[0])
    return Ablated(name, setting, made)
