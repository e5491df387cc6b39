"""Read relocated bytes backwards: from what the linker wrote to the address that it meant.

The linker's arithmetic is in $GOROOT/src/cmd/link/internal/ld/data.go (relocsym) and, for arm64, in
$GOROOT/src/cmd/link/internal/arm64/asm.go (archreloc).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.link.elf.image import Image
from golifelab.link.metadata.moduledata import module_data
from golifelab.link.placement.memory import Memory
from golifelab.link.placement.universe import Universe

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]

PC_RELATIVE, ABSOLUTE, OFFSET, METHOD, BRANCH26, PAGE_PAIR, HALFWORDS = range(1, 8)
JAL, AUIPC_LOAD, AUIPC_STORE = range(8, 11)
_WAYS = {
    "R_PCREL": PC_RELATIVE,
    "R_CALL": PC_RELATIVE,
    "R_ADDR": ABSOLUTE,
    "R_ADDROFF": OFFSET,
    "R_METHODOFF": METHOD,
    "R_PCRELDBL": HALFWORDS,
    "R_RISCV_JAL": JAL,
    "R_RISCV_JAL_TRAMP": JAL,
    "R_RISCV_CALL": AUIPC_LOAD,
    "R_RISCV_PCREL_ITYPE": AUIPC_LOAD,
    "R_RISCV_PCREL_STYPE": AUIPC_STORE,
    "R_CALLARM64": BRANCH26,
    "R_ADDRARM64": PAGE_PAIR,
    "R_ARM64_PCREL_LDST8": PAGE_PAIR,
    "R_ARM64_PCREL_LDST16": PAGE_PAIR,
    "R_ARM64_PCREL_LDST32": PAGE_PAIR,
    "R_ARM64_PCREL_LDST64": PAGE_PAIR,
}
# What some processors read in another way (relocsym in data.go, "special case").
_OWN_WAYS = {"s390x": {"R_CALL": HALFWORDS}}
_SCALES = {"R_ARM64_PCREL_LDST16": 1, "R_ARM64_PCREL_LDST32": 2, "R_ARM64_PCREL_LDST64": 3}
WEAK = 0x8000  # objabi.R_WEAK: does not keep its target alive
_ADRP = 0x90000000


@dataclass(frozen=True, eq=False)
class Bases:
    """What offsets are counted from: the sections of code, of types and of read-only data."""

    text: int
    types: int
    rodata: int


class Inverter:
    """Decodes relocations of one link."""

    def __init__(self, known: Universe, memory: Memory, bases: Bases, machine: str) -> None:
        import numpy as np

        names = known.enumerations.relocations
        self._known = known
        self._memory = memory
        self._way = np.zeros(WEAK, np.int64)
        self._scale = np.zeros(WEAK, np.int64)
        for number, name in enumerate(names):
            self._way[number] = (_WAYS | _OWN_WAYS.get(machine, {})).get(name, 0)
            self._scale[number] = _SCALES.get(name, 0)
        text = {i for i, name in enumerate(known.enumerations.kinds) if name.startswith("STEXT")}
        self._base = np.full(len(known.kind), bases.rodata, np.int64)
        self._base[np.isin(known.kind, sorted(text))] = bases.text
        self._base[type_rows(known)] = bases.types

    def addresses(self, rows: Array, places: Array) -> tuple[Array, Array, Array]:
        """The relocations of rows that stand at addresses, read backwards.

        Gives (relocation, the symbol it refers to, that symbol's address): those that say one.
        """
        import numpy as np

        known = self._known
        counts = known.relocation_start[rows + 1] - known.relocation_start[rows]
        numbers = ragged(known.relocation_start[rows], counts)
        at = np.repeat(places, counts) + known.relocation_offset[numbers]
        target = known.relocation_target[numbers]
        size = known.relocation_size[numbers].astype(np.int64)
        way = self._way[known.relocation_kind[numbers] & (WEAK - 1)]
        index = self._memory.indices(at, size)
        use = (target >= 0) & (way > 0) & (size > 0) & (index >= 0)
        numbers, at, target, size, way, index = (
            column[use] for column in (numbers, at, target, size, way, index)
        )
        found = np.full(len(numbers), -1, np.int64)
        for code, read in (
            (PC_RELATIVE, self._relative),
            (ABSOLUTE, self._absolute),
            (OFFSET, self._offset),
            (METHOD, self._offset),
            (BRANCH26, self._branch),
            (PAGE_PAIR, self._pair),
            (HALFWORDS, self._halfwords),
            (JAL, self._jal),
            (AUIPC_LOAD, self._upper_and_load),
            (AUIPC_STORE, self._upper_and_store),
        ):
            for width in (4, 8):
                here = (way == code) & (size == width)
                if here.any():
                    found[here] = read(numbers[here], at[here], target[here], index[here], width)
        good = found > 0
        return numbers[good], target[good], found[good]

    def _relative(self, numbers: Array, at: Array, _: Array, index: Array, width: int) -> Array:
        distance = signed(self._memory.numbers(index, width), 8 * width)
        return at + width + distance - self._known.relocation_addend[numbers]

    def _halfwords(self, numbers: Array, at: Array, _: Array, index: Array, width: int) -> Array:
        """A distance in half words, as s390x counts."""
        distance = 2 * signed(self._memory.numbers(index, width), 8 * width)
        address: Array = at + width + distance - self._known.relocation_addend[numbers]
        return address

    def _jal(self, numbers: Array, at: Array, _: Array, index: Array, __: int) -> Array:
        """JAL of riscv64: 20 bits, scattered over the instruction, in half words."""
        word = self._memory.numbers(index, 4)
        high = (word >> 31 & 1) << 20 | (word >> 12 & 0xFF) << 12 | (word >> 20 & 1) << 11
        distance = signed(high | (word >> 21 & 0x3FF) << 1, 21)
        address: Array = at + distance - self._known.relocation_addend[numbers]
        return address

    def _upper_and_load(self, numbers: Array, at: Array, _: Array, index: Array, __: int) -> Array:
        low = self._memory.numbers(index + 4, 4) >> 20
        return self._upper(numbers, at, index, low)

    def _upper_and_store(self, numbers: Array, at: Array, _: Array, index: Array, __: int) -> Array:
        word = self._memory.numbers(index + 4, 4)
        return self._upper(numbers, at, index, word >> 25 << 5 | word >> 7 & 0x1F)

    def _upper(self, numbers: Array, at: Array, index: Array, low: Array) -> Array:
        """AUIPC of riscv64 and the instruction after it: 20 bits and 12 bits, both signed."""
        high = signed(self._memory.numbers(index, 4) >> 12, 20) << 12
        distance = high + signed(low & 0xFFF, 12)
        address: Array = at + distance - self._known.relocation_addend[numbers]
        return address

    def _absolute(self, numbers: Array, _: Array, __: Array, index: Array, width: int) -> Array:
        import numpy as np

        value = self._memory.numbers(index, width)
        return np.where(value == 0, -1, value - self._known.relocation_addend[numbers])

    def _offset(self, numbers: Array, _: Array, target: Array, index: Array, width: int) -> Array:
        """An offset from the start of the target's section; 0 and -1 mean that it was left out."""
        import numpy as np

        value = signed(self._memory.numbers(index, width), 8 * width)
        address = self._base[target] + value - self._known.relocation_addend[numbers]
        return np.where((value == 0) | (value == -1), -1, address)

    def _branch(self, numbers: Array, at: Array, _: Array, index: Array, __: int) -> Array:
        """B and BL of arm64: 26 bits, in words, counted from the instruction."""
        words = signed(self._memory.numbers(index, 4) & 0x3FFFFFF, 26)
        address: Array = at + 4 * words - self._known.relocation_addend[numbers]
        return address

    def _pair(self, numbers: Array, at: Array, _: Array, index: Array, __: int) -> Array:
        """ADRP and the ADD, load or store after it: a page by 21 bits, and 12 bits within it."""
        import numpy as np

        first, second = self._memory.numbers(index, 4), self._memory.numbers(index + 4, 4)
        page = signed(((first >> 5) & 0x7FFFF) << 2 | (first >> 29) & 3, 21)
        scale = self._scale[self._known.relocation_kind[numbers] & (WEAK - 1)]
        low = ((second >> 10) & 0xFFF) << scale
        address = (at & ~0xFFF) + (page << 12) + low - self._known.relocation_addend[numbers]
        return np.where(first & 0x9F000000 == _ADRP, address, -1)


def type_rows(known: Universe) -> Array:
    """The rows that the linker lays among the types: by name, as it does."""
    import numpy as np

    pairs = zip(known.first.tolist(), known.objects, strict=True)
    return np.concatenate([base + made.types for base, made in pairs])


def ragged(starts: Array, counts: Array) -> Array:
    """The numbers start, start+1 … of each range, one range after the other."""
    import numpy as np

    total = int(counts.sum())
    ends = np.cumsum(counts)
    return np.repeat(starts - (ends - counts), counts) + np.arange(total)


def signed(values: Array, width: int) -> Array:
    """Unsigned numbers of a width in bits as signed ones."""
    import numpy as np

    if width >= 64:
        return values
    half = 1 << (width - 1)
    result: Array = np.asarray((values ^ half) - half)
    return result


def bases_of(image: Image) -> Bases:
    """Where the sections start from which the linker counts offsets, as it told the runtime."""
    module = module_data(image)
    return Bases(text=module["text"], types=module["types"], rodata=module["rodata"])
