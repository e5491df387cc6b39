"""The bytes of an execution trace: batches of events by thread, strings, stacks.

The format is that of $GOROOT/src/internal/trace/tracev2, since Go 1.22. A trace is cut into
generations, each whole in itself: batches, one thread's each, and tables of the strings and stacks
that their events name. The bytes are not copied: a batch is a pair of offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from golifelab.errors import ParseError

TOOL = "an execution trace"

_HEADER = re.compile(rb"go 1\.(\d+) trace\x00\x00\x00")
_VERSIONS = (22, 23, 25, 26)
_MAX_BATCH = 64 << 10
_MAX_STRING = 1 << 10
_MAX_FRAMES = 128

_EVENT_BATCH, _STACKS, _STACK, _STRINGS, _STRING, _SAMPLES, _SAMPLE, _FREQUENCY = range(1, 9)
_EXPERIMENTAL_BATCH, _SYNC, _CLOCK, _END = 49, 50, 51, 52

# Timed events by number: name and how many numbers follow the time. $GOROOT/src/internal/trace/
# tracev2/events.go; experimental events count from 128.
EVENTS: dict[int, tuple[str, int]] = {
    9: ("ProcsChange", 2),
    10: ("ProcStart", 2),
    11: ("ProcStop", 0),
    12: ("ProcSteal", 3),
    13: ("ProcStatus", 2),
    14: ("GoCreate", 3),
    15: ("GoCreateSyscall", 1),
    16: ("GoStart", 2),
    17: ("GoDestroy", 0),
    18: ("GoDestroySyscall", 0),
    19: ("GoStop", 2),
    20: ("GoBlock", 2),
    21: ("GoUnblock", 3),
    22: ("GoSyscallBegin", 2),
    23: ("GoSyscallEnd", 0),
    24: ("GoSyscallEndBlocked", 0),
    25: ("GoStatus", 3),
    26: ("STWBegin", 2),
    27: ("STWEnd", 0),
    28: ("GCActive", 1),
    29: ("GCBegin", 2),
    30: ("GCEnd", 1),
    31: ("GCSweepActive", 1),
    32: ("GCSweepBegin", 1),
    33: ("GCSweepEnd", 2),
    34: ("GCMarkAssistActive", 1),
    35: ("GCMarkAssistBegin", 1),
    36: ("GCMarkAssistEnd", 0),
    37: ("HeapAlloc", 1),
    38: ("HeapGoal", 1),
    39: ("GoLabel", 1),
    40: ("UserTaskBegin", 4),
    41: ("UserTaskEnd", 2),
    42: ("UserRegionBegin", 3),
    43: ("UserRegionEnd", 3),
    44: ("UserLog", 4),
    45: ("GoSwitch", 2),
    46: ("GoSwitchDestroy", 2),
    47: ("GoCreateBlocked", 3),
    48: ("GoStatusStack", 4),
    128: ("Span", 3),
    129: ("SpanAlloc", 3),
    130: ("SpanFree", 1),
    131: ("HeapObject", 2),
    132: ("HeapObjectAlloc", 2),
    133: ("HeapObjectFree", 1),
    134: ("GoroutineStack", 2),
    135: ("GoroutineStackAlloc", 2),
    136: ("GoroutineStackFree", 1),
}
_COUNTS = [EVENTS[number][1] if number in EVENTS else -1 for number in range(256)]

Event = tuple[int, int, list[int]]  # time in nanoseconds, number, arguments
Frame = tuple[int, int, int, int]  # pc, string ids of function and file, line


@dataclass(slots=True)
class Generation:
    """A generation's tables, and where its batches are.

    `batches` by thread: (time, first byte, end). `scale` is nanoseconds a unit of time, `samples`
    are (time, thread, P, goroutine, stack). `stacks` name frames by their pc.
    """

    number: int
    batches: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    strings: dict[int, str] = field(default_factory=dict)
    stacks: dict[int, tuple[int, ...]] = field(default_factory=dict)
    frames: dict[int, Frame] = field(default_factory=dict)
    samples: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    earliest: int = 0
    scale: float = 0.0
    clock: bool = False


def broken(detail: str, place: int = 0) -> ParseError:
    """The error for a trace that is not as runtime/trace writes it."""
    return ParseError(TOOL, detail, line=place)


def version_of(data: bytes) -> int:
    """The format's version as a minor release of Go; ParseError for what is no trace we know."""
    match = _HEADER.match(data)
    if match is None:
        raise broken("it does not begin as one")
    version = int(match[1])
    if version not in _VERSIONS:
        raise broken(f"its format is that of Go 1.{version}, which is not known")
    return version


def varint(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number of at most 64 bits, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            if value >> 64:
                raise broken("a number of more than 64 bits", at)
            return value, at
        shift += 7
        if shift > 63:
            raise broken("a number of more than ten bytes", at)


def generations(data: bytes) -> Iterator[Generation]:
    """The generations in order. Each is complete; ParseError where the next one is not."""
    version = version_of(data)
    at = _HEADER.match(data).end()  # type: ignore[union-attr]  # version_of matched it
    now: Generation | None = None
    try:
        while at < len(data):
            kind, start = data[at], at
            at += 1
            if kind == _END and version >= 26:
                if now is not None:
                    yield _complete(now, version)
                now = None
                continue
            if kind not in (_EVENT_BATCH, _EXPERIMENTAL_BATCH):
                raise broken(f"event {kind} where a batch begins", start)
            if kind == _EXPERIMENTAL_BATCH:
                at += 1
            number, at = varint(data, at)
            thread, at = varint(data, at)
            time, at = varint(data, at)
            size, at = varint(data, at)
            if not number or size > _MAX_BATCH or at + size > len(data):
                raise broken(f"a batch of generation {number} with {size} bytes", start)
            if now is not None and number != now.number:
                if version >= 26 or number != now.number + 1:
                    raise broken("generations out of order", start)
                yield _complete(now, version)
                now = None
            if now is None:
                now = Generation(number, earliest=time)
            now.earliest = min(now.earliest, time) if now.earliest else time
            if kind == _EVENT_BATCH:
                _batch(data, at, at + size, thread, time, now, version)
            at += size
    except IndexError:
        raise broken("it ends in the middle of a batch", len(data)) from None
    if now is not None:
        if version >= 26:
            raise broken("its last generation is not complete", len(data))
        yield _complete(now, version)


def events(data: bytes, batches: list[tuple[int, int, int]], scale: float) -> Iterator[Event]:
    """The events of a thread in a generation, in the thread's order."""
    for base, start, end in batches:
        at, time = start, int(base * scale)
        try:
            while at < end:
                number = data[at]
                count = _COUNTS[number]
                if count < 0:
                    raise broken(f"event {number} among timed events", at)
                at += 1
                step = data[at]
                at += 1
                if step > 127:
                    step, at = varint(data, at - 1)
                time += int(step * scale)
                arguments = []
                while count:
                    value = data[at]
                    at += 1
                    if value > 127:
                        value, at = varint(data, at - 1)
                    arguments.append(value)
                    count -= 1
                if at > end:
                    raise broken("an event reaches beyond its batch", at)
                yield time, number, arguments
        except IndexError:
            raise broken("an event reaches beyond the trace", at) from None


def _complete(now: Generation, version: int) -> Generation:
    """A generation whose batches were all seen."""
    if not now.scale:
        raise broken(f"generation {now.number} does not tell its unit of time")
    if version >= 25 and not now.clock:
        raise broken(f"generation {now.number} has no reading of the clocks")
    strings, frames = now.strings, now.frames
    strings.setdefault(0, "")
    for pc, function, file, _ in frames.values():
        if function not in strings or file not in strings:
            raise broken(f"the frame at {pc:#x} names a string that is not there")
    now.samples = sorted((int(time * now.scale), *rest) for time, *rest in now.samples)  # type: ignore[misc]  # five numbers, as before
    return now


def _batch(
    data: bytes, at: int, end: int, thread: int, time: int, now: Generation, version: int
) -> None:
    """One batch: events of a thread, or a part of a table."""
    if at == end:
        return
    kind = data[at]
    if kind == _STRINGS:
        _strings(data, at + 1, end, now)
    elif kind == _STACKS:
        _stacks(data, at + 1, end, now)
    elif kind == _SAMPLES:
        _samples(data, at + 1, end, now)
    elif (kind == _SYNC and version >= 25) or (kind == _FREQUENCY and version < 25):
        _sync(data, at + (kind == _SYNC), end, now, version)
    else:
        now.batches.setdefault(thread if thread >> 63 == 0 else -1, []).append((time, at, end))


def _strings(data: bytes, at: int, end: int, now: Generation) -> None:
    while at < end:
        if data[at] != _STRING:
            raise broken(f"event {data[at]} among strings", at)
        number, at = varint(data, at + 1)
        size, at = varint(data, at)
        if size > _MAX_STRING or at + size > end:
            raise broken(f"a string of {size} bytes", at)
        if number in now.strings:
            raise broken(f"two strings {number}", at)
        now.strings[number] = data[at : at + size].decode("utf-8", "replace")
        at += size


def _stacks(data: bytes, at: int, end: int, now: Generation) -> None:
    while at < end:
        if data[at] != _STACK:
            raise broken(f"event {data[at]} among stacks", at)
        number, at = varint(data, at + 1)
        count, at = varint(data, at)
        if count > _MAX_FRAMES or number in now.stacks:
            raise broken(f"stack {number} with {count} frames", at)
        places = []
        for _ in range(count):
            pc, at = varint(data, at)
            function, at = varint(data, at)
            file, at = varint(data, at)
            line, at = varint(data, at)
            now.frames.setdefault(pc, (pc, function, file, line))
            places.append(pc)
        if at > end:
            raise broken(f"stack {number} reaches beyond its batch", at)
        now.stacks[number] = tuple(places)


def _samples(data: bytes, at: int, end: int, now: Generation) -> None:
    while at < end:
        if data[at] != _SAMPLE:
            raise broken(f"event {data[at]} among samples", at)
        at += 1
        row = []
        for _ in range(5):
            value, at = varint(data, at)
            row.append(value)
        if at > end:
            raise broken("a sample reaches beyond its batch", at)
        now.samples.append((row[0], row[1], row[2], row[3], row[4]))


def _sync(data: bytes, at: int, end: int, now: Generation, version: int) -> None:
    while at < end:
        kind = data[at]
        at += 1
        if kind == _FREQUENCY and not now.scale:
            units, at = varint(data, at)
            if not units:
                raise broken("no units of time in a second", at)
            now.scale = 1.0 / (units / 1e9)
        elif kind == _CLOCK and version >= 25 and not now.clock:
            for _ in range(4):
                _, at = varint(data, at)
            now.clock = True
        else:
            raise broken(f"event {kind} among clocks", at)
    if at > end:
        raise broken("a reading of the clocks reaches beyond its batch", at)
