"""One decision of the compiler, as it is told about: the words that all remarks share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from golifelab.position import Position

Family = Literal["inline", "escape", "bounds", "nil", "devirtualize", "other"]

# What can come out, for each family, in the order in which a reader wants to see them: first what
# still costs something at run time.
OUTCOMES: dict[Family, tuple[str, ...]] = {
    "inline": ("cannot inline", "call kept", "can inline", "inlined"),
    "escape": ("moved to heap", "escapes", "leaks", "stays"),
    "bounds": ("kept", "always fails", "proved away"),
    "nil": ("kept", "always fails", "removed"),
    "devirtualize": ("kept", "partly", "devirtualized"),
    "other": ("proved", "noted"),
}
FAMILIES: tuple[Family, ...] = tuple(OUTCOMES)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way a value takes, at the place where it takes it.

    `kind` is "flow" for a step that names where the value goes now ("y ← &x"), "from" for one that
    names the code that sends it there ("y := &x (assign)"), "note" for anything else. When that
    code was inlined, `position` is the call and `inlined` are the places behind it, innermost last.
    """

    position: Position
    message: str
    kind: str = "from"
    inlined: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark.

    `family` and `outcome` say in a word what was decided (see OUTCOMES). `kind` is finer: the
    compiler's own code where `-json` has one ("canInlineFunction", "cannotInlineFunction",
    "cannotInlineCall", "escape", "leak", "nilcheck", "isInBounds" …), else a word in the same style
    ("inlineCall", "doesNotEscape", "provedInBounds", "nilcheckRemoved", "devirtualize" …).
    `message` is the fullest sentence the compiler has for it.

    `subject` is what it is about, in the compiler's words: a function, a variable, an expression;
    `function` is the one it holds in, where the compiler says so. `cost` and `budget` are the
    inliner's figures, `reason` says why not, `body` what the inliner keeps of a function. `steps`
    are the way of a value that escapes or leaks. When the code that the remark is about was inlined
    here, `position` is the outermost call and `inlined` are the places behind it, innermost last.
    `related` is all that `-json` relates to it, unsorted. `said` are the compiler's own sentences,
    word for word; none when only `-json` tells of it. `times` counts how often it told the very
    same, for instances of a generic function say.
    """

    position: Position
    end: Position
    kind: str
    message: str
    cost: int | None = None
    related: tuple[tuple[Position, str], ...] = ()
    family: Family = "other"
    outcome: str = "noted"
    subject: str = ""
    function: str = ""
    budget: int | None = None
    reason: str = ""
    body: str = ""
    steps: tuple[Step, ...] = ()
    inlined: tuple[Position, ...] = ()
    said: tuple[str, ...] = ()
    times: int = 1
