"""What an edit did to the compiler's decisions: remarks matched across two texts of a program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from golifelab.compile.remarks.linemap import line_map
from golifelab.compile.remarks.remark import Remark
from golifelab.position import Position
from golifelab.source import Source

if TYPE_CHECKING:
    from golifelab.compile.remarks.stage import Remarks

Pair = tuple[Remark, Remark]
LineMaps = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Changes:
    """The remarks of two texts, matched.

    `new` stand only in the text after, `gone` only in the one before. `changed` are pairs about the
    same thing at the same place that say something else now: a cost, a reason, an outcome. `same`
    are pairs that say the same, wherever the edit moved them. `lines` says for every file on which
    line of the text after each line of the one before stands, or where it stood.
    """

    new: tuple[Remark, ...]
    gone: tuple[Remark, ...]
    changed: tuple[Pair, ...]
    same: tuple[Pair, ...]
    lines: LineMaps

    def place(self, remark: Remark) -> Position:
        """Where a remark of the text before would stand in the text after."""
        return moved(self.lines, remark.position)


def changes(before: Remarks, after: Remarks) -> Changes:
    """Match the remarks of a program before and after an edit, by what they say and by their line.

    A line that was moved is found by its text, one that was edited by its place between lines that
    were not.
    """
    lines = line_maps(before.source, after.source)
    gone, new = list(before), list(after)
    same: list[Pair] = []
    changed: list[Pair] = []

    def pair(old: Callable[[Remark], Hashable], now: Callable[[Remark], Hashable]) -> list[Pair]:
        return _pair(gone, new, old, now)

    def line(remark: Remark) -> tuple[str, int]:
        at = moved(lines, remark.position)
        return at.file, at.line

    def here(remark: Remark) -> tuple[str, int]:
        return remark.position.file, remark.position.line

    old_text, new_text = _text_of(before.source), _text_of(after.source)
    # First what says the same on the same line, at the same column where there are several; then
    # what says the same on a line that went elsewhere; last what is about the same and differs.
    same += pair(
        lambda r: (line(r), r.position.column, _says(r)),
        lambda r: (here(r), r.position.column, _says(r)),
    )
    same += pair(lambda r: (line(r), _says(r)), lambda r: (here(r), _says(r)))
    same += pair(lambda r: (old_text(r), _says(r)), lambda r: (new_text(r), _says(r)))
    changed += pair(lambda r: (line(r), _about(r)), lambda r: (here(r), _about(r)))
    changed += pair(_judges, _judges)
    return Changes(tuple(new), tuple(gone), tuple(changed), tuple(same), lines)


def line_maps(before: Source, after: Source) -> LineMaps:
    """For every file of the text before, which line is which in the text after."""
    texts = dict(after.files)
    return {name: line_map(text, texts.get(name, "")) for name, text in before.files}


def moved(lines: LineMaps, position: Position) -> Position:
    """Where a place of the text before is, or would be, in the text after."""
    known = lines.get(position.file)
    if known is None or not 1 <= position.line <= len(known):
        return position
    return Position(position.file, known[position.line - 1], position.column)


def _says(remark: Remark) -> Hashable:
    return remark.kind, remark.outcome, remark.message, remark.function


def _about(remark: Remark) -> Hashable:
    """What a remark is about, whatever it says of it."""
    return remark.family, remark.subject, not remark.subject and remark.position.column


def _judges(remark: Remark) -> Hashable:
    """A function that the inliner judged: there is one of a name, wherever it is written."""
    judged = remark.kind in ("canInlineFunction", "cannotInlineFunction")
    return (remark.position.file, remark.subject) if judged and remark.subject else id(remark)


def _text_of(source: Source) -> Callable[[Remark], Hashable]:
    files = {name: text.split("\n") for name, text in source.files}

    def text(remark: Remark) -> Hashable:
        lines = files.get(remark.position.file, [])
        at = remark.position.line - 1
        # A line without a text of its own can't be found again by it.
        words = lines[at].strip() if 0 <= at < len(lines) else ""
        return words or id(remark)

    return text


def _pair(
    gone: list[Remark],
    new: list[Remark],
    old: Callable[[Remark], Hashable],
    now: Callable[[Remark], Hashable],
) -> list[Pair]:
    """Take out of both lists what has equal keys, in order."""
    waiting: dict[Hashable, list[Remark]] = defaultdict(list)
    for remark in new:
        waiting[now(remark)].append(remark)
    pairs = []
    for remark in gone:
        there = waiting.get(old(remark))
        if there:
            pairs.append((remark, there.pop(0)))
    _take(gone, (one for one, _ in pairs))
    _take(new, (other for _, other in pairs))
    return pairs


def _take(remarks: list[Remark], out: Iterable[Remark]) -> None:
    taken = {id(remark) for remark in out}
    remarks[:] = [remark for remark in remarks if id(remark) not in taken]
