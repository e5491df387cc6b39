"""A lock between processes, held as a lock on a file.

The system releases it when its holder dies, however that happens: nothing stale stays behind.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_POLL_SECONDS = 0.1


@contextlib.contextmanager
def exclusive(path: Path, while_waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock of the file `path` for a block. The file is made if it is missing.

    `while_waiting` is called again and again while another holds the lock; what it raises ends the
    wait.
    """
    with path.open("a+b") as file:
        while not _try_lock(file.fileno()):
            if while_waiting is not None:
                while_waiting()
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            _unlock(file.fileno())


def _try_lock(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # Windows only
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _unlock(descriptor: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # Windows only
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_UN)
