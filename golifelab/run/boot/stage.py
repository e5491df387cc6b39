"""The start of a program as a value: its milestones, system calls and inits on one clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from golifelab.errors import NoSuchName
from golifelab.load.syscalls.call import SystemCall
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

# A program that starts goroutines without end is not looked at all its life.
MAX_STOPS = 1500
How = Literal["ptrace", "loop", "overlay", "recording"]
StackKind = Literal["system", "goroutine", "signal"]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A thread that is about to execute a function of the start.

    `name` is the function's, `at_microseconds` since the kernel had mapped the program; being
    looked at takes most of that. `thread` counts from 0, in the order threads were seen. `sp` is
    the stack pointer, on the `stack` of the thread ("system", which is the kernel's until g0 has
    taken it over), of a "goroutine", or for a "signal". `g` and `m` are the addresses of the
    current goroutine and thread in the runtime, `goid` the goroutine's number (0 for a g0); all 0
    before there is one. `register` is what the register for g holds, which the runtime sets a
    little later than its own note of it. `lo` and `hi` bound the stack as the runtime knows it.
    `chain` are the functions below, the direct `caller` first, and `depth` is their number.
    """

    name: str
    function: str
    at_microseconds: float
    thread: int
    sp: int
    stack: StackKind
    g: int
    goid: int
    m: int
    register: int
    lo: int
    hi: int
    chain: tuple[str, ...] = ()

    @property
    def caller(self) -> str:
        """The function that called it, "" for none: the kernel's entry, or a jump from one."""
        return self.chain[0] if self.chain else ""

    @property
    def depth(self) -> int:
        """How many frames are below it on its stack."""
        return len(self.chain)


@dataclass(frozen=True, slots=True)
class BootInit:
    """A package whose inits begin. `runtime`: it is of the list that the runtime itself needs."""

    package: str
    at_microseconds: float
    goid: int
    runtime: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Boot(Stage):
    """A program's way from the kernel to main.main and to its end.

    `stops` are all arrivals, `calls` the system calls, `inits` the packages; `counts` tells how
    often a function was come to, also when never. `how` says who looked: "ptrace", the "loop" in
    which a thread waits that has arrived, the "overlay" (a copy of the runtime that tells by
    itself) or a "recording". There are no system calls by the overlay, and by the loop only of a
    program that is linked statically.
    `exit_code` is None when the program was ended, for the reason in `cut`.
    """

    stops: tuple[Milestone, ...]
    calls: tuple[SystemCall, ...]
    inits: tuple[BootInit, ...]
    counts: Mapping[str, int] = field(compare=False)
    how: How
    exit_code: int | None
    cut: str = ""
    release: str = ""

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """The first arrival at each function, in order."""
        first: dict[str, Milestone] = {}
        for stop in self.stops:
            first.setdefault(stop.name, stop)
        return tuple(first.values())

    @property
    def order(self) -> tuple[str, ...]:
        """The names of the milestones, in order."""
        return tuple(dict.fromkeys(stop.name for stop in self.stops))

    @property
    def limited(self) -> bool:
        """Whether there were more arrivals than are looked at: `counts` are too low then."""
        return len(self.stops) >= MAX_STOPS

    @property
    def threads(self) -> int:
        """How many threads came to a milestone."""
        return len({stop.thread for stop in self.stops})

    @property
    def events(self) -> tuple[Milestone | SystemCall | BootInit, ...]:
        """Everything on one clock."""
        everything: list[Milestone | SystemCall | BootInit] = [*self.stops, *self.calls]
        everything += self.inits
        return tuple(sorted(everything, key=at_microseconds))

    def milestone(self, name: str) -> Milestone:
        """The first arrival at a function; NoSuchName when it was never come to."""
        for stop in self.stops:
            if stop.name == name:
                return stop
        raise NoSuchName("milestone", name, self.order)

    def __iter__(self) -> Iterator[Milestone]:
        return iter(self.milestones)

    def __len__(self) -> int:
        return len(self.order)

    def frame(self) -> pd.DataFrame:
        """One row a milestone: its first arrival."""
        import pandas as pd

        rows = [asdict(one) | {"caller": one.caller, "depth": one.depth} for one in self.milestones]
        return pd.DataFrame(rows)

    def to_json(self) -> dict[str, Any]:
        """`how`, `counts`, and one entry each in `milestones` (all arrivals), `calls`, `inits`."""
        return self.header() | {
            "how": self.how,
            "release": self.release,
            "exit_code": self.exit_code,
            "cut": self.cut,
            "counts": dict(self.counts),
            "milestones": [asdict(stop) | {"chain": list(stop.chain)} for stop in self.stops],
            "calls": [call.to_json() for call in self.calls],
            "inits": [asdict(one) for one in self.inits],
        }


def at_microseconds(event: Milestone | SystemCall | BootInit) -> float:
    """When an event of the start was."""
    return event.at if isinstance(event, SystemCall) else event.at_microseconds
