"""What is recorded of a program's start, and the start that a recording tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from golifelab.errors import ParseError
from golifelab.load.recorded.envelope import recorded
from golifelab.load.syscalls.call import SystemCall
from golifelab.run.boot.stage import Boot, BootInit, Milestone
from golifelab.stage import Recording

RECORDING = "boot-hello"
_STOP = (
    "name", "function", "at_microseconds", "thread", "sp", "stack", "g", "goid", "m", "register",
    "lo", "hi", "chain",
)  # fmt: skip
_CALL = ("thread", "name", "arguments", "result", "error", "at")
_INIT = ("package", "at_microseconds", "goid", "runtime")


def boot_content(boot: Boot) -> dict[str, Any]:
    """A start as plain data, in columns: a quarter of what one entry a thing would take."""
    return {
        "how": boot.how,
        "release": boot.release,
        "exit_code": boot.exit_code,
        "cut": boot.cut,
        "counts": dict(boot.counts),
        "milestones": _columns(_STOP, boot.stops),
        "calls": _columns(_CALL, boot.calls),
        "inits": _columns(_INIT, boot.inits),
    }


def boot_from(content: Any, recording: Recording) -> Boot:
    """The start that was recorded; ParseError when the content is not one."""
    try:
        return Boot(
            stops=tuple(
                Milestone(**{**row, "chain": tuple(row["chain"])})
                for row in _rows(_STOP, content["milestones"])
            ),
            calls=tuple(SystemCall(**row) for row in _rows(_CALL, content["calls"])),
            inits=tuple(BootInit(**row) for row in _rows(_INIT, content["inits"])),
            counts={str(name): int(count) for name, count in content["counts"].items()},
            how="recording",
            exit_code=content["exit_code"],
            cut=content["cut"],
            release=content["release"],
            command=recording.command,
            recorded=recording,
            tier="tool",
            precision="line",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ParseError("a recording", f"it is not of a start: {error}") from error


def recorded_boot() -> Boot:
    """The recorded start of a small program. FeatureUnavailable when there is none."""
    found = recorded(RECORDING)
    return boot_from(found.content, found.recording)


def _columns(names: Sequence[str], things: Sequence[Any]) -> dict[str, list[Any]]:
    return {name: [_plain(getattr(thing, name)) for thing in things] for name in names}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _rows(names: Sequence[str], columns: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for row in zip(*(columns[name] for name in names), strict=True):
        yield dict(zip(names, row, strict=True))
