"""What experiments on executables have in common: the files as values, and rows of their tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.claims.workbench import BUILDS, Lab
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import Executable, executable

if TYPE_CHECKING:
    from golifelab.link.elf.symbols import Function, ImageSymbol

_CALLS = frozenset({"call", "bl", "blr"})


def built(lab: Lab, name: str) -> Executable:
    """The executable of a build of the bench's. It is read once, however many claims look at it."""
    return _read(lab.bench.build(name))


def built_if_possible(lab: Lab, name: str) -> Executable | None:
    """As `built`; None, with a note that says why, where this build is not possible."""
    try:
        return built(lab, name)
    except GolifelabError as error:
        lab.note(BUILDS[name].command, error.message)
        return None


@lru_cache(maxsize=8)
def _read(path: Path) -> Executable:
    return executable(path)


def rows_of(symbols: Iterable[ImageSymbol]) -> str:
    """Symbols as lines of `readelf -sW`: address, size, type, binding, section, name."""
    return "\n".join(
        f"{one.address:016x} {one.size:6} {one.type:7} {one.binding:7} {one.section or 'UND':10}"
        f" {one.name}"
        for one in symbols
    )


def counted(numbers: dict[str, int]) -> str:
    """Counts as words: "1,487 GLOBAL, 412 LOCAL", the largest first."""
    largest = sorted(numbers.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{number:,} {name}" for name, number in largest) or "none"


@dataclass(frozen=True, slots=True)
class Call:
    """A call instruction: where, its bytes and operand, and the target of a direct one."""

    address: int
    code: bytes
    operand: str
    target: int | None


def calls_in(binary: Executable, function: Function) -> Iterator[Call]:
    """The call instructions of a function. FeatureUnavailable unless for amd64 or arm64."""
    code = binary.bytes_at(function.address, function.size)
    reader = _reader(binary.image.machine)
    for address, size, name, operand in reader.disasm_lite(code, function.address):
        if name in _CALLS:
            place = operand.removeprefix("#")
            target = int(place, 16) if place.startswith("0x") else None
            start = address - function.address
            yield Call(address, code[start : start + size], operand, target)


@lru_cache(maxsize=2)
def all_calls(path: Path) -> Mapping[str, tuple[Call, ...]]:
    """The call instructions of every function of an executable, by the function's name."""
    binary = _read(path)
    return {one.name: tuple(calls_in(binary, one)) for one in binary.functions}


def called_by(binary: Executable, name: str) -> list[str]:
    """The functions that a function calls directly, in order, each once; none where it is not."""
    function = binary.function(name)
    calls = calls_in(binary, function) if function else ()
    targets = (binary.function_at(call.target) for call in calls if call.target is not None)
    return list(dict.fromkeys(found.name for found in targets if found))


@lru_cache(maxsize=2)
def _reader(machine: str) -> Any:
    import capstone

    modes = {
        "amd64": (capstone.CS_ARCH_X86, capstone.CS_MODE_64),
        "arm64": (capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM),
    }
    if machine not in modes:
        raise FeatureUnavailable("reading calls from machine code", f"not set up for {machine}")
    return capstone.Cs(*modes[machine])
