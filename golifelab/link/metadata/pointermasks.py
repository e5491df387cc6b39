"""Which words of .data and .bss hold pointers: the two masks the collector scans globals with.

The linker writes each mask as a small program (runtime.gcdata, runtime.gcbss) of literal bits and
repetitions; at start-up the runtime runs it. The language is described at runGCProg in
$GOROOT/src/runtime/mbitmap.go.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from golifelab.errors import ParseError
from golifelab.link.elf.image import Image
from golifelab.link.executable import Executable
from golifelab.link.metadata.moduledata import module_data
from golifelab.link.reader import uvarint
from golifelab.stage import Stage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

_MAX_WORDS = 1 << 27  # a mask of one gigabyte of variables
_REPEAT, _COUNT = 0x80, 0x7F


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """The pointer mask of the addresses `start` up to, not including, `end`.

    `pointers` has one entry a word, true for a pointer. `address` is where the program that makes
    it stands, `program` its bytes.
    """

    name: str
    start: int
    end: int
    word: int
    address: int
    program: bytes
    pointers: npt.NDArray[np.bool_]

    def of(self, start: int, size: int) -> tuple[bool, ...]:
        """The bits of the words of a variable; () outside."""
        if not self.start <= start < self.end:
            return ()
        first = (start - self.start) // self.word
        last = (min(start + size, self.end) - self.start) // self.word
        return tuple(self.pointers[first:last].tolist())


@dataclass(frozen=True, slots=True)
class MaskedSymbol:
    """A variable in .data or .bss with the bits of its words."""

    name: str
    address: int
    size: int
    mask: str
    pointers: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True)
class PointerMasks(Stage):
    """The pointer masks of a program's variables. .noptrdata and .noptrbss need none."""

    data: Mask
    bss: Mask
    image: Image = field(repr=False, compare=False)

    @property
    def masks(self) -> tuple[Mask, Mask]:
        """Both masks: .data's and .bss's."""
        return self.data, self.bss

    def is_pointer(self, address: int) -> bool | None:
        """Whether the word at an address holds a pointer; None when no mask covers it."""
        for mask in self.masks:
            if mask.start <= address < mask.end:
                return bool(mask.pointers[(address - mask.start) // mask.word])
        return None

    def symbol(self, name: str) -> MaskedSymbol | None:
        """A variable by its name ("main.head"); None when it is not in .data or .bss."""
        found = self.image.symbol(name)
        if found is None:
            return None
        for mask in self.masks:
            if bits := mask.of(found.address, found.size):
                return MaskedSymbol(found.name, found.address, found.size, mask.name, bits)
        return None

    @cached_property
    def symbols(self) -> tuple[MaskedSymbol, ...]:
        """All variables in .data and .bss, by address; () when the program is stripped."""
        return tuple(self._symbols())

    def frame(self) -> pd.DataFrame:
        """One row a variable: name, address, size, mask, words, pointers (how many), bits."""
        import pandas as pd

        columns = ["name", "address", "size", "mask", "words", "pointers", "bits"]
        return pd.DataFrame(self._rows(), columns=columns)

    def to_json(self) -> dict[str, Any]:
        """`masks` with their sizes, `symbols` as the rows of `frame`."""
        masks = [
            {
                "name": mask.name,
                "start": mask.start,
                "end": mask.end,
                "program": mask.program.hex(),
                "words": len(mask.pointers),
                "pointers": int(mask.pointers.sum()),
            }
            for mask in self.masks
        ]
        return self.header() | {"masks": masks, "symbols": self._rows()}

    def _symbols(self) -> Iterator[MaskedSymbol]:
        for one in self.image.symbols:
            if one.size and one.type == "OBJECT":
                for mask in self.masks:
                    if bits := mask.of(one.address, one.size):
                        yield MaskedSymbol(one.name, one.address, one.size, mask.name, bits)

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "name": one.name,
                "address": one.address,
                "size": one.size,
                "mask": one.mask,
                "words": len(one.pointers),
                "pointers": sum(one.pointers),
                "bits": "".join("01"[bit] for bit in one.pointers[:64]),
            }
            for one in self.symbols
        ]


def pointer_masks(executable: Executable) -> PointerMasks:
    """The pointer masks of a program, stripped or not; ParseError when they are damaged."""
    image = executable.image
    module = module_data(image)
    masks = []
    for name, start, end, program in (
        (".data", "data", "edata", "gcdata"),
        (".bss", "bss", "ebss", "gcbss"),
    ):
        low, high = module.range(start, end)
        place = module[program]
        segment = image.segment_at(place)
        limit = segment.file_size - (place - segment.address) if segment else 0
        word = image.bits // 8
        bits, used = run_program(image.bytes_at(place, limit), max(high - low, 0) // word)
        code = image.bytes_at(place, used)
        masks.append(Mask(name, low, high, word, place, code, bits))
    path = shlex.quote(str(executable.path))
    return PointerMasks(
        command=f"readelf --wide --symbols {path} | grep -E 'runtime.(gcdata|gcbss)'",
        tier="tool",
        precision="line",
        data=masks[0],
        bss=masks[1],
        image=image,
    )


def run_program(code: bytes, words: int) -> tuple[npt.NDArray[np.bool_], int]:
    """Run a pointer program that makes `words` bits: the bits, and how many bytes it takes.

    ParseError when it makes more, refers to bits before its first, or does not end.
    """
    import numpy as np

    if words > _MAX_WORDS:
        raise ParseError("pointer mask", f"it covers {words} words")
    found = np.zeros(words, np.bool_)
    made = position = 0
    while position < len(code):
        instruction = code[position]
        position += 1
        count = instruction & _COUNT
        if not instruction & _REPEAT:
            if not count:
                return found, position
            size = (count + 7) // 8
            raw = np.frombuffer(code[position : position + size], np.uint8)
            bits = np.unpackbits(raw, bitorder="little")[:count]
            position += size
        else:
            if not count:
                count, position = uvarint(code, position)
            times, position = uvarint(code, position)
            if not 0 < count <= made or not 0 <= times * count <= words - made:
                raise ParseError("pointer mask", "it repeats more than there is", line=position)
            bits = np.tile(found[made - count : made], times)
        # The last literal is padded to whole bytes.
        extra = made + len(bits) - words
        if (extra > 0 and bits[len(bits) - extra :].any()) or extra > 7:
            raise ParseError("pointer mask", "it covers more than the variables", line=position)
        bits = bits[: words - made]
        found[made : made + len(bits)] = bits
        made += len(bits)
    raise ParseError("pointer mask", "its program does not end", line=position)
