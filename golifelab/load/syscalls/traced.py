"""The system calls of a program by our own tracing, in strace's words."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.link.executable import Executable
from golifelab.load.hold import ptrace as pt
from golifelab.load.hold.process import OutputFile
from golifelab.load.hold.tracer import Tracer
from golifelab.load.memory.maps import load_bias, parse_maps
from golifelab.load.syscalls.asking import WORTH, asking
from golifelab.load.syscalls.call import SystemCall
from golifelab.load.syscalls.decode import HANDS_BACK, arguments_text
from golifelab.load.syscalls.numbers import call_name
from golifelab.load.syscalls.words import quoted, quoted_start

_GET_SYSCALL_INFO = 0x420E
_ENTRY = 1
# More calls than that no page shows, and no reader reads.
MAX_CALLS = 200_000
INTERRUPTED = "it was interrupted from the keyboard"


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


class TooManyCalls(Exception):
    """A program makes calls without an end."""


class Watcher:
    """Collects all system calls from the stops of a traced process, as they end.

    With the program, moved by `bias` when it was loaded, it also finds out who asked for them.
    """

    def __init__(self, tracer: Tracer, program: Executable | None = None) -> None:
        self.rows: list[SystemCall] = []
        self.bias = 0
        self._program = program
        self._tracer = tracer
        self._machine = tracer.architecture.name
        self._started = time.perf_counter()
        self._open: dict[int, tuple[float, int, str, tuple[int, ...], str, str]] = {}

    def warm(self) -> None:
        """Read the tables that every call needs."""
        call_name(0, self._machine)
        if self._program is not None:
            with contextlib.suppress(GolifelabError):  # a program of C has none
                self._program.pclntab.calls(self._program.entry)

    def began(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        """Write down the call that started the process, which is over when it is traced."""
        self._started = time.perf_counter()
        stack = pt.registers(self._tracer.pid, self._tracer.architecture)[
            self._tracer.architecture.sp
        ]
        # At its first instruction a process's stack holds argc, argv, a zero, and the environment.
        place = stack + 8 * (len(words) + 2)
        shown = ", ".join(quoted_start(word.encode()) for word in words)
        count = len(environment)
        told = f"{place:#x} /* {count} var{'s' if count != 1 else ''} */"
        text = f"{quoted(words[0].encode())}, [{shown}], {told}"
        self.rows.append(SystemCall(self._tracer.pid, "execve", text, 0, "", 0.0))

    def look(self, thread: int) -> None:
        """Serve one stop."""
        block = (ctypes.c_uint64 * 11)()  # struct ptrace_syscall_info
        size = ctypes.sizeof(block)
        pt.ptrace(_GET_SYSCALL_INFO, thread, size, ctypes.addressof(block))
        if block[0] & 0xFF == _ENTRY:
            values = tuple(block[4:10])
            name = call_name(block[3], self._machine)
            text = arguments_text(name, values, self._tracer.read)
            asked = self._asked(thread) if name in WORTH else ""
            self._open[thread] = self._now(), block[1], name, values, text, asked
            return
        if thread not in self._open:
            return
        at, place, name, values, text, asked = self._open.pop(thread)
        result = ctypes.c_int64(block[3]).value
        if name in HANDS_BACK:
            text = arguments_text(name, values, self._tracer.read, result)
        failed = -4096 < result < 0
        error = errno.errorcode.get(-result, f"E{-result}") if failed else ""
        result = -1 if failed else result
        self._add(SystemCall(thread, name, text, result, error, at, place, asked=asked))

    def finish(self) -> None:
        """Write down the calls that never returned."""
        for thread, (at, place, name, _, text, asked) in sorted(self._open.items()):
            self.rows.append(SystemCall(thread, name, text, None, "", at, place, asked=asked))
        self._open.clear()

    def _asked(self, thread: int) -> str:
        if self._program is None:
            return ""
        registers = pt.registers(thread, self._tracer.architecture)
        return asking(self._program, self.bias, registers, self._tracer.read)

    def _now(self) -> float:
        return round((time.perf_counter() - self._started) * 1e6, 1)

    def _add(self, row: SystemCall) -> None:
        self.rows.append(row)
        if len(self.rows) >= MAX_CALLS:
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
    watcher.finish()
    return Watched(tuple(watcher.rows), code, text, watcher.bias, cut)
