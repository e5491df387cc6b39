"""All system calls of one run of a program: by strace, by our own tracing, or recorded."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from golifelab.errors import FeatureUnavailable, LimitExceeded, ParseError
from golifelab.link.executable import Executable, executable
from golifelab.load.hold.start import runs_here
from golifelab.load.hold.tracer import PtraceRefused
from golifelab.load.syscalls.call import SystemCall
from golifelab.load.syscalls.descriptors import Descriptor, descriptors
from golifelab.load.syscalls.looped import watch_calls_looped
from golifelab.load.syscalls.space import Space, space_of
from golifelab.load.syscalls.strace import parse_strace, strace_path
from golifelab.load.syscalls.traced import INTERRUPTED, MAX_CALLS, Watched, watch_calls
from golifelab.stage import Stage
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    import pandas as pd

How = Literal["strace", "ptrace", "loop", "recording"]
Tier = Literal["auto", "strace", "ptrace", "loop"]
# Without it the scheduler's signals come in between, whenever they happen to.
CALM = {"GODEBUG": "asyncpreemptoff=1"}
_MAX_LOG = 64 << 20
# The runtime gives its handler's address to the kernel: that tells where the program was loaded.
# SIG_DFL and SIG_IGN are names, and no places in a program.
_HANDLER = re.compile(r"sa_handler=(0x[0-9a-f]+)")
_HANDLERS = (
    *("runtime.sigtramp", "runtime.sigtramp.abi0"),
    *("runtime.cgoSigtramp", "runtime.cgoSigtramp.abi0"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemCalls(Stage):
    """The system calls of one run, in the order they ended. `how` says who saw them.

    `output` is what the program printed. `returncode` is None when the run was cut short; `cut`
    then says why, and the calls are those until then.
    """

    rows: tuple[SystemCall, ...] = field(repr=False)
    how: How = "strace"
    program: str = ""
    returncode: int | None = 0
    output: str = field(default="", repr=False)
    cut: str = ""

    def named(self, *names: str) -> tuple[SystemCall, ...]:
        """The calls with one of these names."""
        return tuple(row for row in self.rows if row.name in names)

    def counts(self) -> dict[str, int]:
        """How often each call was made, most frequent first."""
        found: dict[str, int] = {}
        for row in self.rows:
            found[row.name] = found.get(row.name, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    @property
    def threads(self) -> tuple[int, ...]:
        """The threads that made calls, in the order of their first."""
        return tuple(dict.fromkeys(row.thread for row in self.rows))

    @property
    def descriptors(self) -> tuple[Descriptor, ...]:
        """The files that were opened, each from its opening to its closing."""
        return descriptors(self.rows)

    @property
    def space(self) -> Space:
        """What the calls did to the process's addresses: reserved, made usable, given back."""
        return space_of(self.rows)

    def frame(self) -> pd.DataFrame:
        """One row a call."""
        import pandas as pd

        return pd.DataFrame([row.to_json() for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a call."""
        return self.header() | {
            "how": self.how,
            "program": self.program,
            "returncode": self.returncode,
            "cut": self.cut,
            "output": self.output,
            "calls": [row.to_json() for row in self.rows],
        }


def system_calls(
    program: Executable | str | Path,
    argv: Sequence[str] = (),
    *,
    environment: Mapping[str, str] | None = None,
    tier: Tier = "auto",
    asked: bool = False,
    timeout: float = 10.0,
) -> SystemCalls:
    """Run a program and see every system call, of all its threads.

    By default strace sees them, where it is and works; else our own tracing does: it comes first
    when it shall be known who `asked` for memory and threads. Where ptrace is refused, a static
    program (on amd64) is held at each of its instructions for system calls. `environment`
    replaces the default one, which keeps the scheduler from sending signals. A program that runs
    for longer than `timeout` seconds is ended, as one that is interrupted from the keyboard: what
    was seen until then is the value.
    FeatureUnavailable where nobody may trace, or when `tier` asks for what is not here.
    """
    value = program if isinstance(program, Executable) else executable(program)
    runs_here(value)
    settings = dict(CALM if environment is None else environment)
    words = [str(value.path.resolve()), *argv]
    if tier == "strace" or (tier == "auto" and not asked):
        try:
            return _by_strace(value, words, settings, timeout)
        except FeatureUnavailable:
            if tier == "strace":
                raise
    seen, how = _watched(value, words, settings, tier, timeout)
    return SystemCalls(
        rows=placed(seen.rows, value, seen.bias),
        how=how,
        program=value.name,
        returncode=seen.returncode,
        output=seen.output,
        cut=seen.cut,
        interrupted=seen.cut == INTERRUPTED,
        command=_shown(words, settings),
        tier="tool",
        precision="line",
    )


def _watched(
    value: Executable,
    words: list[str],
    settings: Mapping[str, str],
    tier: Tier,
    timeout: float,
) -> tuple[Watched, How]:
    """What our own tracing sees; without ptrace, where that is refused."""
    refused: FeatureUnavailable | None = None
    if tier != "loop":
        try:
            return watch_calls(value, words, settings, timeout), "ptrace"
        except PtraceRefused as error:
            if tier == "ptrace":
                raise
            refused = error
    try:
        return watch_calls_looped(value, words, settings, timeout), "loop"
    except FeatureUnavailable as error:
        raise refused or error from error


def _by_strace(
    value: Executable, words: list[str], settings: Mapping[str, str], timeout: float
) -> SystemCalls:
    tracer, output, code, cut, seconds = strace_path(), "", None, "", timeout
    with scratch() as directory:
        log = directory / "calls"
        asked = [tracer, "-f", "-qq", "-ttt", "-i", "-o", str(log), *words]
        try:
            done = run(asked, env=dict(settings), timeout=timeout)
        except LimitExceeded as error:
            cut = error.message
        except KeyboardInterrupt:
            cut = INTERRUPTED
        else:
            output, code, seconds = done.text + done.error_text, done.returncode, done.seconds
        raw = b""
        if log.exists():
            with log.open("rb") as file:
                raw = file.read(_MAX_LOG)
    rows = parse_strace(raw.decode("utf-8", "replace"))
    if len(rows) > MAX_CALLS:
        cut = cut or f"it made more than {MAX_CALLS:,} calls"
    rows = rows[:MAX_CALLS]
    return SystemCalls(
        rows=placed(rows, value, found_bias(rows, value)),
        how="strace",
        program=value.name,
        returncode=code,
        output=output,
        cut=cut,
        interrupted=cut == INTERRUPTED,
        command=_shown(words, settings),
        seconds=seconds,
        tier="tool",
        precision="line",
    )


def found_bias(rows: Sequence[SystemCall], value: Executable) -> int | None:
    """How far a program was moved when it was loaded, from its calls; None where that is hidden."""
    if value.image.type != "DYN":
        return 0
    if not _told(value):
        return None
    homes = [function.address for name in _HANDLERS if (function := value.function(name))]
    for row in rows:
        handler = _HANDLER.search(row.arguments) if row.name == "rt_sigaction" else None
        if handler:
            place = int(handler[1], 16)
            found = [place - home for home in homes if (place - home) % 4096 == 0]
            if found:
                return found[0]
    return None


def placed(
    rows: Sequence[SystemCall], value: Executable, bias: int | None
) -> tuple[SystemCall, ...]:
    """The calls with the functions of the program that made them."""
    if bias is None or not _told(value):
        return tuple(rows)
    named: dict[int, str] = {}
    for address in {row.address for row in rows}:
        # The address is behind the instruction, which may be a function's last.
        function = value.function_at(address - bias - 1) if address else None
        named[address] = function.name.removesuffix(".abi0") if function else ""
    return tuple(replace(row, function=named[row.address]) for row in rows)


def _told(value: Executable) -> bool:
    """Whether a program's functions are known: a stripped one that is not Go's has no table."""
    try:
        return bool(value.functions)
    except ParseError:
        return False


def _shown(words: Sequence[str], settings: Mapping[str, str]) -> str:
    pairs = [f"{name}={shlex.quote(value)}" for name, value in settings.items()]
    return " ".join([*pairs, shlex.join(["strace", "-f", "-qq", "-ttt", "-i", *words])])
