"""Hold a process at any of its functions without ptrace."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import Executable
from golifelab.load.hold.architecture import host
from golifelab.load.hold.detour import LENGTH, SYSTEM_CALL
from golifelab.load.hold.detours import FEATURE, Detours, calls_of
from golifelab.load.hold.keeper import WAIT_OWN
from golifelab.load.hold.noticed import NoticedProcess
from golifelab.load.hold.process import MAX_MEMORY_READ, Finished, address_of, place_name
from golifelab.load.hold.traced import Stop

T = TypeVar("T")
# Thread, run-time address behind the instruction, registers, whether it is about to be executed.
Called = Callable[[int, int, Mapping[str, int], bool], bool | None]
_TRIES = 40
_MOMENT = 0.0005  # seconds
_AT_EXEC = {"orig_rax": 59, "cs": 0x33, "ss": 0x2B, "eflags": 0x202}


@dataclass(slots=True)
class _Waiting:
    """A thread at a place: where its words lie, its registers there, and whether it is known."""

    sp: int
    registers: dict[str, int]
    seen: bool = False

    @property
    def place(self) -> int:
        return self.registers["rip"]


class LoopedProcess(NoticedProcess):
    """A process that can be run to any function, where a thread that arrives waits in a loop.

    It stands at exec when it was made, stopped by a signal that the kernel sent. All its threads
    are stopped whenever it is held. The pages of code where it was held are private copies then.
    """

    def __init__(
        self,
        executable: Executable,
        argv: tuple[str, ...],
        environment: Mapping[str, str],
        timeout: float,
    ) -> None:
        """FeatureUnavailable where the kernel does not tell of files that are read."""
        self._detours: Detours | None = None
        self._waiting: dict[int, _Waiting] = {}
        self._settings = environment.get("GODEBUG", "")
        super().__init__(executable, argv, environment, timeout)
        self._current = self.pid

    def memory(self, address: int, count: int) -> bytes:
        """Bytes of its memory, as they would be without what holds it."""
        if self._detours is None or count > MAX_MEMORY_READ or not self.alive:
            return super().memory(address, count)
        try:
            return self._detours.read(address, count)
        except (OSError, ValueError, OverflowError) as error:
            raise GolifelabError(f"cannot read mem of the process: {error}") from error

    def registers(self) -> dict[str, int]:
        """The general registers of the thread that holds it, by the processor's names."""
        if not self.alive:
            raise GolifelabError("the process has ended")
        held = self._waiting.get(self._current)
        if held is not None:
            return dict(held.registers)
        machine = host()
        known = self._threads().get(self.pid)
        if known is None or self.held_at != "exec":
            raise FeatureUnavailable("reading registers", "no thread waits at a place")
        # The kernel clears all others for a new program, but for some that are always the same.
        sp, pc = known
        return {**dict.fromkeys(machine.registers, 0), **_AT_EXEC, machine.sp: sp, machine.pc: pc}

    def run_to(self, where: str | int, timeout: float = 10.0) -> bool:
        """Let it go on until a thread is about to execute a function or link-time address."""
        return self._through((where,), lambda _stop: True, timeout, again=False)

    def run_through(
        self,
        places: Sequence[str | int],
        seen: Callable[[Stop], bool | None],
        *,
        calls: Collection[int] = (),
        called: Called | None = None,
        timeout: float = 10.0,
    ) -> bool:
        """Let it go on past functions or link-time addresses; False when it ended.

        As `TracedProcess.run_through`, but all its threads stand still while `seen` looks. `calls`
        are the link-time addresses of instructions for system calls: `called` is called twice for
        each, before and when it has returned, and answers True to stay there.
        """
        return self._through(places, seen, timeout, again=True, calls=calls, called=called)

    def run_to_call(self, number: int, argument: int, timeout: float = 10.0) -> bool:
        """Let it go on until it enters a system call with this number and first argument.

        FeatureUnavailable for a dynamic program: not all of its calls are in its own code.
        """
        calls = calls_of(self.executable)
        if not calls:
            raise FeatureUnavailable(FEATURE, "a loader, or a C library, makes calls of its own")

        def called(_thread: int, _behind: int, registers: Mapping[str, int], entry: bool) -> bool:
            return entry and (registers["rax"], registers["rdi"]) == (number, argument)

        found = self._through(
            (), lambda _stop: True, timeout, again=True, calls=calls, called=called
        )
        self.held_at = f"system call {number}" if found else "its end"
        if found:  # a thread that has entered stands behind the instruction
            self._waiting[self._current].registers["rip"] += SYSTEM_CALL
        return found

    def read(self, address: int, count: int) -> bytes:
        """As `memory`, quickly, while it runs past places; OSError where nothing is mapped."""
        return self._ready().read(address, count)

    def resume(self, timeout: float = 10.0) -> Finished:
        """Let it run to its end; LimitExceeded, and its end, if that takes longer."""

        def run() -> None:
            self._let_go(())
            while self._go():  # some were on their way here when it was held
                self._look(self._ready())
                self._let_go(())

        if self.alive and self._detours is not None:
            self._job(run, timeout)
        return super().resume(timeout)

    def close(self) -> None:
        """End it, if it has not ended, and release everything."""
        super().close()
        if self._detours is not None:
            self._detours.close()

    def __del__(self) -> None:
        # An open file is a number here, not an object: nobody else would close it.
        with contextlib.suppress(OSError, AttributeError):
            self.close()

    def _through(
        self,
        places: Sequence[str | int],
        seen: Callable[[Stop], bool | None],
        timeout: float,
        *,
        again: bool,
        calls: Collection[int] = (),
        called: Called | None = None,
    ) -> bool:
        if not self.alive:
            raise GolifelabError("the process has ended")
        bias, detours = self.bias, self._ready()
        names = {address_of(self.executable, place) + bias: place for place in places}
        entries = {address + bias for address in calls}
        shown: list[Stop] = []

        def arrived(thread: int, now: int) -> bool:
            registers = self._waiting[thread].registers
            pc, sp = registers["rip"], registers["rsp"]
            if called is not None and pc not in names:
                behind = detours.returned.get(pc, pc) + SYSTEM_CALL
                return bool(called(thread, behind, registers, pc in entries))
            stop = Stop(names[pc], pc - bias, thread, registers, now, sp, detours.read)
            shown[:] = [stop]
            return bool(seen(stop))

        held = self._job(
            lambda: self._run(detours, names, arrived, again=again, calls=entries), timeout
        )
        self.held_at = place_name(shown[0].place) if held and shown else "its end"
        return held

    def _ready(self) -> Detours:
        if host().name != "amd64":
            raise FeatureUnavailable(FEATURE, f"its instructions for {host().name} are not known")
        if self._detours is None:
            self._detours = Detours(self.pid, self.executable, self.bias, self._settings)
            self.how = "loop"
        return self._detours

    def _job(self, job: Callable[[], T], timeout: float) -> T:
        try:
            return self._keeper.call(job, timeout)
        except OSError as error:
            raise GolifelabError(f"the process cannot be held: {error.strerror}") from error

    def _run(
        self,
        detours: Detours,
        places: Collection[int],
        arrived: Callable[[int, int], bool],
        *,
        again: bool,
        calls: Collection[int] = (),
    ) -> bool:
        """Go on, past places, until `arrived`(thread, time) says to hold; False at the end.

        `again`: a thread that is about to execute one when this begins arrives there, too. A thread
        arrives at system `calls`, and where they return.
        """
        detours.prepare(places, calls)
        replaced = [*places, *calls]
        if not self._settle(replaced):
            return False
        here = {} if again else self._threads()
        passed = {thread for thread, (_, pc) in here.items() if pc in places}
        detours.put(replaced)
        wanted = {*replaced, *(detours.returned if calls else ())}
        try:
            self._let_go(wanted)
            while True:
                now = time.monotonic_ns()
                for thread in [one for one, held in self._waiting.items() if not held.seen]:
                    self._waiting[thread].seen = True
                    if thread in passed:
                        passed.discard(thread)
                    elif arrived(thread, now):
                        self._current = thread
                        return True
                self._let_go(wanted)
                if not self._go():
                    return False
                self._look(detours)
                self._let_go(wanted)
        finally:
            if self.alive:
                detours.take_out()

    def _let_go(self, places: Collection[int]) -> None:
        """Let those who wait go on that are known, or that wait at none of these places."""
        for thread, held in list(self._waiting.items()):
            if self._detours is not None and (held.seen or held.place not in places):
                self._detours.release(held.sp)
                del self._waiting[thread]

    def _look(self, detours: Detours) -> None:
        """Find the threads that wait."""
        threads = self._threads()
        for thread in self._waiting.keys() - threads.keys():
            del self._waiting[thread]
        for thread, (sp, pc) in threads.items():
            if pc == detours.stop and thread not in self._waiting:
                registers = detours.waiting(sp)
                if registers:
                    self._waiting[thread] = _Waiting(sp, registers)

    def _settle(self, places: Collection[int]) -> bool:
        """See that no thread stands within what is about to be replaced; False if it ended."""
        inner = {place + offset for place in places for offset in range(1, LENGTH)}
        for _ in range(_TRIES):
            if all(pc not in inner for _, pc in self._threads().values()):
                return True
            os.kill(self.pid, signal.SIGCONT)
            time.sleep(_MOMENT)
            os.kill(self.pid, signal.SIGSTOP)
            if not self._stopped():
                return False
        raise FeatureUnavailable(FEATURE, "a thread does not leave that place")

    def _go(self) -> bool:
        """Go on until it is stopped again; False when it ended."""
        os.kill(self.pid, signal.SIGCONT)
        return self._stopped()

    def _stopped(self) -> bool:
        """Wait until all its threads are stopped; False when it ended."""
        _, status = os.waitpid(self.pid, WAIT_OWN | os.WUNTRACED)
        if os.WIFSTOPPED(status):
            return True
        self._keeper.ended(status)
        return False

    def _threads(self) -> dict[int, tuple[int, int]]:
        """Where each thread that stands still is: stack pointer and program counter."""
        found = {}
        folder = Path(f"/proc/{self.pid}/task")
        for thread in os.listdir(folder):  # noqa: PTH208 - quicker
            with contextlib.suppress(OSError, ValueError):
                *_, sp, pc = (folder / thread / "syscall").read_text(encoding="ascii").split()
                found[int(thread)] = int(sp, 16), int(pc, 16)
        return found
