"""A placed symbol: what it is, where it is, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass

from golifelab.link.object.enumerations import named
from golifelab.link.placement.solve import (
    FUNCTION_DATA,
    HOW,
    LISTED,
    NAMED,
    POINTED,
    Solution,
)
from golifelab.link.placement.targets import WEAK
from golifelab.link.placement.universe import Universe

_ABIS = {0: "ABI0", 1: "ABIInternal", 0xFFFF: "static"}


@dataclass(frozen=True, slots=True)
class PlacedSymbol:
    """A symbol of an object file at its address in the executable.

    `package` and `member` say which object it is from ("runtime", "_go_.o"), `row` its place among
    that object's symbols. `how` is "symbol table", "function table" (the runtime's own),
    "relocation" or "function data"; `evidence` says it in words. `number` is its place among the
    placed symbols.
    """

    number: int
    name: str
    package: str
    member: str
    row: int
    abi: str
    kind: str
    address: int
    size: int
    how: str
    evidence: str

    @property
    def end(self) -> int:
        """The address after its last byte."""
        return self.address + self.size


def placed_symbol(known: Universe, found: Solution, row: int, number: int) -> PlacedSymbol:
    """The symbol that `row` stands for."""
    chosen = int(found.chosen[row])
    made, local = known.place(chosen)
    abi = int(made.symbols["abi"][local])
    return PlacedSymbol(
        number=number,
        name=known.name(chosen) or _nameless(known, found, row),
        package=made.package,
        member=made.member,
        row=local,
        abi=_ABIS.get(abi, f"ABI #{abi}"),
        kind=named(known.enumerations.kinds, int(known.kind[chosen])),
        address=int(found.address[row]),
        size=int(known.size[chosen]),
        how=HOW[int(found.how[row])],
        evidence=_evidence(known, found, row),
    )


def pointer_words(known: Universe, reason: int, source: int) -> str:
    """The relocation `reason`, of row `source`: "R_PCREL at main.main+0x1c"."""
    kind = named(known.enumerations.relocations, int(known.relocation_kind[reason]) & (WEAK - 1))
    return f"{kind} at {known.name(source)}+{int(known.relocation_offset[reason]):#x}"


def _evidence(known: Universe, found: Solution, row: int) -> str:
    how, reason, source = (int(column[row]) for column in (found.how, found.reason, found.source))
    if how == NAMED:
        words = "the executable's symbol table names it"
    elif how == LISTED:
        words = "the runtime's function table names it"
    elif how == POINTED:
        words = f"{pointer_words(known, reason, source)} leads here"
    else:
        words = f"{_data_name(known, reason)} of {known.name(source)}"
    if known.data_size[found.chosen[row]]:
        return f"{words}; its bytes are the object's"
    return f"{words}; it is all zeroes, so no bytes tell it from others"


def _nameless(known: Universe, found: Solution, row: int) -> str:
    if int(found.how[row]) == FUNCTION_DATA:
        function = known.name(int(found.source[row]))
        return f"{_data_name(known, int(found.reason[row]))} of {function}"
    return "(no name)"


def _data_name(known: Universe, number: int) -> str:
    return named(known.enumerations.funcdata, number).removeprefix("FUNCDATA_")
