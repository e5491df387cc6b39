"""How values show at the end of a notebook cell.

Registered by the class every stage derives from, and for programs by name, so that registering
loads no stage module; the views are loaded when the first value is shown.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from golifelab.stage import Stage

# Answers of a stage that are no stages themselves → the room of views and the view that shows them.
_PARTS = {
    "golifelab.compile.ssa.biography.Difference": ("back", "difference_html"),
    "golifelab.compile.ssa.biography.Biography": ("back", "biography_html"),
    "golifelab.compile.ssa.cfg.CFG": ("graphs", "cfg_html"),
    "golifelab.compile.ssa.impact.Impact": ("graphs", "impact_html"),
    "golifelab.compile.ssa.changes.SSAChanges": ("graphs", "changes_html"),
}
# Values of the changed compiler: module → class → view.
_CHANGED = {"patch": ("Patch", "patch_html"), "compiler": ("ChangedCompiler", "compiler_html")}

Bundle = dict[str, Any]


def install(shell: Any) -> None:
    """Register the formatters with an IPython shell."""
    formatter = shell.display_formatter.mimebundle_formatter
    formatter.for_type(Stage, _stage)
    formatter.for_type_by_name("golifelab.program", "Program", _program)
    for name in _PARTS:
        formatter.for_type_by_name(*name.rsplit(".", 1), _part)
    for module, (name, _) in _CHANGED.items():
        formatter.for_type_by_name(f"golifelab.compile.changed.{module}", name, _changed)


def _stage(value: Stage, **choice: Any) -> Any:
    """A stage shows as its widget where it has one, and always as its static twin."""
    from golifelab.widgets.stages import stage_view

    view = stage_view(value)
    if view is not None:
        return view._repr_mimebundle_(**choice)
    from golifelab.views.stage import stage_html
    from golifelab.views.text import text

    return {"text/html": str(stage_html(value)), "text/plain": text(value)}


def _program(value: Any, **choice: Any) -> Any:
    """A program shows as the lab: its text, the SSA of a function, and the rail."""
    from golifelab.widgets import show

    return show(value)._repr_mimebundle_(**choice)


def _part(value: Any, **_: Any) -> Bundle:
    kind = type(value)
    room, view = _PARTS[f"{kind.__module__}.{kind.__qualname__}"]
    views = import_module(f"golifelab.views.{room}")
    return {"text/html": str(getattr(views, view)(value)), "text/plain": str(value)}


def _changed(value: Any, **_: Any) -> Bundle:
    from golifelab.views import changed

    views = dict(_CHANGED.values())
    html = getattr(changed, views[type(value).__name__])(value)
    return {"text/html": str(html), "text/plain": str(value)}
