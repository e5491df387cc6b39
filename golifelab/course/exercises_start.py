"""The exercise of the first page: it teaches what an exercise is."""

from __future__ import annotations

from typing import Any

from golifelab.course.exercise import Wrong, judge
from golifelab.toolchain.go import find_go


@judge(
    "0a",
    question="Which release of Go does this course use on your machine?",
    hints=(
        "The doctor at the top of the page found it.",
        "It looks like 1.2x.y. Write it in quotes: a release is text, not a number.",
    ),
    answer="The doctor's first row has it, and so has this:\n\nfind_go().version",
)
def judge_release(answer: Any) -> str:
    """Compare with the toolchain that would be used."""
    if not isinstance(answer, str):
        raise Wrong("write the release in quotes")
    truth = find_go().version
    said = answer.strip().lower().removeprefix("go").strip()
    if said == truth:
        return f"go{truth} it is. All experiments of the course run with it."
    if truth.startswith(said) and said:
        raise Wrong("nearly: give all of it, to the last number")
    raise Wrong("the doctor says another one")
