"""The size map's payload: what every byte of an executable is for, beside another one's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from golifelab.link.sizes import Change, Sizes, sizes_difference

Payload = dict[str, Any]

# Rows that go to the browser; the smallest of larger programs are added up, by package.
MAX_ROWS = 24_000
KINDS = (
    "code",
    "function tables",
    "read-only data",
    "data",
    "zeroed data",
    "dynamic linking",
    "debug info",
    "symbol table",
    "other",
    "file structure",
    "padding",
)


def sizes_payload(now: Sizes, before: Sizes | None = None, *, labels: tuple[str, str]) -> Payload:
    """Rows as columns, the largest first.

    - `names`, `packages`, `sections`, `kinds`: the texts; the columns `name`, `package`, `section`,
      `kind` are places in them
    - `file`, `memory`: bytes; with `before` also `file_before`, `memory_before`
    - `address`: where the first byte is loaded, 0 for what is not
    - `labels`: what the two sides are called; `compared` says whether there are two
    """
    rows = list(_rows(now, before))
    rows.sort(key=_weight, reverse=True)
    shown = [*rows[:MAX_ROWS], *_rest(rows[MAX_ROWS:])]
    names, packages, sections = _Texts(), _Texts(), _Texts()
    payload: Payload = {
        "name": [names.number(row.name) for row in shown],
        "package": [packages.number(row.package) for row in shown],
        "section": [sections.number(row.section) for row in shown],
        "kind": [_kind(row.kind) for row in shown],
        "file": [row.file_after for row in shown],
        "memory": [row.memory_after for row in shown],
        "address": _addresses(now, shown),
    }
    if before is not None:
        payload["file_before"] = [row.file_before for row in shown]
        payload["memory_before"] = [row.memory_before for row in shown]
    return payload | {
        "names": names.texts,
        "packages": packages.texts,
        "sections": sections.texts,
        "kinds": list(KINDS),
        "labels": list(labels),
        "compared": before is not None,
        "stripped": now.stripped,
    }


def _rows(now: Sizes, before: Sizes | None) -> Iterable[Change]:
    if before is not None:
        return sizes_difference(before, now).rows
    return (
        Change(row.name, row.package, row.section, row.kind, 0, row.file, 0, row.memory)
        for row in now.rows
    )


def _weight(row: Change) -> int:
    return max(row.file_after, row.memory_after, row.file_before, row.memory_before)


def _rest(rows: Iterable[Change]) -> Iterator[Change]:
    sums: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        one = sums.setdefault((row.package, row.section, row.kind), [0] * 5)
        numbers = (row.file_before, row.file_after, row.memory_before, row.memory_after, 1)
        for place, number in enumerate(numbers):
            one[place] += number
    for (package, section, kind), one in sums.items():
        yield Change(f"({one[4]:,} smaller ones)", package, section, kind, *one[:4])


def _kind(name: str) -> int:
    return KINDS.index(name) if name in KINDS else KINDS.index("other")


def _addresses(now: Sizes, rows: Iterable[Change]) -> list[int]:
    known = {(row.name, row.section, row.kind): row.address for row in now.rows}
    return [known.get((row.name, row.section, row.kind), 0) for row in rows]


class _Texts:
    """Texts, each once, by number."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        known = self._numbers.get(text)
        if known is None:
            known = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return known
