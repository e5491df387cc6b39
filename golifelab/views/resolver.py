"""Who looks names up, for the page: each build with each setting, and the files that were read."""

from __future__ import annotations

import re
from typing import Any

from golifelab.load.syscalls.opened import Opened
from golifelab.run.resolver import Resolution, ResolverTable

_WHO = {"Go": "package net itself", "C": "the C library", "": "not known"}
# The order of the groups in the page, and what falls into each.
_GROUPS = (
    ("configuration", re.compile(r"^/etc/(?!ld\.so)|^/run/systemd/resolve")),
    ("name service", re.compile(r"nscd|:\d+$")),
    ("libraries", re.compile(r"\.so(\.|$)")),
)


def who_answers(row: Resolution) -> str:
    """Whose code answers, in words; where package net did not do as it was told, with its own."""
    who = row.unavailable or _WHO[row.resolver]
    return f"{who} ({row.ignored})" if row.ignored else who


def resolver_payload(table: ResolverTable) -> dict[str, Any]:
    """The table for the page: the choices, a row for each pair of them, and what was opened."""
    return {
        "settings": [
            {"id": "build", "flag": "build", "options": _options(table.builds)},
            {
                "id": "netdns",
                "flag": "netdns",
                "options": [{"value": one, "label": one or "not set"} for one in table.settings],
            },
        ],
        "rows": [_row(row) for row in table.rows],
        "files": _files(table),
    }


def _options(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"value": name, "label": name} for name in names]


def _row(row: Resolution) -> dict[str, Any]:
    return {
        "build": row.build,
        "netdns": row.netdns,
        "who": _WHO[row.resolver],
        "resolver": row.resolver,
        "words": list(row.words),
        "ignored": row.ignored,
        "answer": row.answer,
        "untraced": row.untraced,
        "unavailable": row.unavailable,
        "command": row.command,
        "opened": {one.path: _state(row, one.path) for one in row.opened if _group(one)},
        "others": len({one.path for one in row.opened if not _group(one)}),
    }


def _state(row: Resolution, path: str) -> str:
    tries = [one for one in row.opened if one.path == path]
    return "read" if any(not one.error for one in tries) else tries[0].error


def _group(opened: Opened) -> str:
    return next((name for name, rule in _GROUPS if rule.search(opened.path)), "")


def _files(table: ResolverTable) -> list[dict[str, str]]:
    """All files of interest, in groups; within one in the order in which they were first opened."""
    found = {one.path: _group(one) for row in table.rows for one in row.opened}
    order = [name for name, _ in _GROUPS]
    kept = [(path, group) for path, group in found.items() if group]
    kept.sort(key=lambda pair: order.index(pair[1]))
    return [{"path": path, "group": group} for path, group in kept]
