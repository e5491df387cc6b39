"""What each pass did to a function; passes that left it as it was are merged with the one before.

Numbers of values mean nothing here: a pass that only replaces a value by an equal one of another
number has done nothing to the function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from golifelab.compile.ssa.comparison import Comparison, compare
from golifelab.compile.ssa.passes import Block, Pass, Value

if TYPE_CHECKING:
    import pandas as pd

# What can happen to a function, in the order of its weight; `score` counts the first five.
KINDS = (
    "added",
    "removed",
    "changed",
    "placed",
    "blocks",
    "moved",
    "reordered",
    "swept",
    "positions",
    "names",
)
_COUNTED = KINDS[:5]


@dataclass(frozen=True, slots=True)
class Step:
    """One pass and what it did; `merged` are the passes after it that changed nothing.

    `counts` has a number for each kind: values "added", "removed" and "changed" (operation, type,
    aux or arguments), "placed" (another register or slot), "blocks" (added, removed or changed),
    values "moved" (to another block), blocks "reordered" (in the function, or the values in them,
    once these have an order), dead values and blocks "swept" out
    (new ones that nothing needs count for nothing), values whose "positions" and
    whose variables ("names") are others.
    """

    pass_name: str
    index: int
    ns: int
    counts: Mapping[str, int]
    merged: tuple[str, ...]
    comparison: Comparison | None

    @property
    def idle(self) -> bool:
        """Whether nothing at all changed."""
        return not any(self.counts.values())

    @property
    def score(self) -> int:
        """How many values and blocks are not what they were."""
        return sum(self.counts[kind] for kind in _COUNTED)


@dataclass(frozen=True, slots=True)
class Impact:
    """The passes that changed a function, in order. The first step is the function as built."""

    function: str
    steps: tuple[Step, ...]

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, pass_name: str) -> Step:
        """The step that a pass belongs to: its own, or the one it is merged with; else KeyError."""
        for step in self.steps:
            if pass_name == step.pass_name or pass_name in step.merged:
                return step
        raise KeyError(pass_name)

    @property
    def idle(self) -> tuple[str, ...]:
        """The passes that changed nothing."""
        return tuple(name for step in self.steps for name in step.merged)

    def __str__(self) -> str:
        lines = [f"{self.function}: {len(self.steps) - 1} passes changed it, {len(self.idle)} not"]
        for step in self.steps:
            did = ", ".join(f"{count} {kind}" for kind, count in step.counts.items() if count)
            after = f"  (then nothing: {', '.join(step.merged)})" if step.merged else ""
            lines.append(f"  {step.pass_name}: {did or 'as it was built'}{after}")
        return "\n".join(lines)

    def frame(self) -> pd.DataFrame:
        """One row a step: pass, ns, score, a column a kind, the passes merged."""
        import pandas as pd

        return pd.DataFrame(self.to_json()["steps"])

    def to_json(self) -> dict[str, Any]:
        """`function`; `steps`: pass, ns, score, a number for each kind, merged."""
        return {
            "function": self.function,
            "steps": [
                {"pass": step.pass_name, "ns": step.ns, "score": step.score}
                | dict(step.counts)
                | {"merged": list(step.merged)}
                for step in self.steps
            ],
        }


def impact(passes: Sequence[Pass], function: str = "") -> Impact:
    """What each pass did; `function` is the name, for reading."""
    first = passes[0]
    steps = [Step(first.name, first.index, first.ns, dict.fromkeys(KINDS, 0), (), None)]
    merged: list[str] = []
    ordered = False
    for before, after in pairwise(passes):
        ordered = ordered or after.name == "schedule"
        found = _step(before, after, ordered=ordered)
        if found.idle:
            merged.append(after.name)
            continue
        steps[-1] = _with(steps[-1], merged)
        merged = []
        steps.append(found)
    steps[-1] = _with(steps[-1], merged)
    return Impact(function, tuple(steps))


def _with(step: Step, merged: Sequence[str]) -> Step:
    return Step(step.pass_name, step.index, step.ns, step.counts, tuple(merged), step.comparison)


def _step(before: Pass, after: Pass, *, ordered: bool) -> Step:
    counts = dict.fromkeys(KINDS, 0)
    if before.snapshot is after.snapshot:
        return Step(after.name, after.index, after.ns, counts, (), None)
    found = compare(before.blocks, after.blocks, (_place, _place), _known(before, after))
    work = {"operation", "type", "aux", "arguments"}
    counts["added"], counts["removed"] = len(found.added), len(found.removed)
    counts["blocks"] = (
        len(found.blocks_added) + len(found.blocks_removed) + len(found.blocks_changed)
    )
    for pair in found.pairs:
        changes = set(pair.changes)
        counts["changed"] += bool(changes & work)
        counts["placed"] += "register" in changes
        counts["moved"] += "block" in changes
        counts["positions"] += _standing(pair.before) != _standing(pair.after)
        counts["names"] += pair.before.names != pair.after.names
    counts["positions"] += sum(p.before.position != p.after.position for p in found.blocks)
    order = {block.id: at for at, block in enumerate(after.blocks)}
    counts["reordered"] = _reordered(found, order, ordered=ordered)
    counts["swept"] = _swept(before, after)
    return Step(after.name, after.index, after.ns, counts, (), found)


def _place(value: Value) -> object:
    return value.stack or value.position


def _standing(value: Value) -> object:
    return value.position, value.stack, value.stmt


def _known(before: Pass, after: Pass) -> dict[int, int]:
    """Values that keep their number: it is another value when all but the number is another."""
    known = {}
    for value in before.values():
        other = after.value(value.id)
        if other is None or value.dead or other.dead:
            continue
        homes = before.block_of(value.id), after.block_of(value.id)
        if any(home is None or home.dead for home in homes):
            continue
        if value.op == other.op or (value.type, _place(value)) == (other.type, _place(other)):
            known[value.id] = value.id
    return known


def _reordered(found: Comparison, order: Mapping[int, int], *, ordered: bool) -> int:
    """The blocks that stand elsewhere, or whose values do, among those on both sides."""
    later = sorted(found.blocks, key=lambda pair: order[pair.after.id])
    count = sum(pair is not there for pair, there in zip(found.blocks, later, strict=True))
    if ordered:
        partner = {pair.before.id: pair.after.id for pair in found.pairs}
        for pair in found.blocks:
            now = _numbers(pair.after)
            kept = set(now)
            ours = [partner[n] for n in _numbers(pair.before) if partner.get(n) in kept]
            kept = set(ours)
            count += ours != [number for number in now if number in kept]
    return count


def _numbers(block: Block) -> list[int]:
    return [value.id for value in block.values]  # noqa: PD011 - not a frame


def _swept(before: Pass, after: Pass) -> int:
    dead = [value.id for value in before.values() if value.dead]
    gone = sum(after.value(number) is None for number in dead)
    left = {block.id for block in after.blocks}
    return gone + sum(block.dead and block.id not in left for block in before.blocks)
