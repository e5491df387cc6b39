"""The scheduler: an editor, and below it what goroutines, Ps and threads did when it ran."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.position import Position
from golifelab.program import Program
from golifelab.run.scheduler.scheduling import scheduling
from golifelab.run.scheduler.stage import Scheduling
from golifelab.views.schedlanes import scheduling_payload
from golifelab.views.schedlanestwin import page_html, page_text
from golifelab.widgets.edited import Bench, Payload, failing_in_panel

# An endless program is stopped then, and what it did until then is shown.
_SECONDS = 3.0


class Scheduler(Bench):
    """The lanes of a program's goroutines, Ps and threads, from a run under runtime/trace, live.

    `Scheduler(program, processors=1)`. `processors` is GOMAXPROCS, 0 for as many as there are;
    `async_preemption` says whether the runtime may send SIGURG; `lanes` is "goroutines",
    "processors" or "threads"; `follow` is the goroutine that is followed, 0 for none. `again`
    counts how often the same program was asked to run anew. All may be set from Python.
    """

    processors = traitlets.Int(0).tag(sync=True)
    async_preemption = traitlets.Bool(True).tag(sync=True)
    lanes = traitlets.Unicode("goroutines").tag(sync=True)
    follow = traitlets.Int(0).tag(sync=True)
    again = traitlets.Int(0).tag(sync=True)

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        self._run: Scheduling | None = None
        self._seconds = float(options.pop("timeout", _SECONDS))
        super().__init__(
            "scheduler",
            program,
            at,
            panel=self._pages,
            html=page_html,
            text=page_text,
            **options,
        )

    @property
    def scheduling(self) -> Scheduling | None:
        """The newest run of a text that compiles."""
        return self._run

    @traitlets.observe("processors", "async_preemption", "again")
    def _on_setting(self, _: object) -> None:
        if self.comm is not None:
            self._session.again()

    @failing_in_panel
    def _pages(self, program: Program) -> Iterator[Payload]:
        yield {"running": True}
        value = scheduling(
            program.source,
            program.target,
            processors=self.processors,
            async_preemption=self.async_preemption,
            reports=True,
            timeout=self._seconds,
        )
        self._run = value
        told = f"{value.recorded}: no program can run here." if value.recorded else ""
        yield scheduling_payload(value) | {"note": told}
