"""A changed compiler to play with: words for its diagnostic, a button, and its verdict."""

from __future__ import annotations

from typing import Any

import ipywidgets

from golifelab.compile.changed import compiler
from golifelab.compile.changed.laundering import DEFAULT_TEXT, laundering
from golifelab.compile.changed.patch import Patch
from golifelab.compile.changed.verdicts import compile_with
from golifelab.errors import GolifelabError
from golifelab.program import Program
from golifelab.toolchain.background import BuildStatus
from golifelab.views.changed import checked_html, patch_html
from golifelab.views.html import Markup, join, tag

_AS_WIDE_AS_ITS_TEXT = {"width": "auto"}


class Rebuild:
    """The reader's own diagnostic in Go's compiler.

    A text field holds the words, in which `{from}` and `{to}` become types; the diff below follows
    it. The button builds the compiler with them, in the background and with progress, and shows
    what it says to `program`. `build` and `stop` do from Python what the buttons do.
    """

    def __init__(self, program: Program, text: str = DEFAULT_TEXT) -> None:
        self.program = program
        self._building: Patch | None = None
        self._text = ipywidgets.Text(
            value=text, description="LAB0001:", layout={"width": "auto", "max_width": "60em"}
        )
        self._build = ipywidgets.Button(
            description="Build the compiler", icon="wrench", layout=_AS_WIDE_AS_ITS_TEXT
        )
        self._stop = ipywidgets.Button(
            description="Stop", icon="stop", disabled=True, layout=_AS_WIDE_AS_ITS_TEXT
        )
        self._status = _html()
        self._verdict = _html()
        self._diff = _html()
        self._text.observe(lambda _: self._follow(), names="value")
        self._build.on_click(lambda _: self.build())
        self._stop.on_click(lambda _: self.stop())
        buttons = ipywidgets.HBox([self._build, self._stop, self._status])
        self.widget = ipywidgets.VBox([self._text, buttons, self._verdict, self._diff])
        self._follow()

    @property
    def text(self) -> str:
        """The words of the diagnostic. May be set."""
        return str(self._text.value)

    @text.setter
    def text(self, words: str) -> None:
        self._text.value = words

    def build(self) -> None:
        """Begin to build the compiler with the words of the field. Does not wait."""
        if self._building is not None:
            return
        try:
            patch = laundering(self.text)
            self._building = patch
            self._build.disabled, self._stop.disabled = True, False
            compiler.start(patch, self.program.target, lambda now: self._told(patch, now))
        except GolifelabError as error:
            self._end(str(error))

    def stop(self) -> None:
        """Stop a build under way."""
        if self._building is not None:
            compiler.cancel(self._building, self.program.target)

    def _told(self, patch: Patch, now: BuildStatus) -> None:
        """Called by the build, from its own thread."""
        if patch is not self._building:
            return None
        if now.state == "building":
            return self._say(f"{now.message}: {now.seconds:.0f} s")
        if now.state == "ready":
            # In a widget, unlike in an output, Lab's style puts tables into the middle.
            shown = _verdict(patch, self.program)
            self._verdict.value = shown.replace("<table>", '<table style="margin-left: 0">')
            return self._end("")
        return self._end("The build was stopped." if now.state == "absent" else now.message)

    def _end(self, words: str) -> None:
        self._building = None
        self._build.disabled, self._stop.disabled = False, True
        self._say(words)

    def _say(self, words: str) -> None:
        self._status.value = tag("span", words, role="status")

    def _follow(self) -> None:
        self._diff.value = self._shown_diff()

    def _shown_diff(self) -> Markup:
        try:
            return patch_html(laundering(self.text), self.program.target)
        except GolifelabError as error:  # too long a text
            return tag("p", str(error))

    def _repr_mimebundle_(self, **choice: Any) -> dict[str, Any]:
        """The widget, and beside it the diff with what a compiler that is there already says."""
        bundle = self.widget._repr_mimebundle_(**choice) or {}
        return {**bundle, "text/html": str(self.twin()), "text/plain": f"LAB0001: {self.text}"}

    def twin(self) -> Markup:
        """What can be said without a widget: the diff, and what a compiler that is there says."""
        return join([_verdict_if_built(self.text, self.program), self._shown_diff()])


def _verdict(patch: Patch, program: Program) -> Markup:
    """What the compiler says to the program; in words why it says nothing."""
    try:
        made = compiler.ready(patch, program.target)
        if made is None:
            return tag("p", "The compiler has gone from the cache: build it again.")
        return checked_html(compile_with(made, program.source, program.target))
    except GolifelabError as error:
        return tag("p", str(error))


def _verdict_if_built(text: str, program: Program) -> Markup:
    try:
        patch = laundering(text)
        if compiler.status(patch, program.target).state == "ready":
            return _verdict(patch, program)
    except GolifelabError as error:
        return tag("p", str(error))
    return tag("p", "The compiler with this patch is not built yet.")


def _html() -> Any:
    """A piece of HTML that looks like the outputs around it."""
    made = ipywidgets.HTML()
    made.add_class("jp-RenderedHTMLCommon")
    return made
