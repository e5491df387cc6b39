"""The recording of the course's own recursive function: for where nothing can be run."""

from __future__ import annotations

from typing import Any

from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.load.recorded.envelope import recorded
from golifelab.run.stacks.growth import StackGrowth, stack_growth
from golifelab.source import Source
from golifelab.target import Target

NAME = "growth-deep"
_HEADER = ("stage", "tier", "precision", "recorded", "milliseconds")


def growth_content(source: Source, target: Target) -> dict[str, Any]:
    """What a recording holds, made live."""
    made = stack_growth(source, target).to_json()
    return {name: value for name, value in made.items() if name not in _HEADER}


def recorded_growth() -> StackGrowth:
    """The recording; FeatureUnavailable or ParseError where it is missing or damaged."""
    found = recorded(NAME)
    return StackGrowth.from_json(found.content, found.recording)


def recording_for(source: Source, target: Target) -> StackGrowth | None:
    """The recording of this very program for this platform; None where there is none."""
    try:
        found = recorded(NAME)
    except (FeatureUnavailable, ParseError):
        return None
    same = found.source == source and found.recording.platform == target.platform
    return recorded_growth() if same else None
