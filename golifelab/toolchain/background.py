"""Build a program once, in a background thread, for all kernels that share the cache.

Progress is told about once a second. Two processes build once between them, a build can be
cancelled, a failed one is remembered for a while and says why, and what a killed one left is swept
away by the next. The program appears under its name when it is whole, or not at all.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from golifelab.errors import FeatureUnavailable, GolifelabError, Superseded
from golifelab.toolchain.cache import cache
from golifelab.toolchain.lock import exclusive
from golifelab.toolchain.run import Cancellation, cancellable

State = Literal["ready", "building", "failed", "off", "absent"]
Listener = Callable[["BuildStatus"], None]

TIMEOUT = 900.0
_RETRY_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class BuildStatus:
    """How a build is doing.

    `state` is "absent" before anything was started and after a build was cancelled, "off" where the
    reader wants none; `seconds` is how long the build has run, or how long it took; `path` is the
    program when it is ready.
    """

    state: State
    seconds: float = 0.0
    message: str = ""
    path: Path | None = None


class BackgroundBuild:
    """The build of one program at one place in the cache.

    `program` is where it will stand, in a folder of its own. `make` is given another path in that
    folder, writes the program there and raises GolifelabError when it can't. `what` names the
    program ("the compiler of go1.27.3 with observers"), `feature` what a reader misses without it,
    `remedy` what to try after a failure. A heavy build waits until no other heavy one runs.
    """

    def __init__(
        self,
        program: Path,
        make: Callable[[Path], None],
        *,
        what: str,
        feature: str,
        remedy: str,
        heavy: bool = True,
    ) -> None:
        self.program = program
        self.folder = program.parent
        self._make = make
        self._what = what
        self._feature = feature
        self._remedy = remedy
        self._heavy = heavy
        self._failure = self.folder / "failure.txt"
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._cancellation = Cancellation()
        self._listeners: list[Listener] = []
        self._running = False
        self._begun = 0.0
        self._took = 0.0
        self._message = ""
        self._unwritten = ""

    def status(self) -> BuildStatus:
        """How things stand. Starts nothing."""
        if self._running:
            return BuildStatus("building", time.monotonic() - self._begun, self._message)
        return self._ended()

    def start(self, on_change: Listener | None = None, *, again: bool = False) -> BuildStatus:
        """Begin unless it is done, under way or known to fail; with `again` after a failure too.

        `on_change` is called from another thread at every change, and about once a second
        meanwhile.
        """
        with self._lock:
            now = self.status()
            if now.state == "absent" or (now.state == "failed" and again):
                with contextlib.suppress(OSError):
                    self._failure.unlink(missing_ok=True)
                self._running = True
                self._begun = time.monotonic()
                self._message = f"building {self._what}"
                self._unwritten = ""
                self._listeners = []
                self._cancellation = Cancellation()
                self._thread = threading.Thread(target=self._build, name="build", daemon=True)
                if on_change is not None:
                    self._listeners.append(on_change)
                self._thread.start()
                now = self.status()
            elif on_change is not None and now.state == "building":
                self._listeners.append(on_change)
        if on_change is not None:
            on_change(now)
        return now

    def require(self) -> Path:
        """The program; FeatureUnavailable when it is not ready at this moment. Begins the build."""
        return self._path(self.start())

    def wait(self, *, on_change: Listener | None = None, timeout: float = TIMEOUT) -> Path:
        """The program, built now if need be, after an earlier failure too; else an error."""
        self.start(on_change, again=True)
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return self._path(self.status())

    def cancel(self) -> None:
        """Stop a running build and wait for its end. It may be started again."""
        thread = self._thread
        self._cancellation.cancel()
        if thread is not None:
            thread.join(TIMEOUT)

    def _path(self, now: BuildStatus) -> Path:
        if now.path is None:
            remedy = "wait for the build to end" if now.state == "building" else self._remedy
            raise FeatureUnavailable(self._feature, now.message or now.state, remedy=remedy)
        return now.path

    def _ended(self) -> BuildStatus:
        if self.program.exists():
            return BuildStatus("ready", self._took, f"built {self._what}", self.program)
        reason = self._reason()
        if reason:
            return BuildStatus("failed", self._took, reason)
        return BuildStatus("absent", message="not built yet")

    def _reason(self) -> str:
        """Why the last build failed, unless that is so long ago that it may go better now."""
        try:
            if time.time() - self._failure.stat().st_mtime > _RETRY_SECONDS:
                return ""
            return self._failure.read_text()
        except OSError:
            return self._unwritten

    def _build(self) -> None:
        finished = threading.Event()
        reporter = threading.Thread(target=self._report, args=(finished,), daemon=True)
        reporter.start()
        # The compiler under way would outlive this process.
        cancel = self._cancellation.cancel
        atexit.register(cancel)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with cancellable(self._cancellation):
                self._build_once()
        except Superseded:
            self._message = "the build was stopped"
        except (GolifelabError, OSError) as error:
            self._fail(str(error))
        finally:
            atexit.unregister(cancel)
            self._took = time.monotonic() - self._begun
            # Before the end is told: who hears of it may ask how things stand.
            self._running = False
            finished.set()
            reporter.join()

    def _build_once(self) -> None:
        with exclusive(self.folder / "lock", self._waiting("another process is building it")):
            if self.program.exists():
                return
            with contextlib.ExitStack() as stack:
                if self._heavy:
                    turn = cache().root / "building.lock"
                    waiting = self._waiting("waiting for another build to end")
                    stack.enter_context(exclusive(turn, waiting))
                self._message = f"building {self._what}"
                for leftover in self.folder.glob(".part-*"):
                    leftover.unlink()
                made = self.folder / f".part-{os.getpid()}"
                self._make(made)
                made.replace(self.program)

    def _waiting(self, message: str) -> Callable[[], None]:
        def wait() -> None:
            self._message = message
            if self._cancellation.cancelled:
                raise Superseded

        return wait

    def _fail(self, reason: str) -> None:
        self._message = reason
        try:
            cache().write(self._failure, reason.encode(errors="replace"))
        except GolifelabError:  # on a full disk, say
            self._unwritten = reason

    def _report(self, finished: threading.Event) -> None:
        while not finished.wait(1.0):
            self._tell(self.status())
        self._tell(self._ended())

    def _tell(self, now: BuildStatus) -> None:
        for listener in list(self._listeners):
            # A listener that fails, such as a closed widget, must not stop the build.
            with contextlib.suppress(Exception):
                listener(now)


def forget_unused(folder: Path, pattern: str, *, seconds: float, keep: int = 0) -> None:
    """Remove the folders beside `folder` that match and that nobody used for `seconds`.

    The `keep` most lately used ones stay in any case, and so does `folder`.
    """
    others: list[tuple[float, Path]] = []
    for other in folder.parent.glob(pattern):
        with contextlib.suppress(OSError):
            times = [(path.stat().st_atime, path.stat().st_mtime) for path in other.iterdir()]
            used = max(map(max, times), default=0.0)
            if other != folder:
                others.append((used, other))
    for used, other in sorted(others, reverse=True)[keep:]:
        if time.time() - used > seconds:
            shutil.rmtree(other, ignore_errors=True)
