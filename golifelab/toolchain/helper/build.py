"""Build the helper: Go's compiler with the files of `overlay/` added to its own packages.

`go build -overlay` takes the added files as if they lay in GOROOT; not one file of Go is copied or
changed. It happens once per Go version, some 20 to 60 seconds, in a background thread at first use;
the result serves every GOARCH. Two processes build once between them.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.run import run

State = Literal["ready", "building", "failed", "off", "absent"]
Listener = Callable[["HelperStatus"], None]

_OVERLAY = Path(__file__).parent / "overlay"
_PACKAGES = {
    "main": "cmd/compile",
    "ssa": "cmd/compile/internal/ssa",
    "syntax": "cmd/compile/internal/syntax",
}
_TIMEOUT = 900.0
_RETRY_SECONDS = 3600.0
_UNUSED_SECONDS = 7 * 24 * 3600.0
_FEATURE = "the helper (Go's compiler with observers)"
_REMEDY = "run: golifelab warm"


@dataclass(frozen=True, slots=True)
class HelperStatus:
    """How the helper of one Go version is doing.

    `state` is "absent" before anything was started; `seconds` is how long the build has run, or how
    long it took; `path` is the program when it is ready.
    """

    state: State
    seconds: float = 0.0
    message: str = ""
    path: Path | None = None


def status(target: Target | None = None) -> HelperStatus:
    """How things stand. Starts nothing."""
    if switched_off():
        return HelperStatus("off", message="GOLIFELAB_HELPER=off")
    return _builder(find_go(target.go if target else "")).status()


def start(target: Target | None = None, on_change: Listener | None = None) -> HelperStatus:
    """Begin the build in the background unless it is done, under way or known to fail.

    `on_change` is called from another thread at every change, and about once a second meanwhile.
    """
    if switched_off():
        return status(target)
    return _builder(find_go(target.go if target else "")).start(on_change)


def ready(target: Target | None = None) -> Path | None:
    """The helper, or None: then its build was begun, and the data must come another way."""
    return start(target).path


def require(target: Target | None = None) -> Path:
    """The helper; FeatureUnavailable when it is not ready at this moment."""
    now = start(target)
    if now.path is None:
        raise FeatureUnavailable(_FEATURE, now.message or now.state, remedy=_remedy(now))
    return now.path


def wait(
    target: Target | None = None, *, on_change: Listener | None = None, timeout: float = _TIMEOUT
) -> Path:
    """The helper, built now if need be, after an earlier failure too; else FeatureUnavailable."""
    if switched_off():
        return require(target)
    builder = _builder(find_go(target.go if target else ""))
    now = builder.start(on_change, again=True)
    builder.join(timeout)
    now = builder.status()
    if now.path is None:
        raise FeatureUnavailable(_FEATURE, now.message or now.state, remedy=_remedy(now))
    return now.path


def switched_off() -> bool:
    """Whether GOLIFELAB_HELPER=off asks for the fallback."""
    return os.environ.get("GOLIFELAB_HELPER", "").lower() in ("off", "0", "no")


def _remedy(now: HelperStatus) -> str:
    if now.state == "off":
        return "unset GOLIFELAB_HELPER"
    return "wait for the build to end" if now.state == "building" else _REMEDY


def overlay_files() -> dict[str, str]:
    """Path below GOROOT/src → Go source, for every file that joins the compiler."""
    return {
        f"{package}/{path.name}": path.read_text()
        for folder, package in _PACKAGES.items()
        for path in sorted((_OVERLAY / folder).glob("*.go"))
    }


def _builder(go: Go) -> _Builder:
    return _builder_at(go, cache().root)


@lru_cache(maxsize=32)
def _builder_at(go: Go, root: Path) -> _Builder:
    return _Builder(go, root)


class _Builder:
    """The build for one toolchain in one cache."""

    def __init__(self, go: Go, root: Path) -> None:
        files = overlay_files()
        key = digest(go.version, str(go.root), *(part for pair in files.items() for part in pair))
        self.go = go
        self.files = files
        self.folder = root / "helper" / f"go{go.version}-{key[:16]}"
        self.program = self.folder / ("compile.exe" if os.name == "nt" else "compile")
        self._failure = self.folder / "failure.txt"
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._listeners: list[Listener] = []
        self._begun = 0.0
        self._took = 0.0
        self._message = ""

    def status(self) -> HelperStatus:
        thread = self._thread
        if thread is not None and thread.is_alive():
            return HelperStatus("building", time.monotonic() - self._begun, self._message)
        if self.program.exists():
            return HelperStatus("ready", self._took, f"built for go{self.go.version}", self.program)
        reason = self._reason()
        if reason:
            return HelperStatus("failed", self._took, reason)
        return HelperStatus("absent", message="not built yet")

    def start(self, on_change: Listener | None = None, *, again: bool = False) -> HelperStatus:
        with self._lock:
            now = self.status()
            if now.state == "absent" or (now.state == "failed" and again):
                with contextlib.suppress(OSError):
                    self._failure.unlink(missing_ok=True)
                self._begun = time.monotonic()
                self._message = f"building the compiler of go{self.go.version} with observers"
                self._listeners = []
                self._thread = threading.Thread(target=self._build, name="helper", daemon=True)
                if on_change is not None:
                    self._listeners.append(on_change)
                self._thread.start()
                now = self.status()
            elif on_change is not None and now.state == "building":
                self._listeners.append(on_change)
        if on_change is not None:
            on_change(now)
        return now

    def join(self, timeout: float) -> None:
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _reason(self) -> str:
        """Why the last build failed, unless that is so long ago that it may go better now."""
        try:
            if time.time() - self._failure.stat().st_mtime > _RETRY_SECONDS:
                return ""
            return self._failure.read_text()
        except OSError:
            return ""

    def _build(self) -> None:
        ticker = threading.Event()
        reporter = threading.Thread(target=self._report, args=(ticker,), daemon=True)
        reporter.start()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with _exclusive(self.folder / "lock", self._waiting):
                if not self.program.exists():
                    self._compile()
        except (GolifelabError, OSError) as error:
            self._fail(str(error))
        finally:
            self._took = time.monotonic() - self._begun
            ticker.set()
            reporter.join()

    def _waiting(self) -> None:
        self._message = "another process is building it"

    def _compile(self) -> None:
        for leftover in self.folder.glob(".part-*"):
            leftover.unlink()
        sources = self.folder / "src"
        replace = {}
        for name, text in self.files.items():
            path = sources / name
            cache().write(path, text.encode())
            replace[str(self.go.root / "src" / name)] = str(path)
        overlay = cache().write(
            self.folder / "overlay.json", json.dumps({"Replace": replace}).encode()
        )
        made = self.folder / f".part-{os.getpid()}"
        # The reader's own work goes first.
        politely = ["nice", "-n", "10"] if shutil.which("nice") else []
        flags = ["-overlay", str(overlay), "-o", str(made), "-pgo=off", "-ldflags=-s -w"]
        done = run(
            [*politely, self.go.command, "build", *flags, "cmd/compile"],
            env=self.go.host_environment(),
            cwd=self.folder,
            timeout=_TIMEOUT,
        )
        if done.returncode:
            return self._fail(done.error_text.strip()[-2000:] or "go build said nothing")
        check = run([made, "-V"], env=self.go.host_environment(), timeout=30)
        if f"go{self.go.version}" not in check.text:
            return self._fail(f"it calls itself {check.text.strip()!r}")
        made.replace(self.program)
        self._forget_older()
        return None

    def _forget_older(self) -> None:
        """Remove helpers of the same Go that older sources made and nobody uses any more."""
        for folder in self.folder.parent.glob(f"go{self.go.version}-*"):
            with contextlib.suppress(OSError):
                used = max(path.stat().st_atime for path in folder.iterdir())
                if folder != self.folder and time.time() - used > _UNUSED_SECONDS:
                    shutil.rmtree(folder)

    def _fail(self, reason: str) -> None:
        reason = f"go{self.go.version} could not build it: {reason}"
        self._message = reason
        with contextlib.suppress(OSError, GolifelabError):
            cache().write(self._failure, reason.encode())

    def _report(self, finished: threading.Event) -> None:
        while not finished.wait(1.0):
            self._tell(self.status())
        if self.program.exists():
            self._tell(HelperStatus("ready", self._took, "built", self.program))
        else:
            self._tell(HelperStatus("failed", self._took, self._message))

    def _tell(self, now: HelperStatus) -> None:
        for listener in list(self._listeners):
            # A listener that fails, such as a closed widget, must not stop the build.
            with contextlib.suppress(Exception):
                listener(now)


@contextlib.contextmanager
def _exclusive(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a file lock. The system releases it when its holder dies, however that happens."""
    with path.open("a+b") as file:
        waited = False
        while not _try_lock(file.fileno()):
            if not waited:
                on_wait()
                waited = True
            time.sleep(0.1)
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
