"""What becomes of a value from pass to pass, and what changed between two passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from golifelab.compile.functions import Function
from golifelab.compile.ssa.passes import Pass, Value, number_of
from golifelab.errors import GolifelabError


@dataclass(frozen=True, slots=True)
class Event:
    """What a pass did to a value.

    `kind` is "built", "changed" (another operation, type or arguments), "moved" (to another block),
    "placed" (it got a register or slot) or "gone". `value` is what it is afterwards, None once
    gone; `block` holds it, -1 once gone. `note` says it in words.
    """

    pass_name: str
    pass_index: int
    kind: str
    value: Value | None
    block: int
    note: str


@dataclass(frozen=True, slots=True)
class Biography:
    """The life of a value number in a function.

    `absorbed_by` is the number of the value that does its work afterwards, where the passes show
    one. The compiler uses numbers again: a second "built" is another value.
    """

    value: int
    function: str
    events: tuple[Event, ...]
    absorbed_by: int | None

    def __str__(self) -> str:
        lines = [f"v{self.value} in {self.function}"]
        lines += [f"  {event.pass_name}: {event.note}" for event in self.events]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two passes; dead values and blocks count as absent."""

    added: tuple[Value, ...]
    removed: tuple[Value, ...]
    changed: tuple[tuple[Value, Value], ...]
    blocks_added: tuple[int, ...]
    blocks_removed: tuple[int, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return not (
            self.added or self.removed or self.changed or self.blocks_added or self.blocks_removed
        )


def difference(before: Pass, after: Pass) -> Difference:
    """What changed from one moment to a later one."""
    old, new = _live(before), _live(after)
    old_blocks = {block.id for block in before.blocks if not block.dead}
    new_blocks = {block.id for block in after.blocks if not block.dead}
    return Difference(
        tuple(value for number, value in new.items() if number not in old),
        tuple(value for number, value in old.items() if number not in new),
        tuple(
            (value, new[number])
            for number, value in old.items()
            if number in new
            and not (value.same_work(new[number]) and value.location == new[number].location)
        ),
        tuple(sorted(new_blocks - old_blocks)),
        tuple(sorted(old_blocks - new_blocks)),
    )


def _live(step: Pass) -> dict[int, Value]:
    return {
        value.id: value
        for block in step.blocks
        if not block.dead
        for value in block.values
        if not value.dead
    }


def biography(function: Function, passes: Sequence[Pass], value: int | str) -> Biography:
    """The life of a value; GolifelabError when no pass knows a value of this number."""
    number = number_of(value, "v")
    events: list[Event] = []
    absorbed: int | None = None
    before: Pass | None = None
    for step in passes:
        event = _event(before, step, number)
        if event is not None:
            events.append(event)
            if event.kind == "gone" and before is not None:
                absorbed, why = _absorber(before, step, number)
                events[-1] = Event(step.name, step.index, "gone", None, -1, why)
            elif event.kind == "built":
                absorbed = None
        before = step
    if not events:
        raise GolifelabError(
            f"{function.name} never has a value {value!r}",
            remedy=f"its values are shown by ssa({function.name!r}).text('start')",
        )
    return Biography(number, function.symbol, tuple(events), absorbed)


def _event(before: Pass | None, step: Pass, number: int) -> Event | None:
    old = before.value(number) if before else None
    new = step.value(number)
    old = None if old is not None and old.dead else old
    new = None if new is not None and new.dead else new
    holder = step.block_of(number)
    block = holder.id if new is not None and holder is not None else -1

    def made(kind: str, note: str) -> Event:
        return Event(step.name, step.index, kind, new, block, note)

    if new is None:
        return made("gone", "gone") if old is not None else None
    if old is None:
        return made("built", new.text)
    if not old.same_work(new):
        return made("changed", f"{_work(old)} becomes {_work(new)}")
    was = before.block_of(number) if before else None
    if was is not None and was.id != block:
        return made("moved", f"from {was.name} to b{block}")
    if old.location != new.location:
        return made("placed", f"in {new.location or 'no place'}")
    return None


def _work(value: Value) -> str:
    aux = f" {value.aux}" if value.aux else ""
    return value.op + aux + "".join(f" v{arg}" for arg in value.args)


def _absorber(before: Pass, after: Pass, number: int) -> tuple[int | None, str]:
    """Who does the work of a value that is gone: seen from the values that used it.

    A user that takes another value in its place, and is the same otherwise, says that this value
    stands for it. A user that itself became another operation has taken the work over.
    """
    users = [value for value in _live(before).values() if number in value.args]
    now = _live(after)
    replaced: set[int] = set()
    took: set[int] = set()
    for user in users:
        later = now.get(user.id)
        if later is None:
            continue
        if later.op == user.op and len(later.args) == len(user.args):
            replaced.add(later.args[user.args.index(number)])
        else:
            took.add(later.id)
    replaced.discard(number)
    if len(replaced) == 1 and not took:
        (other,) = replaced
        return other, f"gone: v{other} stands for it"
    if len(took) == 1 and not replaced:
        (other,) = took
        return other, f"gone: v{other}, now {_work(now[other])}, does its work"
    return None, "gone: nothing uses it any more" if not users else "gone, with what used it"
