"""What is known of a goroutine, a P or a thread at a moment of a trace."""

from __future__ import annotations

from collections.abc import Callable

from golifelab.run.trace.wire import EVENTS, broken

# A goroutine's status, as the wire has it.
RUNNABLE, RUNNING, SYSCALL, WAITING = 1, 2, 3, 4
# Ids from here on mean none.
EVER = 1 << 63

# thread, its P and goroutine, time, kind, arguments → whether the event happened
Handler = Callable[[int, list[int], int, int, list[int]], bool]


class State:
    """A goroutine or a P: its status, and its number in sequence within a generation."""

    __slots__ = ("generation", "ranges", "regions", "sequence", "status")

    def __init__(self, status: int, generation: int) -> None:
        self.status = status
        self.generation = generation
        self.sequence = 0
        self.ranges: list[tuple[int, int]] = []
        self.regions: list[tuple[int, str]] = []

    def follows(self, generation: int, sequence: int) -> bool:
        """Whether a number is the next in sequence; then it is the present one."""
        return self.generation == generation and sequence == self.sequence + 1

    def begin(self, kind: int, detail: int) -> None:
        """A span of time begins."""
        if (kind, detail) in self.ranges:
            raise broken(f"{EVENTS[kind][0]} within another")
        self.ranges.append((kind, detail))

    def active(self, kind: int, *, first: bool) -> None:
        """A span of time that began before: in the first generation it is news."""
        if first == ((kind, 0) in self.ranges):
            raise broken(f"{EVENTS[kind][0]} that did not begin, or began twice")
        if first:
            self.ranges.append((kind, 0))

    def end(self, kind: int) -> int:
        """A span of time ends. Gives its detail."""
        for index, (began, detail) in enumerate(self.ranges):
            if began == kind:
                self.ranges[index] = self.ranges[-1]
                self.ranges.pop()
                return detail
        raise broken(f"the end of {EVENTS[kind][0]}, which did not begin")
