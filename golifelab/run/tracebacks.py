"""The text of Go's tracebacks, read: every goroutine with its state and its calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from golifelab.position import Position

# $GOROOT/src/runtime/traceback.go, goroutineheader.
_HEADER = re.compile(
    r"^goroutine (?P<id>\d+)(?: gp=(?P<gp>0x[0-9a-f]+))?"
    r"(?: m=(?P<m>\d+|nil))?(?: mp=(?P<mp>0x[0-9a-f]+))? \[(?P<status>[^\]]*)\](?: \{.*\})?:$"
)
_CREATED = re.compile(r"^created by (?P<name>.+?)(?: in goroutine (?P<id>\d+))?$")
_PLACE = re.compile(r"^\t(?P<file>.+):(?P<line>\d+)(?: \+0x(?P<offset>[0-9a-f]+))?(?P<rest> .*)?$")
_PC = re.compile(r"\bpc=0x([0-9a-f]+)")
_MINUTES = re.compile(r"^(\d+) minutes$")
# runtime.gStatusStrings: what is no reason to wait.
STATES = frozenset(
    ("idle", "runnable", "running", "syscall", "waiting", "dead", "copystack", "preempted", "???")
)


@dataclass(frozen=True, slots=True)
class TracebackFrame:
    """One call. `address` is where execution stands, 0 where the traceback does not say.

    `arguments` are the words that it prints between the parentheses.
    """

    function: str
    position: Position
    arguments: str = ""
    address: int = 0


@dataclass(frozen=True, slots=True)
class TracedBack:
    """A goroutine of a traceback, innermost call first.

    `state` is one of the runtime's ("running", "runnable", "syscall", "waiting"…), `reason` its
    word for what a waiting one waits for, `minutes` for how long at least. `thread` is the number
    of its M, -1 for none; `address` that of its structure, 0 where it is not told. `creator` is the
    goroutine that made it, 0 where it is not told, at `created_by`.
    """

    id: int
    state: str
    reason: str
    minutes: int
    locked: bool
    thread: int
    address: int
    frames: tuple[TracebackFrame, ...]
    created_by: TracebackFrame | None
    creator: int


def parse_traceback(text: str) -> tuple[TracedBack, ...]:
    """The goroutines of all tracebacks in a text, each once, in its order. Other lines are skipped.

    Of damaged text, what can be read is.
    """
    found: dict[int, TracedBack] = {}
    head: re.Match[str] | None = None
    body: list[str] = []
    for line in [*text.splitlines(), ""]:
        match = _HEADER.match(line)
        if head is not None and (match or not line.strip()):
            made = _goroutine(head, body)
            found.setdefault(made.id, made)
            head = None
        if match:
            head, body = match, []
        elif head is not None:
            body.append(line)
    return tuple(found.values())


def _goroutine(head: re.Match[str], body: list[str]) -> TracedBack:
    status, *notes = head["status"].split(", ")
    word = status.removesuffix(" (scan)").removesuffix(" (durable)").removesuffix(" (leaked)")
    waits = word not in STATES
    minutes = next((int(m[1]) for note in notes if (m := _MINUTES.match(note))), 0)
    frames: list[TracebackFrame] = []
    created: TracebackFrame | None = None
    creator = 0
    for frame, maker in _frames(body):
        if maker is None:
            frames.append(frame)
        else:
            created, creator = frame, maker
    return TracedBack(
        int(head["id"]),
        "waiting" if waits else word,
        word if waits else "",
        minutes,
        "locked to thread" in notes,
        int(head["m"]) if head["m"] not in (None, "nil") else -1,
        int(head["gp"] or "0", 16),
        tuple(frames),
        created,
        creator,
    )


def _frames(body: list[str]) -> Iterator[tuple[TracebackFrame, int | None]]:
    """The calls, and the go statement that made the goroutine with that one's number (or 0)."""
    for line, below in pairwise([*body, ""]):
        place = _PLACE.match(below)
        if line.startswith("\t") or place is None:
            continue
        position = Position(place["file"], int(place["line"]))
        pc = _PC.search(place["rest"] or "")
        address = int(pc[1], 16) if pc else 0
        created = _CREATED.match(line)
        if created:
            yield (
                TracebackFrame(created["name"], position, "", address),
                int(created["id"] or 0),
            )
            continue
        name, arguments = _called(line)
        yield TracebackFrame(name, position, arguments, address), None


def _called(line: str) -> tuple[str, str]:
    """The name and the arguments of `pkg.(*T).f[...](0x1, {…})`."""
    if not line.endswith(")"):
        return line, ""
    depth = 0
    for at in range(len(line) - 1, -1, -1):
        depth += (line[at] == ")") - (line[at] == "(")
        if depth == 0:
            return line[:at], line[at + 1 : -1]
    return line, ""
