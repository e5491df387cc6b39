"""Every move of a stack in one run: from which size to which, of which goroutine, and for whom.

The process is run past runtime.copystack, which makes the new stack, moves what is on the old one
and mends the pointers into it. Nothing is added to the program.
"""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import Executable
from golifelab.link.modes.whole import whole
from golifelab.load.hold.looped import LoopedProcess
from golifelab.load.hold.start import CALM, start
from golifelab.load.hold.traced import Stop, TracedProcess
from golifelab.load.runtime.structures import structures
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

_PLACE = "runtime.copystack"
# Where Go's own calling convention has the first two arguments.
_ARGUMENTS = {"amd64": ("rax", "rbx"), "arm64": ("x0", "x1")}
MAX_COPIES = 10_000


@dataclass(frozen=True, slots=True)
class Copy:
    """One move: the goroutine's number, the old and the new size in bytes.

    `function` is the one that needed more room (or, where the stack shrinks, the one that the
    goroutine stood still in).
    """

    goroutine: int
    old: int
    new: int
    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StackCopies(Stage):
    """The moves of all stacks in a run, in order."""

    rows: tuple[Copy, ...]

    def of(self, goroutine: int) -> tuple[Copy, ...]:
        """The moves of one goroutine's stack."""
        return tuple(row for row in self.rows if row.goroutine == goroutine)

    def frame(self) -> pd.DataFrame:
        """One row a move."""
        import pandas as pd

        columns = ["goroutine", "old", "new", "function"]
        return pd.DataFrame([asdict(row) for row in self.rows], columns=columns)

    def to_json(self) -> dict[str, Any]:
        """One entry a move."""
        return self.header() | {"copies": [asdict(row) for row in self.rows]}


def stack_copies(
    source: Source, target: Target | None = None, *, timeout: float = 10.0
) -> StackCopies:
    """Run a program, and watch its stacks move. Only the first MAX_COPIES are kept.

    FeatureUnavailable where this system does not let a process be held at any function,
    LimitExceeded when the run takes longer.
    """
    return copies_of(whole(source, target or Target()), timeout=timeout)


def copies_of(executable: Executable, *, timeout: float = 10.0) -> StackCopies:
    """The same for an executable file."""
    names = _ARGUMENTS.get(executable.image.machine)
    if names is None:
        reason = f"the registers of {executable.image.machine} are not known"
        raise FeatureUnavailable("watching stacks move", reason)
    layout = structures(executable)
    low, high = layout.offset("runtime.g", "stack.lo"), layout.offset("runtime.g", "stack.hi")
    number, where = layout.offset("runtime.g", "goid"), layout.offset("runtime.g", "sched.pc")
    rows: list[Copy] = []
    with start(executable, hold="exec", environment=CALM, tier="exact") as process:
        assert isinstance(process, TracedProcess | LoopedProcess)
        bias = process.bias

        def seen(stop: Stop) -> bool:
            g, new = (stop.registers[name] for name in names)
            found = executable.function_at(stop.word(g + where) - bias)
            old = stop.word(g + high) - stop.word(g + low)
            rows.append(Copy(stop.word(g + number), old, new, found.name if found else ""))
            return len(rows) == MAX_COPIES

        process.run_through([_PLACE], seen, timeout=timeout)
    return StackCopies(
        rows=tuple(rows),
        command=f"{executable.command} && {_gdb(names, number)}",
        tier="tool",
        precision="line",
    )


def _gdb(names: tuple[str, str], number: int) -> str:
    """The same by gdb, for the executable `main`: goroutine, old and new size."""
    g, new = (f"${name}" for name in names)
    values = f"*(long*)({g}+{number}), *(long*)({g}+8)-*(long*){g}, {new}"
    show = f"dprintf *'{_PLACE}', \"goroutine %ld: %ld > %ld\\n\", {values}"
    words = ["set debuginfod enabled off", "set language c", show, "run"]
    settings = " ".join(f"{name}={value}" for name, value in CALM.items())
    return (
        f"env {settings} gdb -batch {' '.join(f'-ex {shlex.quote(word)}' for word in words)} main"
    )
