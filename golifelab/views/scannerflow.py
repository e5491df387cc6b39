"""How source text becomes tokens: the functions that took part for one program, and their share.

Two lanes: the compiler's own scanner, and that of the go/* library. Which functions there are and
who calls whom is read from the source of the Go in use; how many tokens each one made follows from
the tokens of the program.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from golifelab.compile.gosource import GoFunction, functions_of
from golifelab.compile.gotokens import GoToken
from golifelab.compile.tokens import Token
from golifelab.errors import GolifelabError
from golifelab.program import Program
from golifelab.views.flow import Arrow, Flow, Lane, Step, count, files_of

_WORDS = frozenset({"name", "literal", "op", "op=", "opop"})
_NO_LIST = (
    "Nobody makes a list of tokens: the parser asks for the next one, and the scanner keeps it in"
    " its own fields until it is asked again."
)


@dataclass(frozen=True, slots=True)
class _Scanner:
    """One of Go's two scanners: its lane, its files, the functions on the way, and their makers."""

    lane: Lane
    files: tuple[str, ...]
    # Sets up, reads a character, makes a token, asks for one.
    way: tuple[str, str, str, str]
    makers: Mapping[str, str]


_COMPILER = _Scanner(
    Lane("compiler", "the compiler: cmd/compile/internal/syntax"),
    tuple(f"cmd/compile/internal/syntax/{name}.go" for name in ("source", "scanner", "parser")),
    ("scanner.init", "source.nextch", "scanner.next", "parser.fileOrNil"),
    {
        "names": "scanner.ident",
        "keywords": "scanner.ident",
        "numbers": "scanner.number",
        "strings": "scanner.stdString",
        "raw strings": "scanner.rawString",
        "runes": "scanner.rune",
        "line comments": "scanner.lineComment",
        "other comments": "scanner.fullComment",
    },
)
_LIBRARY = _Scanner(
    Lane("library", "the library: go/scanner, go/parser", main=False),
    ("go/scanner/scanner.go", "go/parser/parser.go"),
    ("Scanner.Init", "Scanner.next", "Scanner.Scan", "parser.next0"),
    {
        "names": "Scanner.scanIdentifier",
        "keywords": "Scanner.scanIdentifier",
        "numbers": "Scanner.scanNumber",
        "strings": "Scanner.scanString",
        "raw strings": "Scanner.scanRawString",
        "runes": "Scanner.scanRune",
        "line comments": "Scanner.scanComment",
        "other comments": "Scanner.scanComment",
    },
)


def scanner_flow(program: Program) -> Flow:
    """From source bytes to the parser, for one program, in the compiler and in the library."""
    lanes = [_lane(_COMPILER, program, Counter(_sort(token) for token in program.tokens))]
    # Without its server the library says nothing; the other lane stands alone.
    with contextlib.suppress(GolifelabError):
        theirs = Counter(_go_sort(token) for token in program.go_tokens)
        lanes.append(_lane(_LIBRARY, program, theirs))
    notes = [
        _NO_LIST,
        *(f"Without work in this program: {lane.idle}." for lane in lanes if lane.idle),
        *(f"Not in the source of this Go: {lane.absent}." for lane in lanes if lane.absent),
    ]
    if program.tokens.tier == "fallback":
        notes.append(
            "The observed compiler is not built yet: the figures of its scanner are those of"
            " go/scanner, which makes the same tokens."
        )
    return Flow(
        f"From source to tokens: {files_of(program)}",
        tuple(lane.lane for lane in lanes),
        tuple(step for lane in lanes for step in lane.steps),
        tuple(arrow for lane in lanes for arrow in lane.arrows),
        tuple(notes),
        across=True,
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What there is to draw of a scanner; who had no work; who is not in this Go."""

    lane: Lane
    steps: tuple[Step, ...]
    arrows: tuple[Arrow, ...]
    idle: str
    absent: str


def _lane(scanner: _Scanner, program: Program, sorts: Counter[str]) -> _Drawn:
    known: dict[str, GoFunction] = {}
    for path in scanner.files:
        known |= functions_of(path, program.target)
    setting, reading, making, asking = scanner.way
    made = _by_maker(scanner, sorts)
    texts = [text for _, text in program.source.files]
    tokens = sum(sorts.values()) - sorts["line comments"] - sorts["other comments"]
    size = sum(len(text.encode(errors="surrogateescape")) for text in texts)
    figures = {
        setting: count(len(texts), "file"),
        reading: count(sum(map(len, texts)), "character"),
        making: count(tokens, "token"),
        # Behind a syntax error the parser may give up before it has asked for every token.
        asking: "" if program.syntax.errors else f"asks {count(tokens, 'time')}",
    }
    lane = scanner.lane.id
    steps = [Step(f"{lane} text", lane, "source text", count(size, "byte"))]
    steps += [_step(lane, name, known[name], figures[name]) for name in figures if name in known]
    working = {name: words for name, words in made.items() if words and name in known}
    steps += [_step(lane, name, known[name], words) for name, words in working.items()]
    if making in known:
        own = [count(sorts["own"], "sign"), f"{count(sorts['automatic'], 'semicolon')} put in"]
        words = ", ".join([*own, "EOF"] if sorts["EOF"] else own)
        steps.append(Step(f"{lane} own", lane, "made on the spot", words))
    arrows = _arrows(lane, [step.id for step in steps], known, scanner, working)
    idle = ", ".join(name for name, words in made.items() if not words and name in known)
    absent = ", ".join(name for name in (*scanner.way, *made) if name not in known)
    return _Drawn(scanner.lane, tuple(steps), tuple(arrows), idle, absent)


def _arrows(
    lane: str,
    present: list[str],
    known: Mapping[str, GoFunction],
    scanner: _Scanner,
    working: Iterable[str],
) -> list[Arrow]:
    """The arrows between steps that are there; one that stands for a call, if the source has it."""
    setting, reading, making, asking = scanner.way
    wanted = [("text", setting), (setting, reading)]
    wanted += [(reading, making)] if _calls(known, making, reading) else []
    for maker in working:
        if _calls(known, making, maker):
            wanted.append((making, maker))
        if "comment" not in maker.lower():  # comments don't reach the parser
            wanted.append((maker, asking))
    wanted += [(making, "own"), ("own", asking)]
    arrows = [Arrow(f"{lane} {start}", f"{lane} {end}") for start, end in wanted]
    return [arrow for arrow in arrows if arrow.start in present and arrow.end in present]


def _calls(known: Mapping[str, GoFunction], caller: str, called: str) -> bool:
    return caller in known and called.partition(".")[2] in known[caller].calls


def _by_maker(scanner: _Scanner, sorts: Counter[str]) -> dict[str, str]:
    words: dict[str, list[str]] = {}
    for sort, maker in scanner.makers.items():
        made = sorts[sort]
        words.setdefault(maker, []).extend([count(made, sort[:-1], sort)] if made else [])
    return {maker: ", ".join(parts) for maker, parts in words.items()}


def _step(lane: str, name: str, declared: GoFunction, figure: str) -> Step:
    return Step(f"{lane} {name}", lane, name, figure, declared.place)


def _sort(token: Token) -> str:
    """Which of the compiler's functions a token is the work of, as a word of `makers`."""
    if token.automatic or token.kind == "EOF":
        return "automatic" if token.automatic else "EOF"
    if token.kind == "name":
        return "names"
    if token.kind == "literal":
        return _literal(token.literal_kind, token.text)
    if token.kind == "comment":
        return _comment(token.text)
    return "keywords" if token.kind.isalpha() and token.kind not in _WORDS else "own"


def _go_sort(token: GoToken) -> str:
    """The same for a token of go/scanner."""
    if token.automatic or token.name == "EOF":
        return "automatic" if token.automatic else "EOF"
    if token.name == "STRING":
        return _literal("string", token.text)
    if token.name == "COMMENT":
        return _comment(token.text)
    plain = {"IDENT": "names", "CHAR": "runes"} | dict.fromkeys(("INT", "FLOAT", "IMAG"), "numbers")
    return plain.get(token.name) or ("keywords" if token.name == token.text.upper() else "own")


def _literal(kind: str, text: str) -> str:
    if kind == "string":
        return "raw strings" if text.startswith("`") else "strings"
    return "runes" if kind == "rune" else "numbers"


def _comment(text: str) -> str:
    return "line comments" if text.startswith("//") else "other comments"
