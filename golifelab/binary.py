"""An executable that can be started and asked: what `Program.link` gives."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from golifelab.link.executable import Executable
from golifelab.load.start import start
from golifelab.thread.backward import explain

if TYPE_CHECKING:
    from golifelab.load.process import Process
    from golifelab.thread import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary(Executable):
    """An Executable with the two things that reach further right: its process, and its threads.

    They live here because the link room knows neither processes nor threads.
    """

    @classmethod
    def of(cls, executable: Executable) -> Binary:
        """The same executable, with the further methods."""
        values = {one.name: getattr(executable, one.name) for one in fields(executable)}
        return cls(**values)

    def start(self, *, hold: str | int = "exec") -> Process:
        """A process of it, held at "exec", "first init", a function's name or an address.

        Use it as a context manager: the process is gone at the end of the block.
        """
        return start(self, hold=hold)

    def explain(self, *, address: int | None = None, offset: int | None = None) -> Thread:
        """What an address or a file offset is: segment, section, symbol, source line."""
        return explain(self, address=address, offset=offset)
