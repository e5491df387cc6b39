"""How Go's two scanners number their words: go/token's numbers beside the compiler's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from golifelab.columns import Table
from golifelab.compile.fallback.front import standard_tables
from golifelab.compile.front import Recent, tier_of
from golifelab.compile.gotokens import go_tokens, pair
from golifelab.compile.tokens import Token, tokens
from golifelab.errors import ParseError
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

_GO = "go/token/token.go"
_COMPILER = "cmd/compile/internal/syntax/tokens.go"
# Words of go/token that stand for many spellings, each with one of them.
_EXAMPLES = {
    "IDENT": "x",
    "INT": "1",
    "FLOAT": "1.5",
    "IMAG": "1i",
    "CHAR": "'a'",
    "STRING": '"a"',
    "COMMENT": "/**/",
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """One word of Go and its numbers.

    `text` is the word as go/token writes it ("+", "func", "IDENT" for all names). `go_name` and
    `go_number` are its constant in go/token, `compiler_name` and `compiler_number` the compiler's
    token: one for many words, so that operators have an `operator` and its `operator_number` too.
    Names are empty and numbers 0 for what a scanner does not have: the compiler's knows no comments
    and no illegal tokens.
    """

    text: str
    compiler_name: str
    compiler_number: int
    operator: str
    operator_number: int
    go_name: str
    go_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering(Stage):
    """All words of Go in the order of go/token: a sequence of Spelling.

    Read from the source of the reader's own Go; which word gets which token was seen by scanning
    every one with both scanners.
    """

    spellings: tuple[Spelling, ...]

    def __len__(self) -> int:
        return len(self.spellings)

    def __iter__(self) -> Iterator[Spelling]:
        return iter(self.spellings)

    def __getitem__(self, index: int) -> Spelling:
        return self.spellings[index]

    def of(self, text: str) -> Spelling | None:
        """The numbers of a word, or None."""
        return next((one for one in self.spellings if one.text == text), None)

    def frame(self) -> pd.DataFrame:
        """One row a word: text, compiler_name, compiler_number, operator and so on."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`spellings`: a list of objects with the fields of Spelling."""
        return self.header() | {"spellings": self._rows()}

    def _rows(self) -> list[dict[str, Any]]:
        return [asdict(one) for one in self.spellings]


_recent: Recent[Numbering] = Recent(8)


def numbering(target: Target) -> Numbering:
    """The numbers of a Go version. ParseError when its sources are not as expected."""
    tier = tier_of(target)
    return _recent.get((tier, target.go), lambda: _numbering(target))


def _numbering(target: Target) -> Numbering:
    table = standard_tables("numbers", target)["numbers"]
    words = [one for one in _constants(table, _GO, "Token") if one.name[0].isupper()]
    kinds = {one.text: one for one in _constants(table, _COMPILER, "Token", "token")}
    operators = {one.text: one for one in _constants(table, _COMPILER, "Operator")}
    if not words or not kinds or not operators:
        raise ParseError("token constants", "Go's sources hold none where they used to be")
    seen = _scanned([word.text for word in words], target)
    spellings = []
    for word in words:
        mine = seen.get(word.number)
        kind = kinds.get(mine.kind) if mine else None
        operator = operators.get(mine.operator) if mine and mine.operator else None
        spellings.append(
            Spelling(
                word.text,
                kind.name if kind else "",
                kind.number if kind else 0,
                operator.name if operator else "",
                operator.number if operator else 0,
                word.name,
                word.number,
            )
        )
    line = f"golifelab show numbering{f' --go {target.go}' if target.go else ''}"
    return Numbering(command=line, tier=tier_of(target), spellings=tuple(spellings))


@dataclass(frozen=True, slots=True)
class _Constant:
    name: str
    number: int
    text: str


def _constants(table: Table, source: str, *types: str) -> list[_Constant]:
    return [
        _Constant(table.text("name", row), table["number"][row], table.text("text", row))
        for row in range(len(table))
        if table.text("from", row) == source and table.text("type", row) in types
    ]


def _scanned(texts: list[str], target: Target) -> dict[int, Token]:
    """go/token's number → the compiler's token for the same piece of text."""
    source = Source.from_text(" ".join(_EXAMPLES.get(text, text) for text in texts))
    pairs = pair(tokens(source, target), go_tokens(source, target), source.names[0])
    seen: dict[int, Token] = {}
    for mine, other in pairs:
        if mine and other and mine.kind != "comment":
            seen.setdefault(other.number, mine)
    return seen
