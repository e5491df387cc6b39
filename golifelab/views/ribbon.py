"""The token ribbon's payload: the compiler's tokens and go/token's, aligned by their bytes.

A token is four small numbers, its class among them: a program of 100,000 tokens packs into a few
hundred kilobytes.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from golifelab.compile.gotokens import GoTokens, pair_rows
from golifelab.compile.numbering import Numbering, numbering
from golifelab.compile.tokens import Tokens
from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.position import Diagnostic
from golifelab.program import Program
from golifelab.views.complaints import MAX_ERRORS, complaints
from golifelab.views.lanes import Lane, compiler_lane, go_lane

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
    lane = compiler_lane(tokens)
    payload: Payload = {"source": tokens.source.text(file), "classes": lane.classes}
    if go is None:
        rows = [(row, -1) for row in tokens.rows_of(file)]
        payload["cells"] = _columns(rows, lane)
    else:
        other = go_lane(go)
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
    return (
        payload
        | {"errors": errors_shown}
        | complaints(found, tokens.tier, checked=errors is not None)
    )


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


def _columns(
    rows: Sequence[tuple[int, int]], compiler: Lane, go: Lane | None = None
) -> dict[str, list[int]]:
    """The cells' columns: what the compiler says of the bytes, else what go/scanner does."""
    shown = rows[:MAX_CELLS]
    second = go or compiler
    starts, there = compiler.table["start"], second.table["start"]
    sizes, others = compiler.sizes(), second.sizes()
    firsts = [starts[mine] if mine >= 0 else there[other] for mine, other in shown]
    columns = {
        "start": [now - before for before, now in pairwise([0, *firsts])],
        "size": [sizes[mine] if mine >= 0 else others[other] for mine, other in shown],
        "compiler": [compiler.numbers[mine] if mine >= 0 else -1 for mine, _ in shown],
    }
    if go is not None:
        columns["go"] = [go.numbers[other] if other >= 0 else -1 for _, other in shown]
    return columns
