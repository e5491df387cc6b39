"""Views of a program for the notebook, and `show`, which picks one for a value."""

from __future__ import annotations

from typing import Any

from golifelab.program import Program
from golifelab.stage import Stage
from golifelab.views.stage import stage_html
from golifelab.widgets.changed import Rebuild
from golifelab.widgets.checks import Checks
from golifelab.widgets.edited import Bench
from golifelab.widgets.interfaces import Interfaces
from golifelab.widgets.life import Editor, Life, Rail
from golifelab.widgets.remarks import RemarksLane
from golifelab.widgets.ribbon import Ribbon
from golifelab.widgets.runtime import Runtime
from golifelab.widgets.stages import stage_view
from golifelab.widgets.trees import Trees
from golifelab.widgets.view import View

__all__ = [
    "Bench",
    "Checks",
    "Editor",
    "Interfaces",
    "Life",
    "Rail",
    "Rebuild",
    "RemarksLane",
    "Ribbon",
    "Runtime",
    "Trees",
    "View",
    "show",
]


def show(value: Any, **options: Any) -> Any:
    """The widget for a value: a program's lab; a stage's own, else the tables of its static twin.

    Options go to the widget: `show(program, at="6:11", function="add")`. TypeError for what has no
    view.
    """
    if isinstance(value, Program):
        return Life(value, **options)
    if isinstance(value, Stage):
        view = stage_view(value)
        if view is not None:
            return view
        import ipywidgets

        return ipywidgets.HTML(str(stage_html(value)))
    raise TypeError(f"there is no view of a {type(value).__name__}")
