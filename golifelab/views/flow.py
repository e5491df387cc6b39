"""A flow diagram as a value: steps in lanes, arrows between them, and what each step really did.

It shows itself as a picture drawn by graphviz and as a table that says the same; where there is no
graphviz, as words and the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from golifelab.errors import GolifelabError
from golifelab.program import Program
from golifelab.views import drawing
from golifelab.views.html import Markup, code, details, image, join, table, tag

# "ran": it did what its figure says. "complained": it ran on, but found errors. "stopped": nothing
# comes after it, because of what it found. "unreached": it never ran.
State = Literal["ran", "complained", "stopped", "unreached"]
STATES: dict[State, str] = {
    "ran": "",
    "complained": "✗",
    "stopped": "✗ stopped here",
    "unreached": "never ran",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line inside a step: one of several things that it does, in their order."""

    name: str
    figure: str = ""
    state: State = "ran"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens.

    `name` is a function of Go's own source, and `place` says where it is declared (a path below
    GOROOT/src and a line); or it is a thing that functions hand on, and `place` is empty. `figure`
    is what it came to for the program in question. `lane` is the id of a Lane.
    """

    id: str
    lane: str
    name: str
    figure: str = ""
    place: str = ""
    state: State = "ran"
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one step to another, by their ids."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Steps that belong to one tool. `main` is the one that the picture is about."""

    id: str
    title: str
    main: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """What ran, from the source on. A sequence of Step.

    `across` draws the lanes from left to right, one below the other; else they run downwards side
    by side. `notes` are sentences: what is not in the picture, and where figures come from.
    """

    title: str
    lanes: tuple[Lane, ...]
    steps: tuple[Step, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[str, ...] = ()
    across: bool = False

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, step: str) -> Step:
        """The step of an id; KeyError when there is none."""
        return {one.id: one for one in self.steps}[step]

    def svg(self) -> str:
        """The picture. FeatureUnavailable where there is no graphviz."""
        return drawing.svg(drawing.source(self))

    def bundle(self) -> dict[str, Any]:
        """The picture with its table, or words and the table."""
        listing = flow_table(self)
        try:
            picture = image(self.svg(), self._alternative())
            shown = [picture, details("the same as a table", listing)]
        except GolifelabError as error:
            words = " ".join(error.message.split())
            shown = [tag("p", tag("em", f"Not drawn, but told: {words}.")), listing]
        notes = [tag("p", note) for note in self.notes]
        html = join([tag("p", tag("strong", self.title)), *shown, *notes])
        return {"text/html": str(html), "text/plain": str(self)}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self.bundle()

    def __str__(self) -> str:
        lines = [self.title]
        for lane in self.lanes:
            lines += ["", lane.title]
            for step in self.of(lane):
                lines.append(f"  {_told(step.name, step.figure, step.state)}")
                lines += [f"      {_told(row.name, row.figure, row.state)}" for row in step.rows]
        return "\n".join([*lines, "", *self.notes]).rstrip()

    def of(self, lane: Lane) -> tuple[Step, ...]:
        """The steps of a lane, in order."""
        return tuple(step for step in self.steps if step.lane == lane.id)

    def _alternative(self) -> str:
        """What the picture shows, for who can't see it; the table has the rest."""
        parts = [self.title]
        for lane in self.lanes:
            names = [_told(step.name, step.figure, step.state) for step in self.of(lane)]
            parts.append(f"{lane.title}: " + ", then ".join(names))
        return ". ".join(parts) + "."


def flow_table(flow: Flow) -> Markup:
    """One table a lane: the steps, what they came to, and where Go declares them."""
    heads = ("step", "what it came to", "", "declared in")
    made = []
    for lane in flow.lanes:
        rows: list[tuple[Any, ...]] = []
        for step in flow.of(lane):
            name = code(step.name) if step.place else step.name
            rows.append((name, step.figure, STATES[step.state], code(step.place)))
            rows += [("· " + row.name, row.figure, STATES[row.state], "") for row in step.rows]
        made.append(table(heads, rows, caption=lane.title))
    return join(made)


def _told(name: str, figure: str, state: State) -> str:
    facts = ", ".join(filter(None, (figure, STATES[state])))
    return f"{name} ({facts})" if facts else name


def count(number: int, word: str, several: str = "") -> str:
    """A number and its thing: "1 file", "2,000 files"."""
    return f"{number:,} {word if number == 1 else several or word + 's'}"


def milliseconds(seconds: float) -> str:
    """A time as "0.04 ms", "3.1 ms", "120 ms"; nothing for one that was not measured."""
    if seconds <= 0:
        return ""
    time = seconds * 1000
    return f"{time:.2f} ms" if time < 1 else f"{time:.1f} ms" if time < 100 else f"{time:,.0f} ms"


def files_of(program: Program) -> str:
    """What a title calls a program: its file, and how many more there are."""
    first, *more = program.source.names
    return f"{first} and {count(len(more), 'more file')}" if more else first
