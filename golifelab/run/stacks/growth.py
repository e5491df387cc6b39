"""How a goroutine's stack grows with the depth of its calls, and shrinks again: measured.

Any machine that runs the program can measure it; nothing is traced. The joined probe reads the
bounds of its own goroutines' stacks, so every number is the runtime's own and exact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded
from golifelab.link.executable import Executable
from golifelab.link.metadata.functables import function_tables
from golifelab.run.program import run_program
from golifelab.run.stacks.law import Law, Step, law
from golifelab.run.stacks.subject import Subject, measuring, measuring_line, subject
from golifelab.source import Source
from golifelab.stage import Recording, Stage
from golifelab.target import Target
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.go import find_go

if TYPE_CHECKING:
    import pandas as pd

MOST = 16 << 20
LEAST = 4096
_NEAR = 0.01
_RETURN_ADDRESS = {"amd64": 8, "386": 4}


@dataclass(frozen=True, slots=True)
class Grown:
    """A goroutine that called the function with an argument, and still lives. All in bytes.

    `stack` is the size of its stack. `stack_inuse`, `heap_alloc` and `heap_inuse` say how much
    more runtime.MemStats counts in these than before it began.
    """

    argument: int
    stack: int
    stack_inuse: int
    heap_alloc: int
    heap_inuse: int


@dataclass(frozen=True, slots=True)
class Shrunk:
    """After so many garbage collections: a stack once large, all stacks, a new goroutine's."""

    collections: int
    stack: int
    stack_inuse: int
    new_stack: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StackGrowth(Stage):
    """The stack of a goroutine that calls one function, for every argument up to a size.

    - `start`: the size of a new goroutine's stack, in bytes
    - `steps`: each size it takes, with the largest argument for which it is enough
    - `growth`: arguments 1, 10, 100 …, with what the runtime's counters say
    - `shrinking`: what garbage collections leave of the largest
    - `limit`: the runtime's bound on a stack; `frame`: bytes of one frame of the function, with
      its return address (0 where it has no code of its own)
    - `ended`: "" when all was measured, else why not
    """

    function: str
    parameter: str
    go: str
    start: int
    steps: tuple[Step, ...]
    growth: tuple[Grown, ...]
    shrinking: tuple[Shrunk, ...]
    limit: int
    frame_size: int
    ended: str = ""

    @property
    def law(self) -> Law | None:
        """Size by argument; None where the argument costs no stack."""
        return law(self.steps)

    @property
    def bytes_per_level(self) -> float:
        """The bytes that one more level costs, by regression; 0.0 where it costs none."""
        found = self.law
        return found.per_level if found else 0.0

    @property
    def levels_per_frame(self) -> int:
        """How many levels share a frame, because the function was inlined into itself.

        0 where that is not known.
        """
        return round(self.frame_size / self.bytes_per_level) if self.bytes_per_level else 0

    @property
    def usable(self) -> int:
        """The largest stack that the limit allows: a power of two."""
        return 1 << (self.limit.bit_length() - 1) if self.limit else 0

    def size(self, argument: int) -> int:
        """The stack's size for an argument: measured as far as that goes, then by the law."""
        for step in self.steps:
            if argument <= step.last:
                return step.size
        found = self.law
        return found.size(argument) if found else self.start

    def last(self, size: int) -> int:
        """The largest argument for which a stack of this size is enough, measured or worked out.

        0 where no argument needs a stack of that size.
        """
        largest = self.steps[-1] if self.steps else Step(self.start, 0)
        for step in self.steps:
            if step.size == size:
                return step.last
        rate = self.bytes_per_level
        if not rate or size < largest.size:
            return 0
        levels, more = self.levels_per_frame, size - largest.size
        # Frames are whole: what regression finds is only near to that.
        if levels and abs(self.frame_size / levels / rate - 1) < _NEAR:
            return largest.last + more // self.frame_size * levels
        return largest.last + int(more / rate)

    def frame(self) -> pd.DataFrame:
        """One row a size: size, first and last argument."""
        import pandas as pd

        firsts = [0, *(step.last + 1 for step in self.steps)]
        rows = [
            {"size": step.size, "first": first, "last": step.last}
            for step, first in zip(self.steps, firsts, strict=False)
        ]
        return pd.DataFrame(rows, columns=["size", "first", "last"])

    def to_json(self) -> dict[str, Any]:
        """All that was measured, and the law."""
        found = self.law
        return self.header() | {
            "function": self.function,
            "parameter": self.parameter,
            "go": self.go,
            "start": self.start,
            "steps": [asdict(one) for one in self.steps],
            "growth": [asdict(one) for one in self.growth],
            "shrinking": [asdict(one) for one in self.shrinking],
            "limit": self.limit,
            "frame_size": self.frame_size,
            "law": asdict(found) if found else None,
            "ended": self.ended,
        }

    @classmethod
    def from_json(
        cls, content: Mapping[str, Any], recording: Recording | None = None
    ) -> StackGrowth:
        """The value that `to_json` wrote down, as a recording."""
        return cls(
            **{name: content[name] for name in _PLAIN},
            steps=tuple(Step(**one) for one in content["steps"]),
            growth=tuple(Grown(**one) for one in content["growth"]),
            shrinking=tuple(Shrunk(**one) for one in content["shrinking"]),
            recorded=recording,
            tier="tool",
        )


_PLAIN = (
    "command",
    "function",
    "parameter",
    "go",
    "start",
    "limit",
    "frame_size",
    "ended",
)


def stack_growth(
    source: Source,
    target: Target | None = None,
    function: str = "",
    *,
    most: int = MOST,
    timeout: float = 5.0,
) -> StackGrowth:
    """Measure the stack of goroutines that call a function of package main.

    It needs one integer parameter; by default it is the first that calls itself. Stacks are tried
    up to `most` bytes (twice that is taken for a moment). A function that does not come back within
    `timeout` seconds leaves what was measured till then. FeatureUnavailable where the program can't
    run on this machine; of the course's own there is a recording.
    """
    if most < LEAST:
        raise GolifelabError(f"stacks of at most {most} bytes", remedy=f"from {LEAST:,} bytes on")
    target = target or Target()
    one = subject(source, target, function)
    try:
        return _measured(source, target, one, most, timeout)
    except FeatureUnavailable:
        from golifelab.run.stacks.recording import recording_for

        found = recording_for(source, target)
        if found is None:
            raise
        return found


@lru_cache(maxsize=32)
def _measured(
    source: Source, target: Target, one: Subject, most: int, timeout: float
) -> StackGrowth:
    executable = measuring(source, target, one)
    told = probed(executable, {"GOLIFELAB_MOST": str(most)}, timeout)
    if not told.rows("start"):
        raise FeatureUnavailable(
            "measuring the stack", told.ended or "the program wrote nothing down"
        )
    return StackGrowth(
        function=one.name,
        parameter=one.parameter,
        go=find_go(target.go).version,
        start=told.rows("start")[0][0],
        steps=tuple(Step(*row) for row in told.rows("step")),
        growth=tuple(Grown(*map(_signed, row)) for row in told.rows("growth")),
        shrinking=tuple(Shrunk(*row) for row in told.rows("shrink")),
        limit=told.rows("limit")[0][0],
        frame_size=_frame_size(executable, one.name, target.goarch),
        ended=told.ended,
        command=measuring_line(
            source, target, one, f"GOLIFELAB_MILLISECONDS=9999 GOLIFELAB_MOST={most}"
        ),
        seconds=told.seconds,
        tier="tool",
        precision="line",
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What the probe wrote down: words and numbers, line by line, and how the run ended."""

    lines: tuple[tuple[str, tuple[int, ...]], ...]
    ended: str
    error_text: str
    returncode: int
    seconds: float

    def rows(self, kind: str) -> list[tuple[int, ...]]:
        """The numbers of the lines that begin with a word."""
        return [numbers for word, numbers in self.lines if word == kind]


def probed(executable: Executable, settings: Mapping[str, str], timeout: float) -> Told:
    """Run a measuring program. However it ends, what it wrote till then is kept."""
    with scratch() as folder:
        file = folder / "measured"
        milliseconds = str(math.ceil(timeout * 1000))
        environment = {"GOLIFELAB_OUT": str(file), "GOLIFELAB_MILLISECONDS": milliseconds}
        text, code, seconds, ended = "", -1, timeout, ""
        try:
            ran = run_program(
                executable, environment=environment | dict(settings), timeout=timeout + 5
            )
            text, code, seconds = ran.error_text, ran.returncode, ran.seconds
        except LimitExceeded as error:
            ended = error.message
        lines = tuple(_lines(file))
    words = {word for word, _ in lines}
    if "late" in words:
        ended = f"the function takes too long: stopped after {timeout:g} s"
    elif "unbounded" in words:
        ended = "a larger argument takes no larger stack"
    elif not ended and code:
        ended = _complaint(text) or f"the program ended with exit status {code}"
    return Told(lines, ended, text, code, seconds)


def _lines(file: Path) -> Sequence[tuple[str, tuple[int, ...]]]:
    text = file.read_text(encoding="ascii", errors="replace") if file.exists() else ""
    # A last line without its end was cut off.
    whole = [line.split() for line in text.split("\n")[:-1]]
    return [(words[0], tuple(map(int, words[1:]))) for words in whole if words]


def _complaint(text: str) -> str:
    """The runtime's or the program's own words for why it stopped."""
    starts = ("fatal error:", "panic:", "runtime: goroutine stack exceeds")
    return next((line for line in text.splitlines() if line.startswith(starts)), "")


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number


def _frame_size(executable: Executable, name: str, goarch: str) -> int:
    try:
        table = function_tables(executable, f"main.{name}").table("pcsp")
    except GolifelabError:
        return 0
    return max((row.value for row in table.rows), default=0) + _RETURN_ADDRESS.get(goarch, 0)
