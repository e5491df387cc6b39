"""The reader's program, unchanged, with Go code before and after its main.

In the copy that is compiled, main has another name of the same length, so every position stays what
it is. A file beside it has the main that the runtime calls: it runs some code, the program, and
some code again. What that code writes to its file is kept however the program ends.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from golifelab.compile.tokens import tokens
from golifelab.errors import GolifelabError
from golifelab.link.changes import changed_copy, files_without_folder
from golifelab.link.executable import Executable
from golifelab.link.modes.whole import whole, with_c
from golifelab.link.redirect import calls_redirected
from golifelab.load.hold.start import runs_here
from golifelab.run.around import (
    DEAD,
    FILE,
    GATHERED,
    LIMIT,
    PREFIX,
    REDIRECTS,
    STOP,
    STOPPED,
    around,
)
from golifelab.run.bounded import MAX_OUTPUT, MAX_WATCHED, Bounded, read_most, run_bounded
from golifelab.run.forever import ForEver
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.run import MAX_MEMORY

_GRACE = 0.5
_LAST = ("panic:", "fatal error:")


@dataclass(frozen=True, slots=True)
class Gathered(Bounded):
    """What a wrapped program left, however it ended: in `data`, what it wrote to `golifelab_out`.

    `ended` tells who ended it: "finished" is the program itself.
    """

    data: bytes = field(repr=False)
    command: str

    @property
    def last_words(self) -> str:
        """What the runtime said when it ended the program: "panic: …" or "fatal error: …"."""
        if not self.returncode or self.ended != "finished":
            return ""
        said = (one for one in self.error_text.splitlines() if one.startswith(_LAST))
        return next(said, "")


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A program between two pieces of code, compiled and linked.

    `source` is what was compiled, `main` what the program's main.main is called in it.
    """

    executable: Executable
    source: Source
    main: str
    stops_inside: bool = False

    def original(self, function: str) -> str:
        """The name that a function ("main.maiN.func1") has in the reader's program."""
        return original(function, self.main)

    def added(self, function: str) -> bool:
        """Whether a function is none of the reader's program, but of what is around it."""
        return function == "main.main" or function.startswith(f"main.{PREFIX}")

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
                stop=gathered.with_name(f"gathered{STOP}") if self.stops_inside else None,
                look=self._look(gathered.with_name(f"gathered{DEAD}")),
            )
            data = read_most(gathered, MAX_WATCHED)
        stopped = self.stops_inside and done.returncode == STOPPED
        told = settings | self._inside(file, timeout)
        live = shlex.join(["env", "-i", *(f"{name}={text}" for name, text in told.items()), *words])
        return Gathered(
            data=data,
            stdout=done.stdout,
            stderr=done.stderr,
            returncode=done.returncode,
            ended="time limit" if stopped and done.ended == "finished" else done.ended,
            seconds=done.seconds,
            began=done.began,
            command=line.replace("{run}", f"rm -f {file}; {live}"),
        )

    def _look(self, dead: Path) -> Callable[[int], bool] | None:
        """Looks whether the program waits for ever; then it is told so, and ends."""
        # Where C may call into Go, the runtime never says so.
        if not self.stops_inside or with_c(self.source):
            return None
        for_ever = ForEver(self.executable, self.added)

        def look(pid: int) -> bool:
            words = for_ever(pid)
            if words:
                dead.write_text(words)
            return bool(words)

        return look

    def _inside(self, file: str, timeout: float) -> dict[str, str]:
        """The variables that tell the code around the program where to write, and how long."""
        limit = {LIMIT: f"{timeout:g}s"} if self.stops_inside else {}
        return {GATHERED: file} | limit


def original(function: str, main: str) -> str:
    """The name that a function has in the reader's program, whose main.main was called `main`."""
    rest = function.removeprefix(main)
    # After the name comes what the compiler adds: ".func1", "-range1".
    mine = function.startswith(main) and not (rest[:1].isalnum() or rest.startswith("_"))
    return f"main.main{rest}" if mine else function


def wrapped(
    source: Source,
    target: Target,
    *,
    before: str = "",
    after: str = "",
    declarations: str = "",
    imports: Sequence[str] = (),
    stops_inside: bool = False,
) -> Wrapped:
    """Compile and link a program with Go statements before and after its main.

    `after` runs once: when main returns or calls runtime.Goexit, at os.Exit, and when a panic of
    any goroutine, or a misused map or lock, ends the program. A package of `imports` is known under
    its last name with "golifelab_" before it, such as golifelab_trace for "runtime/trace", so that
    it never meets a name of the program; `golifelab_out` is the file for what is gathered, an
    *os.File. `declarations` are functions and variables. With `stops_inside` the program is ended
    from within, after `after`, at its time limit, when it has printed too much, or when it waits
    for ever: then with the runtime's words for a deadlock.

    CompileFailed and LinkFailed as for the program itself, with the reader's own text;
    FeatureUnavailable where it imports "C" and there is no C compiler.
    """
    main = _other_name(source, target)
    text = around(
        main,
        before=before,
        after=after,
        declarations=declarations,
        imports=imports,
        stops_inside=stops_inside,
    )
    renamed = _renamed(source, target, main)
    every = Source((*renamed.files, (FILE, text)), source.package, source.directory)
    try:
        made = whole(every, target)
    except GolifelabError:
        whole(source, target)  # Where the program itself is refused, this says so better.
        raise
    changes = [*calls_redirected(made, REDIRECTS)]
    if with_c(source):
        changes += files_without_folder(made, FILE)
    return Wrapped(changed_copy(made, changes), every, f"main.{main}", stops_inside)


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
