"""Memory of a process that neither the executable nor Go's runtime explains: loader and C library.

Nothing is guessed. A library's zeroed data is in its program headers; a thread's stack is where its
registers and the runtime say; the C library marks the regions its malloc took.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from golifelab.errors import GolifelabError
from golifelab.load.hold.process import Process
from golifelab.load.memory.maps import PAGE, Mapping
from golifelab.load.moments.regions import Region, words

_LOAD = 1
_MAX_HEADERS = 64
_C_ARENA = 64 << 20  # HEAP_MAX_SIZE of glibc's malloc, at which its regions are aligned
_HEAD = range(0x20, 0x80)  # where a region's own arena begins, after its heap_info


def foreign_regions(
    process: Process, rows: Sequence[Mapping], path: str, moment: str
) -> tuple[Region, ...]:
    """What is known of anonymous mappings in a process with a dynamic loader, by address."""
    if not process.executable.interpreter:
        return ()
    found = list(_libraries(rows, path))
    found += _thread_local(process, rows)
    if moment == "schedinit":
        # The kernel's work was over at exec, and Go's runtime has not begun.
        why = "it came after exec and before Go's runtime began"
        found += [
            Region(row.start, row.end, "C heap", "mapped by the dynamic loader", why)
            for row in rows
            if _plain(row) and not any(_share(row, region) for region in found)
        ]
    elif moment != "exec":
        found += _arenas(process, rows)
        found += _stacks(process, rows)
    return tuple(sorted(found, key=lambda region: region.start))


def _plain(row: Mapping) -> bool:
    return not row.path and not row.sections and not row.name.startswith("segment")


def _share(row: Mapping, region: Region) -> bool:
    return row.start < region.end and region.start < row.end


def _libraries(rows: Sequence[Mapping], path: str) -> Iterator[Region]:
    """What each library has in memory beyond its file: zeroed data, to the end of its page."""
    first: dict[str, Mapping] = {}
    for row in rows:
        if row.file and row.path != path:
            first.setdefault(row.path, row)
    for name, row in first.items():
        short = name.rsplit("/", 1)[-1]
        for address, filed, size in _loads(Path(name)):
            start = -(-(row.start + address + filed) // PAGE) * PAGE
            end = -(-(row.start + address + size) // PAGE) * PAGE
            if start < end:
                yield Region(start, end, "library", f"zeroed data of {short}", "its segments")


def _loads(path: Path) -> list[tuple[int, int, int]]:
    """(address, bytes in the file, bytes in memory) of a 64-bit library's segments."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
            if head[:6] != b"\x7fELF\x02\x01" or len(head) < 64:
                return []
            place, size, count = (
                *struct.unpack_from("<Q", head, 32),
                *struct.unpack_from("<HH", head, 54),
            )[:3]
            if size != 56:
                return []
            file.seek(place)
            block = file.read(size * min(count, _MAX_HEADERS))
    except OSError:
        return []
    found = []
    for at in range(0, len(block) - size + 1, size):
        kind, _, _, address, _, filed, memory, _ = struct.unpack_from("<IIQQQQQQ", block, at)
        if kind == _LOAD:
            found.append((address, filed, memory))
    return found


def _thread_local(process: Process, rows: Sequence[Mapping]) -> Iterator[Region]:
    """Where the holding thread's own variables are, when the first thread holds the process."""
    try:
        place = process.registers().get("fs_base", 0)
    except GolifelabError:
        return
    row = next((row for row in rows if row.start <= place < row.end and _plain(row)), None)
    if place and row is not None and row.size <= _MAX_LOCAL:
        why = "its thread's base register (fs) points into it"
        yield Region(row.start, row.end, "C heap", "thread-local variables", why)


_MAX_LOCAL = 1 << 20


def _arenas(process: Process, rows: Sequence[Mapping]) -> Iterator[Region]:
    """Regions of the C library's malloc: each begins with where its arena is, and its size."""
    for row in rows:
        if not _plain(row) or row.start % _C_ARENA or "w" not in row.permissions:
            continue
        arena, _, size, _ = words(process, row.start, 4)
        if size == row.size and arena % _C_ARENA in _HEAD:
            why = "it begins with malloc's own note of where its arena is, and its size"
        elif not arena and not size and _reserved_as_malloc_does(rows, row):
            why = "64 MiB at a multiple of that, as malloc reserves; its note is not written yet"
        else:
            continue
        name = "malloc's memory for one thread"
        yield Region(row.start, row.start + _C_ARENA, "C heap", name, why)


def _reserved_as_malloc_does(rows: Sequence[Mapping], row: Mapping) -> bool:
    """Whether nothing but a reservation follows, up to 64 MiB."""
    after = next((r for r in rows if r.start == row.end and r.permissions[:3] == "---"), None)
    return after is not None and after.end >= row.start + _C_ARENA


def _stacks(process: Process, rows: Sequence[Mapping]) -> Iterator[Region]:
    """Threads' stacks that the C library made, and the guard below each."""
    for thread, pointer in _stack_pointers(process.pid):
        row = next((r for r in rows if r.start <= pointer < r.end and _plain(r)), None)
        if row is None:
            continue
        name = f"stack of thread {thread}"
        why = "its thread's stack pointer is in it"
        yield Region(row.start, row.end, "thread stack", name, why)
        below = next((r for r in rows if r.end == row.start and r.permissions[:3] == "---"), None)
        if below is not None:
            yield Region(below.start, below.end, "guard", f"guard below the {name}", "it is next")


def _stack_pointers(pid: int) -> Iterator[tuple[int, int]]:
    """(its number, counted from 1 in the order of their start, stack pointer) of each thread.

    /proc/PID/task/TID/syscall ends with the stack pointer and the place in the code, unless the
    thread runs.
    """
    folder = Path(f"/proc/{pid}/task")
    try:
        tasks = sorted(int(task.name) for task in folder.iterdir())
    except OSError:
        return
    for number, task in enumerate(tasks, 1):
        try:
            parts = (folder / str(task) / "syscall").read_text("ascii").split()
            yield number, int(parts[-2], 16)
        except (OSError, ValueError, IndexError):
            continue
