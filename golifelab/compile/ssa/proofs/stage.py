"""What the prove pass knew about a function, and what it proved with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.compile.dump import function_of
from golifelab.compile.functions import Function
from golifelab.compile.plain import place
from golifelab.compile.ssa.passes import Pass, Value, number_of
from golifelab.compile.ssa.passlog import pass_logs
from golifelab.compile.ssa.proofs.scope import Scope
from golifelab.compile.ssa.proofs.tracetext import Fact, read
from golifelab.compile.ssa.stage import same_place
from golifelab.position import Position
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

_PROVE = "prove"
# A branch that can't be taken: the one kind of proof that comes from a contradiction. The pass
# assumes what the branch would mean, and finds that it can't be.
_BRANCH = re.compile(r"(?:Proved|Disproved) \w+ \((?P<value>v\d+)\)$")
_OPERATION = re.compile(r"(?:Proved|Disproved|Rewrote) (?:Mul )?(?P<word>[A-Za-z]\w*)")


@dataclass(frozen=True, slots=True)
class Proof:
    """Something the pass proved.

    `text` is the compiler's own sentence ("Proved IsInBounds (v16)"), `value` the number of the
    value it is about, -1 where the sentence names none and more than one could be meant. A proof
    about a branch has a `contradiction`: the fact that could not hold, where the pass prints it.
    `known` are the facts about the same values that were noted before and hold on every way here.
    The compiler does not say which of them it used, nor where a limit holds: limits are all given.
    """

    index: int
    text: str
    position: Position | None
    value: int
    contradiction: Fact | None
    known: tuple[Fact, ...]

    @property
    def name(self) -> str:
        """The value's name ("v16"), empty where it is not known."""
        return f"v{self.value}" if self.value >= 0 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs(Stage):
    """The proofs of a function, in the compiler's order. A sequence of Proof.

    `facts` is the whole log of the pass, line by line, proofs included; `inductions` are the loop
    variables it recognised. `values` are those the log names, as they stand before the pass.
    """

    function: Function
    proofs: tuple[Proof, ...]
    facts: tuple[Fact, ...]
    values: tuple[Value, ...] = field(default=(), compare=False)

    def __len__(self) -> int:
        return len(self.proofs)

    def __iter__(self) -> Iterator[Proof]:
        return iter(self.proofs)

    def __getitem__(self, index: int) -> Proof:
        return self.proofs[index]

    @property
    def inductions(self) -> tuple[Fact, ...]:
        """The loop variables that the pass recognised, with their limits and step."""
        return tuple(fact for fact in self.facts if fact.kind == "induction")

    def at(self, position: Position) -> tuple[Proof, ...]:
        """The proofs at a position; on its line where columns are not known."""
        return tuple(p for p in self.proofs if p.position and same_place(p.position, position))

    def frame(self) -> pd.DataFrame:
        """One row a proof: position, value, proof, contradiction, known (how many facts)."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "position": place(proof.position),
                    "value": proof.name,
                    "proof": proof.text,
                    "contradiction": proof.contradiction.text if proof.contradiction else "",
                    "known": len(proof.known),
                }
                for proof in self.proofs
            ]
        )

    def to_json(self) -> dict[str, Any]:
        """`function`; `proofs` with what was known; `facts`, the whole log."""
        return self.header() | {
            "function": self.function.symbol,
            "proofs": [
                {
                    "position": place(proof.position),
                    "value": proof.name,
                    "proof": proof.text,
                    "contradiction": _plain(proof.contradiction) if proof.contradiction else None,
                    "known": [_plain(fact) for fact in proof.known],
                }
                for proof in self.proofs
            ],
            "facts": [_plain(fact) for fact in self.facts],
        }


def _plain(fact: Fact) -> dict[str, Any]:
    return {
        "kind": fact.kind,
        "position": place(fact.position),
        "text": fact.text,
        "values": [f"v{value}" for value in fact.about],
        "relation": fact.relation,
        "block": f"b{fact.block}" if fact.block >= 0 else "",
        "signed": list(fact.signed) if fact.signed else None,
        "unsigned": list(fact.unsigned) if fact.unsigned else None,
    }


def proofs(source: Source, target: Target, function: str) -> Proofs:
    """What the prove pass knew and proved about a function.

    CompileFailed for a program that Go refuses, GolifelabError for a name that no function has.
    """
    code, found = function_of(source, target, function)
    passes = code.passes(found)
    at = next((step.index for step in passes if step.name == _PROVE), 0)
    done = pass_logs(source, target, found, {_PROVE: 3})
    lines = [line for log in done.logs if log.name == _PROVE for line in log.lines]
    facts = tuple(read(lines))
    before = passes[max(0, at - 1)]
    named = {number for fact in facts for number in fact.about}
    return Proofs(
        command=done.command,
        tier=code.tier,
        precision=code.precision,
        seconds=done.compiled.seconds,
        function=found,
        proofs=tuple(_proofs(facts, before)),
        facts=facts,
        values=tuple(value for value in before.values() if value.id in named),
    )


def _proofs(facts: Sequence[Fact], before: Pass) -> Iterator[Proof]:
    start = index = 0
    scope = Scope(facts, before)
    for row, fact in enumerate(facts):
        if fact.kind != "proof":
            continue
        value = _value_of(fact, before)
        wrong = None
        if _BRANCH.match(fact.text):
            trial = reversed(facts[start:row])
            wrong = next((earlier for earlier in trial if earlier.kind == "contradiction"), None)
        about = set(wrong.about) if wrong else _about(value, before)
        yield Proof(
            index,
            fact.text,
            fact.position,
            value,
            wrong,
            scope.known(row, about, _blocks_of(fact, value, before)),
        )
        start, index = row + 1, index + 1


def _value_of(proof: Fact, before: Pass) -> int:
    """The value a proof is about: the one it names, else the only one of its kind at its place."""
    if proof.about:
        branch = _BRANCH.match(proof.text)
        return number_of(branch["value"], "v") if branch else proof.about[0]
    operation = _OPERATION.match(proof.text)
    if operation is None or proof.position is None:
        return -1
    meant = [
        value.id
        for value in before.values()
        if value.op.lower() == operation["word"].lower()
        and value.position
        and same_place(value.position, proof.position)
    ]
    return meant[0] if len(meant) == 1 else -1


def _about(number: int, before: Pass) -> set[int]:
    value: Value | None = before.value(number) if number >= 0 else None
    return {number, *value.args} if value is not None else set()


def _blocks_of(proof: Fact, number: int, before: Pass) -> tuple[int, ...]:
    """The block a proof is about: the one whose branch it decides, else the value's own.

    More than one where a condition decides several and the proof's place tells them not apart.
    """
    if _BRANCH.match(proof.text):
        ends = [block for block in before.blocks if number in block.controls]
        here = [
            block
            for block in ends
            if block.position and proof.position and same_place(block.position, proof.position)
        ]
        return tuple(block.id for block in here or ends)
    block = before.block_of(number) if number >= 0 else None
    return () if block is None else (block.id,)
