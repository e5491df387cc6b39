"""Values that graphviz draws: the drawing, and its source in the dot language."""

from __future__ import annotations

from typing import Any

from golifelab.compile.ssa.cfg import CFG
from golifelab.errors import GolifelabError
from golifelab.views import drawing
from golifelab.views.dot import cfg_dot
from golifelab.views.flow import Flow


def dot_source(value: Any) -> str:
    """What graphviz is told to draw for a value. GolifelabError for a value without a drawing."""
    if isinstance(value, Flow):
        return drawing.source(value)
    if isinstance(value, CFG):
        return cfg_dot(value)
    raise GolifelabError(
        f"a {type(value).__name__} has no drawing",
        remedy="a control-flow graph has one: program.ssa(function).cfg(pass)",
    )


def figure(value: Any, kind: str) -> str:
    """The drawing of a value as "svg" or "dot". FeatureUnavailable for SVG without graphviz."""
    source = dot_source(value)
    return source if kind == "dot" else drawing.svg(source)
