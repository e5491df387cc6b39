"""The rule stepper: an editor, and beside it every rewrite of a function, and what was proved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.compile.ssa.proofs import Proofs
from golifelab.compile.ssa.rules import Rewrites
from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.functions import (
    function_choices,
    function_meant,
    stand_in,
)
from golifelab.views.html import Markup, details, join, tag
from golifelab.views.optimizer import proofs_html, rewrites_html
from golifelab.views.rulestepper import proofs_payload, rules_payload
from golifelab.views.text import text
from golifelab.widgets.edited import FunctionBench, Payload, failing_in_panel
from golifelab.widgets.view import position_of


class RuleStepper(FunctionBench):
    """Each rewrite of a function, before and after, with its rule; and the proofs of prove.

    `RuleStepper(program, function="sum")`. `function` is by default the one that `at` is in. `tab`
    is "rules" or "proofs"; `step` is the number of the rewrite that is shown, from 0, and `pass_`
    names a pass to begin with. All of them may be set from Python.
    """

    tab = traitlets.Enum(("rules", "proofs"), "rules").tag(sync=True)
    pass_ = traitlets.Unicode().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __init__(
        self, program: Program, function: str = "", at: str | Position = "", **options: Any
    ) -> None:
        self._shown = ""
        self._rewrites: Rewrites | None = None
        self._proofs: Proofs | None = None
        super().__init__(
            "rules",
            program,
            function,
            at,
            panel=self._pages,
            html=self._pages_html,
            text=self._pages_text,
            **options,
        )

    @property
    def rewrites(self) -> Rewrites | None:
        """The rewrites of the newest text that compiles."""
        return self._rewrites

    @property
    def proofs(self) -> Proofs | None:
        """The proofs of the newest text that compiles."""
        return self._proofs

    @failing_in_panel
    def _pages(self, program: Program) -> Iterator[Payload]:
        at = position_of(self.selection)
        found = function_meant(program, (self.function, self._shown), at)
        rewrites = program.rewrites(found.symbol)
        self._shown, self._rewrites = found.symbol, rewrites
        pages = {
            "functions": function_choices(program.functions),
            "function": found.symbol,
            "rules": rules_payload(rewrites),
            **stand_in(found, self.function),
        }
        yield {**pages, "proofs": None}
        self._proofs = program.proofs(found.symbol)
        yield {**pages, "proofs": proofs_payload(self._proofs)}

    def _pages_html(self, shown: Payload) -> Markup:
        if self._rewrites is None:
            return tag("p", _nothing(shown))
        parts = [rewrites_html(self._rewrites)]
        if self._proofs is not None:
            parts.append(details("what the prove pass proved", proofs_html(self._proofs)))
        return join(parts)

    def _pages_text(self, shown: Payload) -> str:
        return _nothing(shown) if self._rewrites is None else text(self._rewrites)


def _nothing(shown: Payload) -> str:
    return str(shown.get("failed") or "The compiler is at work; run the cell again to see more.")
