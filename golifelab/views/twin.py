"""The static twin of a value: HTML that needs no script, no style and no network.

Values are known by the names of their classes, so that nothing is loaded before one is shown.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from golifelab.errors import GolifelabError
from golifelab.stage import Stage
from golifelab.views.html import Markup

# Answers of a stage that are no stages themselves → the room of views and the view that shows them.
PARTS = {
    "golifelab.compile.ssa.biography.Difference": ("back", "difference_html"),
    "golifelab.compile.ssa.biography.Biography": ("back", "biography_html"),
    "golifelab.compile.ssa.cfg.CFG": ("graphs", "cfg_html"),
    "golifelab.compile.ssa.impact.Impact": ("graphs", "impact_html"),
    "golifelab.compile.ssa.changes.SSAChanges": ("graphs", "changes_html"),
    "golifelab.compile.changed.patch.Patch": ("changed", "patch_html"),
    "golifelab.compile.changed.compiler.ChangedCompiler": ("changed", "compiler_html"),
    "golifelab.link.deadcode.difference.Difference": ("linkparts", "dropped_html"),
    "golifelab.link.elf.symbols.Symbols": ("linkparts", "image_symbols_html"),
    "golifelab.link.metadata.pclntab.FunctionTable": ("linkparts", "functions_html"),
    "golifelab.link.metadata.stackmaps.StackMap": ("linkparts", "stack_map_html"),
    "golifelab.link.object.fields.Fields": ("linkparts", "fields_html"),
    "golifelab.link.object.symbols.Symbols": ("linkparts", "object_symbols_html"),
    "golifelab.link.placement.coverage.Coverage": ("linkparts", "coverage_html"),
}


def twin(value: Any) -> Markup:
    """A stage, or an answer of one, as HTML. GolifelabError for a value that has no twin."""
    if isinstance(value, Stage):
        from golifelab.views.stage import stage_html

        return stage_html(value)
    kind = type(value)
    found = PARTS.get(f"{kind.__module__}.{kind.__qualname__}")
    if found is None:
        raise GolifelabError(
            f"a {kind.__name__} has no picture of its own",
            remedy="give a program, a stage of one, or what a stage answers",
        )
    room, view = found
    made: Markup = getattr(import_module(f"golifelab.views.{room}"), view)(value)
    return made
