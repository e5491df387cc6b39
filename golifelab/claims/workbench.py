"""Where experiments work: programs built in every way, and commands whose output is kept.

A program is built once and shared by all experiments of a session.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.claims.experiment import Evidence
from golifelab.data import data_directory
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.load.hold.architecture import host
from golifelab.load.hold.keeper import linux_only
from golifelab.target import Target
from golifelab.toolchain.exports import export_files, importcfg
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import Completed, run

_KEPT_LINES = 14
_KEPT_CHARACTERS = 3000
_REMEDIES = {
    "gcc": "install gcc, for example with your package manager",
    "strace": "install strace, for example with your package manager",
    "gdb": "install gdb, for example with your package manager",
}


@dataclass(frozen=True, slots=True)
class Build:
    """One way to build a sample program: further words for `go build`, and whether C is allowed."""

    sample: str
    words: tuple[str, ...] = ()
    cgo: bool = False

    @property
    def command(self) -> str:
        """The build as a reader would type it."""
        setting = f"CGO_ENABLED={int(self.cgo)} "
        return setting + shlex.join(["go", "build", *self.words, f"./{self.sample}"])


_STATIC = '-extldflags "-static"'
BUILDS: dict[str, Build] = {
    "hello": Build("hello"),
    "hello external": Build("hello", ("-ldflags=-linkmode external",), cgo=True),
    "hello external static": Build("hello", (f"-ldflags=-linkmode external {_STATIC}",), cgo=True),
    "hello pie": Build("hello", ("-buildmode=pie",)),
    "net": Build("netapp"),
    "net cgo": Build("netapp", cgo=True),
    "net cgo static flag": Build("netapp", (f"-ldflags={_STATIC}",), cgo=True),
    "own cgo": Build("cgoapp", cgo=True),
    "println": Build("println"),
    "empty": Build("empty"),
    "blocked": Build("blocked"),
    "scheduler": Build("scheduler"),
    "scheduler stripped": Build("scheduler", ("-ldflags=-s -w",)),
    "busy": Build("busy"),
    "mirror": Build("mirror"),
    "walk": Build("walk"),
    "places": Build("places"),
    "places pie": Build("places", ("-buildmode=pie",)),
    "parked": Build("parked"),
    "inits": Build("inits"),
    "faults": Build("faults"),
    "homes": Build("homes"),
    "homes pie": Build("homes", ("-buildmode=pie",)),
}


class Bench:
    """A folder for one toolchain and target, with the programs built in it so far."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.go = find_go(target.go)
        # The process id in the name lets a later session remove what a killed one left behind.
        self.directory = Path(tempfile.mkdtemp(prefix=f"golifelab-{os.getpid()}-")).resolve()
        weakref.finalize(self, shutil.rmtree, self.directory, ignore_errors=True)
        self._built: dict[Build, Path] = {}

    @property
    def importcfg(self) -> Path:
        """Where the compiled packages of std are."""
        return importcfg(self.target)

    @property
    def runtime_object(self) -> Path:
        """The compiled package runtime."""
        return export_files(self.target)["runtime"]

    def environment(self, *, cgo: bool = False, **more: str) -> dict[str, str]:
        """The environment of a Go command."""
        return self.go.environment(self.target.with_(cgo=cgo)) | more

    def build(self, name: str) -> Path:
        """The executable of a build in `BUILDS`; FeatureUnavailable when it needs a C compiler."""
        return self.build_as(BUILDS[name])

    def build_as(self, build: Build) -> Path:
        """The executable of any build; GolifelabError with Go's words when Go refuses."""
        if build in self._built:
            return self._built[build]
        if build.cgo:
            self.need("gcc")
        path = self.directory / f"build{len(self._built)}" / build.sample
        path.parent.mkdir()
        done = run(
            [self.go.command, "build", "-o", path, *build.words, *self.files(build.sample)],
            env=self.environment(cgo=build.cgo),
            cwd=self.directory,
            timeout=300,
        )
        if done.returncode:
            path.parent.rmdir()
            raise self.refused(done)
        self._built[build] = path
        return path

    def refused(self, build: Completed) -> GolifelabError:
        """The error that says what go build said."""
        return GolifelabError("go build stopped:\n" + self.clean(build.error_text.strip())[:2000])

    def source(self, sample: str) -> Path:
        """The first file of a sample program."""
        return self.files(sample)[0]

    def files(self, sample: str) -> list[Path]:
        """The files of a sample program."""
        return sorted((data_directory() / "programs" / sample).glob("*.go"))

    def folder(self, text: str) -> Path:
        """A folder with a module whose only file, main.go, holds this text."""
        path = self.directory / "texts" / hashlib.sha256(text.encode()).hexdigest()[:12]
        if not path.exists():
            path.mkdir(parents=True)
            release = ".".join(map(str, self.go.release))
            (path / "go.mod").write_text(f"module lab\n\ngo {release}\n")
            (path / "main.go").write_text(text)
        return path

    def need(self, tool: str) -> str:
        """The path of a system program; FeatureUnavailable when it is not installed."""
        found = shutil.which(tool)
        if found is None:
            raise FeatureUnavailable(tool, "it is not installed", remedy=_REMEDIES.get(tool, ""))
        return found

    def need_processes(self) -> None:
        """FeatureUnavailable unless programs of the target can run on this machine."""
        what = f"running a {self.target.platform} program"
        linux_only(what)
        machine = host().name
        if (self.target.goos, self.target.goarch) != ("linux", machine):
            raise FeatureUnavailable(what, f"this machine is linux/{machine}")

    def clean(self, text: str) -> str:
        """Output without the folders of this machine, which mean nothing to a reader."""
        folders = [
            (str(self.importcfg), "importcfg"),
            (str(self.go.tool_directory) + os.sep, ""),
            (str(self.go.root), "$GOROOT"),
            (str(data_directory() / "programs") + os.sep, ""),
            (str(self.directory) + os.sep, ""),
            (str(self.directory), "."),
        ]
        for folder, name in folders:
            text = text.replace(folder, name)
        return re.sub(r"\bbuild\d+/|\btexts/\w+/", "", text)


@lru_cache(maxsize=4)
def _bench(target: Target) -> Bench:
    return Bench(target)


def workbench(target: Target | None = None) -> Bench:
    """The bench of a target, shared by everything in this process."""
    return _bench(target or Target())


class Lab:
    """What one experiment works with: the shared bench, and the evidence it writes down."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.evidence: list[Evidence] = []
        self._shown = ""

    def note(self, command: str, output: str) -> None:
        """Write a piece of evidence down, without this machine's folders and bounded."""
        text = self.bench.clean(output.strip("\n"))
        lines = text.splitlines()
        if len(lines) > _KEPT_LINES:
            lines = [*lines[:_KEPT_LINES], f"… {len(lines) - _KEPT_LINES} more lines"]
        text = "\n".join(lines)
        if len(text) > _KEPT_CHARACTERS:
            text = text[:_KEPT_CHARACTERS] + "…"
        self.evidence.append(Evidence(self.bench.clean(command), text))

    def run(
        self,
        argv: Sequence[str | Path],
        shown: str,
        *,
        keep: str | Callable[[str], str] = "",
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
        timeout: float = 120,
    ) -> Completed:
        """Run a command and write it down as `shown`.

        `keep` chooses what of its output is evidence: a regular expression that a line must
        contain, or a function of the whole output; without it the first lines are kept.
        """
        bench = self.bench
        env, cwd = env or bench.environment(), cwd or bench.directory
        done = run(argv, env=env, cwd=cwd, timeout=timeout)
        text = done.text + done.error_text or "(no output)\n"
        if callable(keep):
            text = keep(text)
        elif keep:
            text = "\n".join(line for line in text.splitlines() if re.search(keep, line))
        if done.returncode:
            text = f"{text.rstrip()}\n(exit status {done.returncode})"
        self.note(shown, text)
        return done

    def compile(self, sample: str, *flags: str, keep: str = "") -> Completed:
        """Run the compiler itself on a sample, with the compiled packages of std at hand."""
        bench = self.bench
        argv: list[str | Path] = [bench.go.tool("compile"), "-p", "main"]
        argv += ["-importcfg", bench.importcfg, "-o", bench.directory / "main.o", *flags]
        words = ["go", "tool", "compile", "-p", "main", "-importcfg", "importcfg", *flags]
        return self.run([*argv, bench.source(sample)], shlex.join([*words, "main.go"]), keep=keep)

    def compile_text(self, text: str, *flags: str, keep: str = "") -> Completed:
        """Run the compiler itself on a program given as text; it may be a wrong one."""
        bench = self.bench
        folder = self._folder(text)
        argv: list[str | Path] = [bench.go.tool("compile"), "-p", "main"]
        argv += ["-importcfg", bench.importcfg, "-o", folder / "main.o", *flags, "main.go"]
        words = ["go", "tool", "compile", "-p", "main", *flags, "main.go"]
        return self.run(argv, shlex.join(words), keep=keep, cwd=folder)

    def go(self, text: str, *words: str, keep: str = "") -> Completed:
        """Run the go command where a program given as text is the module's only file."""
        bench = self.bench
        folder = self._folder(text)
        argv: list[str | Path] = [bench.go.command, *words]
        # The folder may lie in somebody's repository.
        env = bench.environment(GOFLAGS="-buildvcs=false")
        shown = shlex.join(["go", *words])
        return self.run(argv, shown, keep=keep, cwd=folder, env=env)

    def run_text(self, text: str, keep: str = "") -> Completed:
        """Build a program given as text with the go command, and run it.

        GolifelabError with Go's words when Go refuses it.
        """
        self.bench.need_processes()
        built = self.go(text, "build", "-o", "prog", ".")
        if built.returncode:
            raise self.bench.refused(built)
        folder = self._folder(text)
        return self.run([folder / "prog"], "./prog", keep=keep, cwd=folder, timeout=20)

    def _folder(self, text: str) -> Path:
        """The folder of a program given as text, which is written down when it is another one."""
        if text != self._shown:
            self._shown = text
            self.note("cat main.go", text)
        return self.bench.folder(text)

    def link(
        self,
        *flags: str,
        shown: str,
        keep: str | Callable[[str], str] = "",
        env: dict[str, str] | None = None,
    ) -> Completed:
        """Run the linker itself on the object that `compile` left, into the file `linked`."""
        bench = self.bench
        argv: list[str | Path] = [bench.go.tool("link"), "-importcfg", bench.importcfg, *flags]
        argv += ["-o", bench.directory / "linked", bench.directory / "main.o"]
        words = shlex.join(["go", "tool", "link", "-importcfg", "importcfg", *flags])
        return self.run(argv, f"{words} -o {shown}", keep=keep, env=env)

    def packages(self, sample: str) -> frozenset[str]:
        """The packages that a sample is made of, without unsafe: it has nothing to compile."""
        bench = self.bench
        done = self.run(
            [bench.go.command, "list", "-deps", *bench.files(sample)],
            "go list -deps . | grep -v ^unsafe$ | wc -l",
            keep=lambda text: str(len(set(text.split()) - {"unsafe"})),
        )
        return frozenset(done.text.split()) - {"unsafe"}

    def objdump(self, symbol: str, path: Path, keep: str = "CALL|JMP") -> str:
        """The disassembly of the functions whose name matches a regular expression."""
        argv: list[str | Path] = [self.bench.go.command, "tool", "objdump", "-s", symbol, path]
        shown = f"go tool objdump -s '{symbol}' {path.name}"
        return self.run(argv, shown, keep=keep, timeout=300).text
