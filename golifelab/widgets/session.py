"""The edit loop's side in the kernel: one worker thread, the latest edit wins.

Messages of the front end arrive on whatever thread the kernel likes: a subshell's, or the main
thread behind a running cell. So nothing is computed where a message arrives. It leaves a note of
what is wanted now, and one thread of our own works on it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from golifelab.errors import GolifelabError, Superseded
from golifelab.position import Position
from golifelab.toolchain.run import Cancellation, cancellable

Picture = Mapping[str, Any]
# The names and texts of a program's files, the one that is edited first.
Texts = tuple[tuple[str, str], ...]
Pictures = Callable[[Texts, Position], Iterable[Picture]]
Show = Callable[[Picture, "Wanted"], None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a session was last asked for: the texts, the number of the edit, the position."""

    source: Texts
    seq: int
    position: Position


class Session:
    """Computes the pictures of the latest edit, and shows each as it comes.

    `pictures(source, position)` gives them, the poorest first. It runs in the worker thread, and
    the tools it starts are killed when a newer text arrives. `show(picture, wanted)` is called from
    the worker thread too. `fail(message)` hears of failures that are not the program's; an empty
    message takes the last one back.
    """

    _waiting: ClassVar[queue.SimpleQueue[Session]] = queue.SimpleQueue()
    _starting: ClassVar[threading.Lock] = threading.Lock()
    _worker: ClassVar[threading.Thread | None] = None

    def __init__(self, pictures: Pictures, show: Show, fail: Callable[[str], None]) -> None:
        self._pictures, self._show, self._fail = pictures, show, fail
        self._changed = threading.Condition()
        self._wanted: Wanted | None = None
        self._done: Wanted | None = None
        self._running: tuple[Wanted, Cancellation] | None = None
        self._queued = False
        self._outdated = False
        self._shown = 0

    def ask(self, source: Texts, seq: int, position: Position) -> None:
        """Want this now. Returns at once, on any thread."""
        wanted = Wanted(source, seq, position)
        with self._changed:
            if wanted == self._wanted:
                return
            self._wanted = wanted
            if self._running is not None and self._running[0].source != source:
                # A new position alone lets the tools finish: what they make will be used.
                self._running[1].cancel()
            if not self._queued:
                self._queued = True
                self._waiting.put(self)
        self._ensure_worker()

    def again(self) -> None:
        """Compute what is wanted once more: what it is computed with has changed."""
        with self._changed:
            self._outdated = True
            self._done = None
            if not self._queued:
                self._queued = True
                self._waiting.put(self)
        self._ensure_worker()

    def wait(self, timeout: float = 60.0, *, pictures: int = 0) -> bool:
        """Wait until all that was asked for is shown, or the first `pictures` of it."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while self._done != self._wanted and not 0 < pictures <= self._shown:
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    return False
        return True

    @property
    def working_on(self) -> Wanted | None:
        """What is computed just now; None between two questions."""
        running = self._running
        return running[0] if running else None

    def _superseded(self, wanted: Wanted) -> bool:
        return self._wanted != wanted

    def work(self) -> None:
        """Compute what is wanted now. For the worker thread only."""
        cancellation = Cancellation()
        with self._changed:
            self._queued = False
            wanted = self._wanted
            if wanted is None or (wanted == self._done and not self._outdated):
                return
            self._outdated = False
            self._running = (wanted, cancellation)
            self._shown = 0
        try:
            with cancellable(cancellation):
                for picture in self._pictures(wanted.source, wanted.position):
                    if self._superseded(wanted):
                        break
                    self._show(picture, wanted)
                    with self._changed:
                        self._shown += 1
                        self._changed.notify_all()
            self._fail("")
        except Superseded:
            pass
        except GolifelabError as error:
            self._fail(str(error))
        except Exception as error:  # noqa: BLE001 - the reader's next edit needs this thread
            _log.exception("the edit loop failed")
            self._fail(f"{type(error).__name__}: {error}")
        finally:
            with self._changed:
                self._running = None
                self._done = None if self._outdated else wanted
                self._changed.notify_all()

    @classmethod
    def _ensure_worker(cls) -> None:
        with cls._starting:
            if cls._worker is None or not cls._worker.is_alive():
                cls._worker = threading.Thread(target=cls._serve, name="golifelab", daemon=True)
                cls._worker.start()

    @classmethod
    def _serve(cls) -> None:
        while True:
            cls._waiting.get().work()
