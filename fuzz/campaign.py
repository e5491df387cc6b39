"""Many inputs for many readers, in processes that are watched from outside.

Every input follows from the campaign's seed, the reader and a number, so a worker that hangs or
dies has still told which input it was: the number stands in memory it shares with its watcher.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

from fuzz.damage import inputs, random_input
from fuzz.reader import Broken, Outcome, Reader, judge
from fuzz.readers import reader as reader_of

_MUTATED, _HYPOTHESIS = "mutated", "hypothesis"
_CHUNK = 500
_MEASURED = 8  # one input of so many has its memory measured, which makes it several times slower
_ADDRESS_SPACE = 3 << 30


@dataclass(frozen=True, slots=True)
class Chunk:
    """Inputs of one reader that one worker takes: numbers `start` to `start + count`."""

    reader: str
    how: str
    start: int
    count: int


@dataclass(slots=True)
class Tally:
    """What became of a reader's inputs. `slowest` in seconds, `peak` in bytes."""

    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    peak: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one input."""
        self.inputs += 1
        self.refused += outcome.refused
        self.peak = max(self.peak, outcome.peak)
        if outcome.peak < 0:
            self.slowest = max(self.slowest, outcome.seconds)

    def merge(self, other: Tally) -> None:
        """Count all that another tally has."""
        self.inputs += other.inputs
        self.refused += other.refused
        self.slowest = max(self.slowest, other.slowest)
        self.peak = max(self.peak, other.peak)


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that broke a reader, and how."""

    reader: str
    content: bytes
    message: str


def campaign(
    readers: Sequence[Reader], count: int, seed: str, *, workers: int, say: Callable[[str], None]
) -> tuple[dict[str, Tally], list[Failure]]:
    """Give the readers `count` inputs in all, a quarter of them hypothesis's."""
    waiting = deque(_chunks(readers, count))
    tallies = {reader.name: Tally() for reader in readers}
    failures: list[Failure] = []
    running: list[_Worker] = []
    while waiting or running:
        while waiting and len(running) < workers:
            running.append(_Worker(waiting.popleft(), seed))
        time.sleep(0.02)
        for worker in list(running):
            done = worker.poll()
            if done is None:
                continue
            running.remove(worker)
            tally, found = done
            tallies[worker.chunk.reader].merge(tally)
            failures += found
            total = sum(each.inputs for each in tallies.values())
            say(f"{total:,} of {count:,} inputs, {len(failures)} failures")
    return tallies, failures


def keep(failure: Failure, folder: Path) -> Path:
    """Write the input of a failure where it can be tried again."""
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(failure.content).hexdigest()[:12]
    path = folder / f"{failure.reader}-{name}"
    path.write_bytes(failure.content)
    return path


def input_of(reader: Reader, seed: str, number: int) -> bytes:
    """The mutated input of a number."""
    return random_input(reader, Random(f"{seed}/{reader.name}/{number}"))


def _chunks(readers: Sequence[Reader], count: int) -> Iterator[Chunk]:
    shares = sum(reader.share for reader in readers)
    for reader in readers:
        part = -(-count * reader.share // shares)
        simple = part // 4
        for start in range(0, simple, _CHUNK):
            yield Chunk(reader.name, _HYPOTHESIS, start, min(_CHUNK, simple - start))
        for start in range(0, part - simple, _CHUNK):
            yield Chunk(reader.name, _MUTATED, start, min(_CHUNK, part - simple - start))


class _Worker:
    """A process with its chunk, watched: killed when it stays at one input for too long."""

    def __init__(self, chunk: Chunk, seed: str) -> None:
        self.chunk = chunk
        self._seed = seed
        self._limit = 4 * reader_of(chunk.reader).seconds + 60
        context = multiprocessing.get_context("spawn")
        self._number = context.Value("q", chunk.start, lock=False)
        self._pipe, theirs = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(
            target=_work, args=(chunk, seed, self._number, theirs), daemon=True
        )
        self._process.start()
        theirs.close()
        self._seen = (chunk.start, time.monotonic())

    def poll(self) -> tuple[Tally, list[Failure]] | None:
        """The result once there is one: a dead or stuck worker gives a failure."""
        if self._pipe.poll():
            try:
                done: tuple[Tally, list[Failure]] = self._pipe.recv()
            except EOFError:
                self._process.join()
                return self._lost(f"the worker died with status {self._process.exitcode}")
            self._process.join()
            return done
        number = self._number.value
        if number != self._seen[0]:
            self._seen = (number, time.monotonic())
        elif time.monotonic() - self._seen[1] > self._limit:
            self._process.kill()
            self._process.join()
            return self._lost(f"the worker stood still for {self._limit:.0f} s and was killed")
        return None

    def _lost(self, message: str) -> tuple[Tally, list[Failure]]:
        """Hypothesis's inputs have no numbers: only the message is left of such a one."""
        number = self._number.value
        mutated = self.chunk.how == _MUTATED
        content = input_of(reader_of(self.chunk.reader), self._seed, number) if mutated else b""
        tally = Tally(inputs=number - self.chunk.start)
        return tally, [Failure(self.chunk.reader, content, f"{message}, input {number}")]


def _work(chunk: Chunk, seed: str, number: Any, pipe: Connection) -> None:
    reader = reader_of(chunk.reader)
    # Seeds are made by child processes, which need more room than the readers may have.
    reader.seeds()
    _bound_memory()
    take = _take_mutated if chunk.how == _MUTATED else _take_hypothesis
    pipe.send(take(reader, chunk, seed, number))


def _take_mutated(
    reader: Reader, chunk: Chunk, seed: str, number: Any
) -> tuple[Tally, list[Failure]]:
    tally, failures = Tally(), []
    for index in range(chunk.start, chunk.start + chunk.count):
        number.value = index
        content = input_of(reader, seed, index)
        try:
            tally.add(judge(reader, content, memory=index % _MEASURED == 0))
        except Broken as broken:
            tally.inputs += 1
            failures.append(Failure(reader.name, content, str(broken)))
    return tally, failures


def _take_hypothesis(
    reader: Reader, chunk: Chunk, seed: str, number: Any
) -> tuple[Tally, list[Failure]]:
    from hypothesis import HealthCheck, Phase, given, seed as seeded, settings

    tally = Tally()
    last = b""

    def take(content: bytes) -> None:
        nonlocal last
        number.value += 1
        last = content
        tally.add(judge(reader, content, memory=number.value % _MEASURED == 0))

    checks = settings(
        max_examples=chunk.count,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run = checks(seeded(f"{seed}/{reader.name}/{chunk.start}")(given(inputs(reader))(take)))
    try:
        run()
    except Broken as broken:
        return tally, [Failure(reader.name, last, str(broken))]
    return tally, []


def _bound_memory() -> None:
    """No reader may take more, whatever it allocates with: beyond it, MemoryError."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
