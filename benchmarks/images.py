"""A large executable as a value, beside the tools that list its symbols, and pyelftools."""

from __future__ import annotations

import shutil
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Timing, in_turns
from golifelab.link.elf.image import Image
from golifelab.link.metadata.pclntab import FunctionTable
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

_OUTPUT = 1 << 28


@dataclass(frozen=True, slots=True)
class Memory:
    """The most memory that reading a file took at once, beside the file's own size, in bytes."""

    name: str
    file: int
    peak: int

    @property
    def ratio(self) -> float:
        """How many times the file."""
        return self.peak / self.file


def large() -> Path:
    """The largest executable that every toolchain has: the compiler."""
    return find_go().tool("compile")


def whole(path: Path) -> int:
    """Open, all symbols with names, all functions, and all functions of the runtime's own table."""
    image = Image(path)
    symbols = len(image.symbols.names.all) + len(image.symbols.addresses)
    functions = len(image.functions.names) + len(image.functions.addresses)
    table = FunctionTable(image)
    return symbols + functions + len(table.names) + len(table.starts)


def objects(path: Path) -> int:
    """The same, with an object for each symbol and function."""
    image = Image(path)
    return len(list(image.symbols)) + len(list(image.functions))


def symbols_by_pyelftools(path: Path) -> int:
    """Open, and the name, address and size of every symbol; it does not know Go's own table."""
    from elftools.elf.elffile import ELFFile

    with path.open("rb") as stream:
        table = ELFFile(stream).get_section_by_name(".symtab")
        rows = [(one.name, one["st_value"], one["st_size"]) for one in table.iter_symbols()]
        return len(rows)


def reading() -> list[Timing]:
    """All symbols and functions of the compiler. `go tool nm` is what everyone has."""
    path = large()
    go = find_go()

    def nm() -> object:
        words = [go.command, "tool", "nm", "-size", "-sort", "address", path]
        return run(words, env=go.environment(), timeout=120, max_output=_OUTPUT)

    contestants = {
        "go tool nm": nm,
        "symbols, functions, pclntab": lambda: whole(path),
        "the same as objects": lambda: objects(path),
        "pyelftools, symbols": lambda: symbols_by_pyelftools(path),
    }
    if shutil.which("readelf"):
        contestants["readelf -sW"] = lambda: run(
            ["readelf", "-sW", path], timeout=120, max_output=_OUTPUT
        )
    return in_turns(contestants, rounds=5)


def memory() -> Memory:
    """What `whole` takes at its peak, the file's bytes among it."""
    path = large()
    whole(path)
    tracemalloc.start()
    try:
        whole(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Memory(f"{path.name}, all symbols and functions", path.stat().st_size, peak)
