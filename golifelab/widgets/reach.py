"""The reach page: an editor, and beside it why a function is in the program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.errors import GolifelabError
from golifelab.link.deadcode.reach import Reach
from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.reach import reach_payload, without_payload
from golifelab.views.reachtwin import panel_html, panel_text
from golifelab.widgets.edited import Bench, Payload, failing_in_panel
from golifelab.widgets.view import pack
from golifelab.widgets.work import Work


class ReachPage(Bench):
    """Why a function is in the executable: a shortest way to it, with the reason of each step.

    `ReachPage(program, function="fmt.Println")`. Any function may be looked for; those that the
    linker threw away are there, too. `cut` names a symbol: what would go without it is shown.
    """

    function = traitlets.Unicode().tag(sync=True)
    cut = traitlets.Unicode().tag(sync=True)
    effect = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        program: Program,
        function: str = "",
        at: str | Position = "",
        **options: Any,
    ) -> None:
        self._reach: Reach | None = None
        self._cutting = Work()
        super().__init__(
            "reach",
            program,
            at,
            panel=self._payloads,
            html=lambda shown: panel_html(shown, self._reach, self._meant()),
            text=lambda shown: panel_text(shown, self._reach, self._meant()),
            function=function,
            **options,
        )

    @property
    def reach(self) -> Reach | None:
        """What the program keeps; None while its objects are read."""
        return self._reach

    def wait(self, timeout: float = 60.0) -> bool:
        """Wait until all of it is there, what would go without a symbol as well."""
        deadline = time.monotonic() + timeout
        done = super().wait(timeout)
        return self._cutting.wait(max(0.0, deadline - time.monotonic())) and done

    @traitlets.observe("cut")
    def _on_cut(self, _: object) -> None:
        if self.comm is not None:
            self._begin()

    @failing_in_panel
    def _payloads(self, program: Program) -> Iterator[Payload]:
        self._reach = made = program.reach
        yield reach_payload(made)
        if self.cut:
            self._begin()

    def _begin(self) -> None:
        self._cutting.stop()
        name, made = self.cut, self._reach
        if not name or made is None:
            self.effect = b""
            return

        def work() -> None:
            try:
                shown = without_payload(name, made.without(name))
            except GolifelabError as error:
                shown = {"of": name, "failed": str(error)}
            self.effect = pack(shown)

        self._cutting.start(work, self._report)

    def _meant(self) -> str:
        """The function that is looked at: of this package, where its name names none."""
        name, made = self.function, self._reach
        if made is None or not name or name in made or made.path(name):
            return name or "main.main"
        return f"main.{name}" if f"main.{name}" in made else name
