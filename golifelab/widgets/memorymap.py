"""The memory map: an editor, and the address space of its program's process at four moments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.load.moments.stage import Moments
from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.memorymap import memory_payload, moments_in_turn
from golifelab.views.memorymaptwin import memory_html, memory_text
from golifelab.widgets.edited import Bench, Payload, failing_in_panel


class MemoryMap(Bench):
    """A program's process at exec, schedinit, main.main and exit: mappings, and pages, live.

    `MemoryMap(program, moment="exec")`. `moment` is the one that is shown; `grep` shows only what
    a filter of /proc/PID/maps that is often recommended leaves. Both may be set from Python.
    """

    moment = traitlets.Unicode("main.main").tag(sync=True)
    grep = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(
        self,
        program: Program,
        at: str | Position = "",
        *,
        moment: str = "main.main",
        grep: bool = False,
        **options: Any,
    ) -> None:
        self._moments: Moments | None = None
        super().__init__(
            "memory",
            program,
            at,
            panel=self._pages,
            html=memory_html,
            text=memory_text,
            moment=moment,
            grep=grep,
            **options,
        )

    @property
    def moments(self) -> Moments | None:
        """The moments of the newest text that compiles."""
        return self._moments

    @failing_in_panel
    def _pages(self, program: Program) -> Iterator[Payload]:
        for found in moments_in_turn(program):
            self._moments = found
            yield memory_payload(found)
