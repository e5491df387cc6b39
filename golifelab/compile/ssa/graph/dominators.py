"""Reverse post order and the dominator tree of a graph of blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Edges = Mapping[int, Sequence[int]]


def reverse_post_order(entry: int, successors: Edges) -> tuple[int, ...]:
    """The nodes that can be reached from `entry`, each before its successors but for back edges.

    A depth-first walk over the successors as they stand, backwards: the order of the compiler's own
    postorder (cmd/compile/internal/ssa/dom.go), turned round.
    """
    seen = {entry}
    stack = [(entry, iter(successors[entry]))]
    order = []
    while stack:
        node, rest = stack[-1]
        for following in rest:
            if following not in seen:
                seen.add(following)
                stack.append((following, iter(successors[following])))
                break
        else:
            order.append(node)
            stack.pop()
    return tuple(reversed(order))


def immediate_dominators(order: Sequence[int], predecessors: Edges) -> dict[int, int]:
    """The immediate dominator of each node of a reverse post order; -1 for the entry.

    The iterative way of Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm".
    """
    number = {node: at for at, node in enumerate(order)}
    above: dict[int, int] = {order[0]: order[0]}

    def common(one: int, other: int) -> int:
        while one != other:
            while number[one] > number[other]:
                one = above[one]
            while number[other] > number[one]:
                other = above[other]
        return one

    changed = True
    while changed:
        changed = False
        for node in order[1:]:
            found = -1
            for before in predecessors[node]:
                if before in above:
                    found = before if found < 0 else common(found, before)
            if above.get(node) != found:
                above[node] = found
                changed = True
    above[order[0]] = -1
    return above


class DominatorTree:
    """Who dominates whom: a block dominates another that can't be reached but through it."""

    def __init__(self, order: Sequence[int], predecessors: Edges) -> None:
        self.parents = immediate_dominators(order, predecessors)
        self._children: dict[int, list[int]] = {node: [] for node in order}
        self.depths: dict[int, int] = {}
        for node in order:  # a dominator always stands before what it dominates
            parent = self.parents[node]
            self.depths[node] = self.depths[parent] + 1 if parent >= 0 else 0
            if parent >= 0:
                self._children[parent].append(node)
        self._spans = _spans(order[0], self.children)

    def children(self, node: int) -> tuple[int, ...]:
        """The nodes whose immediate dominator this is, in reverse post order."""
        return tuple(self._children[node])

    def dominates(self, one: int, other: int) -> bool:
        """Whether every way to `other` passes `one`; each node dominates itself."""
        begin, end = self._spans[one]
        return begin <= self._spans[other][0] < end


def _spans(root: int, children: Callable[[int], Sequence[int]]) -> dict[int, tuple[int, int]]:
    """For each node of a tree the half-open span of preorder numbers of what is below it."""
    begins: dict[int, int] = {}
    spans: dict[int, tuple[int, int]] = {}
    stack = [(root, False)]
    while stack:
        node, left = stack.pop()
        if left:
            spans[node] = (begins[node], len(begins))
            continue
        begins[node] = len(begins)
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(children(node)))
    return spans
