"""The stack maps: an editor, and beside it a function's frame at each of its instructions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.compile.live import live_variables
from golifelab.errors import CompileFailed, GolifelabError, Superseded
from golifelab.link.metadata.stackmaps import StackMaps
from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.functions import function_choices, function_meant, stand_in
from golifelab.views.stackmaps import stackmaps_payload
from golifelab.views.stackmapstwin import page_html, page_text
from golifelab.widgets.edited import FunctionBench, Payload, failing_in_panel
from golifelab.widgets.view import position_of


class StackMapPage(FunctionBench):
    """Which words of a function's frame hold pointers, instruction by instruction, live.

    `StackMapPage(program, function="walk")`. `function` is by default the one that `at` is in.
    `step` is the number of the instruction that is shown, from 0. Both may be set from Python.
    """

    step = traitlets.Int(0).tag(sync=True)

    def __init__(
        self, program: Program, function: str = "", at: str | Position = "", **options: Any
    ) -> None:
        self._shown = ""
        self._maps: StackMaps | None = None
        super().__init__(
            "stackmaps",
            program,
            function,
            at,
            panel=self._pages,
            html=page_html,
            text=page_text,
            **options,
        )

    @property
    def maps(self) -> StackMaps | None:
        """The stack maps of the newest text that compiles."""
        return self._maps

    @failing_in_panel
    def _pages(self, program: Program) -> Iterator[Payload]:
        try:
            found = function_meant(program, (self.function, self._shown), self._at())
            maps = program.stack_maps(found.symbol)
        except (CompileFailed, Superseded):
            raise
        except GolifelabError as error:
            yield {"failed": error.message, "functions": function_choices(program.functions)}
            return
        self._shown, self._maps = found.symbol, maps
        head = {"functions": function_choices(program.functions), "symbol": found.symbol}
        head |= stand_in(found, self.function)
        yield head | stackmaps_payload(maps)
        yield head | stackmaps_payload(maps, live_variables(program.source, program.target))

    def _at(self) -> Position | None:
        return position_of(self.selection)
