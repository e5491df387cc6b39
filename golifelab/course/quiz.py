"""Multiple-choice questions with an answer to every answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from golifelab.course.progress import record
from golifelab.course.shows import Shows, prose
from golifelab.data import data_directory
from golifelab.errors import GolifelabError, ParseError
from golifelab.views.html import details, join, tag


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen, whether it is right, and what to say to it."""

    text: str
    right: bool
    reply: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its choices; exactly one of them is right."""

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Quiz(Shows):
    """A few questions. Shows itself with buttons where a kernel is live, else as a static form."""

    id: str
    title: str
    questions: tuple[Question, ...]

    def answer(self, question: int, choice: int) -> str:
        """Answer a question (both numbers from 1) and get the reply."""
        if not 1 <= question <= len(self.questions):
            raise GolifelabError(f"the quiz has questions 1 to {len(self.questions)}")
        choices = self.questions[question - 1].choices
        if not 1 <= choice <= len(choices):
            raise GolifelabError(f"question {question} has answers 1 to {len(choices)}")
        chosen = choices[choice - 1]
        mark = "right" if chosen.right else "wrong"
        record("quizzes", f"{self.id}.{question}", mark)
        return f"{'✔ right' if chosen.right else '✘ not quite'}: {chosen.reply}"

    def bundle(self) -> dict[str, Any]:
        """The value as HTML and as text."""
        from golifelab.course.controls import quiz_controls, with_twin

        return with_twin(lambda: quiz_controls(self), quiz_html(self), quiz_text(self))


def quiz_html(quiz: Quiz) -> str:
    """The quiz as a form that needs nothing but a browser: every answer opens its reply."""
    parts = [tag("h4", quiz.title)]
    for number, question in enumerate(quiz.questions, 1):
        parts.append(tag("p", tag("strong", f"{number}. "), prose(question.text)))
        for choice in question.choices:
            mark = "✔ right: " if choice.right else "✘ not quite: "
            parts.append(details(choice.text, tag("p", mark, prose(choice.reply))))
    return str(join(parts))


def quiz_text(quiz: Quiz) -> str:
    """The quiz as plain text."""
    lines = [quiz.title]
    for number, question in enumerate(quiz.questions, 1):
        lines.append(f"{number}. {question.text}")
        lines += [f"   {index}) {choice.text}" for index, choice in enumerate(question.choices, 1)]
    return "\n".join(lines)


def quiz(id: str) -> Quiz:  # noqa: A002 - the word learners use
    """The quiz of an id such as "whole-life"; GolifelabError lists them when there is none."""
    found = quizzes().get(id)
    if found is None:
        raise GolifelabError(f"there is no quiz {id!r}", remedy="there are " + ", ".join(quizzes()))
    return found


@cache
def quizzes() -> dict[str, Quiz]:
    """All quizzes by id, from `data/quizzes.yaml`."""
    return parse_quizzes((data_directory() / "quizzes.yaml").read_bytes())


def parse_quizzes(text: bytes) -> dict[str, Quiz]:
    """Quizzes written in YAML; ParseError says what is wrong with them."""
    import yaml

    try:
        raw = yaml.safe_load(text)
        found = [_quiz(id_, entry) for id_, entry in raw.items()]
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ParseError("quizzes.yaml", f"{type(error).__name__}: {error}") from error
    return {one.id: one for one in found}


def _quiz(id_: str, entry: dict[str, Any]) -> Quiz:
    questions = []
    for question in entry["questions"]:
        choices = tuple(
            Choice(str(one["answer"]), bool(one.get("right", False)), str(one["reply"]))
            for one in question["choices"]
        )
        if sum(choice.right for choice in choices) != 1:
            raise ValueError(f"{id_}: {question['ask']!r} needs exactly one right answer")
        questions.append(Question(str(question["ask"]), choices))
    return Quiz(id_, str(entry["title"]), tuple(questions))
