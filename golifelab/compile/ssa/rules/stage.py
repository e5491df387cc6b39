"""Every rewrite of a function: what stood there, what stands there now, and by which rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import code_of, function_of
from golifelab.compile.fallback.ssatext import read_value
from golifelab.compile.functions import Function
from golifelab.compile.plain import place
from golifelab.compile.ssa.passes import Pass, Value, number_of
from golifelab.compile.ssa.passlog import PassLog, flag_of, pass_logs, phase_names
from golifelab.compile.ssa.rules.debugtext import Change, Kind, Seen, read
from golifelab.compile.ssa.rules.matching import block_candidates, candidates
from golifelab.compile.ssa.rules.rulefile import Rule, RuleLine, rules_of
from golifelab.errors import ParseError
from golifelab.position import Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.go import find_go

if TYPE_CHECKING:
    import pandas as pd

# The passes that apply rules, with the file of their rules; {arch} is the architecture's own.
_FILES = {
    "opt": "generic",
    "divisible": "divisible",
    "divmod": "divmod",
    "middle opt": "generic",
    "decompose builtin": "dec",
    "late opt": "generic",
    "lower": "{arch}",
    "late lower": "{arch}latelower",
}
# These change values before they apply their rules, and Go before 1.26 does not print what into.
_PREPARING = frozenset({"decompose builtin"})
_ARCHITECTURES = {
    "386": "386",
    "amd64": "AMD64",
    "arm": "ARM",
    "arm64": "ARM64",
    "loong64": "LOONG64",
    "mips": "MIPS",
    "mipsle": "MIPS",
    "mips64": "MIPS64",
    "mips64le": "MIPS64",
    "ppc64": "PPC64",
    "ppc64le": "PPC64",
    "riscv64": "RISCV64",
    "s390x": "S390X",
    "wasm": "Wasm",
}
# Architectures whose pointers have four bytes.
_SMALL = frozenset({"386", "arm", "mips", "mipsle"})
# A phi may have hundreds of arguments.
_MAX_OPERANDS = 12
_BLOCK = re.compile(r"(?P<kind>[A-Za-z0-9]+)(?: [{\[].*?[}\]])*(?P<controls>(?: v\d+)*)(?: ->|$)")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One step of a pass that rewrites by rules.

    `value` is the number of the changed value, -1 for a block's end. `before` and `after` are as
    the compiler prints them. `kind` is "rule", "copies" (arguments that were copies are skipped) or
    "phi" (all its arguments were one value); `iteration` is the round over the function, -1 where
    Go does not say (before 1.26). The compiler does not print which rule it applied: `rules` are
    those of the .rules file that can have made the step, in the file's order, and `rule` is the one
    where there is only one. `rules` is empty where GOROOT has no such file. `operands` are the
    arguments as they stood before the step, and what they are made of in turn: a rule may look that
    deep. Values that the log has not shown are left out.
    """

    index: int
    pass_name: str
    iteration: int
    kind: Kind
    value: int
    before: str
    after: str
    position: Position | None
    rules: tuple[RuleLine, ...]
    operands: tuple[Value, ...] = ()

    @property
    def name(self) -> str:
        """The value's name ("v23"), or "block"."""
        return f"v{self.value}" if self.value >= 0 else "block"

    @property
    def rule(self) -> RuleLine | None:
        """The rule, where only one can have made this step."""
        return self.rules[0] if len(self.rules) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrites(Stage):
    """A function's rewrites in the order in which the compiler made them. A sequence of Rewrite.

    `passes` are the passes of this Go that rewrite by rules and that `steps` come from. Those of
    `incomplete` made more: the compiler looks for endless rewriting while it prints, and gave up in
    them over a step that undoes another.
    """

    function: Function
    passes: tuple[str, ...]
    steps: tuple[Rewrite, ...]
    incomplete: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Rewrite]:
        return iter(self.steps)

    def __getitem__(self, index: int) -> Rewrite:
        return self.steps[index]

    def of(self, pass_name: str) -> tuple[Rewrite, ...]:
        """The steps of one pass."""
        return tuple(step for step in self.steps if step.pass_name == pass_name)

    def of_value(self, value: int | str) -> tuple[Rewrite, ...]:
        """The steps that changed a value ("v23")."""
        number = number_of(value, "v")
        return tuple(step for step in self.steps if step.value == number >= 0)

    def frame(self) -> pd.DataFrame:
        """One row a step: pass, iteration, kind, value, before, after, position, rule, rules."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`function`, `passes`, `steps` as the rows of `frame`; `rules` lists all that can be."""
        rows = self._rows()
        for row, step in zip(rows, self.steps, strict=True):
            row["rules"] = [
                {"file": rule.file, "line": rule.line, "text": rule.text} for rule in step.rules
            ]
        return self.header() | {
            "function": self.function.symbol,
            "passes": list(self.passes),
            "steps": rows,
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "pass": step.pass_name,
                "iteration": step.iteration,
                "kind": step.kind,
                "value": step.name,
                "before": step.before,
                "after": step.after,
                "position": place(step.position),
                "rule": str(step.rule or ""),
                "rules": len(step.rules),
            }
            for step in self.steps
        ]


def rewrites(source: Source, target: Target, function: str) -> Rewrites:
    """Every rewrite by rules in a function.

    CompileFailed for a program that Go refuses, GolifelabError for a name that no function has.
    """
    code, found = function_of(source, target, function)
    passes = code.passes(found)
    there = set(phase_names(target))
    levels = {flag_of(name): 2 for name in _FILES if flag_of(name) in there}
    done = pass_logs(source, target, found, levels)
    steps: list[Rewrite] = []
    for log in done.logs:
        if log.name in _FILES:
            steps += _steps(log, passes, _rules(target, log.name), len(steps))
    return Rewrites(
        command=done.command,
        tier=code.tier,
        precision=code.precision,
        seconds=done.compiled.seconds,
        function=found,
        passes=tuple(name for name in _FILES if flag_of(name) in there),
        steps=tuple(steps),
        incomplete=done.incomplete,
    )


def rewritten_functions(source: Source, target: Target) -> tuple[Function, ...]:
    """The functions of a package that can be asked for."""
    return code_of(source, target).functions


def _rules(target: Target, pass_name: str) -> dict[str, tuple[Rule, ...]]:
    name = _FILES[pass_name].format(arch=_ARCHITECTURES.get(target.goarch, target.goarch))
    size = 4 if target.goarch in _SMALL else 8
    return {
        op: tuple(rule for rule in rules if rule.can_apply(pass_name, size))
        for op, rules in rules_of(find_go(target.go).root, name).items()
    }


def _steps(
    log: PassLog, passes: tuple[Pass, ...], rules: dict[str, tuple[Rule, ...]], first: int
) -> Iterator[Rewrite]:
    """The steps of one pass, with the values as they stand followed from line to line."""
    at = next((step.index for step in passes if step.name == log.name), 0)
    known: dict[int, Value] = {}
    places: dict[int, Position | None] = {}
    for step in passes[max(0, at - 1) : at + 1]:
        places.update({value.id: value.position for value in step.values() if value.position})
    if at and log.name not in _PREPARING:
        known = {value.id: value for value in passes[at - 1].values()}
    for event in read(log.lines):
        if isinstance(event, Seen):
            seen = _value(event.text)
            if seen is not None:
                known[seen.id] = seen
            continue
        before, after = _value(event.before), _value(event.after)
        yield Rewrite(
            first,
            log.name,
            event.iteration,
            event.kind,
            -1 if after is None else after.id,
            event.before,
            event.after,
            None if after is None else places.get(after.id),
            _fitting(event, before, after, rules, known),
            _operands(event, before, known),
        )
        first += 1
        if after is not None:
            known[after.id] = after


def _operands(change: Change, before: Value | None, known: dict[int, Value]) -> tuple[Value, ...]:
    """What a value, or the end of a block, is made of: two steps deep."""
    block = _BLOCK.match(change.before) if before is None else None
    named = [number_of(name, "v") for name in block["controls"].split()] if block else []
    direct = [known[one] for one in (before.args if before else named) if one in known]
    deeper = [known[one] for value in direct for one in value.args if one in known]
    own = -1 if before is None else before.id
    found = {value.id: value for value in (*direct, *deeper) if value.id != own}
    return tuple(found.values())[:_MAX_OPERANDS]


def _fitting(
    change: Change,
    before: Value | None,
    after: Value | None,
    rules: dict[str, tuple[Rule, ...]],
    known: dict[int, Value],
) -> tuple[RuleLine, ...]:
    if change.kind != "rule":
        return ()
    if before is not None and after is not None:
        return candidates(rules.get(before.op, ()), before, after, known)
    was, now = _BLOCK.match(change.before), _BLOCK.match(change.after)
    if was is None or now is None:
        return ()
    controls = [_source(number_of(name, "v"), known) for name in was["controls"].split()]
    return block_candidates(rules.get(was["kind"], ()), now["kind"], controls, known)


def _source(number: int, known: dict[int, Value]) -> int:
    """What a control stands for: the pass skips copies before it looks at a block."""
    seen: set[int] = set()
    while number in known and known[number].op == "Copy" and number not in seen:
        seen.add(number)
        number = known[number].args[0]
    return number


def _value(text: str) -> Value | None:
    """The value in a line of the log; None for a block's end, or text of another form."""
    if not text.startswith("v"):
        return None
    try:
        return read_value(f"    (?) {text}", 0, lambda line: Position("", line))
    except ParseError:
        return None
