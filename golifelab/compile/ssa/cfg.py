"""The blocks of a function after a pass as a graph: order, dominators, loops, what is alive."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.compile.ssa.graph.dominators import DominatorTree, reverse_post_order
from golifelab.compile.ssa.graph.liveness import liveness
from golifelab.compile.ssa.graph.loops import Loop, loop_nest
from golifelab.compile.ssa.passes import Block, Pass, entry_of, number_of
from golifelab.errors import GolifelabError

if TYPE_CHECKING:
    import pandas as pd

# Levels of the dominator tree that are indented as text: one test after the other goes deep, and
# the text would grow by the square.
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class GraphBlock:
    """One block in the graph.

    `order` is its place in reverse post order, `dominator` the block that immediately dominates it
    (-1 for the entry), `loop` the header of the innermost loop it is in (-1 for none) and
    `loop_depth` how many loops that is. `successors` and `predecessors` leave out blocks that can't
    be reached. `entering` and `leaving` are the values alive there, by id.
    """

    id: int
    order: int
    dominator: int
    loop: int
    loop_depth: int
    successors: tuple[int, ...]
    predecessors: tuple[int, ...]
    entering: tuple[int, ...]
    leaving: tuple[int, ...]

    @property
    def name(self) -> str:
        """The block's name in dumps: "b1"."""
        return f"b{self.id}"


@dataclass(frozen=True, slots=True)
class CFG:
    """The control-flow graph of a function after one pass.

    `blocks` are those that can be reached, in reverse post order; `unreachable` holds the ids of
    the others. `loops` stand before those inside of them. Blocks are named by id or as "b3".
    """

    function: str
    pass_name: str
    blocks: tuple[GraphBlock, ...]
    unreachable: tuple[int, ...]
    loops: tuple[Loop, ...]
    _code: Mapping[int, Block] = field(repr=False, compare=False)
    _tree: DominatorTree = field(repr=False, compare=False)
    _places: Mapping[int, int] = field(repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.blocks)

    def __iter__(self) -> Iterator[GraphBlock]:
        return iter(self.blocks)

    def __getitem__(self, block: int | str) -> GraphBlock:
        """A block that can be reached; GolifelabError for any other."""
        number = number_of(block, "b")
        if number not in self._places:
            raise GolifelabError(
                f"after {self.pass_name} no block {block!r} of {self.function} can be reached",
                remedy="these can: " + ", ".join(one.name for one in self.blocks),
            )
        return self.blocks[self._places[number]]

    def block(self, block: int | str) -> Block:
        """A block that can be reached as the pass left it, with its values."""
        return self._code[self[block].id]

    @property
    def entry(self) -> int:
        """The block where the function begins."""
        return self.blocks[0].id

    def dominates(self, one: int | str, other: int | str) -> bool:
        """Whether every way from the entry to `other` passes `one`; each block dominates itself."""
        return self._tree.dominates(self[one].id, self[other].id)

    def dominated(self, block: int | str) -> tuple[int, ...]:
        """The blocks immediately dominated by one: its children in the dominator tree."""
        return self._tree.children(self[block].id)

    def loops_around(self, block: int | str) -> tuple[Loop, ...]:
        """The loops that hold a block, the outermost first."""
        number = self[block].id
        return tuple(loop for loop in self.loops if number in loop.blocks)

    def back_edges(self) -> tuple[tuple[int, int], ...]:
        """The edges that lead back to an entry of a loop they are inside of."""
        return tuple(
            (latch, to)
            for loop in self.loops
            for latch in loop.latches
            for to in self[latch].successors
            if to in loop.entries
        )

    def __str__(self) -> str:
        """The dominator tree, indented, and the loops below it."""
        lines = [f"{self.function} after {self.pass_name}: {len(self)} blocks"]
        waiting = [(self.entry, 1)]
        while waiting:
            number, depth = waiting.pop()
            block = self[number]
            loop = f"  in loop b{block.loop}" if block.loop >= 0 else ""
            deep = f"({depth} deep) " if depth > _DEEPEST else ""
            lines.append(f"{'  ' * min(depth, _DEEPEST)}{deep}b{number}{loop}")
            waiting.extend((child, depth + 1) for child in reversed(self.dominated(number)))
        lines += [str(loop) for loop in self.loops]
        return "\n".join(lines)

    def frame(self) -> pd.DataFrame:
        """One row a block, in reverse post order."""
        import pandas as pd

        return pd.DataFrame(self.to_json()["blocks"])

    def to_json(self) -> dict[str, Any]:
        """`blocks`, `unreachable`, `loops`; blocks and values by their names in the dump."""
        return {
            "function": self.function,
            "pass": self.pass_name,
            "blocks": [
                {
                    "block": block.name,
                    "order": block.order,
                    "dominator": _name("b", block.dominator),
                    "loop": _name("b", block.loop),
                    "loop_depth": block.loop_depth,
                    "successors": _names("b", block.successors),
                    "predecessors": _names("b", block.predecessors),
                    "entering": _names("v", block.entering),
                    "leaving": _names("v", block.leaving),
                }
                for block in self.blocks
            ],
            "unreachable": _names("b", self.unreachable),
            "loops": [
                {
                    "header": f"b{loop.header}",
                    "entries": _names("b", loop.entries),
                    "blocks": _names("b", loop.blocks),
                    "latches": _names("b", loop.latches),
                    "exits": [_names("b", edge) for edge in loop.exits],
                    "outer": _name("b", loop.outer),
                    "depth": loop.depth,
                    "irreducible": loop.irreducible,
                }
                for loop in self.loops
            ],
        }


def _name(letter: str, number: int) -> str:
    return f"{letter}{number}" if number >= 0 else ""


def _names(letter: str, numbers: tuple[int, ...]) -> list[str]:
    return [f"{letter}{number}" for number in numbers]


def _among(blocks: tuple[int, ...], living: Container[int]) -> tuple[int, ...]:
    return tuple(block for block in blocks if block in living)


def cfg(step: Pass, function: str = "") -> CFG:
    """The graph of the blocks as they are after a pass; `function` is its name, for reading."""
    living = {block.id: block for block in step.blocks if not block.dead}
    successors = {n: _among(block.successors, living) for n, block in living.items()}
    predecessors = {n: _among(block.predecessors, living) for n, block in living.items()}
    order = reverse_post_order(entry_of(step.blocks).id, successors)
    tree = DominatorTree(order, predecessors)
    loops = loop_nest(order, successors)
    innermost = {number: loop for loop in loops for number in loop.blocks}
    alive = liveness(step.blocks)
    blocks = []
    for place, number in enumerate(order):
        loop = innermost.get(number)
        blocks.append(
            GraphBlock(
                number,
                place,
                tree.parents[number],
                loop.header if loop else -1,
                loop.depth if loop else 0,
                successors[number],
                predecessors[number],
                tuple(sorted(alive.entering[number])),
                tuple(sorted(alive.leaving[number])),
            )
        )
    places = {number: place for place, number in enumerate(order)}
    unreachable = tuple(block.id for block in step.blocks if block.id not in places)
    return CFG(function, step.name, tuple(blocks), unreachable, loops, living, tree, places)
