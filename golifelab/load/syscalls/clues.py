"""What a list of system calls tells about the program that made them.

Each clue is looked for in the calls alone. None of them needs the program: it is how anybody tells
what it was from a trace that was left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from golifelab.load.syscalls.call import SystemCall
from golifelab.load.syscalls.stage import SystemCalls

_MMAP_FILE = 4
_BIG = 256 << 20
_MANY_HANDLERS = 30


@dataclass(frozen=True, slots=True)
class Clue:
    """Something that a trace has or has not. `rows` are the numbers of the calls that show it.

    `has` says it of a trace that has it, `hasnot` of one that has not, `means` what follows from
    it where it is there, `without` where it is not.
    """

    name: str
    found: bool
    rows: tuple[int, ...]
    has: str
    hasnot: str
    means: str
    without: str

    @property
    def says(self) -> str:
        """What is seen."""
        return self.has if self.found else self.hasnot

    @property
    def therefore(self) -> str:
        """What follows."""
        return self.means if self.found else self.without


Test = Callable[[SystemCall], bool]


def clues(calls: SystemCalls) -> tuple[Clue, ...]:
    """All clues in their order: the strongest last."""
    return tuple(
        Clue(name, bool(rows), rows, *words)
        for name, test, words in _CLUES
        for rows in [_matching(calls.rows, test)]
    )


def kind_of(found: Iterable[Clue]) -> str:
    """Which kind of program the clues tell of, by their names alone."""
    there = {clue.name for clue in found if clue.found}
    if "runtime" not in there:
        return "c"
    if "library" in there:
        return "dynamic"
    if "loader" in there:
        return "pie"
    return "static-c" if "break" in there else "static"


def _matching(rows: Iterable[SystemCall], test: Test) -> tuple[int, ...]:
    return tuple(at for at, row in enumerate(rows) if test(row))


def _loader(row: SystemCall) -> bool:
    return row.text(0).startswith("/etc/ld.so") or row.text(1).startswith("/etc/ld.so")


def _library(row: SystemCall) -> bool:
    return row.name == "openat" and ".so." in row.text(1) and "/etc/" not in row.text(1)


def _file(row: SystemCall) -> bool:
    return row.name == "mmap" and row.number(_MMAP_FILE) >= 0


def _reserve(row: SystemCall) -> bool:
    big = row.name == "mmap" and row.number(1) >= _BIG
    return big and "PROT_NONE" in row.words and "MAP_NORESERVE" not in row.flags


def _handlers(row: SystemCall) -> bool:
    return row.name == "rt_sigaction" and "sa_handler=0x" in row.arguments


def _huge(row: SystemCall) -> bool:
    return "transparent_hugepage" in row.text(1)


def _own_thread(row: SystemCall) -> bool:
    return row.name == "clone" and "CLONE_THREAD" in row.flags


def _library_thread(row: SystemCall) -> bool:
    return row.name == "clone3" or (row.name == "mmap" and "MAP_STACK" in row.flags)


def _read_only(row: SystemCall) -> bool:
    return row.name == "mprotect" and row.words[2:] == ("PROT_READ",)


# A clue's name, what shows it, and what is said: when it is there, when not, and what follows.
_CLUES: tuple[tuple[str, Test, tuple[str, str, str, str]], ...] = (
    (
        "runtime",
        _reserve,
        (
            "it reserves hundreds of megabytes of addresses that nobody may touch (PROT_NONE)",
            "it never reserves a great range of addresses",
            "that is Go's runtime: the index of its heap is laid out for all addresses there are",
            "no Go runtime is at work",
        ),
    ),
    (
        "handlers",
        _handlers,
        (
            "it installs a handler for nearly every signal there is",
            "it installs no handler for any signal",
            "Go's runtime does so, to turn faults into panics and to preempt goroutines",
            "a Go program would have asked for dozens",
        ),
    ),
    (
        "huge pages",
        _huge,
        (
            "it asks how large the kernel's huge pages are",
            "it does not ask for the size of huge pages",
            "Go's osinit does, before anything else is set up",
            "nothing of Go's osinit is here",
        ),
    ),
    (
        "loader",
        _loader,
        (
            "somebody looks for /etc/ld.so.preload or ld.so.cache",
            "nobody looks for /etc/ld.so.preload",
            "a dynamic loader ran first: the file names one, as PT_INTERP",
            "the kernel entered the program itself: the file names no loader",
        ),
    ),
    (
        "file maps",
        _file,
        (
            "memory is made of a file that was opened: mmap with a descriptor",
            "every mmap has the descriptor -1: no file is mapped",
            "a library is put in its place, segment by segment",
            "execve had mapped all there is of the program, and no library came",
        ),
    ),
    (
        "library",
        _library,
        (
            "a shared library is opened",
            "no shared library is opened",
            "the file needs that library (DT_NEEDED)",
            "the file needs none",
        ),
    ),
    (
        "read-only",
        _read_only,
        (
            "mprotect takes the permission to write from memory that had it",
            "mprotect never makes anything read-only",
            "whoever relocated it has done so: a loader, or a C library's own start",
            "there was nothing to relocate",
        ),
    ),
    (
        "break",
        lambda row: row.name == "brk" and row.number(0) > 0,
        (
            "the end of the data segment is moved with brk",
            "brk moves nothing",
            "that is malloc of a C library, whether it was loaded or is inside the file",
            "no C library allocates here: Go gets all of its memory by mmap",
        ),
    ),
    (
        "library's threads",
        _library_thread,
        (
            "threads come from clone3, on stacks of eight megabytes with a guard (MAP_STACK)",
            "no thread is made by clone3",
            "a C library's pthread_create makes them, as Go does when C is in the program",
            "no C library makes threads",
        ),
    ),
    (
        "own threads",
        _own_thread,
        (
            "threads come from clone with a stack inside Go's heap",
            "no thread is made by clone",
            "Go's runtime makes them itself: there is no C in the program",
            "somebody else makes them, or there is one thread only",
        ),
    ),
)
