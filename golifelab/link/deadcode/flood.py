"""The linker's dead-code pass, done again: which symbols stay, and what each owes its place to.

As in $GOROOT/src/cmd/link/internal/ld/deadcode.go: from the entry along relocations; the methods of
a type that may be in an interface stay once their signature is called through one, or all exported
ones once somebody looks up methods by a name that is not known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field

from golifelab.link.deadcode.edges import EdgeReader, Method, Signature

ROOT = -1
INITTASKS = -2
NOOP = "runtime.mapinitnoop"
# The list of what the runtime initializes first: the linker fills it.
INITIALIZING = "runtime.runtime_inittasks"
# What C code calls, where it is linked: package runtime/cgo says so. C's own symbols are not here.
FOR_C = ("crosscall2", "_cgo_panic", "_cgo_topofstack")
# What the linker makes itself, before the pass and in any case.
GIVEN = "go:fipsinfo"

Cut = Collection[tuple[int, int]]


@dataclass(slots=True)
class Flood:
    """What was reached.

    `parent` has every symbol that stays and who was first to lead there; `boxed` the types that
    may be in an interface and who puts them there; `called` and `called_named` the interface
    methods and who calls them first; `reflecting` the functions that look methods up; `methods`
    those that stay, by type, each with the reason.
    """

    parent: dict[int, int] = field(default_factory=dict)
    boxed: dict[int, int] = field(default_factory=dict)
    called: dict[Signature, int] = field(default_factory=dict)
    called_named: dict[str, int] = field(default_factory=dict)
    reflecting: list[int] = field(default_factory=list)
    methods: dict[int, list[tuple[Method, str]]] = field(default_factory=dict)


def flood(
    reader: EdgeReader,
    entry: str,
    *,
    without: Collection[int] = (),
    cut: Cut = (),
    reflection: bool | None = None,
) -> Flood:
    """The pass. `without` are symbols, `cut` edges that are taken for not there.

    `reflection` says whether some function looks methods up by an unknown name; None finds out.
    """
    return _Pass(reader, frozenset(without), frozenset(cut), reflection=reflection).run(entry)


def exported(name: str) -> bool:
    """Whether a method's name is one that reflection finds."""
    return name[:1].isupper()


class _Pass:
    def __init__(
        self,
        reader: EdgeReader,
        without: frozenset[int],
        cut: frozenset[tuple[int, int]],
        *,
        reflection: bool | None,
    ) -> None:
        self.reader = reader
        self.world = reader.world
        self.without, self.cut, self.reflection = without, cut, reflection
        self.found = Flood()
        self.queue: deque[int] = deque()
        self.waiting: list[tuple[int, Method]] = []
        names = self.world.names
        self.type_bit = 1 << names.flags.index("GoType")
        self.reflect_bit = 1 << names.flags.index("ReflectMethod")
        self.given = frozenset(self.world.named(GIVEN))
        self.initializing = frozenset(self.world.named(INITIALIZING))
        self.boxed_bit = 1 << names.flags2.index("UsedInIface")

    def run(self, entry: str) -> Flood:
        called = FOR_C if "runtime/cgo" in self.world.packages else ()
        for name in (entry, "runtime.unreachableMethod", *called):
            for number in self.world.named(name):
                self.mark(number, ROOT)
        for number in self.reader.inittasks("main..inittask"):
            self.mark(number, INITTASKS)
        self.spread()
        while self.keep_methods():
            self.spread()
        self.pass_over_maps()
        return self.found

    def pass_over_maps(self) -> None:
        """Where the filling of an unused map is left out, the linker puts a call to nothing."""
        for noop in self.world.named(NOOP):
            for number in list(self.found.parent):
                if any(one not in self.found.parent for one in self.reader.of(number).weak_calls):
                    self.found.parent.setdefault(noop, number)
                    break

    def mark(self, number: int, parent: int) -> None:
        if number in self.found.parent or number in self.without or (parent, number) in self.cut:
            return
        self.found.parent[number] = parent
        self.queue.append(number)

    def box(self, number: int, parent: int) -> bool:
        """Note that a type may be in an interface; whether that is news."""
        if number in self.found.boxed or (parent, number) in self.cut or self.boxed(number):
            return False
        self.found.boxed[number] = parent
        if number in self.found.parent:
            self.queue.append(number)  # once more, now with what follows from that
        return True

    def boxed(self, number: int) -> bool:
        return number in self.found.boxed or bool(self.world.flags(number)[1] & self.boxed_bit)

    def spread(self) -> None:
        while self.queue:
            self.visit(self.queue.popleft())

    def visit(self, number: int) -> None:
        found, world = self.found, self.world
        if number in self.given:
            return
        flags = world.flags(number)[0]
        if flags & self.reflect_bit:
            found.reflecting.append(number)
        edges = self.reader.of(number)
        boxed = bool(flags & self.type_bit) and self.boxed(number)
        for target, _ in edges.plain:
            if boxed and world.flags(target)[0] & self.type_bit:
                self.box(target, number)
            self.mark(target, number)
        for target in edges.converts:
            self.box(target, number)
        for signature in edges.calls:
            found.called.setdefault(signature, number)
        for name in edges.calls_named:
            found.called_named.setdefault(name, number)
        if boxed:
            for method in edges.methods:
                self.box(method.targets[0], number)
                self.waiting.append((number, method))
        if number in self.initializing:
            for task in self.reader.inittasks("runtime..inittask"):
                self.mark(task, number)

    def keep_methods(self) -> bool:
        """Keep the methods that are called by now; whether there were any new symbols."""
        left = []
        for number, method in self.waiting:
            reason = self.reason(method)
            if not reason:
                left.append((number, method))
                continue
            self.found.methods.setdefault(number, []).append((method, reason))
            for target in method.targets:
                self.mark(target, number)
        self.waiting = left
        return bool(self.queue)

    def reason(self, method: Method) -> str:
        name = method.signature[0]
        if method.signature in self.found.called:
            return "interface"
        if name in self.found.called_named:
            return "name"
        looked = bool(self.found.reflecting) if self.reflection is None else self.reflection
        if looked and exported(name):
            return "reflection"
        return ""
