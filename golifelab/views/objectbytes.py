"""An object file for the browser: its bytes, what each of them is, and its symbols."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import Any

from golifelab.errors import ParseError
from golifelab.link.object.fields import Field
from golifelab.link.object.file import ObjectFile
from golifelab.program import Program

# Bytes, fields and symbols that are sent. What is cut off is counted; the whole is in the value.
MAX_BYTES = 2 << 20
MAX_FIELDS = 100_000
MAX_SYMBOLS = 20_000
MAX_INSTRUCTIONS = 20_000
MAX_TEXT = 160

Payload = dict[str, Any]


def object_payloads(program: Program) -> Iterator[Payload]:
    """The object file of a program that compiles; `errors` alone, their number, for another."""
    found = program.errors
    if found:
        yield {"errors": len(found), "problem": str(found[0])}
        return
    file = program.object
    code = list(islice(_instructions(program, file), MAX_INSTRUCTIONS))
    yield object_payload(file, program.source.names[0], code)


def object_payload(
    file: ObjectFile, source: str = "", instructions: Sequence[tuple[int, int, str]] = ()
) -> Payload:
    """An object file.

    - `size`, `content` (base64), `more`: bytes that are not sent
    - `fields`: equally long columns offset, size, parent, and kind, name, value, meaning as indices
      into `texts`; each field before its parts; `shallow`: whether the smallest are not sent
    - `symbols`: columns name, kind, abi, size, offset (of the bytes in the file, -1 for none),
      relocations
    - `lines`: [first byte, byte after the last, line] of the code of `source`, and `functions`:
      [first byte, byte after the last, name]
    - `instructions`: [first byte, bytes, text] of code, where the program is at hand
    - `package`, `go`, `architecture`, `relocations`; `errors` is 0
    """
    texts = _Texts()
    fields, shallow = _bounded(file)
    columns: dict[str, list[int]] = {
        "offset": [one.offset for one in fields],
        "size": [one.size for one in fields],
        "parent": _parents(fields),
        "kind": [texts.number(one.kind) for one in fields],
        "name": [texts.number(one.name) for one in fields],
        "value": [texts.number(one.value) for one in fields],
        "meaning": [texts.number(one.meaning) for one in fields],
    }
    shown = file.symbols[:MAX_SYMBOLS]
    return {
        "errors": 0,
        "size": file.size,
        "content": base64.b64encode(file.content[:MAX_BYTES]).decode(),
        "more": max(0, file.size - MAX_BYTES),
        "package": file.package,
        "go": file.go_version,
        "architecture": file.architecture,
        "relocations": file.relocation_count,
        "fields": columns,
        "shallow": shallow,
        "texts": texts.known,
        "symbols": {
            "name": [one.name[:MAX_TEXT] for one in shown],
            "kind": [one.kind for one in shown],
            "abi": [one.abi for one in shown],
            "size": [one.size for one in shown],
            "offset": [one.offset for one in shown],
            "relocations": [len(one.relocations) for one in shown],
        },
        "hidden": max(0, len(file.symbols) - MAX_SYMBOLS),
        "source": source,
        "lines": list(_lines(file, source)) if source else [],
        "instructions": sorted(instructions),
        "functions": [[one.offset, one.offset + one.data_size, one.name] for one in file.functions],
    }


def _bounded(file: ObjectFile) -> tuple[list[Field], bool]:
    """The fields down to the depth at which they are not too many, and whether that cuts some."""
    shown = list(islice(file.fields, MAX_FIELDS + 1))
    if len(shown) <= MAX_FIELDS:
        return shown, False
    for depth in count():
        more = list(islice(file.fields.down_to(depth), MAX_FIELDS + 1))
        if len(more) > MAX_FIELDS:
            break
        shown = more
    return shown, True


def _parents(fields: list[Field]) -> list[int]:
    """The rows of the parents among the fields that are sent."""
    rows = {one.index: row for row, one in enumerate(fields)}
    return [rows.get(one.parent, -1) for one in fields]


def _instructions(program: Program, file: ObjectFile) -> Iterator[tuple[int, int, str]]:
    """The instructions of the functions, each where its bytes are in the file."""
    places = {symbol.name: symbol.offset for symbol in reversed(file.functions)}
    for function in program.functions:
        start = places.get(function.symbol, -1)
        if start < 0 or function.abi == "ABI0":
            continue
        for one in program.machine(function.symbol):
            if one.size:
                yield start + one.pc, one.size, one.text[:MAX_TEXT]


def _lines(file: ObjectFile, source: str) -> Iterator[list[int]]:
    """Which bytes of code are from which line of a source file, inlined calls apart."""
    for symbol in file.functions:
        try:
            found = symbol.function
        except ParseError:
            continue
        files, lines = (found.table("Pcfile"), found.table("Pcline")) if found else (None, None)
        if files is None or lines is None:
            continue
        names = file.parts[symbol.member].files
        for start, end, line in lines.ranges:
            number = files.at(start)
            if number is None or not 0 <= number < len(names) or names[number] != source:
                continue
            yield [symbol.offset + start, symbol.offset + min(end, symbol.data_size), line]


class _Texts:
    """Strings, each once."""

    def __init__(self) -> None:
        self.known: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        text = text[:MAX_TEXT] if len(text) > 2 * MAX_TEXT else text
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self.known)
            self.known.append(text)
        return found
