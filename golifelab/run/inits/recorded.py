"""A recorded trace of initialisation, for where the program can't run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.link.executable import link
from golifelab.load.recorded.envelope import recorded
from golifelab.run.inits.inittrace import Inits, InitTask, inits
from golifelab.source import Source
from golifelab.target import Target

NAME = "inits-hello"


def recording_of(source: Source, target: Target) -> list[list[Any]]:
    """What is recorded of a program: the fields of each InitTask, in order."""
    return [list(astuple(row)) for row in inits(link(source, target)).rows]


def recorded_inits(source: Source, order: Sequence[str], name: str = NAME) -> Inits | None:
    """The recording, if it is of this very program, initialised in this order; else None."""
    try:
        kept = recorded(name)
        rows = tuple(InitTask(*row) for row in kept.content)
    except (FeatureUnavailable, ParseError, TypeError):
        return None
    if kept.source.files != source.files or [row.package for row in rows] != list(order):
        return None
    return Inits(
        rows=rows,
        command=kept.recording.command,
        recorded=kept.recording,
        tier="tool",
        precision="line",
    )
