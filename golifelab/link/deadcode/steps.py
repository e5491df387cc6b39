"""One step of a way from the entry of a program to a symbol, and what leads where."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

from golifelab.link.deadcode.edges import EdgeReader, Method, Signature
from golifelab.link.deadcode.flood import INITIALIZING, INITTASKS, NOOP, ROOT, Flood
from golifelab.link.deadcode.thrown import Package, packages_of

INITTASKS_NAME = "go:main.inittasks"

_Made = TypeVar("_Made")

# Symbol number → who leads there first on a shortest way, and how.
Tree = dict[int, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Step:
    """`source` keeps `target`: the reason in one word, and what stands behind it.

    - "entry": the file begins there (`source` is "")
    - "initialization": the runtime calls it before main.main
    - "call": an instruction calls it; "address": an instruction has its address
    - "pointer": data that points to it; "type": it needs the type's description
    - "wrapper": the same function for callers by the other calling convention
    - "inlined": its code is part of the other's
    - "metadata": what the runtime and debuggers must know of the source
    - "method": of a type that an interface may hold. `how` is "interface" (its signature is called
      through an interface, first by `called_by`), "name" (looked up by a constant name) or
      "reflection" (`called_by` looks methods up by a name that is not known). `boxed_by` puts the
      type into an interface

    `how` is else the relocation ("R_CALL") or the kind of metadata.
    """

    source: str
    target: str
    kind: str
    how: str
    boxed_by: str = ""
    called_by: str = ""


class Ways:
    """The ways through what was reached, over all edges and not only the first to each symbol."""

    def __init__(self, reader: EdgeReader, found: Flood) -> None:
        self.reader, self.found = reader, found
        self.world = reader.world
        self._tree: Tree = {}
        self._reasons: dict[int, list[tuple[int, str]]] = {}
        self._known: dict[str, object] = {}
        self._by_name: dict[str, list[int]] = {}
        names = self.world.names
        self._type_bit = 1 << names.flags.index("GoType")

    def tree(self) -> Tree:
        """For every symbol that stays the last step of a shortest way to it."""
        if not self._tree:
            self._tree = self._shortest()
        return self._tree

    def once(self, what: str, make: Callable[[], _Made]) -> _Made:
        """What is worked out of all of it, made at the first call."""
        if what not in self._known:
            self._known[what] = make()
        return cast("_Made", self._known[what])

    def numbers(self, name: str) -> list[int]:
        """The kept symbols of a name; one may say which ABI, as the executable does: ".abi0"."""
        if not self._by_name:
            for number in self.found.parent:
                self._by_name.setdefault(self.world.name(number), []).append(number)
        plain = name.removesuffix(".abi0")
        found = self._by_name.get(plain, [])
        if plain == name:
            return found
        wanted = self.world.lookup(plain)
        return [number for number in found if number == wanted]

    def packages(self) -> tuple[Package, ...]:
        """What is kept and thrown away of every package."""
        return self.once("packages", lambda: packages_of(self.world, self.found.parent))

    def reasons(self, number: int) -> list[tuple[int, str]]:
        """Every (symbol, how) that keeps a symbol."""
        if not self._reasons:
            for source in [ROOT, INITTASKS, *self.found.parent]:
                for target, how in dict.fromkeys(self.out(source)):
                    self._reasons.setdefault(target, []).append((source, how))
        return self._reasons.get(number, [])

    def out(self, number: int) -> Iterator[tuple[int, str]]:
        """Every (symbol, how) that a symbol keeps."""
        parent = self.found.parent
        if number in (ROOT, INITTASKS):
            how = "entry" if number == ROOT else "initialization"
            yield from ((one, how) for one, first in parent.items() if first == number)
            return
        for target, how in self.reader.of(number).plain:
            if target in parent:
                yield target, how
        for method, how in self.found.methods.get(number, ()):
            for target in method.targets:
                yield target, f"method {how}"
        weak = self.reader.of(number).weak_calls
        if weak and any(one not in parent for one in weak):
            yield from ((one, "R_CALL") for one in self.world.named(NOOP) if one in parent)
        if self.world.name(number) == INITIALIZING:
            for task in self.reader.inittasks("runtime..inittask"):
                yield task, "initialization"

    def steps(self, number: int) -> tuple[Step, ...]:
        """A shortest way to a symbol; () when it was not reached."""
        tree = self.tree()
        found: list[Step] = []
        while number in tree:
            source, how = tree[number]
            found.append(self.step(source, number, how))
            if source == INITTASKS:
                found.append(Step("", INITTASKS_NAME, "entry", "entry"))
            number = source
        return tuple(reversed(found))

    def step(self, source: int, target: int, how: str) -> Step:
        """A step, as a value."""
        name = self.label(target)
        if source == ROOT:
            return Step("", name, "entry", "entry")
        if source == INITTASKS:
            return Step(INITTASKS_NAME, name, "initialization", "initialization")
        if how.startswith("method "):
            return self._method_step(source, target, how.removeprefix("method "))
        return Step(self.label(source), name, self.kind(source, target, how), how)

    def label(self, number: int) -> str:
        """The name of a symbol; in words what has none."""
        if number < 0:
            return INITTASKS_NAME if number == INITTASKS else ""
        return self.world.name(number) or f"({self.world.kind(number) or 'a symbol'} without name)"

    def _shortest(self) -> Tree:
        tree: Tree = {}
        queue: deque[int] = deque([ROOT, INITTASKS])
        while queue:
            source = queue.popleft()
            if source >= 0 and self.world.kind(source).startswith("SDWARF"):
                continue  # only debuggers follow these
            for target, how in self.out(source):
                if target not in tree:
                    tree[target] = source, how
                    queue.append(target)
        return tree

    def kind(self, source: int, target: int, how: str) -> str:
        """The word for a step, as in Step."""
        if source in (ROOT, INITTASKS):
            return "entry" if source == ROOT else "initialization"
        if how.startswith("method "):
            return "method"
        if how == "initialization":
            return how
        if not how.startswith("R_"):
            return "metadata"
        if how.startswith("R_CALL"):
            same = source != target and self.world.name(source) == self.world.name(target)
            return "wrapper" if same else "call"
        if self.world.flags(target)[0] & self._type_bit:
            return "type"
        return "address" if self.world.kind(source).startswith("STEXT") else "pointer"

    def _method_step(self, source: int, target: int, how: str) -> Step:
        method = next(
            method
            for method, reason in self.found.methods[source]
            if reason == how and target in method.targets
        )
        return Step(
            self.label(source),
            self.label(target),
            "method",
            how,
            boxed_by=self._boxer(source),
            called_by=self._caller(method, how),
        )

    def _caller(self, method: Method, how: str) -> str:
        found = self.found
        signature: Signature = method.signature
        if how == "interface":
            return self.label(found.called[signature])
        if how == "name":
            return self.label(found.called_named[signature[0]])
        return self.label(found.reflecting[0])

    def _boxer(self, number: int) -> str:
        """Who puts a type into an interface; a type that comes along with another is followed."""
        boxed, seen = self.found.boxed, set()
        while number in boxed and number not in seen:
            seen.add(number)
            number = boxed[number]
            if not self.world.flags(number)[0] & self._type_bit:
                return self.label(number)
        return ""
