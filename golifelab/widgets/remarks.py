"""The remarks lane: an editor, and beside every line what the compiler decided about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.compile.remarks import Remarks
from golifelab.compile.remarks.changes import Changes
from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.remarks import lane_payload, stale_payload
from golifelab.views.remarkstwin import lane_html, lane_text
from golifelab.widgets.edited import Bench, Payload


class RemarksLane(Bench):
    """What the compiler decided about each line of the file in the editor, live.

    `RemarksLane(program, at="6:11")`. Without a baseline the lane marks what the last edit that
    changed any decision made new and took away; with `pinned` set (in the browser or here), all
    that differs from the program as it was then.
    """

    pinned = traitlets.Bool(False).tag(sync=True)

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        self._now: Remarks | None = None
        self._before: Remarks | None = None
        self._baseline: Remarks | None = None
        super().__init__(
            "remarks",
            program,
            at,
            panel=self._lane,
            html=lane_html,
            text=lane_text,
            **options,
        )

    @property
    def changes(self) -> Changes | None:
        """What differs since the baseline or the last edit that changed anything; None at first."""
        base = self._baseline if self._baseline is not None else self._before
        return None if base is None or self._now is None else base.changes(self._now)

    @traitlets.observe("pinned")
    def _on_pin(self, _: object) -> None:
        self._baseline = self._now if self.pinned else None
        if not self.pinned:
            self._before = None
        if self.comm is not None:
            self._session.again()

    def _lane(self, program: Program) -> Iterator[Payload]:
        # In the worker thread, one program after the other.
        remarks = program.remarks
        if remarks.errors:
            older = self._now
            if older is not None:
                yield stale_payload(older, program.source, self._open, len(remarks.errors))
            else:
                yield lane_payload(remarks, self._open) | {"errors": len(remarks.errors)}
            return
        self._advance(remarks)
        since = "pin" if self._baseline is not None else "edit"
        yield lane_payload(remarks, self._open, self.changes, since)

    def _advance(self, remarks: Remarks) -> None:
        """Go on to a text that compiles. What it is compared with moves on when anything differs.

        A comment typed behind an edit would otherwise take away what the edit has shown.
        """
        last = self._now
        if last is not None and last.source != remarks.source:
            found = last.changes(remarks)
            if found.new or found.gone or found.changed:
                self._before = last
        self._now = remarks
        if self.pinned and self._baseline is None:
            self._baseline = remarks
