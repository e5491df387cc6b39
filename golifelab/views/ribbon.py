"""The token ribbon's payload: the compiler's tokens and go/token's, aligned by their bytes.

Tokens of one class (all names, all `+`) are alike but for their place. So a class is described once
and a token is three numbers: a program of 100,000 tokens packs into a few hundred kilobytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from golifelab.compile.tokens import Token, Tokens
from golifelab.position import Diagnostic
from golifelab.program import Program
from golifelab.views.editor import token_class

# Cells of a ribbon. A file of the largest size the tools accept can have millions of tokens.
MAX_CELLS = 300_000
# Errors that are listed; all are counted.
MAX_ERRORS = 50

# Who reads the source, in order, and the phase that its errors carry.
READERS = (("scanner", "scan"), ("parser", "parse"), ("types2", "types"))

Payload = dict[str, Any]


def ribbon_payloads(program: Program, file: str = "") -> Iterable[Payload]:
    """What the ribbon shows of one file of a program (by default the first). One payload."""
    file = file or program.source.names[0]
    yield ribbon_payload(program.tokens, file, errors=program.errors)


def ribbon_payload(
    tokens: Tokens,
    file: str,
    *,
    errors: Sequence[Diagnostic] | None = None,
) -> Payload:
    """One file's tokens as columns.

    - `source`: the text; the browser cuts the tokens' own text out of it
    - `classes`: {kind, literal_kind, operator, precedence, automatic, style} each
    - `cells`: equally long lists `start` (bytes, each counted from the one before), `size` (bytes),
      `compiler` (index into `classes`)
    - `counts`: tokens (comments and EOF included), automatic, comments, hidden (over MAX_CELLS)
    - `readers` and `first`: see `complaints`; `errors`: the first MAX_ERRORS
    """
    found = tokens.errors if errors is None else tuple(errors)
    cells = _Cells(tokens, file)
    return {
        "source": tokens.source.text(file),
        "classes": cells.classes,
        "cells": {"start": cells.start, "size": cells.size, "compiler": cells.compiler},
        "counts": {
            "tokens": cells.total,
            "automatic": cells.automatic,
            "comments": cells.comments,
            "hidden": max(0, cells.total - MAX_CELLS),
        },
        "errors": [error.to_json() for error in found[:MAX_ERRORS]],
        **complaints(found, checked=errors is not None),
    }


def complaints(errors: Sequence[Diagnostic], *, checked: bool = True) -> Payload:
    """Who complained: `readers`, each with the number of its errors, and the `first` error.

    A reader's count is None when it was not asked: types2 gets no tree that has syntax errors. With
    `checked` false only the scanner has read the source.
    """
    counts = {phase: sum(error.phase == phase for error in errors) for _, phase in READERS}
    broken = counts["scan"] + counts["parse"] > 0
    asked = {"scan": True, "parse": checked, "types": checked and not broken}
    return {
        "readers": [
            {"who": who, "errors": counts[phase] if asked[phase] else None}
            for who, phase in READERS
        ],
        "first": errors[0].to_json() if errors else None,
    }


class _Cells:
    """The columns of one file, and the classes of its tokens as they are met."""

    def __init__(self, tokens: Tokens, file: str) -> None:
        self.start: list[int] = []
        self.size: list[int] = []
        self.compiler: list[int] = []
        self.classes: list[Payload] = []
        self.total = self.automatic = self.comments = 0
        if file not in tokens.files:
            return
        number = tokens.files.index(file)
        table = tokens.table
        names = ("file", "start", "end", "kind", "literal", "literal_kind", "operator")
        rows = zip(*(table[name] for name in names), table["precedence"], strict=True)
        known: dict[tuple[int, ...], int] = {}
        semicolons: dict[int, bool] = {}
        before = 0
        for row, (of, start, end, kind, literal, *rest) in enumerate(rows):
            if of != number:
                continue
            self.total += 1
            if kind not in semicolons:
                semicolons[kind] = table.text("kind", row) == ";"
            # The literal of a semicolon says where it comes from; other literals are its text.
            key = (kind, literal if semicolons[kind] else -1, *rest)
            if key not in known:
                known[key] = len(self.classes)
                self.classes.append(describe(tokens[row]))
            made = self.classes[known[key]]
            self.automatic += bool(made["automatic"])
            self.comments += made["kind"] == "comment"
            if self.total <= MAX_CELLS:
                self.start.append(start - before)
                self.size.append(0 if made["automatic"] else end - start)
                self.compiler.append(known[key])
                before = start


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
