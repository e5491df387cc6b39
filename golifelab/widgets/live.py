"""A view of a program whose pictures are computed behind it, as they are wanted."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import traitlets

from golifelab.position import Position
from golifelab.program import Program
from golifelab.toolchain.helper import build
from golifelab.widgets.session import Picture, Session, Texts, Wanted
from golifelab.widgets.view import View, position_of, selection_of

# Seconds that a display waits for the picture, so that its static twin has something to say. A
# reader who watches sees the rest arrive.
PATIENCE = 3.0

# Tokens that the receiver of a method may have.
_RECEIVER = 64

# How often a view says how far the build of the helper is.
_PROGRESS_SECONDS = 5.0

# What there is to see of a program at a position: pictures, the poorest first.
Look = Callable[[Program, Position], Iterable[Picture]]


class Live(View):
    """The common part of all views that compute: a program, a position, and a session.

    `look` makes the pictures. `at` is the position to begin with ("main.go:6:11", or "6:11" in the
    first file); by default the first binary operator. `key` links the view to others: by default to
    those of an equal program. `failure` says what is wrong with the view itself (no toolchain,
    say); it is empty while all is well.
    """

    failure = traitlets.Unicode().tag(sync=True)

    # Whether the pictures depend on the position: then a new selection is a new question.
    follows_selection: ClassVar[bool] = True

    def __init__(
        self,
        view: str,
        program: Program,
        at: str | Position = "",
        *,
        look: Look,
        key: str = "",
        **traits: Any,
    ) -> None:
        self._program = program
        self._look = look
        self._picture: dict[str, Any] = {}
        self._session = Session(self._compute, self._receive, self._report)
        self._told = -1.0
        position = program.locate(at) if at else first_operator(program)
        super().__init__(
            view,
            program=key or program_key(program),
            selection=selection_of(position),
            twin=self._html,
            text=self._plain,
            **traits,
        )
        self._ask()

    def wait(self, timeout: float = 60.0) -> bool:
        """Wait until the picture is complete; False when it is not after `timeout` seconds."""
        return self._session.wait(timeout)

    @property
    def picture(self) -> dict[str, Any]:
        """The newest picture, as `look` makes it."""
        return dict(self._picture)

    @property
    def value(self) -> Program:
        """The program as it is now."""
        return self._program

    @abc.abstractmethod
    def _publish(self, picture: Picture, wanted: Wanted) -> None:
        """Send a picture to the browser. Runs in the worker thread."""

    @abc.abstractmethod
    def _html_of(self, picture: Picture) -> str:
        """The static twin of a picture; of an empty one, when nothing has come yet."""

    @abc.abstractmethod
    def _text_of(self, picture: Picture) -> str:
        """The same for a terminal."""

    def _wanted(self) -> tuple[Texts, int]:
        """The texts to compute, the edited one first, and the number of the edit."""
        return (), 0

    @traitlets.observe("selection")
    def _on_selection(self, _: object) -> None:
        # The constructor's own selection arrives before there is a browser, and before `_ask`.
        chosen = self.follows_selection and position_of(self.selection) is not None
        if self.comm is not None and chosen:
            self._ask()

    def _ask(self) -> None:
        texts, seq = self._wanted()
        position = position_of(self.selection) or Position(self._program.source.names[0], 1, 1)
        self._session.ask(texts, seq, position)

    def _compute(self, texts: Texts, position: Position) -> Iterable[Picture]:
        # The same text keeps its Program, and with it all that was computed for it; but not what
        # the fallback computed, once the helper is there.
        program = self._program
        if self._outdated() or any(program.source.text(name) != text for name, text in texts):
            source = program.source.with_texts(dict(texts))
            self._program = Program(source, program.target)
        return self._look(self._program, position)

    def _receive(self, picture: Picture, wanted: Wanted) -> None:
        self._picture.update(picture)
        self._publish(picture, wanted)
        if picture.get("note") and self._told < 0:
            self._told = 0.0
            build.start(self._program.target, self._on_build)

    def _outdated(self) -> bool:
        ready = build.status(self._program.target).state == "ready"
        return ready and self._program.tokens.tier == "fallback"

    def _on_build(self, now: build.HelperStatus) -> None:
        """Show how the build of the helper goes, and look again when it has ended."""
        if now.state != "building" or now.seconds - self._told >= _PROGRESS_SECONDS:
            self._told = now.seconds
            self._session.again()

    def _report(self, message: str) -> None:
        self.failure = message

    def _html(self) -> str:
        self._session.wait(PATIENCE)
        return self._html_of(self._picture)

    def _plain(self) -> str:
        self._session.wait(PATIENCE)
        return self._text_of(self._picture)


def program_key(program: Program) -> str:
    """What views of equal programs have in common."""
    return f"{program.source.digest[:16]} {program.target.platform} {program.target.go}".strip()


def first_operator(program: Program, function: str = "") -> Position:
    """Where to begin: the first arithmetic operator, else the start of the first function.

    With `function`, however it is named ("sum", "main.sum", "(*T).M"), the first one in it.
    """
    wanted = function.rpartition(".")[2].partition("[")[0]
    begin = Position(program.source.names[0], 1, 1)
    inside, before = not wanted, ""
    for token, name in zip(program.tokens, _declared(program), strict=True):
        if token.kind == "func" and token.column == 1:
            inside = not wanted or name == wanted
            if inside and begin.line == 1:
                begin = token.position
        operand = before in ("name", "literal", ")", "]")
        if inside and token.precedence >= 4 and token.text != "*" and operand:
            return token.position
        before = token.kind
    return begin


def _declared(program: Program) -> list[str]:
    """For each token that begins a function's declaration the function's name, else nothing."""
    tokens = list(program.tokens)
    names = [""] * len(tokens)
    for row, token in enumerate(tokens):
        if token.kind == "func" and token.column == 1:
            depth = 0  # in the receiver's parentheses
            for following in tokens[row + 1 : row + _RECEIVER]:
                depth += (following.kind == "(") - (following.kind == ")")
                if following.kind == "name" and depth == 0:
                    names[row] = following.text
                if depth == 0 and following.kind != ")":
                    break
    return names


__all__ = ["Live", "Look", "first_operator", "program_key"]
