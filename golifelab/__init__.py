"""The complete life of a Go program, from source to running process, as values and widgets.

from golifelab import Program, sample, show
sample("add").thread("main.go:8:12")
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from golifelab.claims.board import run_claims
    from golifelab.course.card import claim, claim_board
    from golifelab.course.doctor import doctor
    from golifelab.course.exercise import exercise
    from golifelab.course.progress import progress
    from golifelab.course.quiz import quiz
    from golifelab.position import Position
    from golifelab.program import Program, sample
    from golifelab.target import Target
    from golifelab.widgets import show
    from golifelab.widgets.export import export

# Name → module. Resolved on first use (PEP 562): `import golifelab` alone loads nothing heavy.
_HOMES = {
    "Position": "golifelab.position",
    "Program": "golifelab.program",
    "Target": "golifelab.target",
    "claim": "golifelab.course.card",
    "claim_board": "golifelab.course.card",
    "doctor": "golifelab.course.doctor",
    "exercise": "golifelab.course.exercise",
    "export": "golifelab.widgets.export",
    "progress": "golifelab.course.progress",
    "quiz": "golifelab.course.quiz",
    "run_claims": "golifelab.claims.board",
    "sample": "golifelab.program",
    "show": "golifelab.widgets",
}

__all__ = [
    "Position",
    "Program",
    "Target",
    "claim",
    "claim_board",
    "doctor",
    "exercise",
    "export",
    "progress",
    "quiz",
    "run_claims",
    "sample",
    "show",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext golifelab` adds the magics."""
    from golifelab.magics import register

    register(shell)


def _display_values() -> None:
    """Where IPython runs already, let values show themselves at the end of a cell."""
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive is not None else None
    if shell is not None:
        from golifelab.display import install

        install(shell)


_display_values()
