"""moduledata: the struct in which the linker tells the runtime where everything is."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.errors import NoSuchName, ParseError
from golifelab.link.elf.image import Image
from golifelab.link.elf.structure import Section
from golifelab.link.metadata.layout import ModuleField, module_layout
from golifelab.link.metadata.words import Words
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

SYMBOL = "runtime.firstmoduledata"
_NUMBERS = ("len", "offset", "size")  # ends of the names of fields that hold no address


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """A field of moduledata with what the linker put there.

    `words` are its pointer-sized words: one for a number or pointer, two for a string (address,
    length), three for a slice (address, length, capacity). `section` is where the first of them
    points, "" when it is no address of the program.
    """

    name: str
    type: str
    offset: int
    address: int
    words: tuple[int, ...]
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleData(Stage):
    """The moduledata of a program: `address`, the fields in order, and `how` it was found."""

    address: int
    size: int
    section: str
    how: str
    fields: tuple[ModuleValue, ...]
    _index: dict[str, int] = field(repr=False, compare=False)

    def __getitem__(self, name: str) -> int:
        """The first word of a field; NoSuchName when this release has no such field."""
        if name not in self._index:
            raise NoSuchName("field of moduledata", name, self._index)
        return self.fields[self._index[name]].words[0]

    def __contains__(self, name: str) -> bool:
        return name in self._index

    def range(self, start: str, end: str) -> tuple[int, int]:
        """Two fields that bound something: `range("data", "edata")`."""
        return self[start], self[end]

    def slice(self, name: str) -> tuple[int, int]:
        """A slice's or string's address and length, in elements."""
        words = self.fields[self._index[name]].words
        return words[0], words[1]

    def frame(self) -> pd.DataFrame:
        """One row a field: name, type, offset, words (hex), section."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`address`, `section`, `how`, and `fields` as the rows of `frame`."""
        return self.header() | {
            "address": self.address,
            "size": self.size,
            "section": self.section,
            "how": self.how,
            "fields": self._rows(),
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "name": one.name,
                "type": one.type,
                "offset": one.offset,
                "value": " ".join(f"{word:#x}" for word in one.words),
                "section": one.section,
            }
            for one in self.fields
        ]


@lru_cache(maxsize=16)
def module_data(image: Image) -> ModuleData:
    """The moduledata of a program, stripped or not.

    It begins with the address of the function table's header and of the first table after it: a
    pair that occurs once in a program, wherever the linker put it. ParseError when there is none.
    """
    table = table_section(image)
    words = Words(image)
    data = image.section_bytes(table)
    names = words.number(data[8 + 3 * words.size : 8 + 4 * words.size])
    layout = module_layout(image)
    for address in words.pointing_to(table.address):
        # pcHeader, then the slice of the function names: its address, length and capacity.
        first = [words.at(address + place * words.size) for place in range(1, 4)]
        if first[0] == table.address + names and 0 < first[1] == first[2] <= table.size:
            return _read(image, words, address, layout)
    raise ParseError("moduledata", f"{image.path.name or 'the file'} has no moduledata")


def table_section(image: Image) -> Section:
    """The section of the runtime's function table; ParseError when there is none."""
    for section in image.sections:
        if section.name.endswith("gopclntab") and section.file_size:
            return section
    raise ParseError("pclntab", f"{image.path.name or 'the file'} has no function table")


def _read(image: Image, words: Words, address: int, layout: tuple[ModuleField, ...]) -> ModuleData:
    values = tuple(_values(image, words, address, layout))
    section = image.section_at(address)
    size = layout[-1].offset + layout[-1].size
    where = f"--start-address={address:#x} --stop-address={address + size:#x}"
    path = shlex.quote(str(image.path))
    return ModuleData(
        # Its bytes, which are there in a stripped file, too, and need no debugger.
        command=f"objdump -s {where} {path}",
        tier="tool",
        precision="line",
        address=address,
        size=size,
        section=section.name if section else "",
        how="its first words: the addresses of the function table's header and of its names",
        fields=values,
        _index={one.name: number for number, one in enumerate(values)},
    )


def _values(
    image: Image, words: Words, address: int, layout: tuple[ModuleField, ...]
) -> Iterator[ModuleValue]:
    for one in layout:
        place = address + one.offset
        if one.size < words.size:
            found: tuple[int, ...] = (words.number(image.bytes_at(place, one.size)),)
        else:
            found = tuple(words.at(place + step) for step in range(0, one.size, words.size))
        number = one.name.endswith(_NUMBERS) or one.size < words.size
        pointed = None if number else image.section_at(found[0])
        name = pointed.name if pointed else ""
        yield ModuleValue(one.name, one.type, one.offset, place, found, name)
