"""The reader's program, unchanged, with Go code before and after its main.

In the copy that is compiled, main has another name of the same length, so every position stays what
it is. A file beside it has the main that the runtime calls: it runs some code, the program, and
some code again. What that code writes to its file is kept however the program ends.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import product

from golifelab.compile.tokens import tokens
from golifelab.errors import CompileFailed
from golifelab.link.executable import Executable, link
from golifelab.load.hold.start import runs_here
from golifelab.run.alone import said_alone
from golifelab.run.bounded import MAX_OUTPUT, MAX_WATCHED, Ended, read_most, run_bounded
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.link import Mode
from golifelab.toolchain.run import MAX_MEMORY

FILE = "golifelab_wrapped.go"
# Names of the main that the runtime calls, of functions around it, and of the packages they use.
_PREFIX = "golifelab_"
_GATHERED, _LIMIT = "GOLIFELAB_GATHERED", "GOLIFELAB_LIMIT"
_STOPPED = 215  # an exit code far from a program's usual ones
_GRACE = 0.5
# What stands beside the file of what was gathered: asks the program to stop; its goroutines then.
_STOP, _STACKS = ".stop", ".stacks"

# The variable that holds the program keeps it from being inlined. An exit hook of the runtime runs
# when main returns and at os.Exit; the deferred call, when main panics.
_CODE = """\
package main

import (
{imports}
)

var (
	golifelab_out     *golifelab_os.File
	golifelab_once    golifelab_sync.Once
	golifelab_started bool
	golifelab_main    func()
)

{declarations}

const golifelab_flags = golifelab_syscall.O_WRONLY | golifelab_syscall.O_CREAT |
	golifelab_syscall.O_APPEND | golifelab_syscall.O_CLOEXEC

func golifelab_open(path string) {{
	file, _ := golifelab_syscall.Open(path, golifelab_flags, 0o600)
	golifelab_out = golifelab_os.NewFile(uintptr(file), path)
}}

func golifelab_before() {{
	{before}
}}

func golifelab_after() {{
	golifelab_once.Do(func() {{
		{after}
	}})
}}

func main() {{
	golifelab_main = {main}
	if golifelab_started {{
		golifelab_main()
		return
	}}
	golifelab_started = true
	golifelab_path := golifelab_os.Getenv("{gathered}")
	golifelab_open(golifelab_path)
	golifelab_os.Unsetenv("{gathered}")
	golifelab_exithook.Add(golifelab_exithook.Hook{{F: golifelab_after, RunOnFailure: true}})
	defer golifelab_after()
	golifelab_before()
	{limit}golifelab_main()
}}
"""
# It looks more and more seldom, so that short programs see little of it. A goroutine that sleeps,
# and no timer with a function: what that takes would be told as the program's.
_ALARM = """\
func golifelab_alarm(path string, limit golifelab_time.Duration) {{
	began := golifelab_time.Now()
	for {{
		passed := golifelab_time.Since(began)
		_, err := golifelab_os.Stat(path + "{stop}")
		if err == nil || passed >= limit {{
			break
		}}
		pause := max(passed, 50*golifelab_time.Millisecond)
		golifelab_time.Sleep(min(pause, limit-passed, 250*golifelab_time.Millisecond))
	}}
	golifelab_after()
	stacks := make([]byte, 1<<20)
	stacks = stacks[:golifelab_runtime.Stack(stacks, true)]
	golifelab_os.WriteFile(path+"{stacks}", stacks, 0o600)
	golifelab_os.Exit({stopped})
}}
"""
_SET = """\
golifelab_limit, _ := golifelab_time.ParseDuration(golifelab_os.Getenv("{limit}"))
	golifelab_os.Unsetenv("{limit}")
	go golifelab_alarm(golifelab_path, golifelab_limit)
	"""
_IMPORTS = ("internal/runtime/exithook", "os", "sync", "syscall")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a wrapped program left, however it ended.

    `data` is what was written to `golifelab_out`, `returncode` the exit code, negative for the
    signal that ended it. `ended` tells who ended it: "finished" is the program itself. `began` is
    when it was started, in nanoseconds of the system's steady clock.
    """

    data: bytes = field(repr=False)
    stdout: bytes
    stderr: bytes
    returncode: int
    ended: Ended
    seconds: float
    began: int
    command: str
    alone: str = ""

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.stdout.decode("utf-8", "replace")

    @property
    def error_text(self) -> str:
        """Standard error as text."""
        return self.stderr.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A program between two pieces of code, compiled and linked.

    `source` is what was compiled, `main` what the program's main.main is called in it. `plain`
    links the program without what is around it.
    """

    executable: Executable
    source: Source
    main: str
    plain: Callable[[], Executable] = field(repr=False, compare=False)
    stops_inside: bool = False

    def original(self, function: str) -> str:
        """The name that a function ("main.maiN.func1") has in the reader's program."""
        return original(function, self.main)

    def added(self, function: str) -> bool:
        """Whether a function is none of the reader's program, but of what is around it."""
        return function == "main.main" or function.startswith(f"main.{_PREFIX}")

    def run(
        self,
        argv: Sequence[str] = (),
        *,
        environment: Mapping[str, str] | None = None,
        timeout: float = 5.0,
        max_memory: int = MAX_MEMORY,
        max_output: int = MAX_OUTPUT,
        line: str = "{run}",
        file: str = "gathered",
    ) -> Gathered:
        """Run it with an empty input, in an empty folder, for `timeout` seconds at most.

        `line` is the shell line that the value tells: in it, {run} leaves what is gathered in
        `file`.
        An end by a limit, or by the reader who interrupts it, is a value like any other.
        FeatureUnavailable where this machine can't run it.
        """
        runs_here(self.executable)
        settings = dict(environment or {})
        words = [str(self.executable.path), *argv]
        with scratch() as folder:
            gathered = folder / "gathered"
            done = run_bounded(
                words,
                settings | self._inside(str(gathered), timeout),
                folder,
                timeout=timeout + _GRACE * self.stops_inside,
                max_memory=max_memory,
                max_output=max_output,
                watched=gathered,
                stop=gathered.with_name(f"gathered{_STOP}") if self.stops_inside else None,
            )
            data = read_most(gathered, MAX_WATCHED)
            stacks = read_most(gathered.with_name(f"gathered{_STACKS}"), MAX_OUTPUT)
        ended, alone = done.ended, ""
        if self.stops_inside and done.returncode == _STOPPED and ended == "finished":
            ended = "time limit"
            alone = said_alone(
                stacks.decode("utf-8", "replace"),
                self.plain,
                argv,
                settings,
                added=FILE,
                timeout=timeout,
            )
        told = settings | self._inside(file, timeout)
        live = shlex.join(["env", "-i", *(f"{name}={text}" for name, text in told.items()), *words])
        return Gathered(
            data=data,
            stdout=done.stdout,
            stderr=done.stderr,
            returncode=done.returncode,
            ended=ended,
            seconds=done.seconds,
            began=done.began,
            command=line.replace("{run}", f"rm -f {file}; {live}"),
            alone=alone,
        )

    def _inside(self, file: str, timeout: float) -> dict[str, str]:
        """The variables that tell the code around the program where to write, and how long."""
        limit = {_LIMIT: f"{timeout:g}s"} if self.stops_inside else {}
        return {_GATHERED: file} | limit


def original(function: str, main: str) -> str:
    """The name that a function has in the reader's program, whose main.main was called `main`."""
    name, dot, rest = function.removeprefix("main.").partition(".")
    mine = function.startswith("main.") and name == main.removeprefix("main.")
    return f"main.main{dot}{rest}" if mine else function


def wrapped(
    source: Source,
    target: Target,
    *,
    before: str = "",
    after: str = "",
    declarations: str = "",
    imports: Sequence[str] = (),
    mode: Mode | None = None,
    stops_inside: bool = False,
) -> Wrapped:
    """Compile and link a program with Go statements before and after its main.

    `after` runs once: when main returns, panics or calls runtime.Goexit, and at os.Exit; not when
    another goroutine panics. A package of `imports` is known under its last name with "golifelab_"
    before it, such as golifelab_trace for "runtime/trace", so that it never meets a name of the
    program; `golifelab_out` is the file for what is gathered, an *os.File. `declarations` are
    functions and variables. With `stops_inside` the program is ended from
    within, after `after`, at its time limit or when it has printed too much. The runtime then never
    reports a deadlock: what it would say is in Gathered.alone.

    CompileFailed and LinkFailed as for the program itself, with the reader's own text.
    """
    main = _other_name(source, target)
    mine = [*_IMPORTS, *imports, *(["runtime", "time"] if stops_inside else [])]
    alarm = _ALARM.format(stop=_STOP, stacks=_STACKS, stopped=_STOPPED)
    text = _CODE.format(
        imports="\n".join(f'\t{_alias(path)} "{path}"' for path in dict.fromkeys(mine)),
        declarations=declarations + alarm * stops_inside,
        before=before,
        after=after,
        main=main,
        gathered=_GATHERED,
        limit=_SET.format(limit=_LIMIT) if stops_inside else "",
    )
    renamed = _renamed(source, target, main)
    whole = Source((*renamed.files, (FILE, text)), source.package, source.directory)
    try:
        plain = partial(link, source, target, mode)
        return Wrapped(link(whole, target, mode), whole, f"main.{main}", plain, stops_inside)
    except CompileFailed:
        link(source, target, mode)  # Where the program itself is refused, this says so better.
        raise


def _alias(path: str) -> str:
    return _PREFIX + path.rpartition("/")[2]


def _other_name(source: Source, target: Target) -> str:
    """A name as long as main that the program has no use for."""
    table = tokens(source, target).table
    taken = set(table.whole("literal"))
    names = ("".join(letters) for letters in product("mM_", "aA_", "iI_", "N_n"))
    return next(name for name in names if name not in taken and name != "main")


def _renamed(source: Source, target: Target, name: str) -> Source:
    """The source with its function main called otherwise; as it is where there is none."""
    scanned = tokens(source, target)
    kinds = scanned.table.whole("kind")
    literals = scanned.table.whole("literal")
    for row in range(1, len(kinds) - 1):
        if literals[row] == "main" and kinds[row - 1] == "func" and kinds[row + 1] == "(":
            token = scanned[row]
            raw = source.text(token.file).encode(errors="surrogateescape")
            raw = raw[: token.start] + name.encode() + raw[token.end :]
            return source.with_text(raw.decode(errors="surrogateescape"), token.file)
    return source
