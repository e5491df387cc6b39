"""One function of a dump: its passes, its values and blocks at any moment, and its instructions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from golifelab.columns import Strings, Table
from golifelab.errors import ParseError
from golifelab.position import Position
from golifelab.toolchain.helper.passes import PassRecord, read_passes
from golifelab.toolchain.helper.stream import Words

_HEAD = 14
_RELOCATIONS = ("offset", "size", "kind", "symbol", "addend_low", "addend_high")
_RELOCATION_TEXTS = frozenset({"kind", "symbol"})
_INSTRUCTIONS = (
    "pc",
    "size",
    "opcode",
    "text",
    "position",
    "origin_kind",
    "origin",
    "role",
    "mark",
    "call",
    "target",
)
_INSTRUCTION_TEXTS = frozenset({"opcode", "text", "role"})

# Values of the column `origin_kind` of instructions.
ORIGIN_NONE, ORIGIN_VALUE, ORIGIN_BLOCK = range(3)


@dataclass(frozen=True, slots=True)
class StackFrame:
    """A place in an inline stack.

    `function` is the link symbol of the inlined function it is in, empty for the function that was
    compiled.
    """

    position: Position
    function: str = ""


class Positions:
    """The position table of a dump. Row -1 is the unknown position.

    Columns of `table`: file, line, column (physical; column 0 beyond 254, where the compiler stops
    counting), relative_file, relative_line (as //line claims), stmt (0 default, 1 is a statement,
    2 is not), parent (row of the call that was inlined, or -1), function (inlined, or "").
    """

    def __init__(self, table: Table) -> None:
        self.table = table

    def __len__(self) -> int:
        return len(self.table)

    def position(self, row: int) -> Position:
        """The physical place: file, line, column."""
        if not self._known(row):
            return Position("", 0)
        table = self.table
        return Position(table.text("file", row), table["line"][row], table["column"][row])

    def relative(self, row: int) -> Position:
        """The place by //line directives, as debuggers and pclntab have it. It has no column."""
        if not self._known(row):
            return Position("", 0)
        return Position(self.table.text("relative_file", row), self.table["relative_line"][row])

    def is_stmt(self, row: int) -> int:
        """0 by default, 1 where a statement begins, 2 where none does."""
        return self.table["stmt"][row] if self._known(row) else 2

    def stack(self, row: int) -> tuple[StackFrame, ...]:
        """The place with the calls through which it was inlined, outermost first."""
        frames: list[StackFrame] = []
        while self._known(row):
            frames.append(StackFrame(self.position(row), self.table.text("function", row)))
            row = self.table["parent"][row]
        return tuple(reversed(frames))

    def _known(self, row: int) -> bool:
        return 0 <= row < len(self.table)


@dataclass(frozen=True, slots=True)
class FunctionIndex:
    """What names a compiled function.

    `symbol` is its link symbol, `ir_name` its name in the compiler ("add", "(*T).Inc"), `abi` 0 for
    ABI0 and 1 for ABIInternal, `type` its signature. `recorded` says whether the dump holds more.
    """

    symbol: str
    ir_name: str
    abi: int
    type: str
    position: Position
    recorded: bool


def read_index(frame: memoryview, strings: Strings, positions: Positions) -> FunctionIndex:
    """The head of a function frame."""
    words = Words(frame[: 4 * _HEAD], "dump")
    symbol, name, abi, kind, position, recorded = words.take(_HEAD)[:6]
    texts = [_text(strings, row) for row in (symbol, name, kind)]
    place = positions.position(position)
    return FunctionIndex(texts[0], texts[1], abi, texts[2], place, bool(recorded))


def _text(strings: Strings, row: int) -> str:
    if not -1 <= row < len(strings):
        raise ParseError("dump", f"a function names string {row} of {len(strings)}")
    text: str = strings[row] if row >= 0 else ""
    return text


class FunctionDump:
    """All that was recorded of one function. Parts are decoded when they are first asked for."""

    def __init__(
        self,
        index: FunctionIndex,
        frame: memoryview,
        strings: Strings,
        positions: Positions,
        pass_names: tuple[str, ...],
    ) -> None:
        self.index = index
        self.positions = positions
        self._strings = strings
        self._pass_names = pass_names
        head = Words(frame[: 4 * _HEAD], "dump").take(_HEAD)
        self._ir = head[6]
        self.frame_size, self.args_size = head[7], head[8]
        self._pass_count, self._pass_words = head[9], head[10]
        self._relocation_count, self._instruction_count, self._code_size = head[11:14]
        if min(head[9:14]) < 0:
            raise ParseError("dump", f"negative lengths in {index.symbol}")
        self._frame = frame

    @cached_property
    def ir(self) -> str:
        """The function's intermediate representation after walk, as Go prints it."""
        return _text(self._strings, self._ir)

    @cached_property
    def passes(self) -> Sequence[PassRecord]:
        """One record for the function as built ("start", index -1) and one after every pass."""
        start = 4 * _HEAD
        body = self._part(start, self._pass_words)
        return read_passes(body, self._pass_count, self._strings, self._pass_names)

    @cached_property
    def relocations(self) -> Table:
        """offset, size, kind, symbol, addend_low, addend_high: the gaps the linker fills."""
        words = self._machine()
        return words.table(_RELOCATIONS, self._relocation_count, self._strings, _RELOCATION_TEXTS)

    def addend(self, row: int) -> int:
        """The 64-bit addend of a relocation."""
        table = self.relocations
        return (table["addend_high"][row] << 32) | (table["addend_low"][row] & 0xFFFFFFFF)

    @cached_property
    def instructions(self) -> Table:
        """The instructions in address order.

        pc, size (0 for pseudo-instructions), opcode, text (Go syntax), position (row), origin_kind,
        origin (the value or block it was made for), role, mark (1 the prologue ends here, 2 the
        epilogue begins), call, target (pc of a branch's target, or -1).

        role: "value", "block"; "prologue" (stack check, frame, arguments); "epilogue" (what RET
        grew into); "expansion" (further instructions of one that the assembler had to spell out);
        "tail" (the call of morestack); "deferreturn"; "nop" (inline marks, padding); "pseudo".
        """
        words = self._machine()
        words.at += len(_RELOCATIONS) * self._relocation_count
        return words.table(
            _INSTRUCTIONS, self._instruction_count, self._strings, _INSTRUCTION_TEXTS
        )

    @cached_property
    def code(self) -> bytes:
        """The machine code, relocations not applied."""
        at = 4 * (_HEAD + self._pass_words + self._machine_words)
        code = bytes(self._frame[at : at + self._code_size])
        if len(code) != self._code_size:
            raise ParseError("dump", f"the code of {self.index.symbol} is cut short")
        return code

    @property
    def _machine_words(self) -> int:
        return (
            len(_RELOCATIONS) * self._relocation_count
            + len(_INSTRUCTIONS) * self._instruction_count
        )

    def _machine(self) -> Words:
        return Words(self._part(4 * (_HEAD + self._pass_words), self._machine_words), "dump")

    def _part(self, start: int, words: int) -> memoryview:
        part = self._frame[start : start + 4 * words]
        if len(part) != 4 * words:
            raise ParseError("dump", f"the frame of {self.index.symbol} is cut short")
        return part
