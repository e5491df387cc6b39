"""Read the compiler's rewrite rules from the .rules files in the reader's own GOROOT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FOLDER = Path("src/cmd/compile/internal/ssa/_gen")
# "(Add(64|32) x y)": the alternatives of one rule, and an op whose name holds none.
_ALTERNATIVES = re.compile(r"\((?:\w+\|)+\w+\)")
_WORDS = re.compile(
    r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]|\{[^{}]*\}|[()]|[^\s()\[\]{}<]+|<[^>]*>"
)
_SIZE = re.compile(r"config\.PtrSize == (\d)")
_NOT_IN = re.compile(r'v\.Block\.Func\.pass\.name != "([^"]*)"')


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as it is written: its file ("generic.rules"), its 1-based line, and its text."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a value must be for a rule to apply to it.

    `op` is empty where any value fits; `name` binds it, so that a name used twice means one value.
    `constant` is a number or truth value it must hold ("0", "true"), or empty. `rest` says that
    further arguments may follow.
    """

    op: str = ""
    name: str = ""
    constant: str = ""
    arguments: tuple[Pattern, ...] = ()
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with one choice of its alternatives.

    `result` is the op of what it makes; "Copy" where it is a value that is there already, and empty
    where Go code in the rule decides. `constant` is the number or truth value it makes, or empty.
    `condition` is the Go code that must be true.
    """

    written: RuleLine
    pattern: Pattern
    result: str
    constant: str
    condition: str = ""

    def can_apply(self, pass_name: str, pointer_size: int) -> bool:
        """False where a condition that a file alone can settle keeps the rule from this pass."""
        if "||" in self.condition or "!(" in self.condition:
            return True
        for part in self.condition.split("&&"):
            size = _SIZE.fullmatch(part.strip())
            other = _NOT_IN.fullmatch(part.strip())
            if (size and int(size[1]) != pointer_size) or (other and other[1] == pass_name):
                return False
        return True


def rules_of(root: Path, name: str) -> dict[str, tuple[Rule, ...]]:
    """The rules of a file ("AMD64") by the op they apply to; empty where GOROOT lacks the file."""
    return _read(root / _FOLDER, name)


@lru_cache(maxsize=32)
def _read(folder: Path, name: str) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    # The generator adds the vector rules of an architecture to its plain ones.
    for file in (f"{name}.rules", f"simd{name}.rules"):
        path = folder / file
        if path.is_file():
            for rule in parse(path.read_text(encoding="utf-8"), file):
                found.setdefault(rule.pattern.op, []).append(rule)
    return {op: tuple(rules) for op, rules in found.items()}


def parse(text: str, file: str) -> Iterator[Rule]:
    """The rules in the text of a file, each once for every choice of its alternatives."""
    for written in rule_lines(text, file):
        for expanded in expand(written.text):
            left, _, right = expanded.partition("=>")
            match, _, condition = left.partition("&&")
            pattern = read_pattern(match)
            if pattern.op:
                made, constant = _result(right.partition("=>")[0].strip())
                yield Rule(written, pattern, made, constant, condition.strip())


def rule_lines(text: str, file: str) -> Iterator[RuleLine]:
    """The rules of a file as they are written. A rule ends where its brackets are closed."""
    rule, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        rule = f"{rule} {line.partition('//')[0]}".strip()
        if "=>" not in rule:
            continue
        start = start or number
        if rule.endswith("=>") or rule.count("(") > rule.count(")"):
            continue
        yield RuleLine(file, start, " ".join(rule.split()))
        rule, start = "", 0


def expand(rule: str) -> list[str]:
    """A rule once for every choice of its alternatives: first each first one, and so on."""
    places = [match for match in _ALTERNATIVES.finditer(rule) if not _elsewhere(rule, match)]
    if not places:
        return [rule]
    choices = [match[0][1:-1].split("|") for match in places]
    made = []
    for number in range(min(map(len, choices))):
        text, at = "", 0
        for match, words in zip(places, choices, strict=True):
            text += rule[at : match.start()] + words[number]
            at = match.end()
        made.append(text + rule[at:])
    return made


def _elsewhere(rule: str, match: re.Match[str]) -> bool:
    """Whether this is Go's "or", in a constant or in the conditions, and no choice of names."""
    left, right = rule[: match.start()], rule[match.end() :]
    return left.rfind("[") > left.rfind("]") or ("&&" in left and "=>" in right)


def read_pattern(text: str) -> Pattern:
    """The pattern on the left of a rule; Pattern() for text that is none."""
    words = _WORDS.findall(text)
    return _pattern(words, 0)[0] if words[:1] == ["("] else Pattern()


def _pattern(words: list[str], at: int) -> tuple[Pattern, int]:
    """The pattern whose "(" stands at a place, and the place after it."""
    op = words[at + 1] if at + 1 < len(words) else ""
    at += 2
    constant = ""
    arguments: list[Pattern] = []
    rest = False
    while at < len(words) and words[at] != ")":
        word = words[at]
        if word.startswith("["):
            constant = literal(word[1:-1])
        elif word in ("...", "___"):
            rest = True
        elif word == "(":
            inner, at = _pattern(words, at)
            arguments.append(inner)
            continue
        elif word.endswith(":") and words[at + 1 : at + 2] == ["("]:
            inner, at = _pattern(words, at + 1)
            arguments.append(
                Pattern(inner.op, word[:-1], inner.constant, inner.arguments, inner.rest)
            )
            continue
        elif word[0] not in "<{":
            arguments.append(Pattern(name="" if word == "_" else word))
        at += 1
    return Pattern(op, "", constant, tuple(arguments), rest), at + 1


def literal(text: str) -> str:
    """A whole number or truth value as the compiler prints it; empty for other text."""
    text = text.strip()
    return text if re.fullmatch(r"-?(?:0|[1-9]\d*)|true|false", text) else ""


def _result(text: str) -> tuple[str, str]:
    """The op and the constant of what a rule makes."""
    if text.startswith("@"):
        return "Copy", ""  # the value is made in another block, and this one copies it
    if text.startswith("("):
        made = read_pattern(text)
        return made.op, made.constant
    return ("Copy", "") if re.fullmatch(r"[A-Za-z_]\w*", text) else ("", "")
