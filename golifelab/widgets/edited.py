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
from golifelab.widgets.live import Live
from golifelab.widgets.session import Picture, Wanted
from golifelab.widgets.view import pack

Payload = Mapping[str, Any]
_Asked = ParamSpec("_Asked")


class Edited(Live):
    """A live view with an editor in it, of the program's first file.

    `source` is the text and may be set from Python. `seq` numbers the edits; `marks` holds the
    colours and squiggles of the newest.
    """

    # The browser knows what it has just sent: an echo would only come between it and the answer.
    source = traitlets.Unicode().tag(sync=True, echo_update=False)
    seq = traitlets.Int(0).tag(sync=True, echo_update=False)
    file = traitlets.Unicode().tag(sync=True)
    readonly = traitlets.Bool(False).tag(sync=True)
    marks = traitlets.Bytes().tag(sync=True)

    def __init__(
        self, view: str, program: Program, at: str | Position = "", **options: Any
    ) -> None:
        self._asked = (program.text, 0)
        # An edited program is no longer the one it began as: it is linked to what has its key.
        options.setdefault("key", f"edit {uuid4().hex}")
        options |= {"source": program.text, "file": program.source.names[0]}
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

    def _wanted_text(self) -> tuple[str, int]:
        self._asked = (self.source, self.seq)
        return self._asked

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
        super().__init__(view, program, at, look=self._pictures, **options)

    @property
    def panel(self) -> Payload:
        """The panel's newest payload; empty before the first."""
        shown: Payload = self._picture.get("panel", {})
        return shown

    def _pictures(self, program: Program, _: Position) -> Iterable[Picture]:
        # What the editor draws goes first: it is there before anything else is computed.
        marks = editor_part(program, self.file)
        note = tier_note(program, "Go's own packages answer in its place")
        yield {**marks, "note": note}
        for payload in self._panel(program):
            yield {"note": note, "panel": payload}

    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        super()._publish(picture, wanted)
        if "panel" in picture:
            panel = picture["panel"]
            notes = filter(None, (panel.get("note"), picture["note"]))
            head = {"seq": wanted.seq, "file": self.file}
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
