"""A function between two passes: values in blocks. The model that both tiers fill."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from golifelab.position import Position


@dataclass(frozen=True, slots=True)
class Value:
    """One SSA value at one moment.

    `aux` is written as the compiler's dump writes it: "{sym}", "[8]", "{sym} [8]". `args` are ids
    of values. `position` is the innermost place; `stack` holds all places, outermost first, when
    the value came from an inlined body, else it is empty. `stmt` is "+" where a statement begins,
    "-" where none does, "" by default. `location` is a register or stack slot once it has one,
    `temporary` a register it needs meanwhile, `names` the variables it holds ("a[int]"). A `dead`
    value stands in the function, but nothing needs it.
    """

    id: int
    op: str
    type: str
    aux: str = ""
    args: tuple[int, ...] = ()
    position: Position | None = None
    location: str = ""
    stmt: str = ""
    stack: tuple[Position, ...] = ()
    dead: bool = False
    temporary: str = ""
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The value's name in dumps: "v13"."""
        return f"v{self.id}"

    @property
    def text(self) -> str:
        """The value as the dump prints it, without its position."""
        text = f"v{self.id} = {self.op} <{self.type}>"
        if self.aux:
            # No space before flags, and before what the compiler's own printer has no words for.
            joined = self.op == "FlagConstant" or self.aux.startswith("[auxtype=")
            text += self.aux if joined else f" {self.aux}"
        text += "".join(f" v{arg}" if arg >= 0 else " <nil>" for arg in self.args)
        if self.location:
            text += f" : {self.location}"
        if self.temporary:
            text += f" tmp={self.temporary}"
        if self.names:
            text += f" ({', '.join(self.names)})"
        return text + (" DEAD" if self.dead else "")

    def same_work(self, other: Value) -> bool:
        """Whether both compute the same thing from the same values, wherever the result lives."""
        return (self.op, self.type, self.aux, self.args) == (
            other.op,
            other.type,
            other.aux,
            other.args,
        )


@dataclass(frozen=True, slots=True)
class Block:
    """One basic block at one moment. `values` stand in the order in which the compiler prints them.

    `kind` is "Plain", "If", "Ret" or a machine condition ("LE"); `controls` are ids of values,
    `successors` and `predecessors` ids of blocks; `likely` is "likely", "unlikely" or empty. `aux`
    is what the dump shows after the kind. A `dead` block can't be reached.
    """

    id: int
    kind: str
    values: tuple[Value, ...] = ()
    controls: tuple[int, ...] = ()
    successors: tuple[int, ...] = ()
    predecessors: tuple[int, ...] = ()
    likely: str = ""
    position: Position | None = None
    aux: str = ""
    dead: bool = False

    @property
    def name(self) -> str:
        """The block's name in dumps: "b1"."""
        return f"b{self.id}"

    @property
    def text(self) -> str:
        """How the block ends, as the dump prints it."""
        text = self.kind + (f" {self.aux}" if self.aux else "")
        text += "".join(f" v{control}" for control in self.controls)
        if self.successors:
            text += " ->" + "".join(f" b{successor}" for successor in self.successors)
        return text + (f" ({self.likely})" if self.likely else "")


def entry_of(blocks: Sequence[Block]) -> Block:
    """The block where the function begins: the one that nothing leads to.

    It mostly stands first, but not always: when it is fused with the next, that one stays where it
    stands until the blocks are laid out.
    """
    living = [block for block in blocks if not block.dead]
    return next((block for block in living if not block.predecessors), living[0])


Slots = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole function after one pass: its blocks, and which values hold which variable."""

    blocks: tuple[Block, ...]
    names: Slots = ()


class Pass:
    """What the function is after one pass. Decoded when first asked for.

    `index` counts the passes that ran, 0 is "start", the function as it was built; `ns` is how long
    the pass took.
    """

    def __init__(self, name: str, index: int, ns: int, decode: Callable[[int], Snapshot]) -> None:
        self.name = name
        self.index = index
        self.ns = ns
        self._decode = decode

    def __repr__(self) -> str:
        return f"Pass({self.name!r}, {self.index}, {self.ns} ns)"

    @cached_property
    def snapshot(self) -> Snapshot:
        """The function after this pass."""
        return self._decode(self.index)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks, in the function's order."""
        return self.snapshot.blocks

    def values(self) -> Iterator[Value]:
        """All values, dead ones included, block by block."""
        return (value for block in self.blocks for value in block.values)

    def value(self, value: int | str) -> Value | None:
        """A value by id or name ("v13"); None when the function has none of that number here."""
        place = self._places.get(number_of(value, "v"))
        return place[1] if place else None

    def block_of(self, value: int | str) -> Block | None:
        """The block that holds a value."""
        place = self._places.get(number_of(value, "v"))
        return place[0] if place else None

    def block(self, block: int | str) -> Block | None:
        """A block by id or name ("b3")."""
        number = number_of(block, "b")
        return next((b for b in self.blocks if b.id == number), None)

    @cached_property
    def statistics(self) -> tuple[int, int]:
        """How many blocks and values there are, dead ones not counted."""
        live = [block for block in self.blocks if not block.dead]
        return len(live), sum(not value.dead for block in live for value in block.values)

    @cached_property
    def _places(self) -> dict[int, tuple[Block, Value]]:
        return {value.id: (block, value) for block in self.blocks for value in block.values}


def number_of(name: int | str, letter: str) -> int:
    """The number in a name such as "v13"; -1 when it is no such name."""
    if isinstance(name, int):
        return name
    digits = name.strip().removeprefix(letter)
    return int(digits) if digits.isdecimal() else -1


def print_order(values: list[Value], *, scheduled: bool) -> tuple[Value, ...]:
    """The order in which the compiler prints the values of a block.

    Before the schedule pass that is not the order in which they are stored: phis come first, then
    every value after its arguments (fprintFunc in cmd/compile/internal/ssa/print.go).
    """
    if scheduled:
        return tuple(values)
    printed = [value for value in values if value.op == "Phi"]
    rest = [value for value in values if value.op != "Phi"]
    waiting = {value.id for value in rest}
    while rest:
        later = []
        for value in rest:
            if waiting.isdisjoint(value.args):
                printed.append(value)
                waiting.discard(value.id)
            else:
                later.append(value)
        if len(later) == len(rest):
            printed.extend(later)  # a cycle: the compiler prints what is left as it stands
            break
        rest = later
    return tuple(printed)
