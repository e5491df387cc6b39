"""Long work beside the edit loop: in a thread of its own, one piece at a time, the newest wins."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from golifelab.errors import GolifelabError, Superseded
from golifelab.toolchain.run import Cancellation, cancellable

_log = logging.getLogger(__name__)


class Work:
    """A place for one piece of long work.

    The edit loop's thread serves all views of a kernel; what takes seconds would keep the others
    waiting. A piece that a newer one, or `stop`, has made useless is given up at once: the tools it
    runs are killed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: tuple[threading.Thread, Cancellation] | None = None

    def start(self, job: Callable[[], None], fail: Callable[[str], None]) -> None:
        """Begin a piece of work; an earlier one ends. Does not wait.

        `fail` hears why it failed; of work that was given up it hears nothing.
        """
        cancellation = Cancellation()

        def run() -> None:
            said = ""
            try:
                with cancellable(cancellation):
                    job()
            except Superseded:
                return
            except GolifelabError as error:
                said = str(error)
            except Exception as error:  # noqa: BLE001 - the reader hears of it, where they look
                _log.exception("work beside the edit loop failed")
                said = f"{type(error).__name__}: {error}"
            if said and not cancellation.cancelled:
                fail(said)

        thread = threading.Thread(target=run, name="golifelab work", daemon=True)
        with self._lock:
            earlier, self._running = self._running, (thread, cancellation)
            thread.start()
        if earlier is not None:
            earlier[1].cancel()

    def stop(self) -> bool:
        """Give up what is under way; whether anything was."""
        with self._lock:
            running = self._running
        if running is None or not running[0].is_alive():
            return False
        running[1].cancel()
        return True

    def wait(self, timeout: float) -> bool:
        """Wait until the newest piece of work has ended; False when it has not in this time."""
        with self._lock:
            running = self._running
        if running is None:
            return True
        running[0].join(timeout)
        return not running[0].is_alive()
