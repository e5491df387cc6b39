"""The buttons of cards, quizzes and the board, from ipywidgets; each stands beside a static twin.

Nothing here waits for the front end: in a headless run the controls are made and never touched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from golifelab.claims.board import run_claims
from golifelab.claims.experiment import experiments
from golifelab.claims.ledger import Verdict
from golifelab.course.card_html import MARKS, board_html, card_html, claims_table
from golifelab.course.shows import prose
from golifelab.errors import GolifelabError
from golifelab.views.html import block, tag

if TYPE_CHECKING:
    import ipywidgets

    from golifelab.claims.board import Board
    from golifelab.course.card import ClaimCard
    from golifelab.course.quiz import Quiz

_AS_WIDE_AS_ITS_TEXT = {"width": "auto", "align_self": "flex-start"}
_GUESSES = tuple(Verdict)


def with_twin(
    controls: Callable[[], ipywidgets.Widget] | None, html: str, text: str
) -> dict[str, Any]:
    """The controls where a kernel is live, with the static twin beside them; else the twin."""
    twin = {"text/html": str(html), "text/plain": text}
    if controls is None or not _live():
        return twin
    bundle = controls()._repr_mimebundle_()
    return {**(bundle or {}), **twin}


def _live() -> bool:
    """Whether this process is a Jupyter kernel: elsewhere widgets have nobody to talk to."""
    import sys

    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive is not None else None
    return shell is not None and getattr(shell, "kernel", None) is not None


def _html(text: str = "") -> Any:
    """A piece of HTML that looks like the outputs around it."""
    import ipywidgets

    made = ipywidgets.HTML(text)
    made.add_class("jp-RenderedHTMLCommon")
    return made


def card_controls(card: ClaimCard) -> ipywidgets.Widget:
    """A card with a guess to make and an experiment to run."""
    import ipywidgets as w

    shown = _html(card_html(card))
    guess = w.ToggleButtons(
        options=[
            (f"{MARKS[verdict.value]} {verdict.value}", verdict.value) for verdict in _GUESSES
        ],
        value=card.prediction.value if card.prediction else None,
        description="I expect",
        style={"button_width": "auto"},
    )
    run = w.Button(description="Run the experiment", icon="play", layout=_AS_WIDE_AS_ITS_TEXT)
    current = [card]

    def guessed(change: dict[str, Any]) -> None:
        if change["new"]:
            current[0] = current[0].predict(change["new"])

    def pressed(_: Any) -> None:
        run.disabled, run.description = True, "running …"
        try:
            current[0] = current[0].run()
            shown.value = card_html(current[0])
        except GolifelabError as error:
            shown.value = card_html(card) + block(str(error))
        finally:
            run.disabled, run.description = False, "Run it again"

    guess.observe(guessed, names="value")
    run.on_click(pressed)
    return w.VBox([shown, guess, run])


def quiz_controls(quiz: Quiz) -> ipywidgets.Widget:
    """A quiz with one row of choices a question, and a reply below each."""
    import ipywidgets as w

    parts: list[Any] = [_html(tag("h4", quiz.title))]
    for number, question in enumerate(quiz.questions, 1):
        parts.append(_html(tag("p", tag("strong", f"{number}. "), prose(question.text))))
        options = [(choice.text, index) for index, choice in enumerate(question.choices, 1)]
        radio = w.RadioButtons(options=options, value=None, layout={"width": "auto"})
        reply = _html()
        radio.observe(_answering(quiz, number, reply), names="value")
        parts += [radio, reply]
    return w.VBox(parts)


def _answering(quiz: Quiz, number: int, reply: Any) -> Callable[[dict[str, Any]], None]:
    def answered(change: dict[str, Any]) -> None:
        if change["new"] is not None:
            reply.value = tag("p", prose(quiz.answer(number, change["new"])))

    return answered


def board_controls(board: Board) -> ipywidgets.Widget:
    """The board with filters for chapter and state, and a button that tries what can be tried."""
    import ipywidgets as w

    counts = _html(board_counts(board))
    chapters = [("all chapters", 0)] + [(f"chapter {n}", n) for n in board.by_chapter()]
    chapter = w.Dropdown(options=chapters, value=chapters[1][1], description="Show")
    state = w.Dropdown(options=_states(board), description="found")
    rows = _html()
    possible = [claim.id for claim in board.claims if claim.id in experiments()]
    bar = w.IntProgress(max=max(1, len(possible)), layout={"visibility": "hidden"})
    label = w.Label()
    run = w.Button(
        description=f"Try {len(possible)} claims",
        icon="play",
        disabled=not possible,
        layout=_AS_WIDE_AS_ITS_TEXT,
    )
    current = [board]

    def refresh(_: Any = None) -> None:
        part = current[0].chapter(chapter.value) if chapter.value else current[0]
        if state.value:
            part = type(part)(
                tuple(c for c in part.claims if part.state(c.id) == state.value), part.findings
            )
        rows.value = claims_table(part)

    def step(done: int, total: int, id_: str) -> None:
        bar.value, label.value = done, f"{id_} ({done} of {total})" if id_ else ""

    def pressed(_: Any) -> None:
        run.disabled, bar.layout.visibility = True, "visible"
        try:
            made = run_claims(possible, progress=step)
            current[0] = type(board)(board.claims, made.findings)
            counts.value = board_counts(current[0])
            state.options = _states(current[0])
            refresh()
        finally:
            run.disabled, bar.layout.visibility = False, "hidden"

    chapter.observe(refresh, names="value")
    state.observe(refresh, names="value")
    run.on_click(pressed)
    refresh()
    return w.VBox([counts, w.HBox([run, bar, label]), w.HBox([chapter, state]), rows])


def board_counts(board: Board) -> str:
    """The table of counts alone: the first part of the board's twin."""
    return str(board_html(board)).split("<details>", 1)[0]


def _states(board: Board) -> list[tuple[str, str]]:
    return [("any", "")] + [(f"{MARKS[state]} {state}", state) for state in board.counts()]
