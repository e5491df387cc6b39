"""A changed Go compiler within a lesson: begun early, waited for within bounds, told in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.compile.changed.compiler import start, wait
from golifelab.compile.changed.verdicts import build_folder, compile_with
from golifelab.course.shows import Shows
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.views.html import tag

if TYPE_CHECKING:
    from golifelab.compile.changed.checked import Checked
    from golifelab.compile.changed.patch import Patch
    from golifelab.program import Program

# The first changed compiler of a Go release compiles some hundred packages.
PATIENCE = 240.0


@dataclass(frozen=True, slots=True)
class Note(Shows):
    """A sentence in place of something that is not there yet, or cannot be had here."""

    text: str

    @property
    def output(self) -> str:
        """The sentence, where the output of a compiler is wanted."""
        return self.text

    def bundle(self) -> dict[str, Any]:
        """The sentence as HTML and as text."""
        return {"text/html": str(tag("p", self.text)), "text/plain": self.text}


def begin(patch: Patch) -> Note:
    """Begin to build the compiler with a patch, in the background, and say so."""
    try:
        state = start(patch).state
    except GolifelabError as error:
        return Note(f"The changed compiler cannot be built here: {error.message}")
    if state == "ready":
        return Note("The changed compiler is there already, from an earlier time.")
    return Note("The changed compiler is being built in the background. Read on.")


def judged_by(
    patch: Patch,
    what: Program | Path,
    *,
    environment: dict[str, str] | None = None,
    seconds: float = PATIENCE,
) -> Checked | Note:
    """What the compiler with a patch says about a program; a Note says why it says nothing.

    For a folder, the go command builds the module in it with this compiler. `environment` holds
    further variables for the compiler. Waits for the compiler, but no longer than `seconds`.
    """
    try:
        if isinstance(what, Path):
            return build_folder(wait(patch, timeout=seconds), what)
        compiler = wait(patch, what.target, timeout=seconds)
        return compile_with(compiler, what.source, environment=environment)
    except FeatureUnavailable as error:
        return Note(
            f"The changed compiler says nothing: {error.reason}. Run this cell again later."
        )
    except GolifelabError as error:
        return Note(f"The changed compiler cannot be built: {error.message}")
