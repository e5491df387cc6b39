"""The system calls of a program without ptrace: it is held at each of its instructions for them.

Only a program that has all of them itself is seen so: what a C library or a loader asks for is not
in its own code, nor is what the kernel's own code in the process asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from golifelab.errors import FeatureUnavailable, LimitExceeded
from golifelab.link.executable import Executable
from golifelab.load.hold.architecture import Architecture, host
from golifelab.load.hold.detours import calls_of
from golifelab.load.hold.looped import LoopedProcess
from golifelab.load.syscalls.traced import INTERRUPTED, MAX_CALLS, TooManyCalls, Watched, Watcher

_FEATURE = "seeing system calls without ptrace"
_ARGUMENTS = ("rdi", "rsi", "rdx", "r10", "r8", "r9")


class _Eyes:
    """What a watcher needs of whoever traces a process; and one arrival, read as a stop."""

    architecture: Architecture = host()

    def __init__(self, process: LoopedProcess) -> None:
        self._process = process
        self.registers: Mapping[str, int] = process.registers()
        self.behind = 0
        self.entry = False

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def read(self, address: int, count: int) -> bytes:
        """Bytes of the process's memory, OSError where there is none."""
        return self._process.read(address, count)

    def stop(self) -> tuple[bool, int, int, tuple[int, ...]]:
        """As `ptrace.CallStops.read`."""
        registers = self.registers
        if self.entry:
            values = tuple(registers[name] for name in _ARGUMENTS)
            return True, self.behind, registers["rax"], values
        result = registers["rax"]
        return False, self.behind, result - (1 << 64) if result >> 63 else result, ()


class LoopedWatcher(Watcher):
    """Collects calls from arrivals at their instructions, and behind them."""

    def __init__(self, process: LoopedProcess, program: Executable) -> None:
        self._eyes = _Eyes(process)
        super().__init__(self._eyes, program)
        self.bias = process.bias

    def seen(self, thread: int, behind: int, registers: Mapping[str, int], entry: bool) -> None:
        """Serve one arrival."""
        eyes = self._eyes
        eyes.behind, eyes.registers, eyes.entry = behind, registers, entry
        self.look(thread)

    def _stop(self, thread: int) -> tuple[bool, int, int, tuple[int, ...]]:  # noqa: ARG002 - base
        return self._eyes.stop()

    def _registers(self, thread: int) -> Mapping[str, int]:  # noqa: ARG002 - as its base
        return self._eyes.registers


def watch_calls_looped(
    program: Executable, words: Sequence[str], environment: Mapping[str, str], timeout: float
) -> Watched:
    """As `watch_calls`, without ptrace. FeatureUnavailable where that is not possible."""
    calls = calls_of(program)
    if not calls:
        raise FeatureUnavailable(_FEATURE, "a loader, or a C library, makes calls of its own")
    code, cut = None, ""
    with LoopedProcess(program, tuple(words[1:]), environment, 10.0) as process:
        watcher = LoopedWatcher(process, program)
        watcher.warm()
        watcher.began(words, environment)
        try:
            process.run_through(
                (), lambda _stop: True, calls=calls, called=watcher.seen, timeout=timeout
            )
            code = process.resume().returncode
        except KeyboardInterrupt:
            cut = INTERRUPTED
        except LimitExceeded:
            cut = f"it ran for longer than {timeout:g} s"
        except TooManyCalls:
            cut = f"it made more than {MAX_CALLS:,} calls"
        output = process.output
    return Watched(watcher.finish(), code, output, watcher.bias, cut)
