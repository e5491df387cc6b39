"""The recording of the course's own allocating program: for where nothing can be run."""

from __future__ import annotations

from typing import Any

from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.load.recorded.envelope import recorded
from golifelab.run.heap.heap import Heap, heap
from golifelab.source import Source
from golifelab.target import Target

NAME = "heap-keeper"
_HEADER = ("stage", "tier", "precision", "recorded", "milliseconds")
_SAMPLES = 60
_STACKS = 40


def heap_content(source: Source, target: Target) -> dict[str, Any]:
    """What a recording holds, made live: the largest stacks, and some of the samples."""
    made = heap(source, target)
    content = made.to_json()
    if made.profile is not None:
        sizes = made.profile.values[:, made.profile.column("alloc_space")]
        largest = sorted(sizes.argsort()[::-1][:_STACKS].tolist())
        content["profile"] = made.profile.rows(largest).pruned().to_json()
    every = max(len(made.samples) // _SAMPLES, 1)
    content["samples"] = content["samples"][::every]
    content["command"] = "env -i GODEBUG=memprofilerate=1,gctrace=1,scavtrace=1 /program"
    return {name: value for name, value in content.items() if name not in _HEADER}


def recorded_heap() -> Heap:
    """The recording; FeatureUnavailable or ParseError where it is missing or damaged."""
    found = recorded(NAME)
    return Heap.from_json(found.content, found.recording)


def recording_for(source: Source, target: Target) -> Heap | None:
    """The recording of this very program for this platform; None where there is none."""
    try:
        found = recorded(NAME)
    except (FeatureUnavailable, ParseError):
        return None
    same = found.source == source and found.recording.platform == target.platform
    return recorded_heap() if same else None
