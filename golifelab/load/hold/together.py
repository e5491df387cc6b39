"""One processor for a process and the thread that traces it.

One of the two always waits for the other. To wake a thread on another processor costs several times
what either does at a stop, above all in a virtual machine: the start of a program, with its 500
stops, is over in half the time where the two share one.
"""

from __future__ import annotations

import contextlib
import ctypes
import os

# Calls by which a process can tell on which processors it may run, change that, or hand it on.
_ASKS, _SETS = "sched_getaffinity", "sched_setaffinity"
_MAKES = ("clone", "clone3", "fork", "vfork")
TELLING = frozenset((_ASKS, _SETS, "openat", *_MAKES))


class Together:
    """Keeps a process on the processor of the thread that traces it, in which all of this runs.

    The process never sees it: while it asks where it may run it may run where it always could, and
    it goes its own way as soon as it chooses processors itself, starts another process, or reads
    its own status. Where the system refuses, all stays as it is.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._anywhere: set[int] = set()  # where it may run by itself
        self._here: set[int] = set()
        self._asking: set[int] = set()  # threads that ask just now

    def begin(self) -> None:
        """Share the processor that this thread is on."""
        try:
            here = {ctypes.PyDLL(None).sched_getcpu()}
            self._anywhere = os.sched_getaffinity(self._pid)
            os.sched_setaffinity(0, here)
        except (AttributeError, OSError, ValueError):  # no such function; refused; not known
            return
        self._here = here
        self._place(here)

    def end(self) -> None:
        """Let everyone run anywhere, from now on."""
        if self._here:
            self._here = set()
            self._place(self._anywhere)
            os.sched_setaffinity(0, self._anywhere)

    def entering(self, thread: int, name: str, words: str) -> None:
        """A thread is about to make one of the TELLING calls."""
        if name == _ASKS and self._here:
            self._asking.add(thread)
            self._place(self._anywhere)
        elif (
            name == _SETS
            or (name in _MAKES and "CLONE_THREAD" not in words)
            or (name == "openat" and '/status"' in words)
        ):
            self.end()

    def left(self, thread: int) -> None:
        """Such a call returned."""
        if thread in self._asking:
            self._asking.discard(thread)
            if self._here and not self._asking:
                self._place(self._here)

    def _place(self, processors: set[int]) -> None:
        """Let all threads run there, also those that are made meanwhile."""
        placed: set[str] = set()
        with contextlib.suppress(FileNotFoundError):  # it has ended
            while new := set(os.listdir(f"/proc/{self._pid}/task")) - placed:  # noqa: PTH208 - quicker
                for thread in new:
                    with contextlib.suppress(OSError):  # this thread has
                        os.sched_setaffinity(int(thread), processors)
                placed |= new
