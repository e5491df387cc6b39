"""Tokens by class: all names are alike but for their place, and so are all plus signs.

A class is described once and a token is a number: views of many thousand tokens need no object for
each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from golifelab.columns import Table
from golifelab.compile.gotokens import GoToken, GoTokens
from golifelab.compile.tokens import Token, Tokens

Class = dict[str, Any]

# The compiler's token kinds that are no keyword: everything else in letters is one.
_PLAIN = {"name", "literal", "comment", "op", "op=", "opop", "EOF"}


class Lane(NamedTuple):
    """One scanner's tokens: for every row of its table the number of its class, and the classes."""

    table: Table
    numbers: list[int]
    classes: list[Class]

    def sizes(self) -> list[int]:
        """For every row how many bytes it covers.

        A semicolon that nobody typed covers none, whatever made the scanner put it there.
        """
        automatic = [bool(made["automatic"]) for made in self.classes]
        rows = zip(self.table["start"], self.table["end"], self.numbers, strict=True)
        return [0 if automatic[number] else end - start for start, end, number in rows]


def compiler_lane(tokens: Tokens) -> Lane:
    """The compiler's tokens. Classes are as `describe` gives them."""
    return _lane(tokens.table, _compiler_keys(tokens.table), lambda row: describe(tokens[row]))


def go_lane(tokens: GoTokens) -> Lane:
    """The tokens of go/scanner. Classes are as `describe_go` gives them."""
    keys = zip(tokens.table["number"], tokens.table["automatic"], strict=True)
    return _lane(tokens.table, keys, lambda row: describe_go(tokens[row]))


def describe(token: Token) -> Class:
    """What all tokens of a token's class have in common.

    `automatic` is empty for what was typed, else where the scanner put it: "newline", "EOF".
    """
    return {
        "kind": token.kind,
        "literal_kind": token.literal_kind,
        "operator": token.operator,
        "precedence": token.precedence,
        "automatic": token.literal if token.automatic else "",
        "style": token_class(token),
    }


def describe_go(token: GoToken) -> Class:
    """The same for a token of go/scanner."""
    return {"name": token.name, "number": token.number, "automatic": token.automatic}


def token_class(token: Token) -> str:
    """One word for how a token is coloured."""
    if token.automatic:
        return "automatic"
    if token.kind in ("name", "comment"):
        return token.kind
    if token.kind == "literal":
        return "string" if token.literal_kind in ("string", "rune") else "number"
    if token.kind.isalpha() and token.kind not in _PLAIN:
        return "keyword"
    return "operator" if token.operator else "punctuation"


def _lane(
    table: Table, keys: Iterable[tuple[int, ...]], describe_row: Callable[[int], Class]
) -> Lane:
    """A class is what has one key; its first row describes it."""
    known: dict[tuple[int, ...], int] = {}
    lane = Lane(table, [], [])
    for row, key in enumerate(keys):
        number = known.get(key)
        if number is None:
            number = known[key] = len(lane.classes)
            lane.classes.append(describe_row(row))
        lane.numbers.append(number)
    return lane


def _compiler_keys(table: Table) -> Iterator[tuple[int, ...]]:
    kinds = table["kind"]
    semicolons = {kind for kind in set(kinds) if kind >= 0 and table.strings[kind] == ";"}
    # The literal of a semicolon says where it comes from; other literals are just their text.
    origins = (
        literal if kind in semicolons else -1
        for kind, literal in zip(kinds, table["literal"], strict=True)
    )
    rest = (table[name] for name in ("literal_kind", "operator", "precedence"))
    return zip(kinds, origins, *rest, strict=True)
