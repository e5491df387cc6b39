"""What a reader under test is, and the one rule that all of them obey."""

from __future__ import annotations

import signal
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from golifelab.errors import ParseError


@dataclass(frozen=True, slots=True)
class Seed:
    """A real file to damage. `spots` are (start, end) ranges of headers and tables in it.

    Half of all damage goes to the spots: most bytes of a file are code, which no reader looks at.
    """

    name: str
    content: bytes
    spots: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader with its seeds and its bounds.

    `read` asks a value for everything it has, so that no lazy part stays unread; it may raise
    ParseError. An input may take `seconds` of a processor, and memory of `memory_factor` times its
    size and 64 MiB. `share` is the reader's weight in a campaign, `sample` how many inputs it
    gets each time the tests run.
    """

    name: str
    read: Callable[[bytes], None]
    seeds: Callable[[], tuple[Seed, ...]]
    seconds: float = 5.0
    memory_factor: int = 40
    share: int = 1
    sample: int = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reader took an input: `refused` by a ParseError or read. `peak` is -1 if unmeasured."""

    refused: bool
    seconds: float
    peak: int


class Broken(AssertionError):
    """A reader did what it must not: another exception, too slow, too much memory."""


class _TooSlow(BaseException):
    """Raised by the alarm. No Exception: a reader's own handlers must not swallow it."""


def judge(reader: Reader, content: bytes, *, memory: bool = True) -> Outcome:
    """Give a reader an input; Broken when it breaks the rule. Without `memory` it is faster."""
    started = time.process_time()
    refused, peak = False, -1
    if memory:
        tracemalloc.start()
    try:
        with _alarm(reader.seconds * (4 if memory else 1)):
            reader.read(content)
    except ParseError:
        refused = True
    except (_TooSlow, Exception) as error:
        what = f"took over {reader.seconds} s" if isinstance(error, _TooSlow) else repr(error)
        raise Broken(f"{reader.name}, {len(content)} bytes: {what}") from error
    finally:
        if memory:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    bound = reader.memory_factor * len(content) + (64 << 20)
    if peak > bound:
        raise Broken(f"{reader.name}, {len(content)} bytes: {peak} bytes of memory, over {bound}")
    return Outcome(refused, time.process_time() - started, peak)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt the main thread after some time of work, where the system can.

    The processor's time, not the clock's: a busy machine must not make a reader look slow.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() != threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
