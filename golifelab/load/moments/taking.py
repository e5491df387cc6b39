"""Take the four moments of a live process: hold it at each, by what this machine allows."""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded, PatchFailed
from golifelab.link.executable import Executable, link
from golifelab.load.hold.noticed import NoticedProcess
from golifelab.load.hold.overlay.process import OverlaidProcess
from golifelab.load.hold.process import Process
from golifelab.load.hold.start import CALM, runs_here, start
from golifelab.load.moments.looking import moment, running, structures_of
from golifelab.load.moments.plain import moments_from
from golifelab.load.moments.stage import MOMENTS, Moment, Moments
from golifelab.load.recorded.envelope import recorded
from golifelab.load.runtime.structures import Structures
from golifelab.source import Source
from golifelab.target import Target

Tier = Literal["auto", "ptrace", "loop", "overlay", "pipe", "recording"]
_Way = Callable[
    [Executable, tuple[str, ...], Mapping[str, str], float], Iterator[Moment]
]  # what gives the moments: of what, with which arguments and environment, how patient
RECORDING = "moments-hello"
# Where each moment is, as a function: just before its first instruction.
_PLACES = {"schedinit": "runtime.schedinit", "main.main": "main.main", "exit": "runtime.exit"}
# The mappings at each of them but exit, where gdb would have to be told of a system call.
_COMMAND = "gdb -batch -ex starti -ex 'info proc mappings'" + "".join(
    f" -ex 'break {place}' -ex continue -ex 'info proc mappings'"
    for place in ("runtime.schedinit", "main.main")
)
_OTHER = "exec is of another process of the same program"
_COPIES = "pages of its code are private copies where it was held: what held it was written there"
_NO_OTHERS = (
    "where its memory may not be written, a program is held there only by a changed runtime"
)


def moments_of(
    executable: Executable,
    *,
    changed: Callable[[], Executable] | None = None,
    tier: Tier = "auto",
    argv: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    patience: float = 2.0,
) -> Moments:
    """The four moments of an executable's process.

    They are taken by ptrace; where that is refused, by what is written into its code. Where that is
    refused, too, by the same program with a changed runtime, which `changed` gives; without that
    two of them only: exec, where a signal of the kernel stops it, and its first write, to a pipe
    that is full. Where nothing can be held, they are a recording
    of another program. `patience` is how many seconds it may take from one moment to the next: of a
    program that goes on for longer, the last moment shows it while it runs, and it is ended.
    FeatureUnavailable when `tier` demands what is not possible.
    """
    settings = CALM if environment is None else environment
    for by in ("ptrace", "loop", "overlay", "pipe"):
        if tier not in ("auto", by) or (by == "overlay" and changed is None):
            continue
        try:
            runs_here(executable)
            used = changed() if by == "overlay" and changed is not None else executable
            return _taken(used, by, tuple(argv), settings, patience)
        except (FeatureUnavailable, PatchFailed):
            if tier != "auto":
                raise
    if tier not in ("auto", "recording"):
        raise FeatureUnavailable("moments by a changed runtime", "nobody gave a changed program")
    return recorded_moments()


def held_anywhere(executable: Executable) -> bool:
    """Whether a process of an executable can be held at any place: it is tried, for an instant."""
    try:
        start(executable, hold=_PLACES["schedinit"], tier="exact").close()
    except FeatureUnavailable:
        return False
    return True


def recording_of(source: Source, target: Target) -> dict[str, Any]:
    """What a recording holds of a program's moments. Needs ptrace."""
    found = moments_of(link(source, target), tier="ptrace").to_json()
    kept = {name: found[name] for name in ("how", "program", "notes", "moments")}
    return {"command": "cat /proc/PID/maps /proc/PID/smaps", **kept}


def recorded_moments() -> Moments:
    """The four moments of a program that prints hello, as they were once."""
    known = recorded(RECORDING)
    return moments_from(known.content, known.recording)


def _taken(
    executable: Executable,
    by: str,
    argv: tuple[str, ...],
    environment: Mapping[str, str],
    patience: float,
) -> Moments:
    """The moments by one way to hold, and a word about each that could not be had."""
    started = time.monotonic()
    ways: dict[str, _Way] = {
        "ptrace": partial(_held, "ptrace"),
        "loop": partial(_held, "loop"),
        "overlay": _overlaid,
        "pipe": _piped,
    }
    found: list[Moment] = []
    notes: list[str] = []
    interrupted = False
    try:
        found.extend(ways[by](executable, argv, environment, patience))
    except KeyboardInterrupt:
        if not found:
            raise
        interrupted = True
        notes.append("it was interrupted")
    except FeatureUnavailable:
        if not found:
            raise
    except GolifelabError as error:
        if not found:
            raise
        notes.append(str(error.message))
    names = {one.name for one in found}
    missing = ", ".join(name for name in MOMENTS if name not in names)
    if by == "loop":
        notes.append(_COPIES)
    elif by == "overlay" and "exec" in names:
        notes.append(_OTHER)
    elif by == "pipe":
        notes.append(f"no {missing}: {_NO_OTHERS}")
    words = shlex.join([str(executable.path), *argv])
    return Moments(
        moments=tuple(found),
        how=by,
        program=executable.name,
        notes=tuple(notes),
        executable=executable,
        command=f"{_COMMAND} --args {words}",
        seconds=time.monotonic() - started,
        interrupted=interrupted,
        tier="tool",
        precision="line",
    )


def _held(
    tier: Literal["ptrace", "loop"],
    executable: Executable,
    argv: tuple[str, ...],
    environment: Mapping[str, str],
    patience: float,
) -> Iterator[Moment]:
    known = structures_of(executable)
    with start(executable, hold="exec", argv=argv, environment=environment, tier=tier) as process:
        first = moment(process, "exec", known)
        yield first
        yield from _through(process, tuple(_PLACES), first, known, patience)


def _overlaid(
    executable: Executable,
    argv: tuple[str, ...],
    environment: Mapping[str, str],
    patience: float,
) -> Iterator[Moment]:
    known = structures_of(executable)
    yield from _noticed(executable, argv, environment, known)
    with OverlaidProcess(executable, argv, environment, patience + 2) as process:
        first = moment(process, "schedinit", known)
        yield first
        yield from _through(process, ("main.main", "exit"), first, known, patience)


def _piped(
    executable: Executable,
    argv: tuple[str, ...],
    environment: Mapping[str, str],
    patience: float,
) -> Iterator[Moment]:
    known = structures_of(executable)
    yield from _noticed(executable, argv, environment, known)
    with start(
        executable,
        hold="main.main",
        argv=argv,
        environment=environment,
        tier="pipe",
        timeout=patience + 2,
    ) as process:
        yield moment(process, "main.main", known)


def _noticed(
    executable: Executable,
    argv: tuple[str, ...],
    environment: Mapping[str, str],
    known: Structures | None,
) -> Iterator[Moment]:
    """The moment of exec, where the kernel tells of files that are read."""
    try:
        process = NoticedProcess(executable, argv, environment, 5.0)
    except FeatureUnavailable:
        return
    with process:
        yield moment(process, "exec", known)


def _through(
    process: Process,
    names: Sequence[str],
    before: Moment,
    known: Structures | None,
    patience: float,
) -> Iterator[Moment]:
    """The moments of a held process that are still to come. GolifelabError when one does not."""
    for name in names:
        look = partial(running, process, name, known, patience, before.regions)
        late = _Late(look, patience)
        with late:
            try:
                # The process is ended when this is over, so looking at it comes first.
                reached = process.run_to(_PLACES[name], patience + 1)
            except LimitExceeded:
                reached = False
        if late.found is not None:
            yield late.found
            raise GolifelabError(f"it did not come to {name} within {patience:g} s")
        if not reached:
            raise GolifelabError(f"it ended before {name}")
        before = moment(process, name, known, before=before.regions)
        yield before


class _Late:
    """Looks at a process after some seconds, if what it waits for has not come by then."""

    def __init__(self, look: Callable[[], Moment | None], seconds: float) -> None:
        self.found: Moment | None = None
        self._look = look
        self._timer = threading.Timer(seconds, self._now)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def _now(self) -> None:
        self.found = self._look()
