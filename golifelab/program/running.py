"""What a program is once it runs: held still, watched at its start, and at work."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

from golifelab.program.linked import Linked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golifelab.binary import Binary
    from golifelab.compile.changed.patch import Edit, Patch
    from golifelab.link.executable import Executable
    from golifelab.load.hold.process import Process
    from golifelab.load.moments.stage import Moments
    from golifelab.load.syscalls.stage import SystemCalls
    from golifelab.load.syscalls.ways import StartComparison
    from golifelab.run.boot.stage import Boot
    from golifelab.run.goroutines import Goroutines
    from golifelab.run.heap.heap import Heap
    from golifelab.run.inits.graph import InitOrder
    from golifelab.run.inits.inittrace import Inits
    from golifelab.run.inits.variables import VariableOrder
    from golifelab.run.scheduler.stage import Scheduling
    from golifelab.run.stacks.copies import StackCopies
    from golifelab.run.stacks.growth import StackGrowth
    from golifelab.run.stacks.overflow import StackOverflow


T = TypeVar("T")


class run_once(cached_property[T]):  # noqa: N801 - used as a decorator, like its base
    """A property that runs the program once; a run that the reader interrupted is run again."""

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> T: ...
    def __get__(self, instance: object | None, owner: type[Any] | None = None) -> Self | T:
        """The value kept, or a new one."""
        if instance is None:
            return self
        value = super().__get__(instance, owner)
        if self.attrname and getattr(value, "interrupted", False):
            del vars(instance)[self.attrname]
        return value


class Running(Linked):
    """The stages of chapter 4. Each runs the program, bounded in time, memory and output."""

    def start(self, *, hold: str | int = "exec") -> Process:
        """A process of it, held at "exec", "first init", a function's name or an address.

        Use it as a context manager: the process is gone at the end of the block.
        """
        return self._whole().start(hold=hold)

    def _whole(self) -> Binary:
        """The executable, C code included: where there is some, go builds it with a C compiler."""
        from golifelab.link.modes.whole import whole, with_c

        if not with_c(self.source):
            return self.link()
        from golifelab.binary import Binary

        return Binary.of(whole(self.source, self.target))

    def changed_runtime(self, edits: Patch | Sequence[Edit]) -> Executable:
        """The program linked with a changed copy of the reader's own runtime."""
        from golifelab.run.changed import changed_runtime

        return changed_runtime(self.source, self.target, edits)

    @run_once
    def moments(self) -> Moments:
        """Its memory at exec, schedinit, main.main and exit: mappings with names, and pages."""
        from golifelab.load.hold.overlay.building import overlaid
        from golifelab.load.moments.taking import moments_of

        return moments_of(self._whole(), changed=lambda: overlaid(self.source, self.target))

    @run_once
    def system_calls(self) -> SystemCalls:
        """Every system call of one run: by strace or by our own tracing, else recorded ones."""
        from golifelab.load.syscalls.kept import seen_calls

        return seen_calls(self._whole())

    @cached_property
    def start_comparison(self) -> StartComparison:
        """The system calls of its start when it is linked in every way, and of a C program's."""
        from golifelab.load.syscalls.ways import start_comparison

        return start_comparison(self.source, self.target)

    @run_once
    def inits(self) -> Inits:
        """Which packages were initialised, in order, and what each cost: the runtime's trace."""
        from golifelab.run.inits.inittrace import inits
        from golifelab.run.inits.tasks import init_tasks

        program = self._whole()
        return inits(program, packages=init_tasks(program).order)

    @cached_property
    def init_order(self) -> InitOrder:
        """The order of package initialisation: as the imports say, as linked, and as it ran."""
        from golifelab.run.inits.graph import program_init_order

        return program_init_order(self.source, self.target)

    @cached_property
    def variable_order(self) -> VariableOrder:
        """In which order the package's variables get their values, and which need no code."""
        from golifelab.run.inits.variables import variable_order

        return variable_order(self.source, self.target)

    def stack_growth(self, function: str = "", *, most: int = 16 << 20) -> StackGrowth:
        """How a goroutine's stack grows with a function's argument, up to `most` bytes: measured.

        The function has one integer parameter; by default it is the first that calls itself.
        """
        from golifelab.run.stacks.growth import stack_growth

        return stack_growth(self.source, self.target, function, most=most)

    @run_once
    def boot(self) -> Boot:
        """The way from the kernel to main.main and the end: milestones, system calls, inits."""
        from golifelab.link.modes.whole import with_c
        from golifelab.run.boot.boot import boot, boot_of

        if with_c(self.source):
            return boot_of(self._whole())
        return boot(self.source, self.target)

    @property
    def heap(self) -> Heap:
        """A run with its heap watched: every allocation, the collections, memory over time."""
        return self.heap_at(1)

    def heap_at(self, rate: int, *, timeout: float = 5.0) -> Heap:
        """The same with one sample for so many bytes; 524288 is what Go has by default."""
        from golifelab.run.heap.heap import heap

        return heap(self.source, self.target, rate=rate, timeout=timeout)

    @run_once
    def scheduling(self) -> Scheduling:
        """A run of it under runtime/trace: what goroutines, Ps and threads did at each moment."""
        return self.scheduled()

    def scheduled(
        self, processors: int = 0, *, async_preemption: bool = True, timeout: float = 5.0
    ) -> Scheduling:
        """The same anew, on so many Ps; without SIGURG where `async_preemption` is off."""
        from golifelab.run.scheduler.scheduling import scheduling

        return scheduling(
            self.source,
            self.target,
            processors=processors,
            async_preemption=async_preemption,
            timeout=timeout,
        )

    def goroutines(self, after: float = 0.3, *, hold: str = "") -> Goroutines:
        """Its goroutines after so many seconds, with states and stacks; or held at a function."""
        from golifelab.run.goroutines import goroutines

        return goroutines(self.source, self.target, after=after, hold=hold)

    def stack_overflow(self, function: str = "", *, limit: int = 0) -> StackOverflow:
        """The largest argument of a function whose stack fits, and what the next one does.

        `limit` in bytes is by default the runtime's own, or a small one where memory is short.
        """
        from golifelab.run.stacks.overflow import stack_overflow

        return stack_overflow(self.source, self.target, function, limit=limit)

    @cached_property
    def stack_copies(self) -> StackCopies:
        """Every move of a stack in one run."""
        from golifelab.run.stacks.copies import stack_copies

        return stack_copies(self.source, self.target)
