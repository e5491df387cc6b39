"""Take the four moments of a live process: hold it at each, and look without touching."""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded
from golifelab.link.executable import Executable, link
from golifelab.load.hold.process import Process
from golifelab.load.hold.start import start
from golifelab.load.memory.residency import pages_of
from golifelab.load.moments.foreign import foreign_regions
from golifelab.load.moments.naming import named
from golifelab.load.moments.plain import moments_from
from golifelab.load.moments.quiet import Quiet
from golifelab.load.moments.regions import Region, joined, runtime_regions
from golifelab.load.moments.spans import heap_spans
from golifelab.load.moments.stacks import stacks
from golifelab.load.moments.stage import MOMENTS, Moment, Moments
from golifelab.load.recorded.envelope import recorded
from golifelab.load.runtime.structures import Structures, structures
from golifelab.source import Source
from golifelab.target import Target

Tier = Literal["auto", "ptrace", "pipe", "recording"]
RECORDING = "moments-hello"
# Where each moment is, as a function: just before its first instruction.
_PLACES = {"schedinit": "runtime.schedinit", "main.main": "main.main", "exit": "runtime.exit"}
_ATTEMPTS = 20
_AT_WRITE = "without ptrace a program is held only where it writes to standard output"


def moments_of(
    executable: Executable,
    *,
    tier: Tier = "auto",
    argv: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    patience: float = 2.0,
) -> Moments:
    """The four moments of an executable's process.

    By ptrace; where that is refused by a full pipe, which has only the moment of the program's
    first write; where nothing can be held, a recording of another program. `patience` is how many
    seconds it may take from one moment to the next: of a program that goes on for longer, the last
    moment shows it while it runs, and it is ended. FeatureUnavailable when `tier` demands what is
    not possible.
    """
    if tier == "recording":
        return recorded_moments()
    started = time.monotonic()
    for by, take in (("ptrace", _traced), ("pipe", _piped)):
        if tier not in ("auto", by):
            continue
        try:
            found, notes = _gathered(take(executable, argv, environment, patience))
        except FeatureUnavailable:
            if tier != "auto":
                raise
            continue
        words = shlex.join([str(executable.path), *argv])
        return Moments(
            moments=found,
            how=by,
            program=executable.name,
            notes=notes,
            executable=executable,
            command=f"{words} & cat /proc/$!/maps /proc/$!/smaps",
            seconds=time.monotonic() - started,
            tier="tool",
            precision="line",
        )
    return recorded_moments()


def recording_of(source: Source, target: Target) -> dict[str, Any]:
    """What a recording holds of a program's moments. Needs ptrace."""
    found = moments_of(link(source, target), tier="ptrace").to_json()
    kept = {name: found[name] for name in ("how", "program", "notes", "moments")}
    return {"command": "cat /proc/PID/maps /proc/PID/smaps", **kept}


def recorded_moments() -> Moments:
    """The four moments of a program that prints hello, as they were once."""
    known = recorded(RECORDING)
    return moments_from(known.content, known.recording)


def moment(
    process: Process,
    name: str,
    known: Structures | None = None,
    held_at: str = "",
    before: Sequence[Region] = (),
) -> Moment:
    """All memory of a held process, now. Nothing is brought into memory by looking.

    `name` is one of MOMENTS. `before` are the regions of the moment before: what the loader left
    can be told only while the first thread runs.
    """
    rows, smaps = process.maps.rows, process.smaps
    path = str(process.executable.path.resolve())
    states = pages_of(rows, smaps, process.pagemap)
    quiet = Quiet(process, rows, states)
    if known is None:
        known = structures_of(process.executable)
    foreign = foreign_regions(quiet, rows, path, name)
    regions = joined((*(runtime_regions(quiet, known) if known else ()), *foreign, *before))
    return Moment(
        name=name,
        held_at=held_at or process.held_at,
        how=process.how,
        bias=process.bias,
        rows=named(rows, regions, path),
        smaps=smaps,
        states=states,
        regions=regions,
        spans=heap_spans(quiet, known) if known else (),
        stacks=stacks(quiet, known) if known else (),
    )


def structures_of(executable: Executable) -> Structures | None:
    """The runtime's layouts; None where they cannot be known: fewer mappings have a name then."""
    try:
        return structures(executable)
    except GolifelabError:
        return None


def _gathered(taken: Iterator[Moment]) -> tuple[tuple[Moment, ...], tuple[str, ...]]:
    """The moments there were, and why there are no more of them."""
    found: list[Moment] = []
    try:
        found.extend(taken)
    except FeatureUnavailable:
        raise
    except GolifelabError as error:
        if not found:
            raise
        return tuple(found), (str(error.message),)
    missing = [name for name in MOMENTS if name not in {one.name for one in found}]
    return tuple(found), (f"no {', '.join(missing)}: {_AT_WRITE}",) if missing else ()


def _traced(
    executable: Executable,
    argv: Sequence[str],
    environment: Mapping[str, str] | None,
    patience: float,
) -> Iterator[Moment]:
    known = structures_of(executable)
    with start(
        executable, hold="exec", argv=argv, environment=environment, tier="ptrace"
    ) as process:
        before = moment(process, "exec", known)
        yield before
        for name, place in _PLACES.items():
            look = partial(_running, process, name, known, patience, before.regions)
            late = _Late(look, patience)
            with late:
                try:
                    # The process is ended when this is over, so looking at it comes first.
                    reached = process.run_to(place, patience + 2)
                except LimitExceeded:
                    reached = False
            if late.found is not None:
                yield late.found
                raise GolifelabError(f"it did not come to {name} within {patience:g} s")
            if not reached:
                raise GolifelabError(f"it ended before {name}")
            before = moment(process, name, known, before=before.regions)
            yield before


def _piped(
    executable: Executable,
    argv: Sequence[str],
    environment: Mapping[str, str] | None,
    patience: float,
) -> Iterator[Moment]:
    with start(
        executable,
        hold="main.main",
        argv=argv,
        environment=environment,
        tier="pipe",
        timeout=patience + 2,
    ) as process:
        yield moment(process, "main.main")


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


def _running(
    process: Process,
    name: str,
    known: Structures | None,
    seconds: float,
    before: Sequence[Region],
) -> Moment | None:
    """A process that runs on. What is read while it changes its mappings is read again."""
    for _ in range(_ATTEMPTS):
        try:
            where = f"still running after {seconds:g} s"
            return moment(process, name, known, where, before)
        except (GolifelabError, ValueError):
            if not process.alive:
                return None
    return None
