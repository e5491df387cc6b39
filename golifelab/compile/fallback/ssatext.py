"""Read the text that GOSSAFUNC=f+ makes the compiler print: one function after every pass.

The dump is cut into passes at once; the lines of a pass are read when somebody asks for it. Grammar
and measurements: every line of strconv and sort is understood (tests/compile/test_tiers.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from golifelab.compile.ssa.passes import Block, Pass, Snapshot, Value
from golifelab.errors import ParseError
from golifelab.position import Position

_BLOCK = re.compile(r"  b(\d+):(?: <-((?: b\d+)+))?( DEAD)?$")
_VALUE = re.compile(r"    \((\?|[+-]?\d+)\) v(\d+) = ([A-Za-z0-9_]+) <")
_ARGS = re.compile(r"((?: (?:v\d+|<nil>))*)")
_NAME = re.compile(r"name (.*): \[((?:v\d+)?(?: v\d+)*)\]$")
_BEGIN = re.compile(r"  pass (.*) begin$")
_END = re.compile(r"  pass (.*) end \[(\d+) ns\]$")
_CONTROL = re.compile(
    r"    ([A-Za-z0-9]+)((?: \{.*?\})?(?: \[.*?\])?)((?: v\d+)*)"
    r"(?: ->((?: b\d+)+))?(?: \((likely|unlikely)\))?$"
)
_QUOTES = '"`'

Where = Callable[[int], Position]


@dataclass(slots=True)
class Section:
    """The undecoded lines of one function after one pass."""

    name: str
    ns: int
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Record:
    """One function of a dump, cut into its parts. `abi` is the number in the dump's last line."""

    name: str
    ir: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    genssa: list[str] = field(default_factory=list)
    abi: int = -1

    def passes(self, where: Where) -> tuple[Pass, ...]:
        """One Pass a section. `where` gives the position that a line number means."""

        def decode(index: int) -> Snapshot:
            return read_function(self.sections[index].lines, where)

        return tuple(Pass(s.name, i, s.ns, decode) for i, s in enumerate(self.sections))


def split(text: str) -> list[Record]:
    """Cut a dump into functions, and each into IR, passes and generated code."""
    records: list[Record] = []
    current: Record | None = None
    into: list[str] = []
    name, ns = "start", 0
    for line in text.split("\n"):
        if line.startswith("generating SSA for "):
            current = Record(line[19:])
            records.append(current)
            into = []
        elif current is None:
            continue
        elif line == "buildssa-body" and not current.sections:
            into = current.ir
        elif not current.sections and line.endswith(f"compiling {current.name}"):
            # A complaint about sources it can't show may stand before it on the same line.
            name, ns, into = "start", 0, []
        elif begin := _BEGIN.match(line):
            name, into = begin[1], current.log
        elif end := _END.match(line):
            name, ns, into = end[1], int(end[2]), []
        elif line.startswith("genssa ") and current.sections:
            into = current.genssa
        elif line.startswith("dumped SSA for "):
            abi = line.rpartition(" to ")[0].rpartition(",")[2]
            current.abi = int(abi) if abi.isdecimal() else -1
            current = None
        elif line.startswith(f"{current.name} ") and not line.startswith(("  ", ".   ")):
            section = Section(name, ns)
            current.sections.append(section)
            into = section.lines
        elif line:
            into.append(line)
    return records


def read_function(lines: list[str], where: Where) -> Snapshot:
    """The blocks and values of a function after one pass; ParseError for an unknown line."""
    blocks: list[Block] = []
    names: list[tuple[str, tuple[int, ...]]] = []
    head: re.Match[str] | None = None
    values: list[Value] = []
    places: dict[str, Position | None] = {"?": None}
    for number, line in enumerate(lines, 1):
        if line.startswith("    ("):
            values.append(read_value(line, number, where, places))
        elif line.startswith("    "):
            end = _CONTROL.match(line)
            if end is None or head is None:
                raise ParseError("ssa text", f"no end of a block: {line[:200]!r}", line=number)
            blocks.append(_block(head, values, end))
            head, values = None, []
        elif found := _BLOCK.match(line):
            head, values = found, []
        elif found := _NAME.match(line):
            names.append((found[1], _numbers(found[2])))
        elif line not in ("dependency cycle!", "dependency cycle done!"):
            raise ParseError("ssa text", f"unknown line {line[:200]!r}", line=number)
    return Snapshot(tuple(blocks), tuple(names))


def _block(head: re.Match[str], values: list[Value], end: re.Match[str]) -> Block:
    return Block(
        int(head[1]),
        end[1],
        tuple(values),
        _numbers(end[3]),
        _numbers(end[4] or ""),
        _numbers(head[2] or ""),
        end[5] or "",
        None,
        end[2].strip(),
        bool(head[3]),
    )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(word[1:]) if word[0] in "vb" else -1 for word in text.split())


def read_value(
    line: str, number: int, where: Where, places: dict[str, Position | None] | None = None
) -> Value:
    """The value that one line of a dump describes."""
    head = _VALUE.match(line)
    try:
        if head is None:
            raise ValueError(line)  # noqa: TRY301 - one place turns all of them into ParseError
        return _value(line, head, where, {"?": None} if places is None else places)
    except (ValueError, IndexError) as error:
        raise ParseError("ssa text", f"no value: {line[:200]!r}", line=number) from error


def _value(
    line: str, head: re.Match[str], where: Where, places: dict[str, Position | None]
) -> Value:
    at = head.end()
    close = _end_of_type(line, at)
    typ = line[at:close]
    aux, at = _aux(line, close + 1)
    args = _ARGS.match(line, at)
    at = args.end() if args else at
    location, at = _location(line, at)
    temporary = ""
    if line.startswith(" tmp=", at):
        end = line.find(" ", at + 5)
        end = len(line) if end < 0 else end
        temporary, at = line[at + 5 : end], end
    names: tuple[str, ...] = ()
    if line.startswith(" (", at):
        end = _balanced(line, at + 1, "(", ")")
        names, at = _split_names(line[at + 2 : end - 1]), end
    dead = line.startswith(" DEAD", at)
    if at + 5 * dead != len(line):
        raise ValueError(line[at:])
    mark = head[1]
    if mark not in places:
        places[mark] = where(int(mark.lstrip("+-")))
    return Value(
        int(head[2]),
        head[3],
        typ,
        aux,
        _numbers(args[1]) if args else (),
        places[mark],
        location,
        mark[0] if mark[0] in "+-" else "",
        (),
        dead,
        temporary,
        names,
    )


def _end_of_type(line: str, at: int) -> int:
    while line[at] != ">":
        at = _skip_quoted(line, at) if line[at] in _QUOTES else at + 1
    return at


def _aux(line: str, at: int) -> tuple[str, int]:
    start = at
    while True:
        if line.startswith(" {", at):
            at = _balanced(line, at + 1, "{", "}")
        elif line.startswith(" [", at):
            at = _balanced(line, at + 1, "[", "]")
        elif line.startswith("[", at):
            at = _balanced(line, at, "[", "]")
        else:
            return line[start:at].removeprefix(" "), at


def _location(line: str, at: int) -> tuple[str, int]:
    if not line.startswith(" : ", at):
        return "", at
    at += 3
    if line[at] == "<":
        end = line.index(">", at) + 1
        return line[at:end], end
    end = at
    while end < len(line) and line[end] not in " [":
        end += 1
    if end < len(line) and line[end] == "[":
        end = _balanced(line, end, "[", "]")
    return line[at:end], end


def _split_names(text: str) -> tuple[str, ...]:
    """The names in "a[int], b[func(int, int)]": a comma counts only outside of brackets."""
    names = []
    depth = start = 0
    for i, char in enumerate(text):
        if char in "[({":
            depth += 1
        elif char in "])}":
            depth -= 1
        elif char == "," and not depth:
            names.append(text[start:i])
            start = i + 2
    return (*names, text[start:])


def _balanced(line: str, at: int, opening: str, closing: str) -> int:
    """The place after the bracket that closes the one at `at`; quoted text does not count."""
    depth = 0
    while at < len(line):
        char = line[at]
        if char in _QUOTES:
            at = _skip_quoted(line, at)
            continue
        if char == opening:
            depth += 1
        elif char == closing:
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    raise ValueError(line)


def _skip_quoted(line: str, at: int) -> int:
    quote = line[at]
    at += 1
    while line[at] != quote:
        at += 2 if line[at] == "\\" and quote == '"' else 1
    return at + 1
