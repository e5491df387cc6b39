"""The marks and words of the compiler's remarks, the same in the lane and in its static twin."""

from __future__ import annotations

from dataclasses import dataclass

from golifelab.compile.remarks.remark import Family, Remark


@dataclass(frozen=True, slots=True)
class Chip:
    """How an outcome is shown: a mark, a word, a sentence that says what it means.

    Marks have one shape a family; a filled one still costs something when the program runs. `quiet`
    outcomes are the common case, and are shown when asked for.
    """

    mark: str
    word: str
    means: str
    quiet: bool = False


CHIPS: dict[tuple[Family, str], Chip] = {
    ("inline", "cannot inline"): Chip(
        "●",
        "cannot inline",
        "Calls of this function stay calls: the inliner may not copy its body.",
    ),
    ("inline", "call kept"): Chip(
        "●", "call kept", "This call stays a call, though the inliner looked at it.", quiet=True
    ),
    ("inline", "can inline"): Chip(
        "○",
        "can inline",
        "Cheap enough: the inliner may put the body of this function where it is called.",
    ),
    ("inline", "inlined"): Chip(
        "○", "inlined", "No call is left here: the body of the function stands in its place."
    ),
    ("escape", "moved to heap"): Chip(
        "▲",
        "moved to heap",
        "The variable may outlive its function, so it is allocated on the heap, not on the stack.",
    ),
    ("escape", "escapes"): Chip(
        "▲", "escapes", "The value may outlive its function, so it is allocated on the heap."
    ),
    ("escape", "leaks"): Chip(
        "△",
        "leaks",
        "What this parameter points to may live on after the call: a caller has to allow for it.",
    ),
    ("escape", "stays"): Chip(
        "▽", "stays", "It never outlives its function: the stack is enough.", quiet=True
    ),
    ("bounds", "kept"): Chip(
        "■", "bounds check", "The index is compared with the length each time the program is here."
    ),
    ("bounds", "always fails"): Chip(
        "■", "check always fails", "The compiler proved that this index is out of range."
    ),
    ("bounds", "proved away"): Chip(
        "□",
        "check proved away",
        "The compiler proved that the index is in range: nothing to compare.",
    ),
    ("nil", "kept"): Chip(
        "◆", "nil check", "An instruction of its own touches the pointer, to fault if it is nil."
    ),
    ("nil", "always fails"): Chip(
        "◆", "nil check fails", "The compiler proved that this pointer is nil."
    ),
    ("nil", "removed"): Chip(
        "◇",
        "nil check removed",
        "The pointer can't be nil, or the next access faults by itself: no check is needed.",
        quiet=True,
    ),
    ("devirtualize", "kept"): Chip(
        "»", "dynamic call", "The method is looked up when the program runs."
    ),
    ("devirtualize", "partly"): Chip(
        "›", "partly devirtualized", "The type behind the interface is known, the method is not."
    ),
    ("devirtualize", "devirtualized"): Chip(
        "›",
        "devirtualized",
        "The type behind the interface is known, so the method is called directly.",
    ),
    ("other", "proved"): Chip(
        "·", "proved", "Something that the compiler found out and uses elsewhere.", quiet=True
    ),
    ("other", "noted"): Chip("·", "noted", "", quiet=True),
}
# Checks are proved and removed in SSA; all else is decided before.
_MIDDLE: frozenset[Family] = frozenset({"bounds", "nil"})
_NAMES: dict[Family, str] = {
    "inline": "inlining",
    "escape": "escape",
    "bounds": "bounds checks",
    "nil": "nil checks",
    "devirtualize": "devirtualizing",
    "other": "other",
}


def chip_of(remark: Remark) -> Chip:
    """How a remark is shown."""
    return CHIPS[remark.family, remark.outcome]


def family_name(family: Family) -> str:
    """A family as a reader calls it."""
    return _NAMES[family]


def family_mark(family: Family) -> str:
    """The shape of a family, filled."""
    return next(chip.mark for (of, _), chip in CHIPS.items() if of == family)


def part(family: Family) -> str:
    """The part of a program's life in which a family is decided: whose hue it has."""
    return "middle" if family in _MIDDLE else "front"
