"""The next compiler, started before it is wanted.

To start takes a compiler about as long as to compile a small function. While a reader thinks, one
is started with all that it needs but the text: where its source file should be is a link to its
standard input, and there it waits. It ends with this process, for then its input ends.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from golifelab.errors import GolifelabError
from golifelab.source import Source
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.run import kill_group, spawn

# Calls for which one waits: a lab with two panes makes two.
_MOST = 2
# Seconds after a run: what it made is looked at and painted first.
_REST = 0.2
# Seconds that a compiler waits at most: a reader who is away needs none.
_LONGEST = 300.0
_INPUT = Path("/dev/stdin")

# How to call the compiler in a folder: its words, and its environment.
Call = Callable[[Path], tuple[Sequence[str], Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Started:
    """A compiler that waits for its source in a folder of its own."""

    child: subprocess.Popen[bytes]
    directory: Path
    _folder: ExitStack

    def close(self) -> None:
        """End the compiler, and remove its folder."""
        kill_group(self.child)
        for stream in (self.child.stdin, self.child.stdout, self.child.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._folder.close()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to start: a call, and the name of its source file."""

    call: Call
    name: str


class Ahead:
    """Compilers that wait: one for each of the last few calls, which mostly come again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: dict[object, _Wanted] = {}
        self._waiting: dict[object, Started] = {}
        self._owner = os.getpid()
        self._timer: threading.Timer | None = None

    @contextlib.contextmanager
    def taken(self, call: Call, source: Source) -> Iterator[Started | None]:
        """The compiler that waits for this very call, or None; afterwards the next one is started.

        Whoever takes it gives it the text of the source's only file as its input.
        """
        key = _key(call, source)
        begun = self._take(key)
        try:
            yield begun
        finally:
            if begun is not None:
                begun.close()
            if key is not None:
                self._want(key, _Wanted(call, source.names[0]))

    def close(self) -> None:
        """End the compilers that wait, and start none."""
        with self._lock:
            self._rest(None)
            self._wanted.clear()
            waiting, self._waiting = self._waiting, {}
        # Those of a process that was forked are its parent's.
        for begun in waiting.values() if self._owner == os.getpid() else ():
            begun.close()

    def _take(self, key: object) -> Started | None:
        with self._lock:
            self._rest(None)
            begun = self._waiting.pop(key, None) if self._owner == os.getpid() else None
        if begun is None or begun.child.poll() is None:
            return begun
        begun.close()
        return None

    def _want(self, key: object, wanted: _Wanted) -> None:
        with self._lock:
            self._wanted.pop(key, None)
            self._wanted[key] = wanted
            old = list(self._wanted)[:-_MOST]
            gone = [self._waiting.pop(one) for one in old if one in self._waiting]
            for one in old:
                del self._wanted[one]
            self._rest(self._start, _REST)
        for begun in gone:
            begun.close()

    def _rest(self, then: Callable[[], None] | None, seconds: float = 0.0) -> None:
        """Do something after a while, unless something else is to be done first."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(seconds, then) if then else None
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()

    def _start(self) -> None:
        with self._lock:
            missing = {key: at for key, at in self._wanted.items() if key not in self._waiting}
        for key, wanted in missing.items():
            # No text, no error to tell: whoever needs a compiler starts one, and hears it then.
            with contextlib.suppress(GolifelabError, OSError), ExitStack() as stack:
                directory = stack.enter_context(scratch())
                (directory / wanted.name).symlink_to(_INPUT)
                words, environment = wanted.call(directory)
                child = spawn(words, env=environment, cwd=directory, stdin=subprocess.PIPE)
                begun = Started(child, directory, stack.pop_all())
                with self._lock:
                    kept = self._waiting.setdefault(key, begun) if key in self._wanted else None
                if kept is not begun:
                    begun.close()
        with self._lock:
            self._rest(self.close, _LONGEST)


def _key(call: Call, source: Source) -> object:
    """What two calls have in common that one compiler can serve; None where none can wait."""
    name = source.names[0]
    if len(source.files) != 1 or Path(name).name != name or not _INPUT.exists():
        return None
    words, environment = call(Path("{dir}"))
    return source.names, tuple(words), tuple(sorted(environment.items()))


ahead = Ahead()
atexit.register(ahead.close)
