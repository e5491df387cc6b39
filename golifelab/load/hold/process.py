"""A process that is held still, to be looked at."""

from __future__ import annotations

import contextlib
import os
import weakref
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Literal, Self

from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded
from golifelab.link.executable import Executable
from golifelab.load.hold.keeper import Keeper
from golifelab.load.memory.maps import Mappings, describe, load_bias, parse_maps
from golifelab.load.memory.pages import Pages, page_range, parse_pagemap
from golifelab.load.memory.smaps import Smap, parse_smaps
from golifelab.stage import Recording

How = Literal["ptrace", "loop", "signal", "pipe", "overlay", "recording"]
MAX_MEMORY_READ = 64 << 20
MAX_OUTPUT = 16 << 20


@dataclass(frozen=True, slots=True)
class Finished:
    """How a process ended: its output and exit code, negative for a signal that killed it."""

    returncode: int
    output: str


class Process:
    """A live process of an executable, held still. Use it in a `with` block, or close it.

    `how` tells what holds it, `held_at` where. Addresses are run-time addresses; `bias` is what was
    added to the link-time ones (0 unless the program is position-independent). Nothing survives:
    the process is killed when the block ends, and by the kernel should this program die.
    """

    how: How
    recorded: Recording | None = None

    def __init__(self, executable: Executable, keeper: Keeper, held_at: str) -> None:
        self.executable = executable
        self.held_at = held_at
        self._keeper = keeper
        self._finalizer = weakref.finalize(self, keeper.close)
        self._path = os.path.realpath(executable.path)
        self._bias: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = f"held at {self.held_at}" if self.alive else "ended"
        return f"<Process {self.pid} of {self.executable.name}, {state} by {self.how}>"

    @property
    def pid(self) -> int:
        """The process id."""
        return self._keeper.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return not self._keeper.finished

    @property
    def bias(self) -> int:
        """Run-time address minus link-time address of the executable's code and data."""
        if self._bias is None:
            rows = parse_maps(self._proc("maps"))
            self._bias = load_bias(rows, self.executable.image, self._path)
        return self._bias

    @property
    def maps(self) -> Mappings:
        """The mappings, read now."""
        rows = parse_maps(self._proc("maps"))
        return Mappings(
            rows=describe(rows, self.executable.image, self._path, self.bias),
            held_at=self.held_at,
            command=f"cat /proc/{self.pid}/maps",
            recorded=self.recorded,
            tier="tool",
            precision="line",
        )

    @property
    def smaps(self) -> tuple[Smap, ...]:
        """What the kernel accounts for each mapping, in the order of `maps`, read now."""
        return parse_smaps(self._proc("smaps"))[1]

    def pages(self, start: int, end: int) -> Pages:
        """The pages that cover [start, end), read now; LimitExceeded beyond 1 GiB."""
        first, last = page_range(start, end)
        return Pages(
            rows=parse_pagemap(self.pagemap(start, end), first * 4096),
            command=f"sudo page-types --pid {self.pid} --list-each --addr {first}-{last}",
            recorded=self.recorded,
            tier="tool",
            precision="line",
        )

    def pagemap(self, start: int, end: int) -> bytes:
        """The kernel's entries, of 8 bytes, for the pages that cover [start, end), read now."""
        first, last = page_range(start, end)
        return self._proc("pagemap", first * 8, (last - first) * 8)

    def memory(self, address: int, count: int) -> bytes:
        """Bytes of its memory; GolifelabError where nothing is mapped."""
        if count > MAX_MEMORY_READ:
            raise LimitExceeded("a read of memory", f"{MAX_MEMORY_READ >> 20} MiB")
        return self._proc("mem", address, count)

    def registers(self) -> dict[str, int]:
        """The general registers of the thread that holds it; FeatureUnavailable without ptrace."""
        raise FeatureUnavailable("reading registers", f"this process is held by a {self.how}")

    def run_to(self, where: str | int, timeout: float = 10.0) -> bool:
        """Let it go on until it reaches a function or link-time address; False if it ended."""
        what = f"running to {where} within {timeout:g} s"
        raise FeatureUnavailable(what, f"this process is held by a {self.how}")

    def step(self, timeout: float = 10.0) -> bool:
        """Execute one instruction; False if the process ended."""
        what = f"a single step within {timeout:g} s"
        raise FeatureUnavailable(what, f"this process is held by a {self.how}")

    def resume(self, timeout: float = 10.0) -> Finished:
        """Let it run to its end; LimitExceeded, and its end, if that takes longer."""
        what = f"going on for {timeout:g} s"
        raise FeatureUnavailable(what, f"this process is held by a {self.how}")

    def close(self) -> None:
        """End it, if it has not ended, and release everything. Safe to call again."""
        self._finalizer()

    kill = close

    def _proc(self, name: str, offset: int = 0, count: int = -1) -> bytes:
        """Content of a file of /proc/PID, which is read in full without `count`."""
        if not self.alive:
            raise GolifelabError("the process has ended")
        try:
            with open(f"/proc/{self.pid}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - quicker
                if offset:
                    file.seek(offset)
                parts = []
                while count and (part := file.read(count if count > 0 else 1 << 20)):
                    parts.append(part)
                    count -= len(part) if count > 0 else 0
                return b"".join(parts)
        except (OSError, ValueError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise GolifelabError(f"cannot read {name} of the process: {reason}") from error


class OutputFile:
    """Where a held program's output goes: a file in memory. It never blocks and needs no disk."""

    def __init__(self) -> None:
        try:
            made = os.memfd_create("golifelab-output", os.MFD_CLOEXEC)
        except OSError as error:
            reason = error.strerror or str(error)
            raise FeatureUnavailable(
                "a live process", f"there is no place for its output: {reason}"
            ) from error
        self.file: IO[bytes] = os.fdopen(made, "w+b")

    def limit(self, pid: int) -> None:
        """Bound the size of what the process may write."""
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (MAX_OUTPUT, MAX_OUTPUT))

    def text(self) -> str:
        """What was written so far."""
        self.file.seek(0)
        return self.file.read(MAX_OUTPUT).decode("utf-8", "replace")

    def close(self) -> None:
        """Drop the content."""
        self.file.close()


def place_name(where: str | int) -> str:
    """A place to hold at, in words: a function's name, or an address in hex."""
    return where if isinstance(where, str) else f"{where:#x}"


def address_of(executable: Executable, where: str | int) -> int:
    """The link-time address that a function's name means; an address means itself.

    Of a function in assembly the plain name will do: the linker's has .abi0 behind it.
    """
    if isinstance(where, int):
        segment = executable.segment_at(where)
        if segment is None or "x" not in segment.permissions:
            raise GolifelabError(f"there is no code at {where:#x} in {executable.name}")
        return where
    function = executable.function(where) or executable.function(f"{where}.abi0")
    if function is None:
        symbol = executable.symbol(where)
        if symbol is None or not symbol.section:
            raise GolifelabError(
                f"there is no {where} in {executable.name}",
                remedy="names look like main.main or fmt.Println; a function that was inlined "
                "everywhere, or that nothing calls, is not in the program",
            )
        return symbol.address
    return function.address
