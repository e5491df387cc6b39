"""Read a held process's memory without bringing anything into it.

Reading a page through /proc/PID/mem makes the kernel supply it, as if the program had touched it.
Whoever looks at residency must not do that. What was never touched is known all the same: it is
what the file has there, or zero.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary, Sequence

from golifelab.load.hold.process import Process
from golifelab.load.memory.maps import PAGE, Mapping
from golifelab.load.memory.residency import ABSENT

_ZEROES = bytes(PAGE)


class Quiet(Process):
    """A view of a held process whose `memory` leaves every page as it is.

    `rows` are the mappings and `states` their pages, as they were when the view was made.
    """

    def __init__(
        self, process: Process, rows: Sequence[Mapping], states: Dictionary[int, bytes]
    ) -> None:
        # Nothing is held here that would have to be released: the process is another's.
        self.executable = process.executable
        self.held_at = process.held_at
        self.how = process.how
        self.recorded = process.recorded
        self._process = process
        self._rows = [row for row in rows if row.permissions[0] == "r"]
        self._states = states

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.alive

    @property
    def bias(self) -> int:
        """Run-time address minus link-time address."""
        return self._process.bias

    def registers(self) -> dict[str, int]:
        """The general registers of the thread that holds it."""
        return self._process.registers()

    def memory(self, address: int, count: int) -> bytes:
        """Bytes of its memory. GolifelabError where nothing is mapped."""
        end, parts = address + count, []
        while address < end:
            until = min(address // PAGE * PAGE + PAGE, end)
            row = next((r for r in self._rows if r.start <= address < r.end), None)
            absent = row is not None and self._state(row, address) == ABSENT
            if row is not None and absent and not row.file:
                parts.append(_ZEROES[: until - address])
            elif row is not None and absent and row.sections:
                parts.append(self.executable.bytes_at(address - self.bias, until - address))
            else:
                parts.append(self._process.memory(address, until - address))
            address = until
        return b"".join(parts)

    def close(self) -> None:
        """Nothing to release: the process goes on."""

    def _state(self, row: Mapping, address: int) -> int:
        states = self._states.get(row.start, b"")
        number = (address - row.start) // PAGE
        return states[number] if number < len(states) else ABSENT
