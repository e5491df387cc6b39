"""What Go says of a program that waits for ever, when no timer of ours keeps it from saying so.

The runtime reports a deadlock when no goroutine can run and no timer is set. One that stops a
program at its time limit is such a timer: under it the program just waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from golifelab.link.executable import Executable
from golifelab.run.bounded import run_bounded
from golifelab.run.tracebacks import TracedBack, parse_traceback
from golifelab.toolchain.cache import scratch

_DEADLOCK = "deadlock!"
# Reasons to wait for what comes from outside, or by a timer.
_NOT_FOR_EVER = frozenset(("sleep", "IO wait", "syscall"))


def said_alone(
    stacks: str,
    plain: Callable[[], Executable],
    argv: Sequence[str],
    settings: Mapping[str, str],
    *,
    added: str,
    timeout: float,
) -> str:
    """What Go says when `plain` runs alone: "fatal error: all goroutines are asleep - deadlock!".

    `stacks` are the goroutines with which a watched run ended; those of the file `added` do not
    count. Only when all others wait for each other the program is run alone, for `timeout` seconds
    at most. "" when it does not end in a deadlock.
    """
    if not waits_for_ever(parse_traceback(stacks), added):
        return ""
    with scratch() as folder:
        done = run_bounded([plain().path, *argv], settings, folder, timeout=timeout)
    said = done.stderr.decode("utf-8", "replace").splitlines()
    return next((one for one in said if one.startswith("fatal") and one.endswith(_DEADLOCK)), "")


def waits_for_ever(goroutines: Sequence[TracedBack], added: str) -> bool:
    """Whether no goroutine, but those of the file `added`, can go on or waits for a moment."""
    return all(
        one.state == "waiting" and one.reason not in _NOT_FOR_EVER
        for one in goroutines
        if one.id == 1 or not _of(one, added)
    )


def _of(one: TracedBack, added: str) -> bool:
    calls = [*one.frames, one.created_by]
    return any(call is not None and call.position.file.endswith(added) for call in calls)
