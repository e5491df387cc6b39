"""The heap page: an editor, and below it who allocates, what lives, and what the collector does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.position import Position
from golifelab.program import Program
from golifelab.run.heap.heap import DEFAULT_RATE, Heap, heap
from golifelab.run.heap.recording import recorded_heap
from golifelab.views.heap import heap_payload
from golifelab.views.heaptwin import page_html, page_text
from golifelab.widgets.edited import Bench, Payload, failing_in_panel


class HeapPage(Bench):
    """The heap of a run, live: an icicle of who allocates, the collections, memory over time.

    `HeapPage(program, rate=1)`. `rate` is how many bytes one sample stands for; 1 counts all.
    `measure` is the column that is shown, such as "alloc_space" or "inuse_objects". Both may be set
    from Python. `timeout` bounds each run, in seconds.
    """

    rate = traitlets.Int(1).tag(sync=True)
    measure = traitlets.Unicode("alloc_space").tag(sync=True)
    rates = traitlets.List(traitlets.Int(), [1, 4096, DEFAULT_RATE]).tag(sync=True)

    def __init__(
        self,
        program: Program,
        at: str | Position = "",
        *,
        timeout: float = 5.0,
        **options: Any,
    ) -> None:
        self._timeout = timeout
        self._heap: Heap | None = None
        super().__init__(
            "heap", program, at, panel=self._payloads, html=page_html, text=page_text, **options
        )

    @property
    def heap(self) -> Heap | None:
        """The run of the newest text that compiles."""
        return self._heap

    @traitlets.observe("rate")
    def _on_rate(self, _: object) -> None:
        if self.comm is not None:
            self._session.again()

    @failing_in_panel
    def _payloads(self, program: Program) -> Iterator[Payload]:
        try:
            run = heap(program.source, program.target, rate=self.rate, timeout=self._timeout)
        except FeatureUnavailable as error:
            yield self._recorded(error)
        else:
            self._heap = run
            yield heap_payload(run)

    def _recorded(self, error: FeatureUnavailable) -> Payload:
        """The course's own program, where this machine can run nothing."""
        try:
            run = recorded_heap()
        except GolifelabError:
            return {"failed": str(error)}
        return {
            **heap_payload(run),
            "note": f"{error.message} Shown is another run, {run.recorded}.",
        }
