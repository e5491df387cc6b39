"""The files that a program opens, and whom it calls: by strace, or by our own tracing."""

from __future__ import annotations

import errno
import re
import shlex
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.load.hold import ptrace as pt
from golifelab.load.hold.process import OutputFile
from golifelab.load.hold.tracer import PtraceRefused, Tracer
from golifelab.load.syscalls.call import SystemCall
from golifelab.load.syscalls.strace import parse_strace, strace_path
from golifelab.stage import Stage
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    import pandas as pd

How = Literal["", "strace", "ptrace"]
_TIMEOUT = 20.0
_LONGEST = 4096  # PATH_MAX
_PAGE = 4096
_NAMES = ("openat", "open", "connect")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_UNIX = re.compile(r'sun_path=@?"((?:[^"\\]|\\.)*)"')
_INTERNET = re.compile(r'htons\((\d+)\).*?"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was opened, or an address that was called, in the order of the calls.

    `call` is "open" or "connect". `error` is the name of what went wrong ("ENOENT"), "" for
    success. A socket's `path` is its file, or "10.0.0.1:53".
    """

    call: str
    path: str
    error: str = ""
    thread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesOpened(Stage):
    """What one run of a program opened; with what it printed, both streams, as text."""

    rows: tuple[Opened, ...]
    how: How
    returncode: int
    stdout: str = ""
    stderr: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that could be opened, each once, in order."""
        good = (row.path for row in self.rows if row.call == "open" and not row.error)
        return tuple(dict.fromkeys(good))

    def frame(self) -> pd.DataFrame:
        """One row a call."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """The calls, and what was printed."""
        return self.header() | {
            "how": self.how,
            "opened": [asdict(row) for row in self.rows],
            "returncode": self.returncode,
            "stdout": self.stdout,
            "stderr": self.stderr,
        }


def files_opened(
    path: str | Path,
    argv: Sequence[str] = (),
    *,
    environment: Mapping[str, str] | None = None,
    tier: How = "",
    timeout: float = _TIMEOUT,
) -> FilesOpened:
    """Run a program to its end and watch what it opens.

    `tier` is "strace", "ptrace" (our own tracing), or "" for the first of them that works here.
    FeatureUnavailable where neither does, LimitExceeded when the program takes too long.
    """
    settings = dict(environment or {})
    words = [str(path), *argv]
    if tier != "ptrace":
        try:
            return _by_strace(words, settings, timeout)
        except FeatureUnavailable:
            if tier == "strace":
                raise
    return _by_ptrace(words, settings, timeout)


def _by_strace(words: list[str], settings: Mapping[str, str], timeout: float) -> FilesOpened:
    asked = ["-f", "-qq", "-e", f"trace={','.join(_NAMES)}"]
    with scratch() as directory:
        log = directory / "calls"
        done = run(
            [strace_path(), *asked, "-o", str(log), *words], env=dict(settings), timeout=timeout
        )
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return FilesOpened(
        rows=tuple(_opened(call) for call in parse_strace(text) if call.name in _NAMES),
        how="strace",
        returncode=done.returncode,
        stdout=done.stdout.decode("utf-8", "replace"),
        stderr=done.stderr.decode("utf-8", "replace"),
        command=_shown(["strace", *asked, *words], settings),
        seconds=done.seconds,
        tier="tool",
        precision="line",
    )


def _opened(call: SystemCall) -> Opened:
    if call.name != "connect":
        found = _QUOTED.search(call.arguments)
        return Opened("open", found[1] if found else "", call.error, call.thread)
    unix, internet = _UNIX.search(call.arguments), _INTERNET.search(call.arguments)
    where = unix[1] if unix else f"{internet[2]}:{internet[1]}" if internet else call.arguments
    return Opened("connect", where, call.error, call.thread)


def _by_ptrace(words: list[str], settings: Mapping[str, str], timeout: float) -> FilesOpened:
    tracer, streams = Tracer(), (OutputFile(), OutputFile())
    watcher = _Watcher(tracer)
    path = Path(words[0]).resolve()
    out, err = (one.file for one in streams)
    try:
        tracer.call(lambda: tracer.start(path, words, settings, out, err), timeout)
        for one in streams:
            one.limit(tracer.pid)
        code = tracer.call(lambda: tracer.run_watching(watcher.look), timeout)
        texts = [one.text() for one in streams]
    except PtraceRefused as error:
        raise FeatureUnavailable(
            "seeing which files a program opens", error.reason, remedy=error.remedy
        ) from error
    except OSError as error:
        raise GolifelabError(f"the process cannot be traced: {error.strerror}") from error
    finally:
        tracer.close()
        for one in streams:
            one.close()
    shown = ["strace", "-f", "-e", f"trace={','.join(_NAMES)}", *words]
    return FilesOpened(
        rows=tuple(watcher.rows),
        how="ptrace",
        returncode=code,
        stdout=texts[0],
        stderr=texts[1],
        command=_shown(shown, settings),
        tier="tool",
        precision="line",
    )


def _shown(words: Sequence[str], settings: Mapping[str, str]) -> str:
    pairs = [f"{name}={shlex.quote(value)}" for name, value in settings.items()]
    return " ".join([*pairs, shlex.join(words)])


class _Watcher:
    """Collects the calls of interest from the stops of a traced process."""

    def __init__(self, tracer: Tracer) -> None:
        self.rows: list[Opened] = []
        self._tracer = tracer
        self._entered: dict[int, tuple[str, str]] = {}

    def look(self, thread: int) -> None:
        entry, number, arguments = pt.call_stop(thread)
        if entry:
            asked = self._asked(number, arguments)
            if asked is not None:
                self._entered[thread] = asked
            return
        asked = self._entered.pop(thread, None)
        if asked is not None:
            error = errno.errorcode.get(-number, str(-number)) if number < 0 else ""
            self.rows.append(Opened(*asked, error, thread))

    def _asked(self, number: int, arguments: tuple[int, ...]) -> tuple[str, str] | None:
        """The call and the path or address it is about; None for a call that is not of interest."""
        known = self._tracer.architecture
        if number == known.openat:
            return "open", self._text(arguments[1])
        if number == known.connect:
            return "connect", address_text(self._bytes(arguments[1], min(arguments[2], 128)))
        return None

    def _text(self, address: int) -> str:
        found = b""
        while b"\0" not in found and len(found) < _LONGEST:
            # Not over the end of a page: the next one may not be there.
            piece = self._bytes(address, _PAGE - address % _PAGE)
            if not piece:
                break
            found, address = found + piece, address + len(piece)
        return found.partition(b"\0")[0].decode("utf-8", "replace")

    def _bytes(self, address: int, count: int) -> bytes:
        try:
            return self._tracer.read(address, count)
        except OSError:  # the program gave an address that is none
            return b""


def address_text(raw: bytes) -> str:
    """What a struct sockaddr says: a file's path, or an address with its port."""
    family = int.from_bytes(raw[:2], "little")
    try:
        if family == socket.AF_UNIX:
            return raw[2:].lstrip(b"\0").partition(b"\0")[0].decode("utf-8", "replace")
        if family == socket.AF_INET:
            (port,) = struct.unpack_from(">H", raw, 2)
            return f"{socket.inet_ntop(socket.AF_INET, raw[4:8])}:{port}"
        if family == socket.AF_INET6:
            (port,) = struct.unpack_from(">H", raw, 2)
            return f"{socket.inet_ntop(socket.AF_INET6, raw[8:24])}:{port}"
    except (ValueError, struct.error):
        return "an address that is cut short"
    return f"an address of family {family}"
