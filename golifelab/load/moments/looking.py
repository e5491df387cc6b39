"""Look at all memory of a held process, without touching it."""

from __future__ import annotations

from collections.abc import Sequence

from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable
from golifelab.load.hold.process import Process
from golifelab.load.memory.residency import pages_of
from golifelab.load.moments.foreign import foreign_regions
from golifelab.load.moments.naming import named
from golifelab.load.moments.quiet import Quiet
from golifelab.load.moments.regions import Region, joined, runtime_regions
from golifelab.load.moments.spans import heap_spans
from golifelab.load.moments.stacks import stacks
from golifelab.load.moments.stage import Moment
from golifelab.load.runtime.structures import Structures, structures

_ATTEMPTS = 20


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


def running(
    process: Process,
    name: str,
    known: Structures | None,
    seconds: float,
    before: Sequence[Region],
) -> Moment | None:
    """A process that runs on, after some seconds. None when it cannot be looked at.

    What is read while the process changes its mappings is read again.
    """
    for _ in range(_ATTEMPTS):
        try:
            where = f"still running after {seconds:g} s"
            return moment(process, name, known, where, before)
        except (GolifelabError, ValueError):
            if not process.alive:
                return None
    return None


def structures_of(executable: Executable) -> Structures | None:
    """The runtime's layouts; None where they cannot be known: fewer mappings have a name then."""
    try:
        return structures(executable)
    except GolifelabError:
        return None
