"""The compiler's tree of a function, as it enters SSA."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import function_of
from golifelab.compile.fallback.dump import dump_variable
from golifelab.compile.functions import Function
from golifelab.compile.irtext import IRNode, read
from golifelab.compile.plain import place
from golifelab.position import Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.shell import compile_line

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class IR(Stage):
    """The tree of one function at one moment of its compilation. A sequence of IRNode.

    `text` is what the compiler prints; its positions have columns in both tiers. `heading` is the
    compiler's word for the moment ("before escape"); it is empty for the tree that enters SSA,
    after inlining, escape analysis and walk.
    """

    function: Function
    nodes: tuple[IRNode, ...]
    text: str
    heading: str = ""

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[IRNode]:
        return iter(self.nodes)

    def __getitem__(self, node: int) -> IRNode:
        return self.nodes[node]

    def children(self, node: IRNode | int) -> tuple[IRNode, ...]:
        """The nodes right below a node."""
        number = node if isinstance(node, int) else node.id
        return tuple(child for child in self.nodes if child.parent == number)

    def at(self, position: Position) -> tuple[IRNode, ...]:
        """The nodes whose innermost position this is. The tree knows files by their bare names."""
        return tuple(
            node
            for node in self.nodes
            if node.position
            and node.position.line == position.line
            and node.position.file == position.file.rpartition("/")[2]
            and (node.position.column == position.column or not position.column)
        )

    def frame(self) -> pd.DataFrame:
        """One row a node: id, parent, depth, role, op, attributes, type, position."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def to_json(self) -> dict[str, Any]:
        """`function`; `heading`; `nodes`: as the rows of `frame`."""
        known = {"function": self.function.symbol, "heading": self.heading}
        return self.header() | known | {"nodes": self.rows()}

    def rows(self) -> list[dict[str, Any]]:
        """The nodes as plain data."""
        return [
            {
                "id": node.id,
                "parent": node.parent,
                "depth": node.depth,
                "role": node.role,
                "op": node.op,
                "attributes": list(node.attributes),
                "type": node.type,
                "position": place(node.position),
            }
            for node in self.nodes
        ]


def ir(source: Source, target: Target, function: str) -> IR:
    """The tree of a function. CompileFailed and GolifelabError as for `ssa`."""
    code, found = function_of(source, target, function)
    text = code.ir(found).strip("\n")
    return IR(
        command=f"{dump_variable(found)} {compile_line(source, target)}",
        tier=code.tier,
        seconds=code.seconds,
        function=found,
        nodes=read(text),
        text=text,
    )
