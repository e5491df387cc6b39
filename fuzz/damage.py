"""Damage to real files: as random edits, and as a strategy of hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from fuzz.reader import Reader, Seed

# Numbers that readers get wrong: the largest, zero, the sign bit, one, an unfinished varint.
PATCHES = (
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x80",
    b"\x80",
    b"\x01",
    b"\xff" * 8,
    b"\x80" * 12,
    b"\xf0\xff\xff\xff\xff\xff\xff\xff",
    b"\xff\xff",
)
KINDS = ("patch", "flip", "noise", "delete", "repeat", "move", "cut")
_HEADS = (b"", b"\x7fELF\x02\x01\x01", b"\x7fELF\x01\x02\x01", b"!<arch>\n", b"MZ", b"\0go120ld")
_HEADS += (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


@dataclass(frozen=True, slots=True)
class Edit:
    """One wound. `place` and `other` are fractions; `spot` chooses a spot of the seed, -1 none."""

    kind: str
    place: float
    other: float
    spot: int
    length: int
    patch: bytes


def damaged(seed: Seed, edits: tuple[Edit, ...]) -> bytes:
    """The seed's bytes after some edits."""
    data = bytearray(seed.content)
    for edit in edits:
        if data:
            _apply(data, seed, edit)
    return bytes(data)


def random_input(reader: Reader, chance: Random) -> bytes:
    """An input for a reader: nearly always a damaged seed, now and then noise."""
    if chance.random() < 0.03:
        return chance.choice(_HEADS) + chance.randbytes(chance.randrange(600))
    seed = chance.choice(reader.seeds())
    edits = tuple(
        Edit(
            chance.choices(KINDS, (8, 6, 4, 1, 1, 2, 1))[0],
            chance.random(),
            chance.random(),
            chance.randrange(8) if chance.random() < 0.5 else -1,
            chance.choice((1, 2, 4, 8, 16, 64)),
            chance.choice(PATCHES) if chance.random() < 0.7 else chance.randbytes(4),
        )
        for _ in range(chance.choice((1, 1, 2, 3, 5, 12)))
    )
    return damaged(seed, edits)


def inputs(reader: Reader) -> SearchStrategy[bytes]:
    """Hypothesis's inputs for a reader: those it finds wrong it makes as simple as it can."""
    from hypothesis import strategies as st

    fraction = st.floats(0, 1, exclude_max=True)
    edit = st.builds(
        Edit,
        st.sampled_from(KINDS),
        fraction,
        fraction,
        st.integers(-1, 7),
        st.sampled_from((1, 2, 4, 8, 16, 64)),
        st.one_of(st.sampled_from(PATCHES), st.binary(min_size=1, max_size=8)),
    )
    edits = st.lists(edit, min_size=1, max_size=6).map(tuple)
    # Index first: the representation of a megabyte would be built for each example.
    seeds = st.integers(0, len(reader.seeds()) - 1).map(lambda index: reader.seeds()[index])
    noise = st.builds(lambda head, rest: head + rest, st.sampled_from(_HEADS), st.binary())
    return st.one_of(st.builds(damaged, seeds, edits), st.builds(damaged, seeds, edits), noise)


def _apply(data: bytearray, seed: Seed, edit: Edit) -> None:
    start, end = 0, len(data)
    if edit.spot >= 0 and seed.spots:
        start, end = seed.spots[edit.spot % len(seed.spots)]
        start, end = min(start, len(data) - 1), min(end, len(data))
    offset = start + int(edit.place * max(end - start, 1))
    piece = data[offset : offset + edit.length]
    match edit.kind:
        case "patch":
            data[offset : offset + len(edit.patch)] = edit.patch
        case "flip":
            data[offset] ^= 1 << edit.length % 8
        case "noise":
            seeded = Random(edit.patch + edit.length.to_bytes(2, "little"))
            data[offset : offset + len(piece)] = seeded.randbytes(len(piece))
        case "delete":
            del data[offset : offset + edit.length]
        case "repeat":
            data[offset:offset] = piece
        case "move":
            target = start + int(edit.other * max(end - start - len(piece), 1))
            data[target : target + len(piece)] = piece
        case _:
            del data[offset:]
