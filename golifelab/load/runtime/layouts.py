"""The layout of a Go type: its fields, and how their bytes become values."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from golifelab.errors import GolifelabError, NoSuchName, ParseError
from golifelab.load.runtime import dwarftypes as dw

Kind = Literal[
    "int",
    "uint",
    "bool",
    "float",
    "complex",
    "pointer",
    "struct",
    "array",
    "string",
    "slice",
    "func",
]
MAX_ELEMENTS = 256
MAX_STRING = 4096
_MAX_DEPTH = 32
_ENCODINGS: dict[int, Kind] = {2: "bool", 3: "complex", 4: "float", 5: "int", 6: "int", 13: "int"}
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a struct: bytes from its start, its bytes, the type's name and kind.

    `element` is the place of its type's entry, from which the rest follows.
    """

    name: str
    offset: int
    size: int
    type: str
    kind: Kind
    element: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A type: bytes it takes, its kind, its fields in order (a struct's), its length (an array's).

    `element` is the place of the entry of an array's elements, or of what a pointer points to;
    -1 for others.
    """

    name: str
    size: int
    kind: Kind
    fields: tuple[Field, ...] = ()
    count: int = 0
    element: int = -1

    def __getitem__(self, name: str) -> Field:
        """The field of a name; NoSuchName."""
        for field in self.fields:
            if field.name == name:
                return field
        raise NoSuchName(f"field of {self.name}", name, [field.name for field in self.fields])


class Layouts:
    """The layouts of a program's types, by name and by the place of their entries."""

    def __init__(self, types: dw.DwarfTypes) -> None:
        self._types = types
        self.named = lru_cache(maxsize=256)(self._named)
        self.at = lru_cache(maxsize=1024)(self._at)

    def _named(self, name: str) -> Layout:
        """The layout of a type by its name, "runtime.g"; GolifelabError when there is none."""
        entry = self._types.find(name, dw.TYPES)
        if entry is None:
            raise GolifelabError(
                f"there is no type {name} in the debug information",
                remedy="names look like runtime.g or []*runtime.p; unused types are not there",
            )
        return self.at(entry.offset)

    @property
    def present(self) -> bool:
        """Whether there is debug information."""
        return self._types.present

    def variable(self, name: str) -> tuple[int, Layout] | None:
        """The link-time address (0 where it is not told) and type of a package's variable."""
        entry = self._types.find(name, frozenset((dw.VARIABLE,)))
        if entry is None:
            return None
        where = entry.values.get(dw.LOCATION)
        # DW_OP_addr and eight bytes.
        plain = isinstance(where, bytes) and len(where) == 9 and where[0] == 3
        address = int.from_bytes(where[1:], "little") if plain and isinstance(where, bytes) else 0
        return address, self.at(entry.number(dw.TYPE))

    def _at(self, offset: int) -> Layout:
        """The layout of the type whose entry is at a place."""
        entry = self._types.at(offset)
        name = entry.name
        for _ in range(_MAX_DEPTH):
            if entry.tag != dw.TYPEDEF:
                break
            if dw.TYPE not in entry.values:
                return Layout(name, 8, "pointer")
            entry = self._types.at(entry.number(dw.TYPE))
        else:
            raise ParseError("dwarf", f"{name} is a name of itself")
        size = entry.number(dw.BYTE_SIZE, 8)
        if entry.tag == dw.BASE:
            return Layout(name, size, _ENCODINGS.get(entry.number(dw.ENCODING), "uint"))
        if entry.tag == dw.ARRAY:
            return self._array(name, entry)
        if entry.tag == dw.STRUCT:
            return self._struct(name, entry, size)
        kind: Kind = "func" if entry.tag == dw.FUNCTION else "pointer"
        return Layout(name, 8, kind, element=entry.number(dw.TYPE, -1))

    def _array(self, name: str, entry: dw.Entry) -> Layout:
        element = entry.number(dw.TYPE)
        count = 0
        for child in self._types.children(entry):
            if child.tag == dw.SUBRANGE:
                count = child.number(dw.COUNT, child.number(0x2F, -1) + 1)
        size = entry.number(dw.BYTE_SIZE, -1)
        if size < 0:
            size = self.at(element).size * count
        return Layout(name, size, "array", count=count, element=element)

    def _struct(self, name: str, entry: dw.Entry, size: int) -> Layout:
        fields = tuple(
            self._field(child)
            for child in self._types.children(entry)
            if child.tag == dw.MEMBER and dw.TYPE in child.values
        )
        kind: Kind = "struct"
        if [field.name for field in fields] == ["str", "len"]:
            kind = "string"
        elif name.startswith("[]") and [f.name for f in fields] == ["array", "len", "cap"]:
            kind = "slice"
        return Layout(name, size, kind, fields)

    def _field(self, child: dw.Entry) -> Field:
        element = child.number(dw.TYPE)
        entry = self._types.at(element)
        # A pointer's target is not looked at: types point to each other in circles.
        shape = Layout(entry.name, 8, "pointer") if entry.tag == dw.POINTER else self.at(element)
        offset = child.number(dw.MEMBER_LOCATION)
        return Field(child.name, offset, shape.size, entry.name, shape.kind, element)

    def place(self, layout: Layout, path: str) -> tuple[int, Layout]:
        """Where a field is, and its type: "stack.lo", "ranges[2].base". NoSuchName."""
        offset = 0
        for name, number in _PART.findall(path):
            if number:
                if layout.kind != "array" or not int(number) < layout.count:
                    raise NoSuchName(f"element of {layout.name}", f"[{number}]", [])
                inner = self.at(layout.element)
                offset += int(number) * inner.size
            else:
                field = layout[name]
                inner = self.at(field.element)
                offset += field.offset
            layout = inner
        return offset, layout

    def value(self, layout: Layout, block: bytes, memory: Callable[[int, int], bytes]) -> Any:
        """What bytes of a type mean; `memory`(address, count) reads the text of strings.

        Integers and booleans are themselves, pointers and functions their address. Structs are
        dicts, but one of sync/atomic or internal/runtime/atomic is the value it keeps. Arrays are
        tuples, longer ones than MAX_ELEMENTS a dict with `len`; slices dicts of array, len, cap.
        """
        match layout.kind:
            case "bool":
                return any(block)
            case "float":
                return struct.unpack("<f" if layout.size == 4 else "<d", block)[0]
            case "int":
                return int.from_bytes(block, "little", signed=True)
            case "struct" | "slice":
                return self._fields(layout, block, memory)
            case "string":
                address = int.from_bytes(block[:8], "little")
                length = int.from_bytes(block[8:16], "little")
                text = memory(address, min(length, MAX_STRING)) if address and length else b""
                return text.decode("utf-8", "replace")
            case "array":
                if layout.count > MAX_ELEMENTS:
                    return {"len": layout.count}
                inner = self.at(layout.element)
                parts = (block[i * inner.size :][: inner.size] for i in range(layout.count))
                return tuple(self.value(inner, part, memory) for part in parts)
        return int.from_bytes(block, "little")

    def _fields(self, layout: Layout, block: bytes, memory: Callable[[int, int], bytes]) -> Any:
        found = {
            field.name: self.value(
                self.at(field.element), block[field.offset : field.offset + field.size], memory
            )
            for field in layout.fields
            if field.name != "_"
        }
        if "/atomic." in layout.name:
            for name in ("value", "v", "u"):
                if name in found:
                    return found[name]
        return found
