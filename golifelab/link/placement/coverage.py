"""What each byte of a section is: a symbol, made by the linker, padding, or unknown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.errors import GolifelabError, ParseError
from golifelab.link.elf.structure import Section
from golifelab.link.executable import Executable
from golifelab.link.placement.linkermade import (
    Claim,
    Kind,
    carriers,
    function_data,
    leftovers,
    named_symbols,
    table_parts,
    whole_section,
)
from golifelab.link.placement.loaderparts import loader_parts
from golifelab.link.placement.stage import Placement

if TYPE_CHECKING:
    import pandas as pd

_MAX_ALIGNMENT = 64
_HIGHEST = 1 << 62
_TABLE = "the executable's symbol table"
_TRAP = 0xCC  # INT 3: what the linker puts between functions of amd64


@dataclass(frozen=True, slots=True)
class Span:
    """Addresses `start` to `end` (not included) that are one thing.

    `number` is a symbol's place among the placed symbols, -1 for other spans, `package` the package
    whose object defines it.
    """

    start: int
    end: int
    kind: Kind
    name: str
    evidence: str
    number: int = -1
    package: str = ""

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.end - self.start


@dataclass(frozen=True)
class Coverage(Sequence[Span]):
    """The spans of one section, from its first byte to its last without a gap."""

    section: Section
    spans: tuple[Span, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.spans)

    def __getitem__(self, index: Any) -> Any:
        return self.spans[index]

    def at(self, address: int) -> Span | None:
        """The span of an address."""
        index = bisect_right(self.spans, address, key=lambda span: span.start) - 1
        return self.spans[index] if index >= 0 and address < self.spans[index].end else None

    def bytes(self, kind: Kind) -> int:
        """How many bytes are of a kind."""
        return sum(span.size for span in self.spans if span.kind == kind)

    def share(self, kind: Kind) -> float:
        """Which part of the section is of a kind, 0 to 1."""
        return self.bytes(kind) / self.section.size if self.section.size else 0.0

    def frame(self) -> pd.DataFrame:
        """One row a span."""
        import pandas as pd

        names = ("start", "end", "size", "kind", "name", "evidence")
        return pd.DataFrame(
            [{name: getattr(span, name) for name in names} for span in self], columns=list(names)
        )


@lru_cache(maxsize=64)
def coverage(opened: Executable, section: str, placed: Placement | None = None) -> Coverage:
    """What each byte of a loaded section is.

    Without a placement the symbol table and the runtime's function table tell, and less is known.
    GolifelabError when there is no such section in memory.
    """
    found = opened.image.section(section)
    if found is None or not found.loaded:
        names = ", ".join(s.name for s in opened.sections if s.loaded)
        raise GolifelabError(f"no section {section} is loaded", remedy=f"there are {names}")
    if found.address + found.size >= _HIGHEST:
        raise ParseError("elf", f"section {section} has an address that no program has")
    spans = _placed_spans(placed, found) if placed else _functions(opened, found)
    spans = _laid(spans, table_parts(opened.image, found), found)
    spans = _laid(spans, loader_parts(opened.image, found), found)
    if found.file_size:
        import numpy as np

        starts = [span.start for span in spans] + [found.address + found.size]
        table = opened.image.symbols
        named = table.addresses[table.places == found.index].astype(np.int64)
        trees, others = function_data(opened, found, np.r_[starts, named])
        spans = _laid(_laid(spans, trees, found), [] if placed else others, found)
    words = _TABLE + ("; no Go object defines it" if placed else "")
    for claims in _apart(_open(named_symbols(opened, found, words), spans)):
        spans = _laid(spans, claims, found, "linker" if placed else "symbol")
    if placed is None:
        spans = _laid(spans, carriers(opened, found), found)
    spans = _laid(spans, [*leftovers(opened, found), *whole_section(found)], found)
    return Coverage(found, tuple(_filled(opened, spans, found)))


def _placed_spans(placed: Placement, section: Section) -> list[Span]:
    import numpy as np

    end = section.address + section.size
    first, last = np.searchsorted(placed.addresses, [section.address, end]).tolist()
    return [
        Span(
            symbol.address,
            min(symbol.end, end),
            "symbol",
            symbol.name,
            symbol.evidence,
            number,
            symbol.package,
        )
        for number in range(first, last)
        for symbol in (placed.symbols[number],)
    ]


def _functions(opened: Executable, section: Section) -> list[Span]:
    """Without a placement: the functions that the file tells itself."""
    words = _TABLE if opened.symbols else "the runtime's function table"
    found = [
        Span(function.address, function.end, "symbol", function.name, words)
        for function in opened.functions
        if section.covers(function.address)
    ]
    return sorted(found, key=lambda span: span.start)


def _laid(
    spans: list[Span], claims: Iterable[Claim], section: Section, kind: Kind = "linker"
) -> list[Span]:
    """The spans, and of each claim the parts that no span covers yet."""
    low, high = section.address, section.address + section.size
    added: list[Span] = []
    starts = [span.start for span in spans]
    for claim in sorted(claims, key=lambda one: one.start):
        begin, end = max(claim.start, low, added[-1].end if added else low), min(claim.end, high)
        index = max(bisect_right(starts, begin) - 1, 0)
        while begin < end:
            while index < len(spans) and spans[index].end <= begin:
                index += 1
            if index < len(spans) and spans[index].start <= begin:
                begin = spans[index].end
                continue
            stop = min(end, spans[index].start) if index < len(spans) else end
            added.append(Span(begin, stop, kind, claim.name, claim.evidence))
            begin = stop
    return sorted([*spans, *added], key=lambda span: span.start) if added else spans


def _open(claims: list[Claim], spans: list[Span]) -> list[Claim]:
    """The claims that the spans leave something of."""
    starts = [span.start for span in spans]
    found = []
    for claim in claims:
        index = bisect_right(starts, claim.start) - 1
        if index < 0 or spans[index].end < claim.end:
            found.append(claim)
    return found


def _apart(claims: list[Claim]) -> Iterator[list[Claim]]:
    """The claims that overlap no other at once, then those that do, the smallest first."""
    ordered = sorted(claims, key=lambda claim: claim.start)
    together: set[Claim] = set()
    reach = ordered[0] if ordered else None
    for claim in ordered[1:]:
        if reach is not None and claim.start < reach.end:
            together |= {reach, claim}
        if reach is None or claim.end > reach.end:
            reach = claim
    yield [claim for claim in ordered if claim not in together]
    for claim in claims:
        if claim in together:
            yield [claim]


def _filled(opened: Executable, spans: list[Span], section: Section) -> Iterable[Span]:
    """The spans with what is between them: padding where it can be, else unknown."""
    position, end = section.address, section.address + section.size
    for span in spans:
        if span.start > position:
            yield _gap(opened, position, span.start, span.name)
        yield span
        position = max(position, span.end)
    if position < end:
        yield _gap(opened, position, end, "")


def _gap(opened: Executable, start: int, end: int, following: str) -> Span:
    """Bytes between two things. Padding is shorter than the alignment of what follows."""
    raw = set(opened.bytes_at(start, end - start))
    alignment = min(end & -end, _MAX_ALIGNMENT)
    before = f"before {following}, which starts at" if following else "at the end, up to"
    words = f"{_count(end - start)} {before} a multiple of {alignment}"
    if raw <= {0} or raw == {_TRAP}:
        fill = "INT 3" if raw == {_TRAP} else "zero"
        if end - start < (_MAX_ALIGNMENT if _TRAP in raw else alignment) or not following:
            return Span(start, end, "padding", f"padding ({fill})", words)
    return Span(start, end, "unknown", "unknown", "nothing tells what these bytes are")


def _count(size: int) -> str:
    return "1 byte" if size == 1 else f"{size} bytes"
