"""The lives of file descriptors in a list of system calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from golifelab.load.syscalls.call import SystemCall

_MAKE = ("openat", "open", "eventfd2", "epoll_create1", "socket", "timerfd_create", "memfd_create")
_STANDARD = ("standard input", "standard output", "standard error")
_USERS = frozenset(
    (
        *("read", "write", "pread64", "pwrite64", "fcntl", "newfstatat", "fstat", "fstatfs"),
        *("lseek", "epoll_ctl", "epoll_pwait", "ioctl", "connect", "getdents64", "mmap"),
    )
)
# What opens something that is no file, in words.
_NO_FILES = {
    "eventfd2": "an event counter",
    "epoll_create1": "a set of descriptors to wait for",
    "socket": "a socket",
}
_MMAP_FILE = 4


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A file descriptor from its opening to its closing.

    `opened` and `closed` are the numbers of those calls in the list; `opened` is -1 for one that
    the process began with, `closed` None for one that stayed open. `calls` are those in between
    that used it, `maps` those of them that made memory of it.
    """

    number: int
    path: str
    opened: int
    closed: int | None = None
    calls: tuple[int, ...] = ()
    maps: tuple[int, ...] = ()


def descriptors(rows: Iterable[SystemCall]) -> tuple[Descriptor, ...]:
    """The descriptors, in the order they were opened; the standard ones only if they were used."""
    alive = {number: Descriptor(number, name, -1) for number, name in enumerate(_STANDARD)}
    done: list[Descriptor] = []
    for at, row in enumerate(rows):
        if row.name in _MAKE and row.result is not None and row.result >= 0:
            alive[row.result] = Descriptor(row.result, opened_path(row), at)
        elif row.name == "close" and not row.error:
            known = alive.pop(row.number(0), None)
            if known is not None:
                done.append(replace(known, closed=at))
        elif row.name in _USERS:
            number = row.number(_MMAP_FILE if row.name == "mmap" else 0)
            known = alive.get(number)
            if known is not None:
                maps = (*known.maps, at) if row.name == "mmap" else known.maps
                alive[number] = replace(known, calls=(*known.calls, at), maps=maps)
    found = [*done, *alive.values()]
    return tuple(sorted((one for one in found if one.opened >= 0 or one.calls), key=_order))


def opened_path(row: SystemCall) -> str:
    """What a call opens: a path, or in words what is no file."""
    if row.name in ("openat", "open"):
        return row.text(0 if row.name == "open" else 1)
    return _NO_FILES.get(row.name, row.name)


def _order(one: Descriptor) -> tuple[int, int]:
    return one.opened, one.number
