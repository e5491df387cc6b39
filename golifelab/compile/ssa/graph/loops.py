"""The loops of a graph of blocks and how they nest, those with several entries included.

A loop is a set of blocks that can all reach each other. Without the edges that lead back to where
it is entered, the same question finds the loops inside of it (Steensgaard's loop forest). Where
every loop has one entry, these are the natural loops of the textbooks and of the compiler; `goto`
can also make loops that are entered in several places, which have no header to name them by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from golifelab.compile.ssa.graph.dominators import Edges


@dataclass(frozen=True, slots=True)
class Loop:
    """One loop.

    `header` is the entry that comes first in reverse post order, `entries` all blocks through which
    control can come in. `blocks` holds every block, those of inner loops too, in reverse post
    order; `latches` are the blocks that jump back to an entry, `exits` the edges that leave.
    `outer` is the header of the loop around it, -1 when there is none; `depth` is 1 for that one.
    """

    header: int
    entries: tuple[int, ...]
    blocks: tuple[int, ...]
    latches: tuple[int, ...]
    exits: tuple[tuple[int, int], ...]
    outer: int
    depth: int

    @property
    def irreducible(self) -> bool:
        """Whether control can come in at several blocks, so that none of them is its head."""
        return len(self.entries) > 1

    def __str__(self) -> str:
        shape = f", entered at {_names(self.entries)}" if self.irreducible else ""
        return f"loop b{self.header} (depth {self.depth}{shape}): {_names(self.blocks)}"


def _names(blocks: Iterable[int]) -> str:
    return " ".join(f"b{block}" for block in blocks)


def loop_nest(order: Sequence[int], successors: Edges) -> tuple[Loop, ...]:
    """All loops, each before those inside of it, by their headers' place in `order`.

    `order` is the reverse post order of what can be reached; other blocks are in no loop.
    """
    number = {node: at for at, node in enumerate(order)}
    edges = {node: tuple(successors[node]) for node in order}
    coming: dict[int, list[int]] = {node: [] for node in order}
    for node in order:
        for following in edges[node]:
            coming[following].append(node)
    found: list[Loop] = []
    # Parts of the graph still to look at: their blocks, and the loop around them.
    waiting: list[tuple[Sequence[int], frozenset[int], int, int]] = [(order, frozenset(), -1, 0)]
    while waiting:
        nodes, closed, outer, depth = waiting.pop()
        for part in _components(nodes, edges, closed):
            inside = frozenset(part)
            entries = tuple(
                node
                for node in part
                if node == order[0] or any(before not in inside for before in coming[node])
            )
            loop = Loop(
                entries[0],
                entries,
                part,
                tuple(node for node in part if any(to in entries for to in edges[node])),
                tuple((node, to) for node in part for to in edges[node] if to not in inside),
                outer,
                depth + 1,
            )
            found.append(loop)
            waiting.append((part, closed | set(entries), loop.header, depth + 1))
    return tuple(sorted(found, key=lambda loop: (number[loop.header], loop.depth)))


def _components(
    nodes: Sequence[int], edges: Edges, closed: frozenset[int]
) -> list[tuple[int, ...]]:
    """The sets of nodes that reach each other without an edge to a closed one (Tarjan's way).

    Nodes of a set keep the order they are given in; a node alone counts when it follows itself.
    """
    place = {node: at for at, node in enumerate(nodes)}
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    found: list[tuple[int, ...]] = []

    def inner(node: int) -> list[int]:
        return [to for to in edges[node] if to in place and to not in closed]

    for root in nodes:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        path.append(root)
        on_path.add(root)
        stack = [(root, iter(inner(root)))]
        while stack:
            node, rest = stack[-1]
            for to in rest:
                if to not in index:
                    index[to] = low[to] = len(index)
                    path.append(to)
                    on_path.add(to)
                    stack.append((to, iter(inner(to))))
                    break
                if to in on_path:
                    low[node] = min(low[node], index[to])
            else:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == index[node]:
                    part = _cut(path, node)
                    on_path.difference_update(part)
                    if len(part) > 1 or node in inner(node):
                        found.append(tuple(sorted(part, key=place.__getitem__)))
    return found


def _cut(path: list[int], node: int) -> list[int]:
    """Take the nodes from `node` to the end off the path."""
    part = [path.pop()]
    while part[-1] != node:
        part.append(path.pop())
    return part
