"""What becomes of a value from pass to pass, and what changed between two passes."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from golifelab.compile.functions import Function
from golifelab.compile.ssa.absorption import UNUSED, Absorption, How, Users
from golifelab.compile.ssa.passes import Block, Pass, Value, number_of
from golifelab.errors import GolifelabError

# Arguments that a note names; more are counted.
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Event:
    """What a pass did to a value.

    `kind` is "built", "changed" (another operation, type or arguments), "moved" (to another block),
    "placed" (it got a register or slot), "gone" (nothing needs it any more) or "needed" (something
    needs it again). `value` is what it is afterwards, None once gone; `block` holds it, -1 once
    gone. `note` says it in words, and what happened besides.
    """

    pass_name: str
    pass_index: int
    kind: str
    value: Value | None
    block: int
    note: str


@dataclass(frozen=True, slots=True)
class Life:
    """The life of one value.

    `nth` counts the values that had this number, from 1: the compiler uses numbers again. `how`
    and `by` say where its work went once it is gone (see Absorption); `swept` is the index of the
    pass that took it out of the function, None while it stands there.
    """

    number: int
    nth: int
    events: tuple[Event, ...]
    how: How = ""
    by: tuple[str, ...] = ()
    swept: int | None = None

    @property
    def absorbed_by(self) -> int | None:
        """The number of the one value that does its work afterwards."""
        if self.how not in ("replaced", "taken over") or len(self.by) != 1:
            return None
        return number_of(self.by[0], "v") if self.by[0].startswith("v") else None


@dataclass(frozen=True, slots=True)
class Biography:
    """What became of a value number in a function: one life for each value that had it."""

    value: int
    function: str
    lives: tuple[Life, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened in all lives: a second "built" is another value."""
        return tuple(event for life in self.lives for event in life.events)

    @property
    def absorbed_by(self) -> int | None:
        """The number of the value that does the work of the last one, where the passes show one."""
        return self.lives[-1].absorbed_by

    def __str__(self) -> str:
        lines = []
        for life in self.lives:
            again = f", value {life.nth} of this number" if life.nth > 1 else ""
            lines.append(f"v{self.value} in {self.function}{again}")
            lines += [f"  {event.pass_name}: {event.note}" for event in life.events]
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
    """The lives of a value number; GolifelabError when no pass knows a living value of it."""
    number = number_of(value, "v")
    found = lives(passes, {number}).get(number, ())
    if not found:
        unused = [step.name for step in passes if _stands_in(step, number)]
        if unused:
            raise GolifelabError(
                f"{function.name} never needs v{number}: it is DEAD from {unused[0]} on",
                remedy=f"ssa({function.name!r}).text({unused[0]!r}) shows it so",
            )
        raise GolifelabError(
            f"{function.name} never has a value {value!r}",
            remedy=f"its values are shown by ssa({function.name!r}).text('start')",
        )
    return Biography(number, function.symbol, found)


def _stands_in(step: Pass, number: int) -> bool:
    return any(value.id == number for block in step.blocks for value in block.values)


def lives(
    passes: Sequence[Pass], numbers: Container[int] | None = None
) -> dict[int, tuple[Life, ...]]:
    """The lives of all values, or of those with these numbers: number → its lives, in order."""
    told = _Story()
    before: Pass | None = None
    for step in passes:
        if before is None or step.snapshot is not before.snapshot:
            told.tell(before, step, numbers)
        before = step
    return {number: tuple(found) for number, found in sorted(told.lives.items())}


def same_value(old: Value, new: Value) -> bool:
    """Whether a number means the same value after a pass as before it.

    A pass that rewrites a value leaves its operation, its type or its place. One that frees a
    value and uses its number again (the write barriers' does) leaves nothing of it.
    """
    if old is new or old.op == new.op or old.type == new.type:
        return True
    return (old.stack or old.position) == (new.stack or new.position)


class _Story:
    """The lives as far as they are told."""

    def __init__(self) -> None:
        self.lives: dict[int, list[Life]] = {}
        # What stands in the function after the pass that was told last: dead values as well.
        self._standing: dict[int, tuple[Value, int, bool]] = {}
        # The numbers whose last life is that of the value that stands there.
        self._open: set[int] = set()

    def tell(self, before: Pass | None, step: Pass, numbers: Container[int] | None) -> None:
        """Go on with what a pass did; `before` is the pass before it."""
        now = {
            value.id: (value, block.id, value.dead or block.dead)
            for block in step.blocks
            for value in block.values
            if numbers is None or value.id in numbers
        }
        users: Users | None = None
        for number, (old, home, was_dead) in self._standing.items():
            if number not in self._open:
                continue
            found = now.get(number)
            if found is not None and not same_value(old, found[0]):
                found = None  # another value has its number
            if not was_dead and (found is None or found[2]):
                if users is None and before is not None:
                    users = Users(_living(before), _living(step), same_value)
                self._end(step, number, users.absorption(number) if users else UNUSED)
            elif was_dead and found is not None and not found[2]:
                self._revive(step, found)
            elif not was_dead and found is not None and (old is not found[0] or home != found[1]):
                self._change(step, (old, home), found)
            if found is None:
                self._open.discard(number)
                self.lives[number][-1] = replace(self.lives[number][-1], swept=step.index)
        for number, (value, block, dead) in now.items():
            if not dead and number not in self._open:
                event = Event(step.name, step.index, "built", value, block, value.text)
                known = self.lives.setdefault(number, [])
                known.append(Life(number, len(known) + 1, (event,)))
                self._open.add(number)
        self._standing = now

    def _change(
        self, step: Pass, before: tuple[Value, int], after: tuple[Value, int, bool]
    ) -> None:
        (old, home), (new, block, _) = before, after
        happened: dict[str, str] = {}
        if not old.same_work(new):
            happened["changed"] = _changed(old, new)
        if home != block:
            happened["moved"] = f"from b{home} to b{block}"
        if old.location != new.location:
            happened["placed"] = f"in {new.location or 'no place'}"
        if happened:
            kind, note = next(iter(happened)), ", ".join(happened.values())
            self._add(new.id, Event(step.name, step.index, kind, new, block, note))

    def _end(self, step: Pass, number: int, found: Absorption) -> None:
        self._add(number, Event(step.name, step.index, "gone", None, -1, found.words))
        self.lives[number][-1] = replace(self.lives[number][-1], how=found.how, by=found.by)

    def _revive(self, step: Pass, found: tuple[Value, int, bool]) -> None:
        value, block, _ = found
        note = f"needed again: {value.text}"
        self._add(value.id, Event(step.name, step.index, "needed", value, block, note))
        self.lives[value.id][-1] = replace(self.lives[value.id][-1], how="", by=())

    def _add(self, number: int, event: Event) -> None:
        life = self.lives[number][-1]
        self.lives[number][-1] = replace(life, events=(*life.events, event))


def _living(step: Pass) -> list[Block]:
    return [block for block in step.blocks if not block.dead]


def _changed(old: Value, new: Value) -> str:
    if (old.op, old.aux, old.args) == (new.op, new.aux, new.args):
        return f"its type <{old.type}> becomes <{new.type}>"
    if (old.op, old.aux, len(old.args)) == (new.op, new.aux, len(new.args)):
        if sorted(old.args) == sorted(new.args):
            order = " ".join(f"v{arg}" for arg in new.args)
            return f"takes the same in another order: {order}"
        pairs = dict.fromkeys(p for p in zip(old.args, new.args, strict=True) if p[0] != p[1])
        words = [f"v{other} in place of v{one}" for one, other in pairs]
        more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
        return f"takes {', '.join(words[:_NAMED])}{more}"
    return f"{_work(old)} becomes {_work(new)}"


def _work(value: Value) -> str:
    aux = f" {value.aux}" if value.aux else ""
    return value.op + aux + "".join(f" v{arg}" for arg in value.args)
