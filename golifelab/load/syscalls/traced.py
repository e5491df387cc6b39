"""The system calls of a program by our own tracing, in strace's words."""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.link.executable import Executable
from golifelab.load.hold import ptrace as pt
from golifelab.load.hold.architecture import Architecture
from golifelab.load.hold.process import OutputFile
from golifelab.load.hold.together import TELLING, Together
from golifelab.load.hold.tracer import Tracer
from golifelab.load.memory.maps import load_bias, parse_maps
from golifelab.load.syscalls.asking import WORTH, asking
from golifelab.load.syscalls.call import SystemCall
from golifelab.load.syscalls.decode import AT_ONCE, HANDS_BACK, arguments_text
from golifelab.load.syscalls.numbers import call_name, call_names
from golifelab.load.syscalls.words import quoted, quoted_start

# More calls than that no page shows, and no reader reads.
MAX_CALLS = 200_000
INTERRUPTED = "it was interrupted from the keyboard"
# A call that ended: thread, name, arguments, result, error, time, place, who asked.
_Row = tuple[int, str, str, int | None, str, float, int, str]


@dataclass(frozen=True, slots=True)
class Watched:
    """What one run showed: the calls, its exit code (None for a run cut short), its output.

    `bias` is how far the program was moved when it was loaded, `cut` why it was cut short.
    """

    rows: tuple[SystemCall, ...]
    returncode: int | None
    output: str
    bias: int
    cut: str = ""


class Eyes(Protocol):
    """What is needed of whoever traces a process."""

    @property
    def pid(self) -> int:
        """Its process."""

    @property
    def architecture(self) -> Architecture:
        """The processor it runs on."""

    def read(self, address: int, count: int) -> bytes:
        """Bytes of the process's memory, OSError where there is none."""


class TooManyCalls(Exception):
    """A program makes calls without an end."""


class Watcher:
    """Collects all system calls from the stops of a traced process, as they end.

    With the program, moved by `bias` when it was loaded, it also finds out who asked for them.
    """

    def __init__(self, tracer: Eyes, program: Executable | None = None) -> None:
        self.bias = 0
        self._ended: list[_Row] = []
        self._stops = pt.CallStops()
        self._together: Together | None = None
        self._program = program
        self._tracer = tracer
        self._machine = tracer.architecture.name
        self._started = time.perf_counter()
        self._open: dict[int, tuple[float, int, str, tuple[int, ...], str, str]] = {}

    def share(self) -> None:
        """Keep the process on this thread's processor, see `Together`, where calls have names."""
        if call_names(self._machine):
            self._together = Together(self._tracer.pid)
            self._together.begin()

    def part(self) -> None:
        """Let the process run anywhere again."""
        if self._together is not None:
            self._together.end()

    def warm(self) -> None:
        """Read the tables that every call needs."""
        call_name(0, self._machine)
        if self._program is not None:
            with contextlib.suppress(GolifelabError):  # a program of C has none
                self._program.pclntab.calls(self._program.entry)

    def began(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        """Write down the call that started the process, which is over when it is traced."""
        self._started = time.perf_counter()
        stack = self._registers(self._tracer.pid)[self._tracer.architecture.sp]
        # At its first instruction a process's stack holds argc, argv, a zero, and the environment.
        place = stack + 8 * (len(words) + 2)
        shown = ", ".join(quoted_start(word.encode()) for word in words)
        count = len(environment)
        told = f"{place:#x} /* {count} var{'s' if count != 1 else ''} */"
        text = f"{quoted(words[0].encode())}, [{shown}], {told}"
        self._ended.append((self._tracer.pid, "execve", text, 0, "", 0.0, 0, ""))

    def look(self, thread: int) -> None:
        """Serve one stop."""
        entry, place, number, values = self._stop(thread)
        if entry:
            name = call_name(number, self._machine)
            # What never waits is told once, when it returned.
            text = "" if name in AT_ONCE else arguments_text(name, values, self._tracer.read)
            asked = self._asked(thread) if name in WORTH else ""
            if self._together is not None and name in TELLING:
                self._together.entering(thread, name, text)
            self._open[thread] = self._now(), place, name, values, text, asked
            return
        if thread not in self._open:
            return
        at, place, name, values, text, asked = self._open.pop(thread)
        if self._together is not None and name in TELLING:
            self._together.left(thread)
        if name in HANDS_BACK:
            text = arguments_text(name, values, self._tracer.read, number)
        error, result = "", number
        if -4096 < number < 0:
            error, result = errno.errorcode.get(-number, f"E{-number}"), -1
        self._add((thread, name, text, result, error, at, place, asked))

    def finish(self, number: Callable[[int], int] = int) -> tuple[SystemCall, ...]:
        """All calls, those that never returned last. `number` gives what a thread is called."""
        for thread, (at, place, name, values, text, asked) in sorted(self._open.items()):
            words = text or arguments_text(name, values, lambda _address, _count: b"")
            self._ended.append((thread, name, words, None, "", at, place, asked))
        self._open.clear()
        return tuple(
            SystemCall(number(thread), name, text, result, error, at, place, "", asked)
            for thread, name, text, result, error, at, place, asked in self._ended
        )

    def _asked(self, thread: int) -> str:
        if self._program is None:
            return ""
        return asking(self._program, self.bias, self._registers(thread), self._tracer.read)

    def _stop(self, thread: int) -> tuple[bool, int, int, tuple[int, ...]]:
        return self._stops.read(thread)

    def _registers(self, thread: int) -> Mapping[str, int]:
        return pt.registers(thread, self._tracer.architecture)

    def _now(self) -> float:
        return round((time.perf_counter() - self._started) * 1e6, 1)

    def _add(self, row: _Row) -> None:
        self._ended.append(row)
        if len(self._ended) >= MAX_CALLS:
            raise TooManyCalls


def watch_calls(
    program: Executable, words: Sequence[str], environment: Mapping[str, str], timeout: float
) -> Watched:
    """Run a program to its end, or for `timeout` seconds, and see all its calls.

    PtraceRefused where the system does not let a process be traced.
    """
    tracer, output = Tracer(), OutputFile()
    watcher = Watcher(tracer, program)
    # What takes long at first is done before the program's clock runs.
    watcher.warm()
    path = program.path.resolve()
    code, cut = None, ""
    try:
        tracer.call(lambda: tracer.start(path, words, environment, output.file, output.file), 10.0)
        output.limit(tracer.pid)
        tracer.call(lambda: watcher.began(words, environment), 10.0)
        maps = parse_maps(Path(f"/proc/{tracer.pid}/maps").read_bytes())
        watcher.bias = load_bias(maps, program.image, str(path))
        code = tracer.call(lambda: tracer.run_watching(watcher.look), timeout)
    except KeyboardInterrupt:
        cut = INTERRUPTED
    except LimitExceeded:
        cut = f"it ran for longer than {timeout:g} s"
    except TooManyCalls:
        cut = f"it made more than {MAX_CALLS:,} calls"
    except OSError as error:
        raise GolifelabError(f"the process cannot be traced: {error.strerror}") from error
    finally:
        text = output.text()
        tracer.close()
        output.close()
    return Watched(watcher.finish(), code, text, watcher.bias, cut)
