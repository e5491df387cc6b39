"""All symbols of a build under one numbering: every object that the linker reads, tied together.

A reference is resolved as the linker does ($GOROOT/src/cmd/link/internal/loader): by package and
number, by the hash of the content, or by name and ABI.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from golifelab.link.object.enumerations import Enumerations, enumerations
from golifelab.link.object.parse import BUILTIN, STATIC_ABI, GoObject, archive_members, go_object

ABIS = (0, 1)  # ABI0 and ABIInternal


@dataclass(frozen=True, slots=True)
class Part:
    """One object of an archive, and the package that it belongs to."""

    package: str
    object: GoObject


class World:
    """Symbols of several packages by number, each where it is defined.

    `place[n]` is (part, row) of symbol n, (-1, -1) for one that no object defines. `ids[part][row]`
    is the number of a row of a part's symbols. A world that begins as another one shares `common`
    with it: what is known of its parts, the first `base`, for who wants to keep something there.
    """

    def __init__(self, names: Enumerations, before: World | None = None) -> None:
        self.names = names
        self.parts: list[Part] = [*before.parts] if before else []
        self.place: list[tuple[int, int]] = [*before.place] if before else []
        self.ids: list[list[int]] = [*before.ids] if before else []
        self.undefined: dict[int, tuple[str, int]] = {**before.undefined} if before else {}
        self.base = len(self.parts)
        self.common: dict[tuple[int, int], object] = before.common if before else {}
        first, named, hashed = before._indices() if before else ({}, {}, {})  # noqa: SLF001 - a World
        self._first: dict[str, int] = first
        self._named: dict[tuple[str, int], int] = named
        self._hashed: dict[bytes, int] = hashed

    def add(self, parts: Sequence[Part]) -> World:
        """This world, with further packages; the numbers of the others stay as they are."""
        begin = len(self.parts)
        self.parts += parts
        self.ids += [[] for _ in parts]
        for number, part in enumerate(parts, begin):
            self._first.setdefault(part.package, number)
            self._own(number, part.object)
        for number, part in enumerate(parts, begin):
            self._shared(number, part.object)
        for number, part in enumerate(parts, begin):
            self._references(number, part.object)
        return self

    @property
    def packages(self) -> KeysView[str]:
        """The packages that were read."""
        return self._first.keys()

    def lookup(self, name: str, abi: int = 0) -> int | None:
        """The symbol of a name and an ABI, if there is one."""
        return self._named.get((name, abi))

    def named(self, name: str) -> Iterator[int]:
        """The symbols of a name, of either ABI."""
        return (n for abi in ABIS if (n := self._named.get((name, abi))) is not None)

    def name(self, number: int) -> str:
        """The name of a symbol; "" for one that has none."""
        part, row = self.place[number]
        if part < 0:
            return self.undefined[number][0]
        return self.parts[part].object.name(row)

    def package(self, number: int) -> str:
        """The package whose object defines a symbol; "" when none does."""
        part, _ = self.place[number]
        return self.parts[part].package if part >= 0 else ""

    def kind(self, number: int) -> str:
        """The kind of a symbol, as "STEXT"; "" for one that no object defines."""
        part, row = self.place[number]
        if part < 0:
            return ""
        kinds = self.names.kinds
        kind = self.parts[part].object.symbols[row][3]
        return kinds[kind] if kind < len(kinds) else f"#{kind}"

    def size(self, number: int) -> int:
        """The bytes of a symbol in memory."""
        part, row = self.place[number]
        return int(self.parts[part].object.symbols[row][6]) if part >= 0 else 0

    def flags(self, number: int) -> tuple[int, int]:
        """The two bytes of flags of a symbol."""
        part, row = self.place[number]
        if part < 0:
            return 0, 0
        symbol = self.parts[part].object.symbols[row]
        return symbol[4], symbol[5]

    def data(self, number: int) -> bytes:
        """The content of a symbol before relocation."""
        part, row = self.place[number]
        if part < 0:
            return b""
        made = self.parts[part].object
        offset, length = made.data(row)
        return bytes(made.reader.slice(offset, length))

    def target(self, part: int, package: int, symbol: int) -> int | None:
        """The symbol that a reference in an object of this world means; None for no symbol."""
        if package == 0:
            return None
        made = self.parts[part].object
        if package == BUILTIN:
            if symbol >= len(self.names.builtins):
                raise made.reader.error(f"it refers to the built-in symbol {symbol}")
            return self._builtin(symbol)
        row = made.own_index(package, symbol)
        if row is not None:
            return self.ids[part][row]
        # Objects write a dot in the last part of a path as %2e.
        name = unquote(made.packages[package]) if package < len(made.packages) else ""
        other = self._first.get(name)
        if other is None or symbol >= len(self.ids[other]):
            raise made.reader.error(f"it refers to symbol {symbol} of package {name!r}")
        return self.ids[other][symbol]

    def _builtin(self, number: int) -> int | None:
        name = self.names.builtins[number]
        return next((n for abi in (1, 0) if (n := self.lookup(name, abi)) is not None), None)

    def _indices(self) -> tuple[dict[str, int], dict[tuple[str, int], int], dict[bytes, int]]:
        return {**self._first}, {**self._named}, {**self._hashed}

    def _own(self, number: int, made: GoObject) -> None:
        """The symbols that are known by their package and number. Names lead to them, too."""
        ids = self.ids[number]
        for row in range(made.counts[0]):
            new = self._define(number, row, ids)
            abi = made.symbols[row][2]
            if made.symbols[row][0] and abi != STATIC_ABI:
                self._claim(made.name(row), abi, new, ids)

    def _shared(self, number: int, made: GoObject) -> None:
        """The symbols that several objects may define."""
        ids = self.ids[number]
        own, short, hashed, named, _ = made.counts
        for row in range(own, own + short + hashed):
            digest = made.digest(row)
            known = self._hashed.get(digest)
            if known is None:
                self._hashed[digest] = self._define(number, row, ids)
                continue
            ids.append(known)
            self._prefer(known, number, row)
        dupok = self.names.flags.index("Dupok")
        for row in range(own + short + hashed, own + short + hashed + named):
            abi = made.symbols[row][2]
            name = made.name(row)
            if not name or abi == STATIC_ABI:
                self._define(number, row, ids)
                continue
            known = self._named.get((name, abi))
            if known is None:
                self._named[name, abi] = self._define(number, row, ids)
                continue
            ids.append(known)
            if known in self.undefined:
                del self.undefined[known]
                self.place[known] = (number, row)
            elif self.flags(known)[0] >> dupok & 1:
                if made.symbols[row][4] >> dupok & 1:
                    self._prefer(known, number, row)
                else:
                    self.place[known] = (number, row)
            elif made.data(row)[1] and not self._content(known):
                self.place[known] = (number, row)

    def _references(self, number: int, made: GoObject) -> None:
        """The symbols that it only names."""
        ids = self.ids[number]
        for row in range(made.definitions, len(made.symbols)):
            key = made.name(row), made.symbols[row][2]
            known = self._named.get(key)
            if known is None:
                known = self._named[key] = len(self.place)
                self.place.append((-1, -1))
                self.undefined[known] = key
            ids.append(known)

    def _define(self, number: int, row: int, ids: list[int]) -> int:
        new = len(self.place)
        self.place.append((number, row))
        ids.append(new)
        return new

    def _claim(self, name: str, abi: int, new: int, ids: list[int]) -> None:
        known = self._named.get((name, abi))
        if known is not None and known in self.undefined:
            # An object that was read before asks for it: the two numbers become one.
            del self.undefined[known]
            self.place[known] = self.place.pop()
            ids[-1] = known
        else:
            self._named[name, abi] = new

    def _prefer(self, known: int, number: int, row: int) -> None:
        """Of two equal definitions the larger one counts, else the one that is read first.

        What is added to a world that others share is the program itself, which is read first.
        """
        sizes = self.parts[number].object.symbols[row][6], self.size(known)
        first = self.base > 0 and self.place[known][0] < self.base
        if sizes[0] > sizes[1] or (first and sizes[0] == sizes[1]):
            self.place[known] = (number, row)

    def _content(self, number: int) -> bool:
        part, row = self.place[number]
        return bool(self.parts[part].object.data(row)[1])


def world_of(
    main: Sequence[Part], files: dict[str, Path], root: Path, always: Iterable[str] = ("runtime",)
) -> World:
    """The world of a program: its own objects, and the archives that they need, and so on.

    `files` are the archives by import path, as an importcfg has them.
    """
    wanted = [path for part in main for path in part.object.imports]
    needed = tuple((path, str(files[path])) for path in _closure([*wanted, *always], files))
    libraries = _libraries(needed, root)
    return World(libraries.names, libraries).add(main)


def parts_of(content: bytes, package: str) -> tuple[Part, ...]:
    """The Go objects in an archive."""
    made = (go_object(content, member)[1] for member in archive_members(content))
    return tuple(Part(package, one) for one in made if one is not None)


def _closure(wanted: Iterable[str], files: dict[str, Path]) -> list[str]:
    """The packages in the linker's order of reading: of equal symbols the first one counts."""
    found = [path for path in dict.fromkeys(wanted) if path in files]
    known = set(found)
    for path in found:
        imports = (one for part in _archive(path, str(files[path])) for one in part.object.imports)
        for one in imports:
            if one in files and one not in known:
                known.add(one)
                found.append(one)
    return found


# Of a program of 200 packages it takes 100 MB and more.
@lru_cache(maxsize=2)
def _libraries(needed: tuple[tuple[str, str], ...], root: Path) -> World:
    parts = [part for path, file in needed for part in _archive(path, file)]
    return World(enumerations(root)).add(parts)


@lru_cache(maxsize=400)
def _archive(package: str, file: str) -> tuple[Part, ...]:
    return parts_of(Path(file).read_bytes(), package)
