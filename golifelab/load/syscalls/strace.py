"""What strace prints, as values; and whether it works here."""

from __future__ import annotations

import re
import shutil
from functools import cache

from golifelab.errors import FeatureUnavailable
from golifelab.load.hold.keeper import linux_only
from golifelab.load.syscalls.call import SystemCall
from golifelab.toolchain.run import run

# "1234 write(1, "hello\n", 6) = 6", "… = -1 ENOENT (No such file …)", "… = ?". With -ttt there is a
# clock behind the thread, with -i the address of the instruction.
_HEAD = r"^(?P<pid>\d+)\s+(?:(?P<clock>\d+\.\d+) )?(?:\[(?P<place>[0-9a-f?]+)\] )?"
_CALL = re.compile(
    _HEAD + r"(?P<name>\w+)\((?P<arguments>.*)\)\s+= (?P<result>\?|0x[0-9a-f]+|-?\d+)"
    r"(?: (?P<error>E\w+))?.*$"
)
_UNFINISHED = re.compile(_HEAD + r"(?P<start>\w+\(.*?)\s*<unfinished \.\.\.>$")
_RESUMED = re.compile(_HEAD + r"<\.\.\. \w+ resumed>(?P<rest>.*)$")


@cache
def strace_path() -> str:
    """Where a working strace is; FeatureUnavailable when it is missing or may not trace."""
    linux_only("strace")
    found = shutil.which("strace")
    if found is None:
        raise FeatureUnavailable("strace", "it is not installed", remedy="apt install strace")
    probe = run([found, "-o", "/dev/null", "true"], timeout=20)
    if probe.returncode:
        reason = probe.error_text.strip().splitlines()[-1:] or ["it does not work"]
        raise FeatureUnavailable("strace", reason[0], remedy="allow ptrace in this container")
    return found


def parse_strace(text: str) -> tuple[SystemCall, ...]:
    """The calls in a log of `strace -f`, in the order they ended.

    Halves of interrupted lines are put together; the clock of such a call is its beginning's.
    """
    halves: dict[str, tuple[str, re.Match[str]]] = {}
    found: list[SystemCall] = []
    first: float | None = None
    for line in text.splitlines():
        head, whole = None, line
        if match := _UNFINISHED.match(line):
            halves[match["pid"]] = match["start"], match
            continue
        if match := _RESUMED.match(line):
            start, head = halves.pop(match["pid"], ("", match))
            # A call that the end of the process cuts short has two such marks.
            rest = match["rest"].replace(" <unfinished ...>", "")
            joined = f"{start} {rest.lstrip()}" if start.endswith(",") else f"{start}{rest}"
            whole = f"{match['pid']} {joined}"
        if match := _CALL.match(whole):
            told = head or match
            clock = float(told["clock"]) if told["clock"] else None
            first = clock if first is None else first
            result = None if match["result"] == "?" else int(match["result"], 0)
            place = told["place"] or "0"
            found.append(
                SystemCall(
                    int(match["pid"]),
                    match["name"],
                    match["arguments"],
                    result,
                    match["error"] or "",
                    -1.0 if clock is None or first is None else round((clock - first) * 1e6, 1),
                    int(place, 16) if "?" not in place else 0,
                )
            )
    return tuple(found)
