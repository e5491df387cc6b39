"""A traced run as a recording, and back."""

from __future__ import annotations

import base64
import dataclasses
import zlib
from typing import Any

from golifelab.errors import ParseError
from golifelab.load.recorded.envelope import recorded, scrubbed
from golifelab.run.scheduler.reading import from_trace
from golifelab.run.scheduler.stage import Scheduling
from golifelab.run.trace.relabel import relabelled
from golifelab.target import Target

RECORDING = "scheduling-spinning"
_MAX_BYTES = 64 << 20


def content_of(value: Scheduling, target: Target) -> dict[str, Any]:
    """What is kept of a traced run: the trace itself, without the names of this machine."""
    data = relabelled(value.data, lambda text: str(scrubbed(text, target)))
    return {
        "trace": base64.b64encode(zlib.compress(data, 9)).decode(),
        "main": value.main,
        "processors": value.processors,
        "async_preemption": value.async_preemption,
    }


def from_content(content: Any) -> Scheduling:
    """The value of what was kept; ParseError when that is damaged."""
    try:
        packed = base64.b64decode(content["trace"], validate=True)
        data = zlib.decompressobj().decompress(packed, _MAX_BYTES)
        main, processors = str(content["main"]), int(content["processors"])
        signals = bool(content["async_preemption"])
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise ParseError("a recorded trace", str(error)) from error
    return from_trace(data, main=main, processors=processors, async_preemption=signals)


def recorded_scheduling() -> Scheduling:
    """The recorded run of the sample `spinning` on one P. FeatureUnavailable when there is none."""
    found = recorded(RECORDING)
    value = from_content(found.content)
    return dataclasses.replace(value, recorded=found.recording, command=found.recording.command)
