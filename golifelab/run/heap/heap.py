"""A program's heap while it runs: who allocates, what lives, what the collector does, and where.

The program is the reader's own, with code around its main that writes these things down. With a
rate of 1 every allocation is counted; package runtime's default counts one in 512 KiB.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.load.memory.maps import parse_maps
from golifelab.run.heap.arenas import Arena, arenas
from golifelab.run.heap.code import AFTER, BEFORE, DECLARATIONS, END, IMPORTS, SUFFIX
from golifelab.run.heap.gctrace import Collection, Scavenge, parse_gctrace, parse_scavtrace
from golifelab.run.heap.own import own
from golifelab.run.heap.profile import Profile, merged, read_profile
from golifelab.run.wrapped import Gathered, Wrapped, wrapped
from golifelab.source import Source
from golifelab.stage import Recording, Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

# runtime.MemProfileRate as it is by default.
DEFAULT_RATE = 512 << 10
# The columns of Go's own profiles, and what those of the last one are called here.
ALLOCATED = ("alloc_objects", "alloc_space")
ALIVE = ("inuse_objects", "inuse_space")
LEFT = ("left_objects", "left_space")
_INTERRUPTED = "it was interrupted"
# Prints the profile of the whole run, without the calls of what watches it.
_LINE = (
    "{run}; go tool pprof -sample_index=alloc_space -ignore='main\\.golifelab_' -top"
    f" heap.out{SUFFIX}"
)
_CYCLES = 9  # where in a sample's numbers the collections are counted


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory at one moment, `at` in microseconds since main began; all else in bytes.

    `objects` are the heap's objects, dead ones that no collection has found included; `live` what
    the last collection has marked; `goal` the size at which the next is to be done. `unused` is
    free space in spans that are in use, `free` spans that are not, `released` what the kernel may
    take back. `total` is all memory that the runtime has mapped. `cycles` and `goroutines` count.
    """

    at: int
    objects: int
    live: int
    goal: int
    stacks: int
    unused: int
    free: int
    released: int
    total: int
    cycles: int
    goroutines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap(Stage):
    """One run of a program, by its memory.

    - `profile`: per stack, what was allocated in all ("alloc_objects", "alloc_space"), what was
      alive when most was ("inuse_objects", "inuse_space": after the collection that found the
      most, or everything where none ran), and what is left when main has returned ("left_objects",
      "left_space"). The stacks are the program's own; None when nothing was written down
    - `collections`: the collector's cycles while the program ran; `scavenges`: what was given back
    - `samples`: memory over time; `arenas`: the heap's address space, by moment: "begin", "most",
      "last" (main has returned), "end" (collected twice since)
    - `rate`: one sample for so many bytes; `ended`: "" when the program came to its end by itself
    """

    profile: Profile | None = field(repr=False, compare=False)
    collections: tuple[Collection, ...] = field(repr=False)
    scavenges: tuple[Scavenge, ...] = field(repr=False)
    samples: tuple[Sample, ...] = field(repr=False)
    arenas: Mapping[str, tuple[Arena, ...]]
    rate: int
    returncode: int
    ended: str

    def frame(self) -> pd.DataFrame:
        """One row a function: flat and cumulative bytes that were allocated."""
        import pandas as pd

        if self.profile is None:
            return pd.DataFrame(columns=["function", "flat", "cumulative"])
        return self.profile.functions("alloc_space")

    def memory(self) -> pd.DataFrame:
        """One row a sample of the memory."""
        import pandas as pd

        return pd.DataFrame([asdict(one) for one in self.samples])

    def cycles(self) -> pd.DataFrame:
        """One row a collection."""
        import pandas as pd

        return pd.DataFrame([asdict(one) for one in self.collections])

    def to_json(self) -> dict[str, Any]:
        """All of it, the profile as in Profile.to_json."""
        return self.header() | {
            "profile": None if self.profile is None else self.profile.to_json(),
            "collections": [asdict(one) | {"clock": list(one.clock)} for one in self.collections],
            "scavenges": [asdict(one) for one in self.scavenges],
            "samples": [list(asdict(one).values()) for one in self.samples],
            "arenas": {
                name: [[one.start, one.reserved, one.committed] for one in rows]
                for name, rows in self.arenas.items()
            },
            "rate": self.rate,
            "returncode": self.returncode,
            "ended": self.ended,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any], recording: Recording | None = None) -> Heap:
        """The value that `to_json` wrote down, as a recording."""
        profile = content["profile"]
        return cls(
            profile=Profile.from_json(profile) if profile else None,
            collections=tuple(
                Collection(**one | {"clock": tuple(one["clock"])}) for one in content["collections"]
            ),
            scavenges=tuple(Scavenge(**one) for one in content["scavenges"]),
            samples=tuple(Sample(*row) for row in content["samples"]),
            arenas={
                name: tuple(Arena(*row) for row in rows) for name, rows in content["arenas"].items()
            },
            rate=content["rate"],
            returncode=content["returncode"],
            ended=content["ended"],
            command=content["command"],
            recorded=recording,
            tier="tool",
            precision="line",
        )


def heap(
    source: Source, target: Target | None = None, *, rate: int = 1, timeout: float = 5.0
) -> Heap:
    """Run a program and watch its heap, for `timeout` seconds at most.

    However it ends, what was written till then is in the value. FeatureUnavailable where it can't
    run on this machine (of the course's own there is a recording); CompileFailed and LinkFailed as
    for the program itself.
    """
    if rate < 1:
        raise GolifelabError(f"a sample each {rate} bytes", remedy="from 1 on: every allocation")
    target = target or Target()
    try:
        made = _watched(source, target, rate, timeout)
    except FeatureUnavailable:
        from golifelab.run.heap.recording import recording_for

        found = recording_for(source, target)
        if found is None:
            raise
        return found
    if made.ended == _INTERRUPTED:
        _watched.cache_clear()  # the reader's doing, and not the program's: the next run is another
    return made


@lru_cache(maxsize=16)
def _watched(source: Source, target: Target, rate: int, timeout: float) -> Heap:
    made = watching(source, target)
    settings = {"GODEBUG": f"memprofilerate={rate},gctrace=1,scavtrace=1"}
    run = made.run(environment=settings, timeout=timeout, line=_LINE, file="heap.out")
    return of(made, run, source, target, rate, timeout)


def watching(source: Source, target: Target) -> Wrapped:
    """The program with the code around it that watches its heap."""
    return wrapped(
        source,
        target,
        before=BEFORE,
        after=AFTER,
        declarations=DECLARATIONS,
        imports=IMPORTS,
        stops_inside=True,
    )


def of(
    made: Wrapped, run: Gathered, source: Source, target: Target, rate: int, timeout: float
) -> Heap:
    """The heap of a run of a program that `watching` made."""
    words, blocks = written(run.data)
    if not words and not blocks:
        reason = f"the program ended before its main began:\n{run.error_text[-500:]}"
        raise FeatureUnavailable("watching the heap", reason.rstrip())
    heap_at = next((numbers[0] for word, numbers in words if word == "here"), 0)
    profiles = {
        name: read_profile(raw) for (kind, name), raw in blocks.items() if kind == "profile"
    }
    samples = [numbers for word, numbers in words if word == "sample"]
    # The last sample is of after the collections that are made at the end.
    before = samples[:-1] if "end" in profiles else samples
    # What watches is left out first: it must not decide when most was alive.
    mine = own(profiles, made, source, target)
    during, _, forced = run.error_text.partition(END)
    return Heap(
        profile=_whole(mine, collected=any(numbers[_CYCLES] for numbers in before)),
        collections=parse_gctrace(during),
        scavenges=parse_scavtrace(during + forced),
        samples=tuple(Sample(numbers[0] // 1000, *numbers[1:]) for numbers in samples),
        arenas={
            name: arenas(parse_maps(raw), heap_at)
            for (kind, name), raw in blocks.items()
            if kind == "maps"
        },
        rate=rate,
        returncode=run.returncode,
        ended=_ended(run, timeout),
        command=run.command,
        seconds=run.seconds,
        tier="tool",
        precision="line",
    )


def written(data: bytes) -> tuple[list[tuple[str, list[int]]], dict[tuple[str, str], bytes]]:
    """Lines of numbers, and blocks by their two words; the last of each counts."""
    words: list[tuple[str, list[int]]] = []
    blocks: dict[tuple[str, str], bytes] = {}
    at = 0
    while (end := data.find(b"\n", at)) >= 0:
        first, *rest = data[at:end].decode("ascii", "replace").split()
        at = end + 1
        if first in ("sample", "here"):
            words.append((first, list(map(int, rest))))
        else:
            size = int(rest[1])
            if at + size > len(data):
                break  # cut off by the end of the run
            blocks[first, rest[0]] = data[at : at + size]
            at += size
    return words, blocks


def _whole(profiles: Mapping[str, Profile], *, collected: bool) -> Profile | None:
    """One profile: what was allocated, what was alive when most was, what is left at the end.

    What was allocated since the last collection shows only after the next. Where there was none all
    of it shows, and a collection would only add its own.
    """
    if not profiles:
        return None
    last = profiles["last"] if "last" in profiles else profiles["most"]
    end = profiles.get("end", last)
    # A profile shows what the collection before the last has found: a later one may show more.
    found = (profiles.get("most", last), last, end) if collected else (last,)
    most = max(found, key=lambda one: one.total("inuse_space"))
    parts = [
        (end if collected else last).renamed(dict(zip(ALLOCATED, ALLOCATED, strict=True))),
        most.renamed(dict(zip(ALIVE, ALIVE, strict=True))),
        end.renamed(dict(zip(ALIVE, LEFT, strict=True))),
    ]
    return merged(parts)


def _ended(run: Gathered, timeout: float) -> str:
    if run.ended == "time limit":
        return f"it was stopped after {timeout:g} s"
    if run.ended == "interrupted":
        return _INTERRUPTED
    if run.ended != "finished":
        return f"it was stopped: {run.ended}"
    if run.returncode < 0:
        return run.last_words or f"killed by signal {-run.returncode}"
    return run.last_words or (f"exit status {run.returncode}" if run.returncode else "")
