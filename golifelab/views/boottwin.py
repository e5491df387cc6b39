"""A program's start as tables and lines: for pages without script, and for terminals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from golifelab.run.boot.stage import Boot
from golifelab.views.boot import boot_payload
from golifelab.views.html import Markup, code, details, join, table, tag

SAID = {
    "ptrace": "watched by ptrace",
    "loop": "watched without ptrace",
    "overlay": "told by a changed copy of its runtime, which knows no system calls; its clock "
    "begins at schedinit",
    "recording": "recorded",
}
_WAITING = "The program is being run; run the cell again to see its start."


def boot_html(boot: Boot) -> Markup:
    """A start as tables: milestones, inits, how often what was reached, and system calls."""
    return page_html(boot_payload(boot))


def boot_text(boot: Boot) -> str:
    """A start as lines, one for each milestone."""
    return page_text(boot_payload(boot))


def page_html(shown: Mapping[str, Any]) -> Markup:
    """The boot page as tables."""
    if not shown.get("stops"):
        return tag("p", str(shown.get("failed") or _WAITING))
    rows = (
        (
            f"{row['at']:,.0f}",
            code(row["name"]),
            row["where"],
            code(f"{row['sp']:#x}"),
            row["used"],
            code(f"{row['g']:#x}") if row["g"] else "none yet",
            code(row["caller"]) if row["caller"] else "",
        )
        for row in _milestones(shown)
    )
    heads = ("µs", "function", "stack", "stack pointer", "bytes in use", "g", "called by")
    milestones = table(heads, rows, caption=headline(shown), numeric=(0, 4))
    counts = table(
        ("function", "times"),
        ((code(name), count) for name, count in shown["counts"].items()),
        caption=f"how often each was come to{', at least' if shown['limited'] else ''}",
        numeric=(1,),
    )
    inits, calls = shown["inits"], shown["calls"]
    packages = table(
        ("package", "list"),
        (
            (code(name), "the runtime’s own" if own else "the program’s")
            for name, own in zip(inits["package"], inits["runtime"], strict=True)
        ),
        caption="inits, in order",
    )
    asked = table(
        ("µs", "system call", "in a row"),
        (
            (f"{at:,.0f}", code(text), count if count > 1 else "")
            for at, text, count in zip(calls["at"], calls["text"], calls["count"], strict=True)
        ),
        numeric=(0, 2),
    )
    parts = [milestones, counts, details("the inits", packages)]
    return join([*parts, details("the system calls", asked)] if calls["text"] else parts)


def puzzle_html(shown: Mapping[str, Any]) -> Markup:
    """The exercise: the steps in the wrong order, and the right one on demand."""
    steps = (tag("li", code(name)) for name in shown["wrong"])
    asked = "This is how the way to main.main is often drawn, and it is wrong. Put it right."
    return join([tag("p", asked), tag("ol", *steps), details("the answer", page_html(shown))])


def puzzle_text(shown: Mapping[str, Any]) -> str:
    """The steps in the wrong order."""
    return "Often drawn like this, and wrong: " + ", ".join(shown["wrong"])


def page_text(shown: Mapping[str, Any]) -> str:
    """One line for each milestone."""
    if not shown.get("stops"):
        return str(shown.get("failed") or _WAITING)
    lines = [headline(shown)]
    for row in _milestones(shown):
        caller = f"  <- {row['caller']}" if row["caller"] else ""
        lines.append(
            f"  {row['at']:>9,.0f} µs  {row['name']:<20} {row['where']:<14} "
            f"sp {row['sp']:#x}  g {row['g']:#x}{caller}"
        )
    lines.append("  " + ", ".join(f"{name} {count}" for name, count in shown["counts"].items()))
    return "\n".join(lines)


def headline(shown: Mapping[str, Any]) -> str:
    """What there is, in a sentence."""
    milestones = sum(shown["stops"]["first"])
    calls = sum(shown["calls"]["count"]) + shown["hidden"]["calls"]
    ended = shown["cut"] or f"it ended with status {shown['exit_code']}"
    said = shown["recorded"] or SAID[shown["how"]]
    seen = f"{calls:,} system calls and " if calls else ""
    return (
        f"{milestones} milestones, {seen}{len(shown['inits']['package'])} "
        f"packages with inits in a program of Go {shown['release']}, {said}; {ended}"
    )


def _milestones(shown: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    stops, names = shown["stops"], shown["names"]
    for index, first in enumerate(stops["first"]):
        if first:
            chain = stops["chain"][index]
            yield {
                "at": stops["at"][index],
                "name": names[stops["name"][index]],
                "where": _where(stops["stack"][index], stops["goid"][index]),
                "sp": stops["sp"][index],
                "used": stops["base"][index] - stops["sp"][index],
                "g": stops["g"][index],
                "caller": names[chain[0]] if chain else "",
            }


def _where(stack: str, goid: int) -> str:
    return f"goroutine {goid}" if stack == "goroutine" else stack
