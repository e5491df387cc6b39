"""Where a variable is in a program without symbols: by the code that names it in another program.

The functions of the runtime are compiled once. Two programs by the same Go have the same bytes of
them, but for the places where the linker wrote how far away something is. So the place that names a
variable in a program with symbols names the same variable in one without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from golifelab.link.elf.image import Image
from golifelab.link.executable import Executable, function_table

if TYPE_CHECKING:
    import numpy as np

_ENOUGH = 24  # places that name it
_AGREED = 0.7  # the share of them that must say the same


def same_place(known: Image, executable: Executable, address: int) -> int | None:
    """The address in `executable` of the variable that is at `address` in a `known` program.

    None when no code names it, or what does disagrees.
    """
    return _same_place(known, executable.image, address)


@lru_cache(maxsize=256)
def _same_place(known: Image, image: Image, address: int) -> int | None:
    theirs, ours = function_table(known), function_table(image)
    found: Counter[int] = Counter()
    for place in _naming(known, address):
        function = theirs.find(place)
        twin = ours.named(function.name) if function else None
        if function is None or twin is None:
            continue
        if twin.end - twin.entry != function.end - function.entry:
            continue
        there = twin.entry + place - function.entry
        distance = address - _named(known, place)
        found[_named(image, there) + distance] += 1
        if sum(found.values()) >= _ENOUGH:
            break
    best = found.most_common(1)
    agreed = best and best[0][1] >= _AGREED * sum(found.values())
    return best[0][0] if agreed else None


def _naming(image: Image, address: int) -> Iterator[int]:
    """The places in the code that name an address."""
    import numpy as np

    section = image.section(".text")
    if section is None or image.machine not in ("amd64", "arm64"):
        return
    data = image.section_bytes(section)
    if image.machine == "arm64":
        yield from _pairs(
            np.frombuffer(data[: len(data) // 4 * 4], "<u4"), section.address, address
        )
        return
    # Four bytes that say how far it is from the end of their instruction, which may hold a number
    # of one, two or four bytes more.
    for shift in range(4):
        words = np.frombuffer(data[shift : shift + (len(data) - shift) // 4 * 4], "<i4")
        places = section.address + shift + 4 * np.arange(len(words), dtype=np.int64)
        far = address - (places + 4 + words.astype(np.int64))
        for more in (0, 1, 2, 4):
            for index in np.flatnonzero(far == more):
                yield int(places[index])


def _pairs(words: np.ndarray, start: int, address: int) -> Iterator[int]:
    """The places of ADRP instructions whose next one completes an address."""
    import numpy as np

    for index in np.flatnonzero((words & 0x9F000000) == 0x90000000):
        place = start + 4 * int(index)
        if (
            index + 1 < len(words)
            and _target(int(words[index]), int(words[index + 1]), place) == address
        ):
            yield place


def _target(first: int, second: int, place: int) -> int | None:
    """The address that an ADRP and the ADD, LDR or STR after it name."""
    if first & 0x9F000000 != 0x90000000:
        return None
    pages = (first >> 5 & 0x7FFFF) << 2 | first >> 29 & 3
    pages -= (pages & 1 << 20) << 1
    register = first & 31
    if second >> 5 & 31 != register:
        return None
    number = second >> 10 & 0xFFF
    if second & 0xFFC00000 == 0x91000000:
        scale = 0
    elif second & 0x3B000000 == 0x39000000:  # a load or store, by its size
        scale = second >> 30
    else:
        return None
    return (place & ~0xFFF) + (pages << 12) + (number << scale)


def _named(image: Image, place: int) -> int:
    """What a place in the code names, but for the bytes of its instruction that follow."""
    if image.machine == "arm64":
        words = image.bytes_at(place, 8)
        first, second = (int.from_bytes(words[i : i + 4], "little") for i in (0, 4))
        return _target(first, second, place) or 0
    distance = int.from_bytes(image.bytes_at(place, 4), "little", signed=True)
    return place + 4 + distance
