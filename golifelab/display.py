"""How values show at the end of a notebook cell: a formatter for each type, by the type's name.

By name, so that registering loads no stage module; each formatter loads its view when it is used.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

# (module, class) of the value → (module, function) that gives its static twin as HTML.
_TWINS = {
    ("golifelab.compile.tokens", "Tokens"): ("golifelab.views.front", "tokens_html"),
    ("golifelab.compile.syntax", "Syntax"): ("golifelab.views.front", "syntax_html"),
    ("golifelab.compile.types", "Types"): ("golifelab.views.front", "types_html"),
    ("golifelab.compile.remarks", "Remarks"): ("golifelab.views.front", "remarks_html"),
    ("golifelab.compile.ir", "IR"): ("golifelab.views.back", "ir_html"),
    ("golifelab.compile.ssa", "SSA"): ("golifelab.views.back", "ssa_html"),
    ("golifelab.compile.machine", "Machine"): ("golifelab.views.back", "machine_html"),
    ("golifelab.thread.model", "Thread"): ("golifelab.views.thread", "thread_html"),
}

Bundle = dict[str, Any]


def install(shell: Any) -> None:
    """Register a formatter for every stage value and for programs with an IPython shell."""
    formatter = shell.display_formatter.mimebundle_formatter
    for (module, name), (view, function) in _TWINS.items():
        formatter.for_type_by_name(module, name, _twin(view, function))
    formatter.for_type_by_name("golifelab.program", "Program", _program)


def _twin(view: str, function: str) -> Callable[..., Bundle]:
    def bundle(value: Any, include: Any = None, exclude: Any = None) -> Bundle:
        from golifelab.views.text import text

        make = getattr(importlib.import_module(view), function)
        return {"text/html": str(make(value)), "text/plain": text(value)}

    return bundle


def _program(value: Any, include: Any = None, exclude: Any = None) -> Any:
    """A program shows as its rail."""
    from golifelab.widgets import show

    return show(value)._repr_mimebundle_(include=include, exclude=exclude)
