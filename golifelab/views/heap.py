"""The heap page's payload: the stacks as one tree, the collections, memory, the arenas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

from golifelab.run.heap.heap import Heap, Sample
from golifelab.run.heap.profile import Frame, Profile

Payload = dict[str, Any]

# Parts of the tree smaller than this share of the whole, in every column, are one part together.
_SMALL = 1 / 2000
_REST = "(smaller parts)"
MAX_NODES = 10_000
MAX_SAMPLES = 600
MAX_COLLECTIONS = 500
_COLUMNS = ("parent", "name", "file", "line")
_NOTHING: Payload = {"names": [], "files": [], "nodes": {name: [] for name in _COLUMNS}, "own": []}
SAMPLE_FIELDS = tuple(Sample.__dataclass_fields__)


def heap_payload(heap: Heap) -> Payload:
    """A run for the browser.

    - `types`: [name, unit] of the values; `names`, `files`: texts that nodes refer to
    - `nodes`: equally long lists, parents before children: parent (-1 for the root), name, file
      (-1 for none), line; `own`: for each type the nodes' own values
    - `fields`, `samples`: memory over time, a list of numbers each; `collections`: number, seconds,
      share of time in %, clock [3 milliseconds], start, end, live, goal, stacks, globals (MB), P,
      forced
    - `scavenges`; `arenas`: [moment, [[start, reserved, committed]]]; `rate`, `ended`, `recorded`
    """
    tree = _Tree(heap.profile) if heap.profile is not None else None
    every = max(-(-len(heap.samples) // MAX_SAMPLES), 1)
    kept = heap.samples[::every]
    return {
        "types": [list(one) for one in heap.profile.types] if heap.profile is not None else [],
        **(tree.columns() if tree else _NOTHING),
        "fields": list(SAMPLE_FIELDS),
        "samples": [list(astuple(one)) for one in kept],
        "collections": [
            [*astuple(one)[:3], list(one.clock), *astuple(one)[4:11], int(one.forced)]
            for one in heap.collections[:MAX_COLLECTIONS]
        ],
        "scavenges": [list(astuple(one)) for one in heap.scavenges[:MAX_COLLECTIONS]],
        "arenas": [
            [name, [[one.start, one.reserved, one.committed] for one in rows]]
            for name, rows in heap.arenas.items()
        ],
        "rate": heap.rate,
        "ended": heap.ended,
        "recorded": str(heap.recorded) if heap.recorded else "",
    }


class _Node:
    """A function on a way from the root: lines of the reader's own files are told apart."""

    __slots__ = ("children", "frame", "own", "total")

    def __init__(self, frame: Frame | None, width: int) -> None:
        self.frame = frame
        self.own = [0] * width
        self.total = [0] * width
        self.children: dict[tuple[str, int], _Node] = {}


class _Tree:
    """The stacks of a profile as one tree, from the outermost functions."""

    def __init__(self, profile: Profile) -> None:
        self._width = len(profile.types)
        self._root = _Node(None, self._width)
        for stack, row in zip(profile.stacks, profile.values.tolist(), strict=True):
            self._add([profile.frames[index] for index in reversed(stack)], row)
        self._least = [total * _SMALL for total in self._root.total]
        self._names: dict[str, int] = {}
        self._files: dict[str, int] = {}

    def _add(self, way: list[Frame], values: list[int]) -> None:
        node = self._root
        _sum(node.total, values)
        for frame in way:
            own_file = not frame.file.startswith("$GOROOT")
            key = frame.function, frame.line if own_file else 0
            node = node.children.setdefault(key, _Node(frame, self._width))
            _sum(node.total, values)
        _sum(node.own, values)

    def columns(self) -> Payload:
        """The tree as lists; see `heap_payload`."""
        rows = list(self._rows(self._root, -1, [0]))
        while len(rows) > MAX_NODES:
            self._least = [2 * least for least in self._least]
            rows = list(self._rows(self._root, -1, [0]))
        own = [list(column) for column in zip(*(row[4] for row in rows), strict=True)]
        return {
            "nodes": {name: [row[at] for row in rows] for at, name in enumerate(_COLUMNS)},
            "own": own,
            "names": list(self._names),
            "files": list(self._files),
        }

    def _rows(
        self, node: _Node, parent: int, count: list[int]
    ) -> Iterator[tuple[int, int, int, int, list[int]]]:
        number, count[0] = count[0], count[0] + 1
        frame = node.frame
        name = self._name(frame.function if frame else "all")
        file = self._files.setdefault(frame.file, len(self._files)) if frame else -1
        yield parent, name, file, frame.line if frame else 0, node.own
        rest = [0] * self._width
        for child in node.children.values():
            if any(a > b for a, b in zip(child.total, self._least, strict=True)):
                yield from self._rows(child, number, count)
            else:
                _sum(rest, child.total)
        if any(rest):
            count[0] += 1
            yield number, self._name(_REST), -1, 0, rest

    def _name(self, text: str) -> int:
        return self._names.setdefault(text, len(self._names))


def _sum(into: list[int], values: list[int]) -> None:
    for index, value in enumerate(values):
        into[index] += value
