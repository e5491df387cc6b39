"""How values show at the end of a notebook cell.

Registered by the class every stage derives from, and for programs by name, so that registering
loads no stage module; the views are loaded when the first value is shown.
"""

from __future__ import annotations

from typing import Any

from golifelab.stage import Stage
from golifelab.views.twin import PARTS, twin

Bundle = dict[str, Any]


def install(shell: Any) -> None:
    """Register the formatters with an IPython shell."""
    formatter = shell.display_formatter.mimebundle_formatter
    formatter.for_type(Stage, _stage)
    formatter.for_type_by_name("golifelab.program.face", "Program", _program)
    for name in PARTS:
        formatter.for_type_by_name(*name.rsplit(".", 1), _part)


def _stage(value: Stage, **choice: Any) -> Any:
    """A stage shows as its widget where it has one, and always as its static twin."""
    from golifelab.widgets.stages import stage_view

    view = stage_view(value)
    if view is not None:
        return view._repr_mimebundle_(**choice)
    from golifelab.views.text import brief

    return {"text/html": str(twin(value)), "text/plain": brief(value)}


def _program(value: Any, **choice: Any) -> Any:
    """A program shows as the lab: its text, the SSA of a function, and the rail."""
    from golifelab.widgets import show

    return show(value)._repr_mimebundle_(**choice)


def _part(value: Any, **_: Any) -> Bundle:
    return {"text/html": str(twin(value)), "text/plain": str(value)}
