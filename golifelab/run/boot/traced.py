"""The start of a program, looked at in a process that is run past its milestones."""

from __future__ import annotations

import shlex
import time
from collections import Counter
from dataclasses import dataclass
from typing import cast

from golifelab.errors import LimitExceeded
from golifelab.link.executable import Executable
from golifelab.load.hold.architecture import host
from golifelab.load.hold.detours import calls_of
from golifelab.load.hold.looped import LoopedProcess
from golifelab.load.hold.process import Process
from golifelab.load.hold.start import CALM
from golifelab.load.hold.traced import Stop, TracedProcess
from golifelab.load.runtime.structures import structures
from golifelab.load.syscalls.looped import LoopedWatcher
from golifelab.load.syscalls.traced import TooManyCalls, Watcher
from golifelab.run.boot.arrival import Arrival, Words, milestone
from golifelab.run.boot.places import (
    AFTER_MAIN,
    AFTERWARDS,
    BEFORE_MAIN,
    COUNTED,
    EXIT,
    INIT,
    MAIN,
    cut_short,
    places,
)
from golifelab.run.boot.stage import MAX_STOPS, Boot, BootInit, Milestone
from golifelab.run.inits.tasks import init_tasks


def traced_boot(executable: Executable, timeout: float) -> Boot:
    """Run a program to its end and look at its start. PtraceRefused where it can't be traced."""
    known = _Known(executable)
    with TracedProcess(executable, (), CALM, timeout) as process:
        return _watched(_Watching(known, process, Watcher(process.tracer)), timeout)


def looped_boot(executable: Executable, timeout: float) -> Boot:
    """The same without ptrace. FeatureUnavailable where that is not possible.

    The system calls are those of the program's own code: a program that is linked with other code
    to make some has none here.
    """
    known, calls = _Known(executable), calls_of(executable)
    with LoopedProcess(executable, (), CALM, timeout) as process:
        watcher = LoopedWatcher(process, executable) if calls else None
        return _watched(_Watching(known, process, watcher, calls), timeout)


def _watched(watching: _Watching, timeout: float) -> Boot:
    return watching.value(watching.run(timeout))


def tasks_of(executable: Executable) -> dict[int, tuple[str, bool]]:
    """The link-time addresses of init tasks: the package, and whether the runtime needs it."""
    found = init_tasks(executable)
    early = {task.address for task in found.runtime}
    return {task.address: (task.package, task.address in early) for task in found.main} | {
        task.address: (task.package, True) for task in found.runtime
    }


def _command(executable: Executable) -> str:
    """What shows the same in a terminal, at the four places that matter most."""
    words = ["gdb", "-batch"]
    shown = ("runtime.schedinit", "runtime.newproc", "runtime.main", "main.main")
    actions = [f"break {name}" for name in shown]
    actions += [step for turn in range(4) for step in ("continue" if turn else "run", "backtrace")]
    words += [word for action in actions for word in ("-ex", action)]
    return shlex.join([*words, str(executable.path)])


class _Known:
    """What is looked up before the program starts, so that no time of its own goes into that."""

    def __init__(self, executable: Executable) -> None:
        self.executable = executable
        self.words = Words(structures(executable), host())
        self.entry = executable.entry_symbol
        self.tasks = tasks_of(executable)
        self.rounds = tuple(
            places(executable, names) for names in (BEFORE_MAIN, AFTER_MAIN, (EXIT,))
        )


class _Watching:
    """Runs one process from exec to its end and keeps what is seen."""

    def __init__(
        self,
        known: _Known,
        process: TracedProcess | LoopedProcess,
        watcher: Watcher | None,
        calls: tuple[int, ...] = (),
    ) -> None:
        self._known = known
        self._executable = known.executable
        self._process = process
        self._words = known.words
        self._counts: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))
        self._seen: list[Arrival] = []
        self._last: dict[tuple[int, str], Arrival] = {}
        self._places: dict[int, str] = {}
        self._cut = ""
        self._interrupted = False
        self._began = time.monotonic_ns()
        self._watcher = watcher
        self._calls = calls

    def run(self, timeout: float) -> int | None:
        """To the program's end: its exit code, None when it had to be ended.

        The start is over at main.main: what comes after that is waited for a little only.
        """
        deadline = time.monotonic() + timeout

        def left() -> float:
            return max(deadline - time.monotonic(), 0.01)

        process = self._process
        try:
            if self._executable.interpreter:
                process.run_to(self._executable.entry, left())
            self._look_at_entry()
            # Until main.main: what the program does then it does as it would alone.
            if self._watcher is not None and isinstance(process, TracedProcess):
                process.tracer.call(self._watcher.share, left())
            for known in self._known.rounds:
                self._places = known
                if not self._past(tuple(self._places), left()):
                    break
                if MAIN in known.values():
                    deadline = min(deadline, time.monotonic() + AFTERWARDS)
            return process.resume(left()).returncode
        except LimitExceeded:
            self._cut = cut_short(timeout, {one.name for one in self._seen})
        except KeyboardInterrupt:
            self._cut, self._interrupted = "it was interrupted", True
        except TooManyCalls:
            self._cut = "it was ended: it made system calls without end"
        return None

    def _past(self, places: tuple[int, ...], timeout: float) -> bool:
        process, watcher = self._process, self._watcher
        if isinstance(process, TracedProcess):
            called = None if watcher is None else watcher.look
            return process.run_through(places, self._arrived, called=called, timeout=timeout)
        served = watcher.seen if isinstance(watcher, LoopedWatcher) else None
        return process.run_through(
            places, self._arrived, calls=self._calls, called=served, timeout=timeout
        )

    def value(self, code: int | None) -> Boot:
        """What was seen, as a value."""
        threads: dict[int, int] = {self._process.pid: 0}
        stops: list[Milestone] = []
        inits: list[BootInit] = []
        begun: set[int] = set()
        for one in self._seen:
            number = threads.setdefault(one.thread, len(threads))
            stop = milestone(one, self._words, self._executable, number, self._began)
            stops.append(stop)
            # The second list names packages of the first again; they are done, and passed over.
            if stop.name == INIT and one.task not in begun:
                begun.add(one.task)
                package, early = self._known.tasks.get(one.task - one.bias, ("", False))
                inits.append(BootInit(package, stop.at_microseconds, stop.goid, early))
        executable = self._executable
        info = executable.image.build_info
        return Boot(
            stops=tuple(stops),
            calls=()
            if self._watcher is None
            else self._watcher.finish(lambda thread: threads.setdefault(thread, len(threads))),
            inits=tuple(inits),
            counts=dict(self._counts),
            how="ptrace" if isinstance(self._process, TracedProcess) else "loop",
            exit_code=code,
            cut=self._cut,
            interrupted=self._interrupted,
            release=info.go_version.split(" ")[0] if info else "",
            command=_command(executable),
            tier="tool",
            precision="line",
        )

    def _arrived(self, stop: Stop) -> bool:
        name = self._places[stop.address]
        arrival = self._words.arrival(name, stop, self._process.bias)
        if not arrival.again(self._last.get((arrival.g, name))):
            self._seen.append(arrival)
            if name in self._counts:
                self._counts[name] += 1
        self._last[arrival.g, name] = arrival
        if name == MAIN and self._watcher is not None:
            self._watcher.part()
        if self._places.keys() == {stop.address}:
            return False
        return name == MAIN or (len(self._seen) >= MAX_STOPS and EXIT in self._places.values())

    def _look_at_entry(self) -> None:
        process, executable = self._process, self._executable
        stop = _Entry(
            address=executable.entry,
            thread=process.pid,
            registers=process.registers(),
            at_ns=time.monotonic_ns(),
            process=process,
        )
        self._began = stop.at_ns
        self._seen.append(self._words.arrival(self._known.entry, cast("Stop", stop), process.bias))


@dataclass(frozen=True, slots=True)
class _Entry:
    """The program's first instruction, as if it had been run to."""

    address: int
    thread: int
    registers: dict[str, int]
    at_ns: int
    process: Process

    @property
    def sp(self) -> int:
        return self.registers[host().sp]

    def memory(self, address: int, count: int) -> bytes:
        return self.process.memory(address, count)
