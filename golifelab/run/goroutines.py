"""All goroutines of a program at a moment: their states, what they wait for, and their calls."""

from __future__ import annotations

import shlex
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from golifelab.errors import FeatureUnavailable, GolifelabError, NoSuchName
from golifelab.link.executable import Executable
from golifelab.link.modes.whole import whole
from golifelab.load.hold.process import address_of
from golifelab.load.hold.start import runs_here, start
from golifelab.load.recorded.envelope import recorded
from golifelab.load.runtime.listing import goroutines as held_goroutines
from golifelab.position import Position
from golifelab.run.bounded import Ended, run_bounded
from golifelab.run.trace.lanes import is_system
from golifelab.run.tracebacks import TracebackFrame, parse_traceback
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.go import find_go

if TYPE_CHECKING:
    import pandas as pd

How = Literal["traceback", "held", "recording"]

# All goroutines, the runtime's too, with their addresses and Ms.
RECORDING = "goroutines-waiting"
_SETTINGS = {"GOTRACEBACK": "system"}
_LONGER = 5.0  # seconds that a program is given to print its traceback
_MAX_OUTPUT = 64 << 20


@dataclass(frozen=True, slots=True)
class Goroutine:
    """A goroutine. `frames` are its calls, innermost first; `function` is where it begins.

    `state` is the runtime's word, `reason` what a waiting one waits for, `minutes` how long it has
    at least. `thread` is the number of its M (in a held process, the kernel's), -1 for none;
    `address` that of its structure. `creator` is the goroutine with the go statement at
    `created_by`, 0 where there is none. A `system` goroutine is the runtime's own.
    """

    id: int
    state: str
    reason: str
    minutes: int
    locked: bool
    thread: int
    address: int
    function: str
    system: bool
    frames: tuple[TracebackFrame, ...]
    created_by: Position | None
    creator: int

    @property
    def waits_in(self) -> TracebackFrame | None:
        """The innermost call that is not of the runtime's; None when there is none."""
        return next((one for one in self.frames if not _of_runtime(one.function)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goroutines(Stage):
    """The goroutines of a program at a moment, by id. A sequence of Goroutine.

    `how` says how they were seen: "traceback" (the program's own, asked for by SIGQUIT or printed
    at its end), "held" (read in the held process, at `held_at`) or "recording". `ended` is how that
    run ended, `output` what it printed on standard output, `text` the traceback, and `said` what
    stands before it ("SIGQUIT: quit").
    """

    rows: tuple[Goroutine, ...] = field(repr=False)
    how: How
    held_at: str = ""
    ended: Ended = "finished"
    returncode: int = 0
    output: str = field(default="", repr=False)
    said: str = ""
    text: str = field(default="", repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Goroutine]:
        return iter(self.rows)

    def __getitem__(self, number: int) -> Goroutine:
        """The goroutine with an id; GolifelabError tells those that there are."""
        for one in self.rows:
            if one.id == number:
                return one
        raise NoSuchName("goroutine", str(number), [str(one.id) for one in self.rows])

    @property
    def own(self) -> tuple[Goroutine, ...]:
        """Those that are not the runtime's."""
        return tuple(one for one in self.rows if not one.system)

    def counts(self) -> dict[str, int]:
        """How many are in which state; of waiting ones, by what they wait for."""
        return dict(Counter(one.reason or one.state for one in self.rows))

    def frame(self) -> pd.DataFrame:
        """One row a goroutine: its state, where it begins and stands, and who made it."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "id": one.id,
                    "state": one.state,
                    "reason": one.reason,
                    "minutes": one.minutes,
                    "thread": one.thread,
                    "function": one.function,
                    "stands in": one.waits_in.function if one.waits_in else "",
                    "calls": len(one.frames),
                    "creator": one.creator,
                    "system": one.system,
                }
                for one in self.rows
            ]
        )

    def to_json(self) -> dict[str, Any]:
        """`goroutines` with the fields of Goroutine; a call is {function, file, line, address}."""
        return self.header() | {
            "how": self.how,
            "held_at": self.held_at,
            "ended": self.ended,
            "returncode": self.returncode,
            "said": self.said,
            "goroutines": [_json(one) for one in self.rows],
        }


def goroutines(
    source: Source,
    target: Target,
    *,
    after: float = 0.3,
    hold: str = "",
    argv: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> Goroutines:
    """The goroutines of a program `after` so many seconds, from its own traceback.

    A program that ends before, by a panic or a deadlock, leaves the traceback that it prints then.
    With `hold`, they are those of a process held at a function ("main.main"), read from the
    runtime's own lists: their calls are not known, only where each stands.

    Where this machine can't run the program, recorded goroutines take their place. CompileFailed
    and LinkFailed as for the program, GolifelabError when it ended before, without a traceback.
    """
    if after < 0:
        raise GolifelabError(f"goroutines after {after:g} s", remedy="from 0 on")
    made = whole(source, target)
    try:
        runs_here(made)
    except FeatureUnavailable:
        return recorded_goroutines()
    if hold:
        return held(made, hold, target)
    return at_moment(made, after=after, argv=argv, environment=environment)


def at_moment(
    program: Executable,
    *,
    after: float = 0.3,
    argv: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> Goroutines:
    """As `goroutines`, of any Go program."""
    runs_here(program)
    settings = dict(environment or {}) | _SETTINGS
    words = [str(program.path), *argv]

    def quit_(child: subprocess.Popen[bytes]) -> None:
        child.send_signal(signal.SIGQUIT)

    with scratch() as folder:
        done = run_bounded(
            words,
            settings,
            folder,
            timeout=after + _LONGER,
            max_output=_MAX_OUTPUT,
            poke=(after, quit_),
        )
    said = done.error_text
    rows = tuple(_of_text(said))
    if not rows:
        raise GolifelabError(
            f"the program ended after {done.seconds:.2f} s, without a traceback",
            remedy="hold it where it still runs: goroutines(hold='main.main')",
        )
    shown = [f"{name}={text}" for name, text in settings.items()]
    return Goroutines(
        rows=rows,
        how="traceback",
        ended=done.ended,
        returncode=done.returncode,
        output=done.text,
        said=_last_words(said),
        text=said,
        command=shlex.join(["env", "-i", *shown, "timeout", "--signal=QUIT", f"{after:g}", *words]),
        seconds=done.seconds,
        tier="tool",
        precision="line",
    )


def held(program: Executable, hold: str, target: Target) -> Goroutines:
    """The goroutines of a process that is held at a function; `target` names the Go it is of.

    FeatureUnavailable where this system does not let a process be held at any function.
    """
    try:
        process = start(program, hold=hold, tier="exact")
    except FeatureUnavailable as error:
        raise FeatureUnavailable(
            "the goroutines of a held process",
            error.reason,
            remedy="goroutines(after=0.3) asks the program itself",
        ) from error
    with process:
        found = [one for one in held_goroutines(process) if one.status != "dead"]
        held_at, bias = process.held_at, process.bias
        place = address_of(program, hold) + bias
    rows = []
    for one in found:
        # Where a running one stands, its structure does not know; where it is held, we do.
        running = one.status == "running"
        stands, pc = (held_at, place) if running else (one.function, one.pc)
        # What waits goes on behind a call, which may end a line.
        calls_there = program.pclntab.calls(pc - bias - (not running)) if pc else ()
        position = calls_there[0].position if calls_there else Position("", 0)
        calls = (TracebackFrame(stands, position, "", pc),) if stands else ()
        rows.append(
            Goroutine(
                one.goid,
                one.status,
                one.wait_reason if one.status == "waiting" else "",
                0,
                locked=False,
                thread=one.thread or -1,
                address=one.address,
                function="main.main" if one.start == "runtime.main" else one.start,
                system=one.system,
                frames=calls,
                created_by=None,
                creator=one.parent,
            )
        )
    return Goroutines(
        rows=tuple(sorted(rows, key=lambda row: row.id)),
        how="held",
        held_at=held_at,
        command=_gdb(program, hold, find_go(target.go).root),
        tier="tool",
        precision="line",
    )


def _gdb(program: Executable, hold: str, root: Path) -> str:
    """The same in gdb, which takes its words for Go from the GOROOT only when it may."""
    words = ["gdb", "-batch", "-iex", f"add-auto-load-safe-path {root}"]
    words += ["-ex", f"break {hold}", "-ex", "run", "-ex", "info goroutines", str(program.path)]
    return shlex.join(words)


def recording_of(source: Source, target: Target) -> dict[str, Any]:
    """What is recorded of goroutines: the traceback itself."""
    return {"traceback": goroutines(source, target).text}


def recorded_goroutines() -> Goroutines:
    """The recorded goroutines of the sample `waiting`. FeatureUnavailable when there are none."""
    found = recorded(RECORDING)
    text = str(found.content["traceback"])
    return Goroutines(
        rows=tuple(_of_text(text)),
        how="recording",
        said=_last_words(text),
        text=text,
        command=found.recording.command,
        recorded=found.recording,
        tier="tool",
        precision="line",
    )


def _of_text(text: str) -> Iterator[Goroutine]:
    for one in sorted(parse_traceback(text), key=lambda row: row.id):
        first = one.frames[-1].function if one.frames else ""
        if first == "runtime.goexit" and len(one.frames) > 1:
            first = one.frames[-2].function
        yield Goroutine(
            one.id,
            one.state,
            one.reason,
            one.minutes,
            one.locked,
            one.thread,
            one.address,
            "main.main" if one.id == 1 and first == "runtime.main" else first,
            one.id != 1 and (not one.id or is_system(first)),
            one.frames,
            one.created_by.position if one.created_by else None,
            one.creator,
        )


def _of_runtime(function: str) -> bool:
    """Whether a function is the runtime's, under its own name or one it has lent to a package."""
    return function.startswith("runtime.") or ".runtime_" in function


def _last_words(text: str) -> str:
    """What the runtime says before a traceback: "SIGQUIT: quit", "panic: …", "fatal error: …"."""
    begins = ("panic:", "fatal error:", "SIG", "runtime:")
    return next((line for line in text.splitlines() if line.startswith(begins)), "")


def _json(one: Goroutine) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state,
        "reason": one.reason,
        "minutes": one.minutes,
        "locked": one.locked,
        "thread": one.thread,
        "address": one.address,
        "function": one.function,
        "system": one.system,
        "creator": one.creator,
        "created_by": str(one.created_by or ""),
        "frames": [
            {
                "function": call.function,
                "file": call.position.file,
                "line": call.position.line,
                "address": call.address,
            }
            for call in one.frames
        ],
    }
