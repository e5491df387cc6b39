"""Read what the compiler's -S flag prints: the machine code of every function, with lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from golifelab.compile.functions import Function
from golifelab.compile.machine.code import Instruction, MachineCode, Relocation
from golifelab.errors import ParseError
from golifelab.position import Position

_HEAD = re.compile(r"(?P<name>\S.*?) STEXT (?P<flags>.*?)size=(?P<size>\d+)(?P<rest>.*)$")
_INSTRUCTION = re.compile(r"\t0x[0-9a-f]+ (\d+) \((.*?)\)\t([^\t]+)(?:\t(.*))?$")
_BYTES = re.compile(r"\t0x([0-9a-f]+)((?: [0-9a-f]{2}){1,16})  ")
_RELOCATION = re.compile(r"\trel (\d+)\+(\d+) t=(\S+) (.*?)(?:\+(-?\d+))?$")
_FRAME = re.compile(r"\$(-?\d+)-(-?\d+)$")
_PSEUDO = frozenset({"TEXT", "FUNCDATA", "PCDATA"})
# Everything up to the package's last dot; brackets of type arguments may hold dots too.
_PACKAGE = re.compile(r"^(?:[^.\[(]*/)?[^/.\[(]*\.(?=.)")


@dataclass(slots=True)
class Listing:
    """One function of a listing, as lines."""

    symbol: str
    size: int
    lines: list[str] = field(default_factory=list)
    abi: str = ""
    position: Position | None = None

    @property
    def function(self) -> Function:
        """The function that is listed. Its name is the symbol without the package."""
        name = _PACKAGE.sub("", self.symbol)
        # Shapes and types are filed under packages that no source has.
        for prefix in ("type:", "go.shape."):
            if self.symbol.startswith(prefix):
                name = self.symbol.removeprefix(prefix)
        return Function(name, self.symbol, self.abi, "", self.position, self.size)


def split(text: str) -> list[Listing]:
    """Cut a listing into its functions; those without code are left out."""
    listings: list[Listing] = []
    current: Listing | None = None
    for line in text.split("\n"):
        if not line.startswith("\t"):
            head = _HEAD.match(line)
            current = Listing(head["name"], int(head["size"])) if head else None
            if current is not None and current.size:
                listings.append(current)
        elif current is not None:
            current.lines.append(line)
            if "\tTEXT\t" in line:
                found = _INSTRUCTION.match(line)
                current.position = _position(found[2]) if found else None
                current.abi = "ABIInternal" if "ABIInternal" in line else "ABI0"
    return listings


def machine(listing: Listing, unit: int = 0) -> MachineCode:
    """The instructions of a function. Their positions have no columns, their origin is unknown.

    `unit` is the size of an instruction where all are alike: after the last one there may be
    constants and padding.
    """
    code = bytearray(listing.size)
    found: dict[int, tuple[str, str, Position | None]] = {}
    relocations: list[Relocation] = []
    frame = arguments = 0
    for number, line in enumerate(listing.lines, 1):
        if match := _INSTRUCTION.match(line):
            pc, place, opcode, operands = int(match[1]), match[2], match[3], match[4] or ""
            if opcode == "TEXT" and (sizes := _FRAME.search(operands)):
                frame, arguments = int(sizes[1]), int(sizes[2])
            # A NOP may be padding or nothing at all: then the next instruction has its place.
            if opcode not in _PSEUDO and pc < listing.size:
                found[pc] = (opcode, f"{opcode} {operands}".rstrip(), _position(place))
        elif match := _BYTES.match(line):
            offset, data = int(match[1], 16), bytes.fromhex(match[2])
            if offset + len(data) > listing.size:
                raise ParseError("assembly listing", f"{listing.symbol} overflows", line=number)
            code[offset : offset + len(data)] = data
        elif match := _RELOCATION.match(line):
            addend = int(match[5] or 0)
            symbol = "" if match[3].startswith("R_TLS") else match[4]  # "TLS" is no symbol
            relocations.append(Relocation(int(match[1]), int(match[2]), match[3], symbol, addend))
    starts = sorted(found)
    ends = [*starts[1:], starts[-1] + unit if unit and starts else listing.size][: len(starts)]
    instructions = tuple(
        Instruction(i, pc, end - pc, bytes(code[pc:end]), found[pc][1], found[pc][0], found[pc][2])
        for i, (pc, end) in enumerate(zip(starts, ends, strict=True))
    )
    return MachineCode(instructions, tuple(relocations), bytes(code), frame, arguments)


def _position(text: str) -> Position | None:
    file, colon, line = text.rpartition(":")
    return Position(file, int(line)) if colon and line.isdecimal() else None
