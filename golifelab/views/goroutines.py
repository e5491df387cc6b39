"""The static twin of a program's goroutines: who waits for what, and where."""

from __future__ import annotations

from collections.abc import Iterable

from golifelab.run.goroutines import Goroutine, Goroutines
from golifelab.views.html import Markup, block, details, join, table, tag

_MAX_STACKS = 60
_HEADS = ("goroutine", "begins in", "is", "stands in", "at", "made by")


def goroutines_html(value: Goroutines) -> Markup:
    """The program's own goroutines, their stacks on demand, and those of the runtime."""
    system = [one for one in value if one.system]
    shown = value.own[:_MAX_STACKS]
    stacks = details("their stacks", *(block(_stack(one)) for one in shown if one.frames))
    return join(
        [
            tag("p", headline(value)),
            _table(value.own, "the program’s goroutines"),
            stacks,
            details("the runtime’s own", _table(system, "goroutines of the runtime")),
        ]
    )


def goroutines_text(value: Goroutines) -> str:
    """One line a goroutine of the program."""
    lines = [f"  G{one.id} {one.function}: {_is(one)}{_where(one)}" for one in value.own]
    return "\n".join([headline(value), *lines])


def headline(value: Goroutines) -> str:
    """How many there are, and how they were seen."""
    how = {
        "traceback": f"from the program’s own traceback ({value.said})",
        "held": f"read in the process, held at {value.held_at}",
        "recording": "as they were recorded",
    }[value.how]
    own = len(value.own)
    plural = "" if own == 1 else "s"
    return f"{own:,} goroutine{plural} of the program and {len(value) - own} of the runtime, {how}."


def _table(rows: Iterable[Goroutine], caption: str) -> Markup:
    return table(
        _HEADS,
        (
            (
                f"G{one.id}",
                one.function,
                _is(one),
                *_stands(one),
                f"G{one.creator}" if one.creator else "",
            )
            for one in rows
        ),
        caption=caption,
    )


def _stands(one: Goroutine) -> tuple[str, str]:
    """Where a goroutine stands, in words that its reader knows: in the program, if it does."""
    own = (call for call in one.frames if call.function.startswith("main."))
    call = next(own, None) or one.waits_in
    if call is None:
        return "", ""
    folder, _, file = str(call.position).rpartition("/")
    return call.function, f"{folder.rpartition('/')[2]}/{file}".lstrip("/")


def _is(one: Goroutine) -> str:
    word = f"waiting: {one.reason}" if one.reason else one.state
    word += f", {one.minutes} minutes" if one.minutes else ""
    return word + (", locked to its thread" if one.locked else "")


def _where(one: Goroutine) -> str:
    function, place = _stands(one)
    return f", in {function} {place}" if function else ""


def _stack(one: Goroutine) -> str:
    lines = [f"G{one.id} {_is(one)}"]
    lines += [f"  {call.function}\n      {call.position}" for call in one.frames]
    return "\n".join(lines)
