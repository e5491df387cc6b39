"""The ablation board: an editor, and beside it a switch for every pass of the compiler."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import traitlets

from golifelab.compile.dump import function_of
from golifelab.compile.ssa.ablation import (
    Ablated,
    Ablation,
    Attribution,
    Measure,
    RunTimes,
    attribution,
    pass_table,
    run_times,
    sweep,
    switch,
)
from golifelab.errors import CompileFailed, GolifelabError, Superseded
from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.ablationboard import (
    board_payload,
    cell_payload,
    shares_payload,
    sweep_payload,
    times_payload,
)
from golifelab.views.ablationtwin import board_html
from golifelab.views.functions import function_meant, stand_in
from golifelab.views.html import Markup, tag
from golifelab.views.text import text
from golifelab.widgets.edited import FunctionBench, Payload
from golifelab.widgets.live import PATIENCE
from golifelab.widgets.session import Picture, Wanted
from golifelab.widgets.view import pack, position_of
from golifelab.widgets.work import Work

# Between two looks at the passes so far, in seconds: a page has no use for more.
_PAUSE = 0.08
# Before the passes are swept for an edit, in seconds: whoever types will soon have made another.
_SETTLE = 0.3
# While no pass is switched, this many that matter most are timed, or share what they save.
_MOST = 3


class AblationBoard(FunctionBench):
    """A switch for every pass: what each is good for in a function, alone and together.

    `AblationBoard(program, function="sum")`. `function` is by default the one that `at` is in.
    `switched` names the passes that stand the other way than by default; `time` and `divide` do
    from Python what the buttons do, with those passes. All of it follows the editor, and what a
    newer edit makes useless is given up.
    """

    switched: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)
    expression = traitlets.Unicode().tag(sync=True)
    setup = traitlets.Unicode().tag(sync=True)
    # What the browser asks for: {"do": "time", "divide" or "stop", "what", "number"}.
    request = traitlets.Dict().tag(sync=True, echo_update=False)
    sweep = traitlets.Bytes().tag(sync=True)
    timing = traitlets.Bytes().tag(sync=True)
    sharing = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        program: Program,
        function: str = "",
        at: str | Position = "",
        *,
        switched: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self._sweeping, self._asking = Work(), Work()
        self._edit = 0
        self._key: tuple[Any, ...] = ()
        self._measured: dict[frozenset[str], Ablated] = {}
        self._shown = ""
        self._kind = ""
        self._about = "", ""  # the text and the function that something was asked about
        self._ablation: Ablation | None = None
        self._times: RunTimes | None = None
        self._shares: Attribution | None = None
        super().__init__(
            "ablation",
            program,
            function,
            at,
            panel=self._boards,
            html=self._board_html,
            text=self._board_text,
            switched=list(switched),
            **options,
        )

    @property
    def ablation(self) -> Ablation | None:
        """The passes switched one at a time, as many as were measured so far."""
        return self._ablation

    @property
    def chosen(self) -> Measure | None:
        """The function with all passes of `switched` switched; None while that is not known."""
        cell = self._measured.get(frozenset(self.switched))
        return cell.measure if cell is not None else None

    @property
    def times(self) -> RunTimes | None:
        """The newest run times."""
        return self._times

    @property
    def shares(self) -> Attribution | None:
        """The newest shares of what the passes save."""
        return self._shares

    def wait(self, timeout: float = 60.0) -> bool:
        """Wait until all of it is there, and what was asked for too."""
        deadline = time.monotonic() + timeout
        done = super().wait(timeout)
        for work in (self._sweeping, self._asking):
            done = work.wait(max(0.0, deadline - time.monotonic())) and done
        return done

    def time(self, expression: str = "", setup: str | None = None) -> None:
        """Begin to time an expression, by default the one of the field. Does not wait."""
        self.expression = expression or self.expression
        if setup is not None:
            self.setup = setup
        self._begin("timing", self._time)

    def divide(self, what: str = "bytes") -> None:
        """Begin to divide what the passes save of `what` between them. Does not wait."""
        self._begin("sharing", lambda told: self._divide(what, told))

    def stop(self) -> None:
        """Give up the timing or dividing under way."""
        if self._asking.stop():
            self._tell(self._kind, {"state": "stopped"})

    @traitlets.observe("switched")
    def _on_switched(self, _: object) -> None:
        if self.comm is not None:
            self._session.again()

    @traitlets.observe("request")
    def _on_request(self, _: object) -> None:
        wanted = self.request
        if self.comm is None or not wanted:
            return
        if wanted.get("do") == "time":
            self.time()
        elif wanted.get("do") == "divide":
            self.divide(str(wanted.get("what", "bytes")))
        elif wanted.get("do") == "stop":
            self.stop()

    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        self._edit = wanted.seq
        super()._publish(picture, wanted)

    def _boards(self, program: Program) -> Iterator[Payload]:
        """The panel, in the edit loop's thread; the passes are swept beside it."""
        try:
            meant = (self.function, self._shown)
            found = function_meant(program, meant, position_of(self.selection))
            code, _ = function_of(program.source, program.target, found.symbol)
            ran = frozenset(step.name for step in code.passes(found))
        except CompileFailed as error:
            self._give_up(program)
            yield {"failed": error.brief}
            return
        key = program.source, program.target, found.symbol, code.tier
        if key != self._key:
            self._give_up(program)
            self._key, self._shown, self._measured = key, found.symbol, {}
        board = board_payload(program.target, program.functions, found, ran)
        board |= stand_in(found, self.function)
        yield {**board, "switched": self.switched, "chosen": None}
        if self._ablation is None:
            self._sweeping.start(lambda: self._sweep(program, key), self._report)
        if self.switched:
            yield {**board, "switched": self.switched, "chosen": self._switch(program)}

    def _give_up(self, program: Program) -> None:
        """What was measured, and is under way, is not about the program as it is now."""
        self._sweeping.stop()
        self._ablation = None
        self._key = ()
        if self._about != (program.text, self.function):
            self.stop()

    def _switch(self, program: Program) -> Payload:
        names = frozenset(self.switched)
        if names not in self._measured:
            try:
                made = switch(program.source, program.target, self._shown, sorted(names))
            except Superseded:
                raise
            except GolifelabError as error:
                made = Ablated(" + ".join(sorted(names)), "off", None, error.message)
            self._measured[names] = made
        return cell_payload(self._measured[names])

    def _sweep(self, program: Program, key: tuple[Any, ...]) -> None:
        of = len(pass_table(program.target))
        edit, told = self._edit, 0.0
        for made in sweep(program.source, program.target, key[2]):
            if key != self._key:
                raise Superseded
            self._ablation = made
            for cell in made.cells[-1:]:
                self._measured[frozenset((cell.name,))] = cell
            if len(made) == of or time.monotonic() - told > _PAUSE:
                told = time.monotonic()
                self.sweep = pack({"seq": edit, **sweep_payload(made, of)})
            if edit and not made.cells:
                time.sleep(_SETTLE)

    def _begin(self, kind: str, job: Callable[[Callable[[int, int], None]], Payload]) -> None:
        self.stop()
        self._kind = kind
        self._about = self.source, self.function

        def work() -> None:
            # Beside other compilations the clock would tell little.
            self._session.wait()
            self._sweeping.wait(60)
            self._tell(kind, {"state": "done", **job(told)})

        def told(done: int, of: int) -> None:
            self._tell(kind, {"state": "running", "done": done, "of": of})

        told(0, 0)
        self._asking.start(work, lambda words: self._tell(kind, {"state": "failed", "said": words}))

    def _tell(self, kind: str, state: Mapping[str, Any]) -> None:
        head = {"seq": self._edit, "function": self._shown}
        self.set_trait(kind, pack({**head, **state}))

    def _time(self, told: Callable[[int, int], None]) -> Payload:
        program = self.value
        self._times = run_times(
            program.source,
            program.target,
            self.expression,
            self._taking_part(off=True),
            setup=self.setup,
            together=True,
            progress=told,
        )
        return times_payload(self._times)

    def _divide(self, what: str, told: Callable[[int, int], None]) -> Payload:
        program = self.value
        self._shares = attribution(
            program.source,
            program.target,
            self._shown,
            self._taking_part(),
            what=what,
            progress=told,
        )
        return shares_payload(self._shares)

    def _taking_part(self, *, off: bool = False) -> list[str]:
        """The switched passes, or those that matter most; with `off` only what is switched off."""
        made = self._ablation
        if made is None:
            return list(self.switched)
        weights = {
            cell.name: abs(made.change(cell.name) or 0)
            for cell in made
            if cell.switched == "off" or (cell.switched and not off)
        }
        if self.switched:
            return [name for name in self.switched if name in weights]
        most = sorted(weights, key=lambda name: -weights[name])[:_MOST]
        return [name for name in most if weights[name]]

    def _html(self) -> str:
        self.wait(PATIENCE)
        return super()._html()

    def _plain(self) -> str:
        self.wait(PATIENCE)
        return super()._plain()

    def _board_html(self, shown: Payload) -> Markup:
        made = self._ablation
        if made is None:
            return tag("p", _nothing(shown))
        chosen = self._measured.get(frozenset(self.switched)) if self.switched else None
        return board_html(made, chosen, self._shares, self._times)

    def _board_text(self, shown: Payload) -> str:
        return _nothing(shown) if self._ablation is None else text(self._ablation)


def _nothing(shown: Payload) -> str:
    return str(shown.get("failed") or "The compiler is at work; run the cell again to see more.")
