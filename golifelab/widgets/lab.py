"""The lab: edit a program, and look at one function of it after every pass of the compiler."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any, ClassVar

import traitlets

from golifelab.compile.ssa.stage import SSA
from golifelab.errors import CompileFailed, GolifelabError, Superseded
from golifelab.position import Diagnostic, Position
from golifelab.program import Program
from golifelab.views import lab as parts
from golifelab.views.editor import editor_part, squiggles
from golifelab.views.figures import figure
from golifelab.views.labhistory import Edit, Figures, History
from golifelab.views.labtwin import lab_html, lab_text
from golifelab.views.lives import lives_payload
from golifelab.views.machinepanel import machine_payload
from golifelab.views.tier import tier_note
from golifelab.widgets.edited import Edited
from golifelab.widgets.live import first_operator
from golifelab.widgets.session import Picture, Wanted
from golifelab.widgets.view import pack

# Words of the view's state that may be given to the constructor.
TABS = ("values", "graph", "diff", "machine")

# Seconds that the editor's colours wait for the compiler, so that both are painted at once.
_TOGETHER = 0.06


class Lab(Edited):
    """An editor, and the code of one function after every pass: as values, graph, diff, machine.

    `Lab(sample("add"), function="add")`. Without `function` it is the one that the cursor is in.
    `pass_` and `tab` ("values", "graph", "diff", "machine") say what to begin with. `subject` opens
    a second pane: `{}` for other passes of the same code, or another "source", "goarch", "goamd64"
    and "go" version in any combination; `other_pass`, `other_tab` and `other_against` are that
    pane's. `value` is selected to begin with ("v13"). GolifelabError for a tab that there is not.

    `against` is what the tab "diff" compares the pass with: "before" (the pass before, as without
    it), "edit" (what it was before the last edit), "other" (the other pane), or the name of any
    pass. Which passes run is known when the function has been compiled, so for a name that none of
    them has the tab says which ran, and compares with the pass before.
    """

    passes = traitlets.Bytes().tag(sync=True)
    machine = traitlets.Bytes().tag(sync=True)
    lives = traitlets.Bytes().tag(sync=True)
    function = traitlets.Unicode().tag(sync=True)
    line = traitlets.Int(0).tag(sync=True, echo_update=False)
    two = traitlets.Bool(False).tag(sync=True)
    subject = traitlets.Dict().tag(sync=True)
    other = traitlets.Bytes().tag(sync=True)
    compare = traitlets.Dict().tag(sync=True, echo_update=False)
    comparison = traitlets.Bytes().tag(sync=True)
    edits = traitlets.Bytes().tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True, echo_update=False)
    note = traitlets.Unicode().tag(sync=True)

    # The text decides, and the line that the cursor is in; a value that is chosen changes nothing.
    follows_selection: ClassVar[bool] = False

    def __init__(
        self,
        program: Program,
        function: str = "",
        at: str | Position = "",
        *,
        pass_: str = "",
        tab: str = "",
        against: str = "",
        subject: Mapping[str, Any] | None = None,
        other_pass: str = "",
        other_tab: str = "",
        other_against: str = "",
        value: str = "",
        **options: Any,
    ) -> None:
        for name in filter(None, (tab, other_tab)):
            if name not in TABS:
                raise GolifelabError(f"the lab has no tab {name!r}", remedy=f"it has {TABS}")
        begin = {"pass": pass_, "tab": tab, "against": against}
        begin |= {"pass2": other_pass, "tab2": other_tab, "against2": other_against}
        self._history = History()
        self._body: SSA | None = None
        self._found: tuple[parts.Extent, ...] = ()
        self._held: dict[str, tuple[object, bytes]] = {}
        self._marked: parts.Side | None = None
        self._turn = 0
        super().__init__(
            "lab",
            program,
            at or first_operator(program, function),
            look=self._pictures,
            function=function,
            two=subject is not None,
            subject=dict(subject or {}),
            exports=["html", "dot"],
            state={name: word for name, word in begin.items() if word},
            **options,
        )
        if value:
            self.selection = {**self.selection, "value": value}

    @property
    def code(self) -> SSA | None:
        """The function that is shown, after every pass; None before there is one."""
        return self._body

    @property
    def pass_name(self) -> str:
        """The pass that is shown; may be set."""
        return str(self.state.get("pass", ""))

    @pass_name.setter
    def pass_name(self, name: str) -> None:
        self.state = {**self.state, "pass": name}

    @property
    def tab(self) -> str:
        """The tab that is turned to; may be set."""
        return str(self.state.get("tab", "") or TABS[0])

    @tab.setter
    def tab(self, name: str) -> None:
        self.state = {**self.state, "tab": name}

    @property
    def against(self) -> str:
        """What the tab "diff" compares the pass with, as in the constructor; may be set."""
        return str(self.state.get("against", "") or "before")

    @against.setter
    def against(self, name: str) -> None:
        self.state = {**self.state, "against": name}

    @property
    def history(self) -> tuple[Edit, ...]:
        """The texts that compiled, the oldest first."""
        return tuple(self._history.edits)

    def exported(self, kind: str) -> tuple[str, str]:
        """A file for the export menu; "dot" is the graph after the pass that is shown."""
        if kind != "dot":
            return super().exported(kind)
        if self._body is None:
            raise GolifelabError("there is no graph yet")
        return "text/vnd.graphviz", figure(self._body.cfg(self.pass_name or -1), "dot")

    @traitlets.observe("function", "subject", "two", "compare")
    def _on_question(self, _: object) -> None:
        if self.comm is not None:
            self._turn += 1
            self._session.again()

    @traitlets.observe("line")
    def _on_line(self, change: Any) -> None:
        # An edit comes with its line: only a cursor that left the function asks for another.
        if self.comm is None or self.function or self._body is None or not self._found:
            return
        current = self._body.function.symbol
        there = parts.shown_function(self._found, "", change["new"], current, self.file)
        if there.symbol != current:
            self._on_question(change)

    def _pictures(self, program: Program, position: Position) -> Iterator[Picture]:
        turn = self._turn
        for picture in self._parts(program, position):
            yield picture
            if turn != self._turn:
                return  # what is wanted now is queued already

    def _parts(self, program: Program, position: Position) -> Iterator[Picture]:
        # The compiler and the front end work at the same time, and their answers go in one message:
        # what the browser paints meanwhile would be in the compiler's way. A slow one is not waited
        # for.
        done = program.begin(self._body.function.symbol if self._body else self.function)
        note = tier_note(program, "positions by line")
        marks: Picture = {**editor_part(program, self.file), "note": note}
        if program.errors:
            yield marks
            yield self._failed(program.errors)
            return
        try:
            if not done(_TOGETHER):
                yield marks
                marks = {}
            for picture in self._code(program, self.line or position.line):
                yield {**marks, **picture}
                marks = {}
        except Superseded:
            raise
        except CompileFailed as error:
            # What only the later half of the compiler finds is underlined, too.
            marked = squiggles(error.diagnostics, program.source.text(self.file), self.file)
            yield {**editor_part(program, self.file), "squiggles": marked}
            yield self._failed(error.diagnostics)
        except GolifelabError as error:
            yield {**marks, **self._failed([], str(error))}

    def _code(self, program: Program, line: int) -> Iterator[Picture]:
        self._found = parts.extents(program, self.file)
        current = self._body.function.symbol if self._body else ""
        function = parts.shown_function(self._found, self.function, line, current, self.file)
        body = self._body = program.ssa(function.symbol)
        key = (self._seq, function.symbol, body.tier)

        def code() -> dict[str, Any]:
            return parts.code_payload(program, body, self._found, self.file)

        yield {"program": program, "body": body, **self._made("passes", key, code)}
        machine = program.machine(function.symbol)
        yield self._made("machine", key, lambda: machine_payload(machine))
        before = self._history.before(program)
        yield self._made("lives", key, lambda: lives_payload(body))
        self._history.add(program, Figures.of(body, machine), time.monotonic())
        edits = self._made("edits", key, lambda: self._edits(program, body, before))
        yield {**edits, "marked": (program, body)}
        other = yield from self._other(program, body, key)
        if self.compare:
            asked = dict(self.compare)
            wanted = (*key, json.dumps(asked, sort_keys=True), self._subject_key())
            yield self._made(
                "comparison", wanted, lambda: self._compared(asked, program, body, other)
            )
        if not self.choices:
            yield {"choices": parts.choices(program.target)}

    def _other(
        self, program: Program, body: SSA, key: object
    ) -> Generator[Picture, None, SSA | None]:
        """The second pane; gives its SSA to the caller, None while it shows this very code."""
        if not self.two or not self.subject:
            return None
        subject = dict(self.subject)
        symbol = body.function.symbol
        made: SSA | None = None
        try:
            there = parts.other_program(program, subject, self.file)
            made = there.ssa(symbol)
            payload = parts.other_payload(program, there, body, made, self.file, self.pass_name)
        except Superseded:
            raise
        except GolifelabError as error:
            payload = {"failure": str(error)}
        wanted = (key, self._subject_key())
        yield self._made("other", wanted, lambda: {"subject": subject, **payload})
        return made

    def _edits(self, program: Program, body: SSA, before: Edit | None) -> dict[str, Any]:
        """The history, and how what the browser had marked until now is called in this code."""
        now = program, body
        carried = parts.carried(self._marked, now, self.pass_name) if self._marked else None
        return {**parts.edits_payload(self._history, body, before), "carry": carried}

    def _compared(
        self, asked: dict[str, Any], program: Program, body: SSA, other: SSA | None
    ) -> dict[str, Any]:
        """The answer to what a pane has asked: see `parts.comparison`."""
        there = parts.other_program(program, self.subject, self.file) if other else program
        sides = (program, body), (there, other or body)
        before = self._history.before(program)
        try:
            return {"compare": asked, **parts.answer(asked, sides, before)}
        except Superseded:
            raise
        except GolifelabError as error:
            return {"compare": asked, "failure": str(error)}

    def _subject_key(self) -> str:
        return json.dumps([self.two, self.subject], sort_keys=True)

    @property
    def _seq(self) -> int:
        working_on = self._session.working_on
        return working_on.seq if working_on else self.seq

    def _made(self, trait: str, key: object, make: Callable[[], Mapping[str, Any]]) -> Picture:
        """A trait for the browser; made once for one key."""
        held = self._held.get(trait)
        if held is None or held[0] != key:
            head = {"seq": self._seq}
            held = self._held[trait] = (key, pack({**head, **make()}))
        return {"send": (trait, held[1])}

    def _failed(self, errors: Iterable[Diagnostic], message: str = "") -> Picture:
        said = [error.to_json() for error in errors] or [{"message": message}]
        nothing = {"function": "", "lines": [], "passes": [], "errors": said}
        return {"errors": said, **self._made("passes", self._seq, lambda: nothing)}

    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        with self.hold_sync():
            super()._publish(picture, wanted)
            self.note = picture.get("note", self.note)
            if "send" in picture:
                trait, packed = picture["send"]
                setattr(self, trait, packed)
            # Only what was sent is what the next edit's names are told from.
        self._marked = picture.get("marked", self._marked)
        if "choices" in picture:
            self.choices = picture["choices"]

    def _html_of(self, picture: Picture) -> str:
        return lab_html(picture.get("body"), self.source, self.pass_name, picture.get("errors", ()))

    def _text_of(self, picture: Picture) -> str:
        return lab_text(picture.get("body"), self.pass_name, picture.get("errors", ()))
