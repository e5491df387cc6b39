"""Where a stack ends: the argument that is one too many, found by running it.

The runtime's own limit of a thousand million bytes takes 768 MiB of memory while the last but one
stack is copied into the last. Where that much is not free, the program lowers its limit first; the
law is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded
from golifelab.link.executable import Executable
from golifelab.run.stacks.growth import LEAST, Told, probed, stack_growth
from golifelab.run.stacks.subject import measuring, subject
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.machine import free_memory

if TYPE_CHECKING:
    import pandas as pd

# A fortieth of the runtime's limit: 16 MiB of it can be used.
SMALL = 25_000_000
# What is left for others.
_SPARE = 1 << 30
_TRIES = 40
_SECONDS = 60.0
_EXCEEDS = re.compile(r"^runtime: goroutine stack exceeds (\d+)-byte limit", re.MULTILINE)
_BOUNDS = re.compile(r"stack=\[0x([0-9a-f]+), 0x([0-9a-f]+)\]")


@dataclass(frozen=True, slots=True)
class Try:
    """One run: the argument, whether it came back, and the size of the stack at its end."""

    argument: int
    fits: bool
    stack: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOverflow(Stage):
    """The end of a stack.

    `limit` is the bound in bytes, `lowered` tells whether the program has set it. `fits` is the
    largest argument that came back, on a stack of `usable` bytes; `overflows` the next one, which
    ended the program with `message`. `tries` are the runs.
    """

    function: str
    limit: int
    lowered: bool
    fits: int
    overflows: int
    usable: int
    message: str
    tries: tuple[Try, ...]

    def frame(self) -> pd.DataFrame:
        """One row a run."""
        import pandas as pd

        rows = [(one.argument, one.fits, one.stack) for one in self.tries]
        return pd.DataFrame(rows, columns=["argument", "fits", "stack"])

    def to_json(self) -> dict[str, Any]:
        """The two arguments, and every run."""
        return self.header() | {
            "function": self.function,
            "limit": self.limit,
            "lowered": self.lowered,
            "fits": self.fits,
            "overflows": self.overflows,
            "usable": self.usable,
            "message": self.message,
            "tries": [[one.argument, one.fits, one.stack] for one in self.tries],
        }


def stack_overflow(
    source: Source, target: Target | None = None, function: str = "", *, limit: int = 0
) -> StackOverflow:
    """The largest argument whose stack fits, and what happens with the next.

    `limit` in bytes is by default the runtime's own, or SMALL where memory is short. Raises
    FeatureUnavailable where an argument costs no stack, LimitExceeded where the end is not found.
    """
    if limit and limit < LEAST:
        raise GolifelabError(f"a limit of {limit} bytes", remedy=f"from {LEAST:,} bytes on")
    target = target or Target()
    growth = stack_growth(source, target, function)
    if growth.law is None:
        reason = growth.ended or "a larger argument takes no larger stack"
        raise FeatureUnavailable("overflowing the stack", reason)
    chosen = limit or (growth.limit if _room(growth.usable) else SMALL)
    executable = measuring(source, target, subject(source, target, growth.function))
    tries: dict[int, tuple[Try, str]] = {}

    def fits(argument: int) -> bool:
        if argument not in tries:
            if len(tries) == _TRIES:
                raise LimitExceeded("the search for the last argument that fits", f"{_TRIES} runs")
            tries[argument] = _try(executable, argument, chosen)
        return tries[argument][0].fits

    last = _last(growth.last(1 << (chosen.bit_length() - 1)), fits)
    kept, (failed, message) = tries[last][0], tries[last + 1]
    return StackOverflow(
        function=growth.function,
        limit=chosen,
        lowered=chosen != growth.limit,
        fits=last,
        overflows=failed.argument,
        usable=kept.stack,
        message=message,
        tries=tuple(one for one, _ in tries.values()),
        command=growth.command.replace(
            "GOLIFELAB_MOST=", f"GOLIFELAB_ONCE={last + 1} GOLIFELAB_LIMIT={chosen} GOLIFELAB_MOST="
        ),
        seconds=growth.seconds,
        tier="tool",
        precision="line",
    )


def _last(guess: int, fits: Callable[[int], bool]) -> int:
    """The largest argument that fits; the law's guess is right to the level, or nearly so."""
    low, high, step = (guess, guess + 1, 1) if fits(guess) else (guess - 1, guess, 1)
    while not fits(low):
        low, high, step = max(low - step, 0), low, step * 2
    while fits(high):
        low, high, step = high, high + step, step * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _room(usable: int) -> bool:
    free = free_memory()
    return free is not None and free > usable * 3 // 2 + _SPARE


def _try(executable: Executable, argument: int, limit: int) -> tuple[Try, str]:
    settings = {"GOLIFELAB_ONCE": str(argument), "GOLIFELAB_LIMIT": str(limit)}
    told = probed(executable, settings, _SECONDS)
    sizes = told.rows("once")
    if sizes:
        return Try(argument, fits=True, stack=sizes[0][0]), ""
    if _EXCEEDS.search(told.error_text) is None:
        raise FeatureUnavailable("overflowing the stack", told.ended or "the program was stopped")
    return Try(argument, fits=False, stack=_stack(told)), _words(told)


def _stack(told: Told) -> int:
    """The size of the stack that overflowed, as the runtime prints it; 0 where it does not."""
    bounds = _BOUNDS.search(told.error_text)
    return int(bounds[2], 16) - int(bounds[1], 16) if bounds else 0


def _words(told: Told) -> str:
    kept = ("runtime: goroutine stack exceeds", "fatal error:")
    return "\n".join(line for line in told.error_text.splitlines() if line.startswith(kept))
