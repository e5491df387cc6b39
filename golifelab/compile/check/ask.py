"""Questions to the type checker: the program with a line of Go added for each, and what is said.

A verdict then comes in the real checker's own sentence, and nothing here knows Go's rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.compile.front import before_types, front
from golifelab.compile.syntax import syntax
from golifelab.compile.text import SourceText
from golifelab.errors import LimitExceeded
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.exports import importcfg, read_importcfg
from golifelab.toolchain.helper.front import FrontReply

_QUALIFIER = re.compile(r"(?<![\w.])([A-Za-z_]\w*)\.[A-Z]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Question:
    """One line of Go for the checker.

    It stands at package level in a file of its own, or, with `offset` (bytes), in the middle of
    `file`: there it follows a statement of a function, whose names it can use. `before` is a
    declaration at package level that it needs.
    """

    text: str
    before: str = ""
    file: str = ""
    offset: int = -1


@dataclass(frozen=True, slots=True)
class Answers:
    """What the checker said to each question; a question that it has nothing against has no errors.

    `unanswered` says why no question has an answer: a syntax error, or, with `failed`, that the
    checker came to no end. `reply` is the front end's, in that last case to the program alone.
    """

    said: tuple[tuple[Diagnostic, ...], ...]
    reply: FrontReply
    unanswered: str = ""
    failed: bool = False


def one_line(text: str) -> str:
    """Go text of a type or an expression without line breaks: a question is one line."""
    return _SPACE.sub(" ", text).strip()


def ask(source: Source, target: Target, questions: Sequence[Question]) -> Answers:
    """Ask all questions at once. Syntax errors of the program or a question leave them all open."""
    asked = _Asked(source, questions, target)
    try:
        reply = front(asked.source, target, only="errors")
    except LimitExceeded as limit:
        # Invalid recursive types can lead Go's own checker round and round.
        nothing: tuple[tuple[Diagnostic, ...], ...] = ((),) * len(questions)
        return Answers(nothing, front(source, target), str(limit), failed=True)
    said: list[list[Diagnostic]] = [[] for _ in questions]
    for error in reply.diagnostics:
        number = asked.question_at(error)
        if number >= 0:
            said[number].append(error)
    unanswered = next((error.message for error in before_types(reply.diagnostics, reply.tier)), "")
    return Answers(tuple(map(tuple, said)), reply, unanswered)


def refused(source: Source, target: Target, types: Iterable[str]) -> dict[str, Diagnostic]:
    """Those of the texts that are no types here, each with what the checker has against it.

    A constraint is refused too, as it is no type of a variable; its error's code says so.
    """
    wrong: dict[str, Diagnostic] = {}
    texts = list(dict.fromkeys(map(one_line, types)))
    while texts:
        # In brackets: nothing in a text can end the line or begin another declaration.
        answers = ask(source, target, [Question(f"var _ = (*({text}))(nil)") for text in texts])
        found = [(text, said[0]) for text, said in zip(texts, answers.said, strict=True) if said]
        if answers.failed:
            return wrong | dict.fromkeys(texts, Diagnostic(Position("", 0), answers.unanswered))
        if not answers.unanswered:
            return wrong | dict(found)
        if not found:
            return wrong  # the program itself has the syntax errors
        # One unclosed bracket makes nonsense of all that follows: take out the first and ask again.
        text, error = found[0]
        wrong[text] = error
        texts.remove(text)
    return wrong


class _Asked:
    """The program with the questions in it, and where they are."""

    def __init__(self, source: Source, questions: Sequence[Question], target: Target) -> None:
        self._lines: dict[tuple[str, int], int] = {}
        self._spans: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
        name = "questions.go"
        while name in source.names:
            name = f"more_{name}"
        texts = [f"{question.before} {question.text}" for question in questions]
        beside = [f"package {package_name(source, target)}"]
        beside += [f'import {n} "{path}"' for n, path in imports_for(source, target, texts)]
        inside: dict[str, list[int]] = {}
        for number, question in enumerate(questions):
            if question.before:
                beside.append(question.before)
                self._lines[name, len(beside)] = number
            if question.offset < 0:
                beside.append(question.text)
                self._lines[name, len(beside)] = number
            else:
                inside.setdefault(question.file, []).append(number)
        files = [
            (
                file,
                self._insert(
                    file, text, sorted(inside[file], key=lambda n: questions[n].offset), questions
                ),
            )
            if file in inside
            else (file, text)
            for file, text in source.files
        ]
        files.append((name, "\n".join(beside) + "\n"))
        self.source = Source(tuple(files), source.package, source.directory)

    def _insert(
        self, file: str, text: str, numbers: list[int], questions: Sequence[Question]
    ) -> str:
        """A file's text with questions in it, each in the line that it follows."""
        places = SourceText(text)
        parts, done, shift, shifted = [], 0, 0, 0
        for number in numbers:
            question = questions[number]
            parts.append(places.content[done : question.offset])
            done = question.offset
            line, column = places.place(question.offset)
            shift = shift if line == shifted else 0
            shifted = line
            added = f"; {question.text}".encode()
            start = column + shift
            self._spans.setdefault((file, line), []).append((start, start + len(added), number))
            shift += len(added)
            parts.append(added)
        parts.append(places.content[done:])
        return b"".join(parts).decode("utf-8", "surrogateescape")

    def question_at(self, error: Diagnostic) -> int:
        """Which question an error is about; -1 for one of the program itself."""
        at = error.position
        for start, end, number in self._spans.get((at.file, at.line), ()):
            if start <= at.column < end:
                return number
        return self._lines.get((at.file, at.line), -1)


def package_name(source: Source, target: Target) -> str:
    """The name in the program's package clause; "main" where it can't be read."""
    tree = syntax(source, target)
    for root in tree.roots:
        for child in tree.children(root):
            if child.field == "PkgName" and child.text:
                return child.text
    return "main"


def imports_for(source: Source, target: Target, texts: Iterable[str]) -> list[tuple[str, str]]:
    """Name and path of the packages that Go texts name: as the program imports them, or of std."""
    names = sorted({name for text in texts for name in _QUALIFIER.findall(text)})
    known = _imported(source, target) if names else {}
    std = _std_names(importcfg(target)) if any(name not in known for name in names) else {}
    # A qualifier may as well be a variable or a type of the program.
    return [(n, path) for n in names if (path := known.get(n) or std.get(n))]


def _imported(source: Source, target: Target) -> dict[str, str]:
    """Name → import path of what the program's files import."""
    tree = syntax(source, target)
    found = {}
    for node in (node for root in tree.roots for node in tree.children(root)):
        if node.kind == "ImportDecl":
            parts = {child.field: child.text for child in tree.children(node)}
            path = parts.get("Path", "").strip('"`')
            found[parts.get("LocalPkgName") or _last(path)] = path
    return found


@lru_cache(maxsize=16)
def _std_names(config: Path) -> dict[str, str]:
    """Name → import path of std's public packages; of two with one name, the shorter path."""
    paths = (
        path for path in read_importcfg(config) if not {"internal", "vendor"} & {*path.split("/")}
    )
    return {_last(path): path for path in sorted(paths, key=lambda p: (-len(p), p))}


def _last(path: str) -> str:
    """The name that a package of this path usually has: math/rand/v2 is rand."""
    parts = path.split("/")
    if len(parts) > 1 and re.fullmatch(r"v[0-9]+", parts[-1]):
        parts.pop()
    return parts[-1]
