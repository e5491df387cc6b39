"""What the rule stepper shows: rewrites step by step, and the proofs of the prove pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from golifelab.compile.ssa.proofs import Fact, Proofs
from golifelab.compile.ssa.rules import Rewrite, Rewrites
from golifelab.position import Position
from golifelab.views.optimizer import fact_words

Payload = dict[str, Any]

# More steps than a reader walks through. The largest functions of Go's library have ten times as
# many; what is left out is counted.
MAX_STEPS = 4_000
MAX_PROOFS = 400
MAX_FACTS = 4_000
# What a text may be long: a type may be written in thousands of characters.
_MAX_TEXT = 400
# Rules that are listed where more than one can have made a step.
_MAX_RULES = 8


class _Texts:
    """Texts that occur many times, each kept once."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        if text not in self._numbers:
            self._numbers[text] = len(self.all)
            self.all.append(text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + " …")
        return self._numbers[text]


def rules_payload(rewrites: Rewrites) -> Payload:
    """The steps as equally long lists; texts, rules and passes by number.

    `place` is [file, line, column] or 0. `left` counts the steps that are not shown.
    """
    texts = _Texts()
    rules: dict[Any, int] = {}
    passes = list(rewrites.passes)
    shown = rewrites.steps[:MAX_STEPS]
    steps = [_step(step, texts, rules, passes) for step in shown]
    names = ("pass", "round", "kind", "value", "before", "after", "place", "rules", "more", "args")
    columns = {name: [step[name] for step in steps] for name in names}
    return {
        "function": rewrites.function.symbol,
        "name": rewrites.function.name,
        "passes": passes,
        "steps": columns,
        "rules": [{"file": rule.file, "line": rule.line, "text": rule.text} for rule in rules],
        "texts": texts.all,
        "count": len(rewrites),
        "left": len(rewrites) - len(shown),
        "incomplete": list(rewrites.incomplete),
        "known": any(step.rules for step in rewrites),
    }


def _step(step: Rewrite, texts: _Texts, rules: dict[Any, int], passes: list[str]) -> Payload:
    numbers = [rules.setdefault(rule, len(rules)) for rule in step.rules[:_MAX_RULES]]
    return {
        "pass": passes.index(step.pass_name),
        "round": step.iteration,
        "kind": step.kind,
        "value": step.name if step.value >= 0 else "",
        "before": texts.number(step.before),
        "after": texts.number(step.after),
        "place": _place(step.position),
        "rules": numbers,
        "more": len(step.rules) - len(numbers),
        "args": [texts.number(value.text) for value in step.operands],
    }


def proofs_payload(proofs: Proofs) -> Payload:
    """The proofs, each with the numbers of the facts it can rest on; the whole log as `facts`.

    `values` are the texts of the values it names, by name.
    """
    facts = proofs.facts[:MAX_FACTS]
    numbers = {id(fact): number for number, fact in enumerate(facts)}
    shown = proofs.proofs[:MAX_PROOFS]
    return {
        "function": proofs.function.symbol,
        "name": proofs.function.name,
        "proofs": [
            {
                "text": proof.text,
                "value": proof.name,
                "place": _place(proof.position),
                "against": _fact(proof.contradiction) if proof.contradiction else None,
                "known": _numbers(proof.known, numbers),
            }
            for proof in shown
        ],
        "facts": [_fact(fact) for fact in facts],
        "values": {value.name: value.text[:_MAX_TEXT] for value in proofs.values},
        "left": {
            "proofs": len(proofs) - len(shown),
            "facts": len(proofs.facts) - len(facts),
        },
    }


def _numbers(known: Sequence[Fact], numbers: dict[int, int]) -> list[int]:
    return [numbers[id(fact)] for fact in known if id(fact) in numbers]


def _fact(fact: Fact) -> Payload:
    return {
        "kind": fact.kind,
        "text": fact.text[:_MAX_TEXT],
        "words": fact_words(fact)[:_MAX_TEXT],
        "values": [f"v{value}" for value in fact.about],
        "block": f"b{fact.block}" if fact.block >= 0 else "",
        "place": _place(fact.position),
    }


def _place(position: Position | None) -> list[Any] | int:
    return [position.file, position.line, position.column] if position else 0
