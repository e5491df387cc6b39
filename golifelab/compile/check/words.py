"""The structured reason in the type checker's sentence about a type and an interface."""

from __future__ import annotations

import re
from dataclasses import dataclass

# In types2's and go/types' own words (lookup.go, instantiate.go). The first that matches counts.
_REASONS = (
    ("wrong name", re.compile(r"\(missing method (?P<method>\w+)\)\n\s*have ")),
    ("missing method", re.compile(r"\(missing method (?P<method>\w+)\)")),
    ("pointer receiver", re.compile(r"\(method (?P<method>\w+) has pointer receiver\)")),
    ("wrong signature", re.compile(r"\(wrong type for method (?P<method>\w+)\)")),
    ("unexported method", re.compile(r"\(unexported method (?P<method>\w+)\)")),
    ("ambiguous", re.compile(r"\(ambiguous selector .*\.(?P<method>\w+)\)")),
    ("field, not method", re.compile(r"\(.*\.(?P<method>\w+) is a field, not a method\)")),
    ("pointer to interface", re.compile(r"type .* is pointer to (?:interface|type parameter)")),
    ("empty type set", re.compile(r"\(empty type set\)")),
    ("not comparable", re.compile(r"does not (?:implement|satisfy) comparable")),
    (
        "not in type set",
        re.compile(
            r"missing in |possibly missing ~ for |is not in the type set of |"
            r"does not (?:implement|satisfy) [^(]*$"
        ),
    ),
    ("not an interface", re.compile(r"is not an interface")),
)
_HAVE_WANT = re.compile(r"\n\s*have (?P<have>.*)\n\s*want (?P<want>.*)")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a type does not implement an interface.

    `kind` is one of the words above, or "other". `method` is the method in question, where it is
    about one; `have` and `want` are the two signatures where the checker compares them.
    """

    kind: str
    method: str = ""
    have: str = ""
    want: str = ""


def reason_of(message: str) -> Reason:
    """The reason that a message gives."""
    compared = _HAVE_WANT.search(message)
    have, want = (compared["have"], compared["want"]) if compared else ("", "")
    for kind, pattern in _REASONS:
        match = pattern.search(message)
        if match:
            return Reason(kind, match.groupdict().get("method") or "", have, want)
    return Reason("other", "", have, want)
