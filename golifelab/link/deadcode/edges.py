"""What a symbol leads to: its relocations, as the linker's dead-code pass reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from golifelab.link.deadcode.world import World
from golifelab.link.object.enumerations import named
from golifelab.link.reader import uvarint

_WEAK = 0x8000
# A marker for the pass alone; it keeps nothing.
_PASSED_OVER = ("R_USETYPE", "R_INITORDER")
_POINTER = 8

Signature = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Method:
    """A method in a type's table: its signature, and the three symbols that come with it."""

    signature: Signature
    targets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Edges:
    """What follows from a symbol being reached.

    `plain` are (symbol, relocation or auxiliary kind); `converts` the types that it puts in
    interfaces; `calls` the interface methods that it calls, `calls_named` those it calls by name;
    `methods` are its own, where it is a type. It has no need of what it only calls weakly: the
    filling of a map variable that nobody uses.
    """

    plain: tuple[tuple[int, str], ...]
    converts: tuple[int, ...]
    calls: tuple[Signature, ...]
    calls_named: tuple[str, ...]
    methods: tuple[Method, ...]
    weak_calls: tuple[int, ...]


NOTHING = Edges((), (), (), (), (), ())


class EdgeReader:
    """Reads the edges of a world's symbols, each once."""

    def __init__(self, world: World) -> None:
        self.world = world
        # What libraries lead to is the same in every program.
        self._common = cast("dict[tuple[int, int], Edges]", world.common)
        self._own: dict[tuple[int, int], Edges] = {}

    def of(self, number: int) -> Edges:
        """What a symbol leads to."""
        place = self.world.place[number]
        known = self._common if place[0] < self.world.base else self._own
        made = known.get(place)
        if made is None:
            made = known[place] = self._read(*place)
        return made

    def inittasks(self, name: str) -> tuple[int, ...]:
        """The tasks that initialize packages, those of `name` ("main..inittask") last.

        The linker follows who imports whom, and leaves out packages with nothing to do.
        """
        start = self.world.lookup(name)
        if start is None:
            return ()
        order = self.world.names.relocations.index("R_INITORDER")
        found: dict[int, None] = {}
        todo = [start]
        while todo:
            number = todo.pop()
            if number in found:
                continue
            found[number] = None
            todo += [
                to for kind, to, _, _ in self._rows(number) if kind == order and to is not None
            ]
        return tuple(one for one in found if self.world.size(one) > _POINTER)

    def _rows(self, number: int) -> list[tuple[int, int | None, int, int]]:
        """(kind, target, offset, addend) of every relocation that is not weak."""
        part, row = self.world.place[number]
        return self._rows_at(part, row) if part >= 0 else []

    def _rows_at(self, part: int, row: int) -> list[tuple[int, int | None, int, int]]:
        target = self.world.target
        return [
            (kind, target(part, package, symbol), offset, addend)
            for offset, _, kind, addend, package, symbol in self.world.parts[
                part
            ].object.relocations(row)
            if not kind & _WEAK
        ]

    def _read(self, part: int, row: int) -> Edges:
        if part < 0:
            return NOTHING
        plain: list[tuple[int, str]] = []
        converts: list[int] = []
        calls: list[Signature] = []
        calls_named: list[str] = []
        method_rows: list[tuple[int, int]] = []
        rows = self._rows_at(part, row)
        names = self.world.names
        for number, target, offset, addend in rows:
            kind = named(names.relocations, number)
            if target is None or kind in _PASSED_OVER:
                continue
            if kind == "R_METHODOFF":
                method_rows.append((offset, target))
            elif kind == "R_USEIFACE":
                converts.append(self._type_of(target))
            elif kind == "R_USEIFACEMETHOD":
                calls.append(self._signature(self._by_offset(target), addend))
            elif kind == "R_USENAMEDMETHOD":
                calls_named.append(self.world.data(target).decode("utf-8", "replace"))
            else:
                plain.append((target, kind))
        made = self.world.parts[part].object
        for number, package, symbol in made.auxiliaries(row):
            kind = named(names.auxiliaries, number)
            target = self.world.target(part, package, symbol)
            if target is not None and kind != "Gotype":
                plain.append((target, kind))
        return Edges(
            tuple(dict.fromkeys(plain)),
            tuple(converts),
            tuple(calls),
            tuple(calls_named),
            self._methods(method_rows, {offset: to for _, to, offset, _ in rows}),
            tuple(self._weak_calls(part, row)),
        )

    def _weak_calls(self, part: int, row: int) -> Iterator[int]:
        for _, _, kind, _, package, symbol in self.world.parts[part].object.relocations(row):
            call = named(self.world.names.relocations, kind & ~_WEAK).startswith("R_CALL")
            target = self.world.target(part, package, symbol) if kind & _WEAK and call else None
            if target is not None:
                yield target

    def _methods(
        self, rows: list[tuple[int, int]], by_offset: dict[int, int | None]
    ) -> tuple[Method, ...]:
        """A type's methods, from the three relocations of each; its name's is right before."""
        found = []
        for start in range(0, len(rows) - 2, 3):
            offset, kind = rows[start]
            targets = tuple(target for _, target in rows[start : start + 3])
            found.append(Method((self._name(by_offset.get(offset - 4)), kind), targets))
        return tuple(found)

    def _by_offset(self, number: int) -> dict[int, int | None]:
        return {offset: target for _, target, offset, _ in self._rows(number)}

    def _signature(self, by_offset: dict[int, int | None], offset: int) -> Signature:
        """The method of an interface type whose record is at an offset: its name and type."""
        return self._name(by_offset.get(offset)), by_offset.get(offset + 4)

    def _name(self, number: int | None) -> str:
        """The text of a name as the runtime keeps it: flags, length, bytes."""
        data = self.world.data(number) if number is not None else b""
        length, begin = uvarint(data, 1)
        return data[begin : begin + length].decode("utf-8", "replace") if length > 0 else ""

    def _type_of(self, number: int) -> int:
        """The type in an itab; a type is itself."""
        itab = self.world.names.flags2.index("Itab")
        if not self.world.flags(number)[1] >> itab & 1:
            return number
        return self._by_offset(number).get(_POINTER) or number
