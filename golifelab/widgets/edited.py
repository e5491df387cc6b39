"""A live view with an editor in it, and one that adds a single panel to the editor."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, ParamSpec
from uuid import uuid4

import traitlets

from golifelab.errors import GolifelabError, Superseded
from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.editor import editor_part
from golifelab.views.functions import declared_at
from golifelab.views.html import Markup, block, details, join
from golifelab.views.tier import tier_note
from golifelab.widgets.live import Live, first_operator
from golifelab.widgets.session import Picture, Texts, Wanted
from golifelab.widgets.view import pack

Payload = Mapping[str, Any]
_Asked = ParamSpec("_Asked")


class Edited(Live):
    """A live view with an editor in it, of one file of the program: by default the first.

    `source` is the text and may be set from Python. `seq` numbers the edits; `marks` holds the
    colours and squiggles of the newest. `file` names what is in the editor, `others` has the texts
    of the files that can be taken into it instead: to set `file` does that.
    """

    # The browser knows what it has just sent: an echo would only come between it and the answer.
    source = traitlets.Unicode().tag(sync=True, echo_update=False)
    seq = traitlets.Int(0).tag(sync=True, echo_update=False)
    file = traitlets.Unicode().tag(sync=True, echo_update=False)
    others = traitlets.Dict().tag(sync=True, echo_update=False)
    readonly = traitlets.Bool(False).tag(sync=True)
    marks = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        view: str,
        program: Program,
        at: str | Position = "",
        *,
        file: str = "",
        **options: Any,
    ) -> None:
        file = file or program.source.names[0]
        text = program.source.text(file)
        self._asked = (text, 0)
        self._open = file  # in the worker thread: the file that was edited when it was asked
        # An edited program is no longer the one it began as: it is linked to what has its key.
        options.setdefault("key", f"edit {uuid4().hex}")
        options |= {"source": text, "file": file}
        super().__init__(view, program, at, **options)

    @traitlets.observe("source", "seq")
    def _on_edit(self, _: object) -> None:
        if self.comm is None:
            return
        text, seq = self._asked
        if self.source != text and self.seq == seq:
            # The browser counts its own edits. This one is Python's, and is counted here.
            self.seq += 1
            return
        self._ask()

    @traitlets.validate("file")
    def _one_of_the_files(self, proposal: Any) -> str:
        file: str = proposal["value"]
        self._program.source.text(file)
        return file

    @traitlets.observe("file")
    def _on_file(self, change: Any) -> None:
        # The browser changes the file together with all that belongs to it.
        if self.comm is None or change["new"] not in self.others:
            return
        others = dict(self.others)
        text = others.pop(change["new"])
        self.others = {**others, change["old"]: self.source}
        if text == self.source:
            self.seq += 1
        self.source = text

    def _wanted(self) -> tuple[Texts, int]:
        self._asked = (self.source, self.seq)
        return ((self.file, self.source), *self.others.items()), self.seq

    def _compute(self, texts: Texts, position: Position) -> Iterable[Picture]:
        self._open = texts[0][0]
        return super()._compute(texts, position)

    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        if "tokens" in picture:
            marks = {name: picture.get(name) for name in ("tokens", "squiggles")}
            self.marks = pack({"seq": wanted.seq, **marks})


class Bench(Edited):
    """An editor and one panel that shows a stage of what is in it.

    `panel(program)` gives the panel's payloads, the poorest first. `html` and `text` make the
    static twin of the newest one; they get an empty mapping while there is none.
    """

    # The text alone decides what a stage is; what is selected is the browser's affair.
    follows_selection: ClassVar[bool] = False

    def __init__(
        self,
        view: str,
        program: Program,
        at: str | Position = "",
        *,
        panel: Callable[[Program], Iterable[Payload]],
        html: Callable[[Payload], Markup],
        text: Callable[[Payload], str],
        **options: Any,
    ) -> None:
        self._panel, self._panel_html, self._panel_text = panel, html, text
        # What is looked at is what is to be edited.
        file = options.pop("file", "")
        begin = program.locate(at or f"{file}:1:1") if at or file else first_operator(program)
        file = file or begin.file
        options["others"] = {name: text for name, text in program.source.files if name != file}
        super().__init__(view, program, begin, file=file, look=self._pictures, **options)

    @property
    def panel(self) -> Payload:
        """The panel's newest payload; empty before the first."""
        shown: Payload = self._picture.get("panel", {})
        return shown

    def _pictures(self, program: Program, _: Position) -> Iterable[Picture]:
        # What the editor draws goes first: it is there before anything else is computed.
        marks = editor_part(program, self._open)
        note = tier_note(program, "Go's own packages answer in its place")
        yield {**marks, "note": note}
        for payload in self._panel(program):
            yield {"note": note, "panel": payload}

    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        super()._publish(picture, wanted)
        if "panel" in picture:
            panel = picture["panel"]
            notes = filter(None, (panel.get("note"), picture["note"]))
            head = {"seq": wanted.seq, "file": self._open}
            self.payload = pack({**head, **panel, "note": " ".join(notes)})

    def _html_of(self, picture: Picture) -> str:
        source = details("the program", block(self.source), opened=True)
        return join([source, self._panel_html(picture.get("panel", {}))])

    def _text_of(self, picture: Picture) -> str:
        return self._panel_text(picture.get("panel", {}))


def failing_in_panel(
    panel: Callable[_Asked, Iterator[Payload]],
) -> Callable[_Asked, Iterator[Payload]]:
    """Let a panel's payloads end with `{"failed": why}` where the rest of them can't be made."""

    @functools.wraps(panel)
    def payloads(*args: _Asked.args, **options: _Asked.kwargs) -> Iterator[Payload]:
        try:
            yield from panel(*args, **options)
        except Superseded:
            raise
        except GolifelabError as error:
            yield {"failed": error.brief}

    return payloads


class FunctionBench(Bench):
    """A bench whose panel shows one function of the program.

    `function` names it and may be set from Python; the selection begins at its name.
    """

    function = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        view: str,
        program: Program,
        function: str = "",
        at: str | Position = "",
        **options: Any,
    ) -> None:
        begin = at or declared_at(program, function) or ""
        super().__init__(view, program, begin, function=function, **options)

    @traitlets.observe("function")
    def _on_function(self, _: object) -> None:
        if self.comm is not None:
            self._session.again()
