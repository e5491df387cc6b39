"""The type checker's error codes, with the explanations that Go's own source gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from textwrap import dedent
from types import MappingProxyType

from golifelab.errors import ParseError
from golifelab.target import Target
from golifelab.toolchain.go import find_go

CODES_FILE = "internal/types/errors/codes.go"

_SPEC = re.compile(r"^(?P<name>\w+)(?:\s+Code)?(?:\s*=\s*(?P<value>iota|-?\d+))?\s*(?://.*)?$")
_EXAMPLE = re.compile(r"^Examples?(?: \([^)]*\))?:[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A kind of type error.

    `name` and `number` are those of Go's package internal/types/errors; `summary` is its comment
    there, in paragraphs, and `example` the Go programs it gives, with an empty line between them
    (empty when it gives none). `line` is where it stands in CODES_FILE below GOROOT/src.
    """

    name: str
    number: int
    summary: str
    example: str
    line: int


def error_codes(target: Target) -> Mapping[str, ErrorCode]:
    """All error codes of a Go version, by name, in the order of its source.

    Empty where a distribution of Go comes without that source.
    """
    return _codes(find_go(target.go).root / "src" / CODES_FILE)


def explain(code: str, target: Target) -> ErrorCode | None:
    """What a Diagnostic's `code` means; None for no code, or one that this Go doesn't have."""
    return error_codes(target).get(code)


@lru_cache(maxsize=16)
def _codes(path: Path) -> Mapping[str, ErrorCode]:
    try:
        text = path.read_text()
    except OSError:
        return MappingProxyType({})
    return MappingProxyType({code.name: code for code in read(text)})


def read(text: str) -> Iterator[ErrorCode]:
    """The constants of codes.go. ParseError where a constant is not written as all others are."""
    comment: list[str] = []
    inside = False
    number, counting = 0, False
    for place, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line == "const (":
            inside, number, counting = True, -1, False
        elif line == ")":
            inside = False
        elif inside and line.startswith("//"):
            comment.append(line[2:].removeprefix(" "))
        elif inside and line:
            found = _SPEC.match(line)
            if found is None:
                raise ParseError(CODES_FILE, f"not a constant: {line!r}", line=place)
            number += 1
            if found["value"] == "iota":
                counting = True
            value = number if counting else int(found["value"] or 0)
            if found["name"] != "_":
                yield _code(found["name"], value, "\n".join(comment), place)
            comment = []
        else:
            comment = []  # it stood apart: a note to Go's developers


def _code(name: str, number: int, comment: str, line: int) -> ErrorCode:
    summary, *examples = _EXAMPLE.split(comment)
    return ErrorCode(
        name,
        number,
        summary.strip(),
        "\n\n".join(dedent(example).strip("\n").expandtabs(4) for example in examples),
        line,
    )
