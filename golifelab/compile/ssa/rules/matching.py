"""Which rules can have made a change: none is struck out that could have applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from golifelab.compile.ssa.passes import Value
from golifelab.compile.ssa.rules.rulefile import Pattern, Rule, RuleLine, literal

# Ops whose printed constant is exactly the one that rules speak of.
_CONSTANTS = frozenset({"Const8", "Const16", "Const32", "Const64", "ConstBool"})

Bound = dict[str, int]


def candidates(
    rules: Sequence[Rule], before: Value, after: Value, known: Mapping[int, Value]
) -> tuple[RuleLine, ...]:
    """The rules that can have turned one value into another, in the file's order.

    `known` are the values as they stand. What is not known of a value counts as fitting, and so do
    the conditions of a rule, which are Go code: the rule that was applied is always among these.
    """
    found = [
        rule.written
        for rule in rules
        if rule.result in ("", after.op)
        and _constant_fits(rule.constant, after)
        and _possible(_match(rule.pattern, before, known, {}))
    ]
    return tuple(dict.fromkeys(found))


def block_candidates(
    rules: Sequence[Rule], kind: str, controls: Sequence[int], known: Mapping[int, Value]
) -> tuple[RuleLine, ...]:
    """The rules that can have made a block of another kind (or "" for any) of a block.

    In a rule the successors stand after the controls; they are no values.
    """
    found = []
    for rule in rules:
        shown = rule.pattern.arguments[: len(controls)]
        if rule.result in ("", kind) and _possible(_all(shown, controls, known, {})):
            found.append(rule.written)
    return tuple(dict.fromkeys(found))


def _constant_fits(wanted: str, value: Value) -> bool:
    if not wanted or value.op not in _CONSTANTS:
        return True
    held = literal(value.aux.strip("[]"))
    return not held or held == wanted


def _possible(ways: Iterator[Bound]) -> bool:
    return next(ways, None) is not None


def _match(
    pattern: Pattern, value: Value, known: Mapping[int, Value], bound: Bound
) -> Iterator[Bound]:
    """Every way to bind the names of a pattern so that it means this value."""
    if pattern.op != value.op or not _constant_fits(pattern.constant, value):
        return
    wanted, given = pattern.arguments, value.args
    if len(wanted) != len(given) and not (pattern.rest and len(given) >= len(wanted)):
        return
    given = given[: len(wanted)]
    yield from _all(wanted, given, known, bound)
    # The generator lets the first two arguments of a commutative op change places. Which ops those
    # are is not asked here: to try both ways can only let too many rules through.
    if len(given) > 1:
        yield from _all(wanted, (given[1], given[0], *given[2:]), known, bound)


def _all(
    patterns: Sequence[Pattern], values: Sequence[int], known: Mapping[int, Value], bound: Bound
) -> Iterator[Bound]:
    """Every way to bind the names of several patterns to as many values."""
    if len(patterns) != len(values):
        return
    if not patterns:
        yield bound
        return
    pattern, number = patterns[0], values[0]
    if pattern.name:
        if bound.get(pattern.name, number) != number:
            return
        bound = bound | {pattern.name: number}
    deeper = pattern.op and number in known
    for made in _match(pattern, known[number], known, bound) if deeper else (bound,):
        yield from _all(patterns[1:], values[1:], known, made)
