"""The stack page: an editor, and beside it how a function's stack grows with its argument."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.errors import FeatureUnavailable, GolifelabError, Superseded
from golifelab.position import Position
from golifelab.program import Program
from golifelab.run.stacks.comparison import AS_WRITTEN, NOINLINE
from golifelab.run.stacks.growth import MOST, StackGrowth, stack_growth
from golifelab.run.stacks.recording import recorded_growth
from golifelab.run.stacks.subject import Subject, subject, subjects, without_inlining
from golifelab.toolchain.install import installed_versions
from golifelab.views.functions import declared_at
from golifelab.views.stackgrowth import stacks_payload
from golifelab.views.stackgrowthtwin import stacks_html, stacks_text
from golifelab.widgets.edited import Bench, Payload

_QUICK = 1 << 20
_Rows = list[tuple[str, StackGrowth]]


class StackStaircase(Bench):
    """The size of a goroutine's stack by the depth of its calls, live: as written, never inlined.

    `StackStaircase(program, function="deep", argument=3000)`. `against` adds another installed Go
    ("1.24.11"). Both, and `argument`, may be set from Python.
    """

    function = traitlets.Unicode().tag(sync=True)
    argument = traitlets.Int(10_000).tag(sync=True)
    against = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, program: Program, function: str = "", at: str | Position = "", **options: Any
    ) -> None:
        self._growth: StackGrowth | None = None
        super().__init__(
            "stacks",
            program,
            at or declared_at(program, function) or "",
            panel=self._payloads,
            html=stacks_html,
            text=stacks_text,
            function=function,
            **options,
        )

    @property
    def growth(self) -> StackGrowth | None:
        """What was measured of the newest text that compiles, as it is written."""
        return self._growth

    @traitlets.observe("function", "against")
    def _on_choice(self, _: object) -> None:
        if self.comm is not None:
            self._session.again()

    def _payloads(self, program: Program) -> Iterator[Payload]:
        told = {"choices": _choices(program), "against": self.against}
        functions: tuple[Subject, ...] = ()
        try:
            functions = subjects(program.source, program.target)
            for rows in self._measured(program, functions):
                self._growth = rows[0][1]
                yield {**stacks_payload(rows, functions), **told}
        except Superseded:
            raise
        except FeatureUnavailable as error:
            yield self._recorded(error, told)
        except GolifelabError as error:
            yield {**stacks_payload([], functions), "failed": error.brief, **told}

    def _measured(self, program: Program, functions: tuple[Subject, ...]) -> Iterator[_Rows]:
        """What is known so far, ever more of it: small stacks are measured in no time."""
        known = {one.name for one in functions}
        wanted = self.function if self.function.removeprefix("main.") in known else ""
        source, target = program.source, program.target
        one = subject(source, target, wanted)
        builds = [
            (AS_WRITTEN, source, target),
            (NOINLINE, without_inlining(source, one), target),
        ]
        if self.against:
            other = target.with_(go=self.against)
            builds.append((f"go{self.against}", source, other))
        rows: dict[str, StackGrowth] = {}
        for most in (_QUICK, MOST):
            for label, text, built in builds:
                # What could not be measured to its end will not be with more.
                if label in rows and rows[label].ended:
                    continue
                rows[label] = stack_growth(text, built, one.name, most=most)
                yield list(rows.items())

    def _recorded(self, error: FeatureUnavailable, told: Payload) -> Payload:
        """The course's own function, where this machine can run nothing."""
        try:
            growth = recorded_growth()
        except GolifelabError:
            return {"failed": str(error), **told}
        note = f"{error.message} Shown is {growth.function}, {growth.recorded}."
        return {**stacks_payload([(AS_WRITTEN, growth)]), "note": note, **told}


def _choices(program: Program) -> list[dict[str, str]]:
    versions = [one for one in installed_versions() if one != program.target.go]
    return [{"id": "", "label": "none"}] + [{"id": one, "label": f"go{one}"} for one in versions]
