"""The token ribbon's payload: the compiler's tokens and go/token's, aligned by their bytes.

Tokens of one class (all names, all `+`) are alike but for their place. So a class is described once
and a token is three numbers: a program of 100,000 tokens packs into a few hundred kilobytes.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from golifelab.columns import Table
from golifelab.compile.gotokens import GoToken, GoTokens, pair_rows
from golifelab.compile.numbering import Numbering, numbering
from golifelab.compile.tokens import Token, Tokens
from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.position import Diagnostic
from golifelab.program import Program
from golifelab.views.complaints import MAX_ERRORS, complaints
from golifelab.views.editor import token_class

# Cells of a ribbon. A file of the largest size the tools accept can have millions of tokens.
MAX_CELLS = 300_000

Payload = dict[str, Any]


def ribbon_payloads(program: Program, file: str = "") -> Iterable[Payload]:
    """What the ribbon shows of one file of a program (by default the first). One payload."""
    file = file or program.source.names[0]
    payload = ribbon_payload(program.tokens, file, go=program.go_tokens, errors=program.errors)
    # A Go whose sources are not where they used to be still has tokens, without numbers.
    with contextlib.suppress(ParseError, FeatureUnavailable):
        number(payload, numbering(program.target))
    yield payload


def ribbon_payload(
    tokens: Tokens,
    file: str,
    *,
    go: GoTokens | None = None,
    errors: Sequence[Diagnostic] | None = None,
) -> Payload:
    """One file's tokens as columns.

    - `source`: the text; the browser cuts the tokens' own text out of it
    - `classes`: {kind, literal_kind, operator, precedence, automatic, style} each; with `go` also
      `go_classes`: {name, number, automatic} each
    - `cells`: equally long lists `start` (bytes, each counted from the one before), `size` (bytes),
      `compiler` and `go` (indices into the classes, -1 for none)
    - `counts`: tokens (comments and EOF included), automatic, comments, go (tokens of go/scanner),
      hidden (cells over MAX_CELLS)
    - `readers` and `first`: see `golifelab.views.complaints`; `errors`: the first MAX_ERRORS
    """
    found = tokens.errors if errors is None else tuple(errors)
    lane = _lane(tokens.table, _compiler_keys(tokens.table), lambda row: describe(tokens[row]))
    payload: Payload = {"source": tokens.source.text(file), "classes": lane.classes}
    if go is None:
        rows = [(row, -1) for row in _rows(tokens, file)]
        payload["cells"] = _columns(rows, lane)
    else:
        keys = zip(go.table["number"], go.table["automatic"], strict=True)
        other = _lane(go.table, keys, lambda row: describe_go(go[row]))
        rows = list(pair_rows(tokens, go, file))
        payload |= {"go_classes": other.classes, "cells": _columns(rows, lane, other)}
    met = Counter(lane.numbers[mine] for mine, _ in rows if mine >= 0)
    kinds = [(made["kind"], bool(made["automatic"])) for made in lane.classes]
    payload["counts"] = {
        "tokens": met.total(),
        "automatic": sum(n for number, n in met.items() if kinds[number][1]),
        "comments": sum(n for number, n in met.items() if kinds[number][0] == "comment"),
        "go": sum(row >= 0 for _, row in rows),
        "hidden": max(0, len(rows) - MAX_CELLS),
    }
    errors_shown = [error.to_json() for error in found[:MAX_ERRORS]]
    return payload | {"errors": errors_shown} | complaints(found, checked=errors is not None)


def number(payload: Payload, numbers: Numbering) -> None:
    """Give the compiler's classes the names and numbers of their constants.

    They are found by go/token's number of the same token: `name` and `number` of the token,
    `operator_name` and `operator_number` of its operator. A comment is no token to the compiler.
    """
    spellings = {one.go_number: one for one in numbers}
    cells, go_classes = payload["cells"], payload["go_classes"]
    pairs = set(zip(cells["compiler"], cells["go"], strict=True))
    for mine, other in pairs:
        found = spellings.get(go_classes[other]["number"]) if mine >= 0 and other >= 0 else None
        if found is None or not found.compiler_name:
            continue
        made = payload["classes"][mine]
        made |= {"name": found.compiler_name, "number": found.compiler_number}
        if found.operator:
            made |= {"operator_name": found.operator, "operator_number": found.operator_number}


class _Lane(NamedTuple):
    """One scanner's tokens: for every row of its table the number of its class, and the classes."""

    table: Table
    numbers: list[int]
    classes: list[Payload]

    def span(self, row: int) -> tuple[int, int]:
        """Where a token starts, and its size in bytes.

        A semicolon that nobody typed covers nothing, whatever made the scanner put it there.
        """
        start = self.table["start"][row]
        automatic = self.classes[self.numbers[row]]["automatic"]
        return start, 0 if automatic else self.table["end"][row] - start


def _lane(
    table: Table, keys: Iterable[tuple[int, ...]], describe_row: Callable[[int], Payload]
) -> _Lane:
    """The lane of a scanner; a class is what has one key, described by its first row."""
    known: dict[tuple[int, ...], int] = {}
    lane = _Lane(table, [], [])
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


def _rows(tokens: Tokens, file: str) -> Iterator[int]:
    number = tokens.files.index(file) if file in tokens.files else -1
    return (row for row, of in enumerate(tokens.table["file"]) if of == number)


def _columns(
    rows: Sequence[tuple[int, int]], compiler: _Lane, go: _Lane | None = None
) -> dict[str, list[int]]:
    """The cells' columns: what the compiler says of the bytes, else what go/scanner does."""
    shown = rows[:MAX_CELLS]
    spans = [
        compiler.span(mine) if mine >= 0 or go is None else go.span(other) for mine, other in shown
    ]
    columns = {
        "start": [now - before for before, now in pairwise([0, *(start for start, _ in spans)])],
        "size": [size for _, size in spans],
        "compiler": [compiler.numbers[mine] if mine >= 0 else -1 for mine, _ in shown],
    }
    if go is not None:
        columns["go"] = [go.numbers[other] if other >= 0 else -1 for _, other in shown]
    return columns


def describe(token: Token) -> Payload:
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


def describe_go(token: GoToken) -> Payload:
    """The same for a token of go/scanner."""
    return {"name": token.name, "number": token.number, "automatic": token.automatic}
