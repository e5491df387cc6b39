"""What the compiler's sentences mean: which family, which outcome, about what, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from golifelab.compile.remarks.remark import Family


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sentence understood. The fields are those of Remark.

    `derefs` and `result` tell leaks apart: how often the value is followed, and into which result
    ("{heap}" when into none).
    """

    kind: str
    family: Family
    outcome: str
    subject: str = ""
    function: str = ""
    cost: int | None = None
    budget: int | None = None
    reason: str = ""
    body: str = ""
    derefs: int | None = None
    result: str = ""


# The first that fits wins. Named groups fill the fields of Meaning of the same name.
_SENTENCES: tuple[tuple[str, str, Family, str], ...] = (
    (
        r"can inline (?P<subject>.+?) with cost (?P<cost>\d+) as: (?P<body>.*)",
        *("canInlineFunction", "inline", "can inline"),
    ),
    (r"can inline (?P<subject>.+)", "canInlineFunction", "inline", "can inline"),
    (
        r"cannot inline (?P<subject>.+?) into (?P<function>.+?): (?P<reason>.+)",
        *("cannotInlineCall", "inline", "call kept"),
    ),
    (
        r"cannot inline (?P<subject>.+?): (?P<reason>.+)",
        *("cannotInlineFunction", "inline", "cannot inline"),
    ),
    (
        r"inlining call to (?P<subject>.+?)(?: with score -?\d+)?",
        *("inlineCall", "inline", "inlined"),
    ),
    (
        r"(?P<subject>.+) escapes to heap in (?P<function>.+):",
        *("escape", "escape", "escapes"),
    ),
    (r"(?P<subject>.+) escapes to heap:?", "escape", "escape", "escapes"),
    (r"moved to heap: (?P<subject>.+)", "escape", "escape", "moved to heap"),
    (
        (
            r"parameter (?P<subject>.+?) leaks to (?P<result>.+?)(?: for (?P<function>.+))?"
            r" with derefs=(?P<derefs>\d+):?"
        ),
        *("leak", "escape", "leaks"),
    ),
    (
        r"leaking param: (?P<subject>.+?) to result (?P<result>.+?) level=(?P<derefs>-?\d+)",
        *("leak", "escape", "leaks"),
    ),
    (r"leaking param content: (?P<subject>.+)", "leakContent", "escape", "leaks"),
    (r"leaking param: (?P<subject>.+)", "leak", "escape", "leaks"),
    (r"(?P<subject>.+) does not escape", "doesNotEscape", "escape", "stays"),
    (r"Found IsInBounds", "isInBounds", "bounds", "kept"),
    (r"Found IsSliceInBounds", "isSliceInBounds", "bounds", "kept"),
    (r"Proved IsInBounds.*", "provedInBounds", "bounds", "proved away"),
    (r"Proved IsSliceInBounds.*", "provedSliceInBounds", "bounds", "proved away"),
    (r"Disproved IsInBounds.*", "disprovedInBounds", "bounds", "always fails"),
    (r"Disproved IsSliceInBounds.*", "disprovedSliceInBounds", "bounds", "always fails"),
    (r"index bounds check elided", "boundsElided", "bounds", "proved away"),
    (r"generated nil check", "nilcheck", "nil", "kept"),
    (r"removed nil check", "nilcheckRemoved", "nil", "removed"),
    (
        (
            r"(?:PGO )?devirtualizing (?:interface call |function call )?"
            r"(?P<subject>.+) to (?P<body>.+)"
        ),
        *("devirtualize", "devirtualize", "devirtualized"),
    ),
    (
        r"partially devirtualizing (?P<subject>.+) to (?P<body>.+)",
        *("partlyDevirtualize", "devirtualize", "partly"),
    ),
    (
        r"cannot devirtualize (?P<subject>.+): (?P<reason>.+)",
        *("cannotDevirtualize", "devirtualize", "kept"),
    ),
    (r"de-virtualizing call", "devirtualize", "devirtualize", "devirtualized"),
    (r"(?:Proved|Disproved|Rewrote) .*", "prove", "other", "proved"),
    (r"Induction variable: .*|Inverted loop iteration", "induction", "other", "proved"),
    (
        r"function (?P<subject>.+) considered 'big'; (?P<reason>.*)",
        *("bigFunction", "other", "noted"),
    ),
    (
        r"(?P<function>\S+) capturing by \S+: (?P<subject>.+) \(addr=.*",
        *("capture", "other", "noted"),
    ),
)
_PATTERNS = tuple(
    (re.compile(pattern, re.DOTALL), kind, family, outcome)
    for pattern, kind, family, outcome in _SENTENCES
)

# Codes of -json whose records have no sentence of their own.
_CODES: dict[str, tuple[Family, str]] = {
    "canInlineFunction": ("inline", "can inline"),
    "cannotInlineFunction": ("inline", "cannot inline"),
    "cannotInlineCall": ("inline", "call kept"),
    "inlineCall": ("inline", "inlined"),
    "escape": ("escape", "escapes"),
    "leak": ("escape", "leaks"),
    "isInBounds": ("bounds", "kept"),
    "isSliceInBounds": ("bounds", "kept"),
    "nilcheck": ("nil", "kept"),
    "iteration-variable-to-heap": ("escape", "escapes"),
    "iteration-variable-to-stack": ("escape", "stays"),
}
_BUDGET = re.compile(r"\bcost (\d+) exceeds budget (\d+)")
_CALL_COST = re.compile(r"cost (\d+) of (\S+) exceeds max caller cost (\d+)")
_COST = re.compile(r"cost: (\d+)")
_CALLEE = re.compile(
    r"(?:repeated recursive cycle|recursive call) to (\S+)|(\S+) cannot be inlined"
)


def meaning_of_text(text: str) -> Meaning:
    """What a sentence of `-m=2` and its relatives means; a "note" when it is not known."""
    for pattern, kind, family, outcome in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _filled(kind, family, outcome, match.groupdict())
    return Meaning("note", "other", "noted")


def meaning_of_code(code: str, message: str) -> Meaning:
    """What a record of `-json` means."""
    # "escapes" and "escape" are one thing, written by two places in the compiler.
    code = "escape" if code == "escapes" else code
    family, outcome = _CODES.get(code, ("other", "noted"))
    if code in ("escape", "leak") and message:
        told = meaning_of_text(message)
        if told.family == "escape":
            return told
    if code == "cannotInlineCall":
        return _call_kept(message)
    if code == "cannotInlineFunction":
        return _filled(code, family, outcome, {"reason": message})
    cost = _COST.fullmatch(message)
    return Meaning(code, family, outcome, cost=int(cost[1]) if cost else None)


def _filled(kind: str, family: Family, outcome: str, words: dict[str, str | None]) -> Meaning:
    told = {name: word for name, word in words.items() if word is not None}
    reason = told.get("reason", "")
    budget = _BUDGET.search(reason)
    cost = told.get("cost") or (budget[1] if budget else None)
    derefs = told.get("derefs")
    return Meaning(
        kind,
        family,
        outcome,
        told.get("subject", ""),
        told.get("function", ""),
        None if cost is None else int(cost),
        int(budget[2]) if budget else None,
        reason,
        told.get("body", ""),
        None if derefs is None else int(derefs),
        told.get("result", ""),
    )


def _call_kept(message: str) -> Meaning:
    over = _CALL_COST.search(message)
    callee = _CALLEE.search(message)
    subject = over[2] if over else (callee[1] or callee[2]) if callee else ""
    return Meaning(
        "cannotInlineCall",
        "inline",
        "call kept",
        subject,
        cost=int(over[1]) if over else None,
        budget=int(over[3]) if over else None,
        reason=message,
    )
