"""Why a function is in a program, as a drawing, a table and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from golifelab.errors import FeatureUnavailable
from golifelab.link.deadcode.compare import ReachDifference
from golifelab.link.deadcode.difference import Difference
from golifelab.link.deadcode.reach import Reach
from golifelab.link.deadcode.steps import Step
from golifelab.views import drawing
from golifelab.views.html import Markup, code, details, image, join, table, tag
from golifelab.views.reachdot import path_dot

_MOST = 60

_HOW = {
    "interface": "{called} calls a method of this name and type through an interface",
    "name": "{called} looks up a method of this name",
    "reflection": "{called} looks methods up by a name that is not known before it runs",
}
_WORDS = {
    "entry": "the linker starts here",
    "initialization": "the runtime runs it before main.main",
    "call": "calls it, or jumps to it",
    "wrapper": "leads callers by the other calling convention to it",
    "address": "has its address in an instruction",
    "pointer": "holds a pointer to it",
    "type": "needs the description of this type",
    "inlined": "has its code inlined; there is no function of its own",
    "metadata": "needs this for tracebacks, the garbage collector or a debugger",
}


def step_words(step: Step) -> str:
    """A step in plain English, its target being "it"."""
    if step.kind != "method":
        return _WORDS[step.kind]
    why = _HOW[step.how].format(called=step.called_by)
    boxed = f"{step.boxed_by} puts the type into an interface, and " if step.boxed_by else ""
    return f"is the type; {boxed}{why}"


def path_html(path: Iterable[Step], name: str) -> Markup:
    """A way from the entry to a symbol: the drawing where there is graphviz, and a table."""
    steps = list(path)
    if not steps:
        return tag("p", code(name), " is not in the program.")
    rows = [(code(one.source or "(the file)"), step_words(one), code(one.target)) for one in steps]
    listed = table(("", "because it", ""), rows, caption=f"why {name} is in the program")
    try:
        drawn = image(drawing.svg(path_dot(steps)), " → ".join(one.target for one in steps))
    except FeatureUnavailable:
        return listed
    return join([drawn, details("the same as a table", listed)])


def reach_html(value: Reach, function: str = "") -> Markup:
    """The way to one function, if it is named; then packages, and what reflection costs."""
    parts = [path_html(value.path(function), function)] if function else []
    words = (
        f"Of {value.symbols:,} symbols in the objects the linker keeps {value.reachable:,}; "
        f"{len(value.kept):,} of them are functions."
    )
    rows = [
        (
            one.name,
            f"{one.kept:,}",
            f"{one.kept_bytes:,}",
            f"{len(one.thrown):,}",
            f"{one.thrown_bytes:,}",
        )
        for one in value.packages
    ]
    heads = ("package", "kept", "bytes", "thrown away", "bytes")
    packages = table(heads, rows, numeric=(1, 2, 3, 4), caption="functions of each package")
    return join([*parts, tag("p", words), packages, tag("p", reflection_words(value))])


def reflection_words(value: Reach) -> str:
    """What looking methods up by their names costs this program, or would, in a sentence."""
    made = value.reflection
    if made.users:
        return (
            f"{made.users[0]} looks methods up by a name that is not known before it runs, so all "
            f"exported methods of types that an interface may hold stay: {made.kept.bytes:,} bytes,"
            f" {len(made.kept.functions):,} functions that nothing else needs."
        )
    return (
        "Nothing in the program looks methods up by a name that is not known before it runs. "
        f"One such function would add {made.would.bytes:,} bytes."
    )


def difference_html(value: ReachDifference) -> Markup:
    """What came and what went, the largest first."""
    return join([_listed("new", value.appeared), _listed("gone", value.gone)])


def panel_html(shown: Mapping[str, Any], value: Reach | None, function: str) -> Markup:
    """The static twin of the page."""
    if value is None:
        return tag("p", str(shown.get("failed") or "The objects are being read; run it again."))
    return reach_html(value, function)


def panel_text(shown: Mapping[str, Any], value: Reach | None, function: str) -> str:
    """The same for a terminal: the way to the function, a step a line."""
    if value is None:
        return str(shown.get("failed") or "the objects are being read")
    steps = value.path(function)
    if not steps:
        return f"{function or 'a function'} is not in the program"
    return "\n".join(
        f"{one.source or '(the file)'} {step_words(one)}: {one.target}" for one in steps
    )


def reach_text(value: Reach) -> str:
    """What is kept and thrown away by package, for a terminal."""
    head = f"{value.symbols:,} symbols, {value.reachable:,} of them kept"
    lines = [f"{'kept':>7} {'bytes':>11} {'thrown':>7} {'bytes':>11}  package"]
    lines += [
        f"{one.kept:>7,} {one.kept_bytes:>11,} {len(one.thrown):>7,} {one.thrown_bytes:>11,}"
        f"  {one.name}"
        for one in value.packages
    ]
    return "\n".join([head, *lines, reflection_words(value)])


def _listed(state: str, made: Difference) -> Markup:
    rows = [(code(one.name), one.package, f"{one.size:,}") for one in made.symbols if one.name]
    caption = f"{state}: {made.bytes:,} bytes, {len(made.functions):,} functions"
    return table(("symbol", "package", "bytes"), rows, numeric=(2,), caption=caption, limit=_MOST)
