"""What judges of exercises have in common: an answer in rows is compared row by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from golifelab.course.exercise import Wrong


def judge_rows(
    answer: Any,
    truth: Mapping[str, Any],
    *,
    kind: str,
    same: Callable[[Any, Any], bool] = lambda said, fact: bool(said == fact),
) -> None:
    """Compare a dictionary with the truth; Wrong says how many rows are right, and where to look.

    `kind` says what is expected, such as "snippet → lines". Rows that hold `...` are still open.
    """
    if not isinstance(answer, Mapping):
        raise Wrong(f"give a dictionary: {kind}")
    unknown = [name for name in answer if name not in truth]
    if unknown:
        raise Wrong(f"{unknown[0]!r} was not asked; asked are {', '.join(truth)}")
    still_open = [name for name in truth if answer.get(name, ...) in (..., None)]
    wrong = [
        name
        for name, fact in truth.items()
        if name not in still_open and not same(answer[name], fact)
    ]
    if wrong or still_open:
        right = len(truth) - len(wrong) - len(still_open)
        look = f"; look again at {wrong[0]}" if wrong else ""
        more = f"; {len(still_open)} are still open" if still_open else ""
        raise Wrong(f"{right} of {len(truth)} are right{look}{more}")


def same_names(said: Any, fact: Collection[str]) -> bool:
    """Whether an answer names the same things, in any order and any kind of collection."""
    return is_names(said) and set(said) == set(fact)


def is_names(said: Any) -> bool:
    """Whether an answer is a collection of texts."""
    return isinstance(said, list | tuple | set | frozenset) and all(
        isinstance(name, str) for name in said
    )


def verdict_word(said: Any) -> str:
    """The word "legal" or "illegal", however it was said; Wrong for anything else."""
    if isinstance(said, bool):
        return "legal" if said else "illegal"
    word = said.strip().lower() if isinstance(said, str) else ""
    if word not in ("legal", "illegal"):
        raise Wrong(f'{said!r} is neither "legal" nor "illegal"')
    return word
