"""The real chain of calls of fmt.Println, caught at the write system call.

The program is stopped when it enters write(1, …), and its stack is unwound as Go's own runtime does
it: the function table says how far each frame reaches, so neither debug information nor frame
pointers are needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import Executable, executable
from golifelab.load.hold.architecture import host
from golifelab.load.hold.looped import LoopedProcess
from golifelab.load.hold.process import Process
from golifelab.load.hold.start import CALM, runs_here
from golifelab.load.hold.traced import TracedProcess
from golifelab.load.hold.tracer import PtraceRefused
from golifelab.load.recorded.envelope import recorded
from golifelab.load.runtime.chain import chain
from golifelab.position import Position
from golifelab.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

    from golifelab.link.metadata.pclntab import FunctionTable

STANDARD_OUTPUT = 1
RECORDING = "println-hello"


@dataclass(frozen=True, slots=True)
class CallFrame:
    """One call of a chain. `inlined`: it has no frame of its own, its body is in its caller's.

    `address` is where execution stands in it, or will go on; 0 where the tool does not say.
    """

    function: str
    position: Position
    address: int
    inlined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallChain(Stage):
    """A chain of calls, innermost first, as debuggers print it. `how` says who unwound it."""

    frames: tuple[CallFrame, ...]
    how: Literal["ptrace", "loop", "gdb", "recording"]

    @property
    def functions(self) -> tuple[str, ...]:
        """The names, innermost first."""
        return tuple(frame.function for frame in self.frames)

    def frame(self) -> pd.DataFrame:
        """One row a call."""
        import pandas as pd

        return pd.DataFrame([_json(frame) for frame in self.frames])

    def to_json(self) -> dict[str, Any]:
        """One entry a call."""
        return self.header() | {"how": self.how, "frames": [_json(f) for f in self.frames]}


def println_chain(program: Executable | str | Path, *, file: int = STANDARD_OUTPUT) -> CallChain:
    """Stop a program at its first write to a file descriptor, and unwind the stack.

    Where the system does not let a process be held, a recorded chain of fmt.Println takes its
    place. Raises GolifelabError when the program ends without such a write.
    """
    value = program if isinstance(program, Executable) else executable(program)
    try:
        runs_here(value)
        how: Literal["ptrace", "loop"] = "ptrace"
        try:
            frames = _at_write(TracedProcess(value, (), CALM, 10.0), file)
        except PtraceRefused:
            how, frames = "loop", _at_write(LoopedProcess(value, (), CALM, 10.0), file)
    except FeatureUnavailable:
        return recorded_chain()
    return CallChain(
        frames=frames,
        how=how,
        command=f"gdb -batch -ex 'catch syscall write' -ex run -ex bt {value.path}",
        tier="tool",
        precision="line",
    )


def _at_write(started: TracedProcess | LoopedProcess, file: int) -> tuple[CallFrame, ...]:
    with started as process:
        if not process.run_to_call(host().write, file):
            raise GolifelabError(f"the program ended without a write to descriptor {file}")
        return tuple(unwind(process))


def recorded_chain() -> CallChain:
    """The recorded chain of fmt.Println. FeatureUnavailable when there is none."""
    found = recorded(RECORDING)
    frames = tuple(
        CallFrame(
            row["function"], Position(row["file"], row["line"]), row["address"], row["inlined"]
        )
        for row in found.content
    )
    return CallChain(
        frames=frames,
        how="recording",
        command=found.recording.command,
        recorded=found.recording,
        tier="tool",
        precision="line",
    )


def unwind(process: Process) -> Iterator[CallFrame]:
    """The calls on the stack of the thread that holds a process, innermost first.

    Stops at the end of the goroutine's stack, or where the runtime's table knows no function.
    """
    return frames_of(process.executable.pclntab, process.bias, process.registers(), process.memory)


def frames_of(
    table: FunctionTable,
    bias: int,
    registers: Mapping[str, int],
    memory: Callable[[int, int], bytes],
) -> Iterator[CallFrame]:
    """The same of any stopped thread: from its registers and a way to read memory."""
    stack = chain(table, host(), registers, lambda address: _word(memory, address), bias)
    for number, (pc, _) in enumerate(stack):
        # A return address belongs to the call before it, which may end a function.
        calls = table.calls(pc - bias - (number > 0))
        for depth, frame in enumerate(reversed(calls)):
            yield CallFrame(frame.function, frame.position, pc, inlined=depth < len(calls) - 1)


def _word(memory: Callable[[int, int], bytes], address: int) -> int:
    return int.from_bytes(memory(address, 8), "little")


def _json(frame: CallFrame) -> dict[str, Any]:
    return {
        "function": frame.function,
        "file": frame.position.file,
        "line": frame.position.line,
        "address": frame.address,
        "inlined": frame.inlined,
    }
