"""A thread as a table and as text."""

from __future__ import annotations

from golifelab.thread import Thread
from golifelab.views.html import Markup, code, join, table, tag


def thread_html(thread: Thread) -> Markup:
    """One row a link, its facts in a list."""
    rows = []
    for link in thread:
        facts = [tag("div", name, " ", code(value)) for name, value in link.facts]
        rows.append((link.stage, code(link.label), link.kind, join([link.evidence, *facts])))
    caption = f"the thread of {thread.position}"
    return table(("stage", "there", "link", "evidence"), rows, caption=caption)


def thread_text(thread: Thread) -> str:
    """The thread for a terminal: a line a link, its facts below."""
    lines = [f"thread of {thread.position}"]
    for link in thread:
        lines.append(f"  {link.stage:<10} {link.label}   [{link.kind}] {link.evidence}")
        lines.extend(f"  {'':<10}   {name:<14} {value}" for name, value in link.facts)
    return "\n".join(lines)
