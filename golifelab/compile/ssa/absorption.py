"""Who does the work of a value once nothing needs it any more, as those that used it show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from golifelab.compile.ssa.passes import Block, Value

How = Literal["", "replaced", "taken over", "unused", "with its users"]

_NAMED = 3
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Absorption:
    """Where the work of a value went.

    `how` is "replaced" (those that used it take another value in its place), "taken over" (those
    that used it became other operations, and do its work with their own), "unused" (nothing used
    it), "with its users" (those that used it went with it), or "" where the passes do not show it.
    `by` names the values and blocks in question, at most a few dozen; `words` says it.
    """

    how: How
    by: tuple[str, ...]
    words: str


UNUSED = Absorption("unused", (), "gone: nothing took its result")


@dataclass(frozen=True, slots=True)
class _User:
    """Something that takes values: a value with its arguments, a block with its controls."""

    name: str
    work: tuple[str, ...]
    takes: tuple[int, ...]


class Users:
    """Who used each value before a pass, and what became of these users in it.

    Blocks are the living ones; `same` says whether a value of the same number after the pass is
    still the same value.
    """

    def __init__(
        self,
        before: Sequence[Block],
        after: Sequence[Block],
        same: Callable[[Value, Value], bool],
    ) -> None:
        self._now = {user.name: user for user in _users(after)}
        self._used: dict[int, list[_User]] = {}
        for user in _users(before):
            for number in set(user.takes):
                self._used.setdefault(number, []).append(user)
        self._old = {value.id: value for block in before for value in block.values}
        self._new = {value.id: value for block in after for value in block.values}
        for number, value in self._new.items():
            old = self._old.get(number)
            if old is not None and not same(old, value):
                self._now.pop(value.name, None)  # another value has its number now

    def absorption(self, number: int) -> Absorption:
        """Where the work of a value went that was needed before the pass and is not after it."""
        users = self._used.get(number, [])
        if not users:
            return UNUSED
        replaced: dict[str, None] = {}
        took: dict[str, _User] = {}
        unknown = False
        for user in users:
            later = self._now.get(user.name)
            if later is None:
                continue
            if len(later.takes) != len(user.takes):
                took[later.name] = later
                continue
            if later.work != user.work:
                found = self._translated(number, user.takes, later.takes)
                if found is None:
                    took[later.name] = later
                else:
                    replaced[f"v{found}"] = None
                continue
            other = self._instead(number, user, later)
            unknown = unknown or other is None
            if other is not None and other != number:
                replaced[f"v{other}"] = None
        if unknown and not (replaced or took):
            return Absorption("", (), "gone")
        if not (replaced or took):
            names = tuple(user.name for user in users)
            return Absorption("with its users", names, f"gone, with what used it: {_list(names)}")
        words = []
        if replaced:
            words.append(f"{_list(tuple(replaced))} {_verb(replaced, 'stands', 'stand')} for it")
        if took:
            now = [f"{name}, now {' '.join(user.work)}" for name, user in took.items()]
            words.append(f"{_list(tuple(now))}, {_verb(took, 'does', 'do')} its work")
        how: How = "replaced" if replaced else "taken over"
        return Absorption(how, (*replaced, *took), f"gone: {'; '.join(words)}")

    def _translated(self, number: int, before: Sequence[int], after: Sequence[int]) -> int | None:
        """What a user that became another operation takes instead; None when it takes nothing new.

        Lowering translates user and value alike. What the value itself took shows that the user
        has its work now, and so does another type.
        """
        here, old = after[before.index(number)], self._old[number]
        new = self._new.get(here)
        if here in before or here in old.args or new is None or new.type != old.type:
            return None
        return here

    def _instead(self, number: int, user: _User, later: _User) -> int | None:
        """What is taken in the place of a value; None where several could be it.

        Arguments may have changed their order, and others may have been replaced too.
        """
        before, after = user.takes, later.takes
        here, old = after[before.index(number)], self._old[number]
        if all(was in (now, number) for was, now in zip(before, after, strict=True)):
            return here
        new = Counter(after) - Counter(before)
        if len(new) == 1:
            return next(iter(new))
        copied = self._copied(old)
        if copied != number and copied in new:
            return copied
        value = self._new.get(here)
        if here not in new or value is None:
            return None
        return here if value.op == old.op or self._in_place(value, old, user, later) else None

    def _copied(self, old: Value) -> int:
        """What a value is a copy of, by way of any other copies; its own number if of nothing."""
        seen = {old.id}
        while old.op == "Copy" and old.args[0] in self._old and old.args[0] not in seen:
            old = self._old[old.args[0]]
            seen.add(old.id)
        return old.id

    def _in_place(self, value: Value, old: Value, user: _User, later: _User) -> bool:
        """Whether each argument was replaced where it stood: none has moved, none can have.

        Two operands of one type may be swapped, those of a phi can't.
        """
        if value.type != old.type:
            return False
        pairs = list(zip(user.takes, later.takes, strict=True))
        if any(now != was and now in user.takes for was, now in pairs):
            return False
        known = [self._old[taken].type for taken in user.takes if taken in self._old]
        return len(pairs) != _PAIR or user.work[0] == "Phi" or len(set(known)) == _PAIR


def _users(blocks: Sequence[Block]) -> Iterator[_User]:
    for block in blocks:
        for value in block.values:
            if not value.dead and value.args:
                aux = (value.aux,) if value.aux else ()
                yield _User(value.name, (value.op, *aux), value.args)
        if block.controls:
            aux = (block.aux,) if block.aux else ()
            yield _User(block.name, (block.kind, *aux), block.controls)


def _list(names: Sequence[str]) -> str:
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _verb(things: Mapping[str, object], one: str, several: str) -> str:
    return one if len(things) == 1 else several
