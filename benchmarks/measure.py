"""Time callables fairly: in turns, so that a machine that slows down slows all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one contestant: the median, the fastest, and the 95th percentile."""

    name: str
    median: float
    fastest: float
    p95: float


def in_turns(contestants: Mapping[str, Callable[[], object]], rounds: int = 15) -> list[Timing]:
    """Run each once to warm up, then all of them in turn, `rounds` times."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for run in contestants.values():
        run()
    for _ in range(rounds):
        for name, run in contestants.items():
            taken[name].append(seconds(run))
    return [summary(name, times) for name, times in taken.items()]


def seconds(run: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def summary(name: str, taken: list[float]) -> Timing:
    """The summary of a list of seconds."""
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return Timing(name, statistics.median(ordered), ordered[0], p95)
