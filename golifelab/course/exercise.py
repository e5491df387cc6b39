"""Exercises: a question whose right answer is worked out live, on the learner's own toolchain."""

from __future__ import annotations

import enum
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from golifelab.course.progress import record
from golifelab.course.shows import Shows
from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded, ToolchainNotFound
from golifelab.views.html import block, details, join, tag

# The modules that hold exercises, one a page. They register on import.
_MODULES = (
    "exercises_start",
    "exercises_whole_life",
    "exercises_lexing",
    "exercises_trees",
    "exercises_types",
    "exercises_ssa",
    "exercises_machine",
    "exercises_symbols",
    "exercises_metadata",
    "exercises_cgo",
    "exercises_loading",
    "exercises_stacks",
    "exercises_inits",
    "exercises_boot",
)


class State(enum.Enum):
    """How an answer stands. The value is the word learners see."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    NOT_ATTEMPTED = "not attempted"
    UNCHECKABLE = "cannot be checked here"


_MARKS = {
    State.CORRECT: "✔",
    State.INCORRECT: "✘",
    State.NOT_ATTEMPTED: "○",
    State.UNCHECKABLE: "–",
}


class Wrong(Exception):
    """An answer is not right. The text says what to look at again, and does not give it away."""


@dataclass(frozen=True, slots=True)
class Result(Shows):
    """What a check said: the state, and a sentence or two. Shows itself."""

    exercise: str
    state: State
    message: str

    def bundle(self) -> dict[str, Any]:
        """The value as HTML and as text."""
        head = f"{_MARKS[self.state]} {self.state.value}"
        first, _, rest = self.message.partition("\n")
        html = tag("p", tag("strong", head), f": {first}")
        if rest:
            html = join([html, block(rest)])
        return {"text/html": str(html), "text/plain": f"{head}: {self.message}"}

    def __str__(self) -> str:
        return str(self.bundle()["text/plain"])


class Shown(Shows, str):
    """A hint or a solution: text that shows itself as paragraphs."""

    __slots__ = ()

    def bundle(self) -> dict[str, Any]:
        """The value as HTML and as text."""
        first, _, code = self.partition("\n\n")
        html = join([tag("p", first), block(code)]) if code else tag("p", first)
        return {"text/html": str(html), "text/plain": str(self)}


@dataclass(frozen=True, slots=True)
class Exercise(Shows):
    """A question, hints of rising clearness, a worked solution, and the judge of an answer.

    `judge` takes an answer and gives praise, or raises Wrong. It works the truth out itself. With
    `takes_function` the answer is a function that the judge tries; else a function would be called
    for the answer.
    """

    id: str
    question: str
    hints: tuple[str, ...]
    answer: str
    judge: Callable[[Any], str]
    takes_function: bool = False

    def check(self, answer: Any = None) -> Result:
        """Check an answer. `...`, None and empty things count as not attempted, not as wrong.

        An answer may be a function without parameters that gives it.
        """
        try:
            if callable(answer) and not self.takes_function:
                answer = called(answer)
            if _empty(answer):
                message = "put your answer in place of the dots, and run the cell again."
                result = Result(self.id, State.NOT_ATTEMPTED, message)
            else:
                result = Result(self.id, State.CORRECT, self.judge(answer))
        except Wrong as wrong:
            result = Result(self.id, State.INCORRECT, str(wrong))
        except (FeatureUnavailable, LimitExceeded, ToolchainNotFound) as error:
            result = Result(self.id, State.UNCHECKABLE, str(error))
        except GolifelabError as error:
            # Go refused what the answer asks for: its words help best.
            result = Result(self.id, State.INCORRECT, str(error))
        record("exercises", self.id, result.state.value)
        return result

    def hint(self, number: int = 1) -> Shown:
        """The first hint, or a clearer one; the last one for any greater number."""
        index = max(1, min(number, len(self.hints)))
        more = f" (hint {index} of {len(self.hints)})"
        return Shown(self.hints[index - 1] + more)

    def solution(self) -> Shown:
        """The answer, explained."""
        return Shown(self.answer)

    def bundle(self) -> dict[str, Any]:
        """The value as HTML and as text."""
        html = join(
            [
                tag("p", tag("strong", f"Exercise {self.id}. "), self.question),
                details("Hints", *(tag("p", hint) for hint in self.hints)),
            ]
        )
        return {"text/html": str(html), "text/plain": f"Exercise {self.id}. {self.question}"}


_registry: dict[str, Exercise] = {}


def judge(
    id: str,  # noqa: A002 - the word learners use
    *,
    question: str,
    hints: Sequence[str],
    answer: str,
    takes_function: bool = False,
) -> Callable[[Callable[[Any], str]], Callable[[Any], str]]:
    """Register the function below as the judge of an exercise."""

    def register(function: Callable[[Any], str]) -> Callable[[Any], str]:
        if id in _registry:
            raise ValueError(f"there are two exercises {id}")
        _registry[id] = Exercise(id, question, tuple(hints), answer, function, takes_function)
        return function

    return register


@cache
def exercises() -> dict[str, Exercise]:
    """All exercises by id."""
    for module in _MODULES:
        importlib.import_module(f"golifelab.course.{module}")
    return dict(sorted(_registry.items()))


def exercise(id: str) -> Exercise:  # noqa: A002 - the word learners use
    """The exercise of an id such as "1a"; GolifelabError lists them when there is none."""
    found = exercises().get(id)
    if found is None:
        known = ", ".join(exercises())
        raise GolifelabError(f"there is no exercise {id!r}", remedy=f"there are {known}")
    return found


def _empty(answer: Any) -> bool:
    if answer is None or answer is ...:
        return True
    if isinstance(answer, str):
        return not answer.strip(" .…")
    if isinstance(answer, dict):
        return all(_empty(value) for value in answer.values())
    if isinstance(answer, list | tuple):
        return all(_empty(value) for value in answer)
    return False


def called(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a learner's function gives; Wrong with its own words when it stops with an error."""
    try:
        return function(*arguments)
    except GolifelabError:
        raise
    except Exception as error:  # the learner's own code may raise anything
        kind = type(error).__name__
        raise Wrong(f"your function stopped with {kind}: {error}") from error
