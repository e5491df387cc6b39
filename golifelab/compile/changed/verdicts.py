"""Use a changed compiler: on one program directly, and as the compiler of `go build`."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from golifelab.compile.changed.cases import Case, cases
from golifelab.compile.changed.checked import Checked, module, tool_diagnostics
from golifelab.compile.changed.compiler import ChangedCompiler, wait
from golifelab.compile.changed.laundering import laundering
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run
from golifelab.toolchain.shell import compile_line

__all__ = ["CaseResult", "Checked", "build_folder", "compile_with", "judge_condition"]

# Its build cache is empty at first: all imported packages are compiled too.
_BUILD_SECONDS = 600.0
# All errors, not the first ten.
_ALL = "-e"


def compile_with(
    compiler: ChangedCompiler,
    source: Source,
    target: Target | None = None,
    *,
    environment: dict[str, str] | None = None,
) -> Checked:
    """Compile a program with a changed compiler. What it refuses is a value, not an error."""
    target = target or compiler.target
    done = compile_object(
        source, target, compiler=compiler.path, extra=(_ALL,), environment=environment
    )
    line = compile_line(source, target, (_ALL,))
    line = line.replace("go tool compile", shlex.quote(str(compiler.path)), 1)
    settings = "".join(f"{name}={shlex.quote(text)} " for name, text in (environment or {}).items())
    return Checked(
        tool="patched compiler",
        diagnostics=tool_diagnostics(f"{done.stdout}\n{done.stderr}", "compile"),
        accepted=not done.returncode,
        output=done.stdout + done.stderr,
        made=str(compiler),
        command=settings + line,
        seconds=done.seconds,
        tier="tool",
    )


def build_folder(
    compiler: ChangedCompiler, what: Source | str | Path, target: Target | None = None
) -> Checked:
    """`go build -toolexec=` with a changed compiler: a folder with Go files, or a program.

    The go command takes the two compilers for one, since they tell the same version; so this one
    has a build cache of its own, and the first build compiles the imported packages as well.
    """
    if os.name == "nt":
        raise FeatureUnavailable("go build -toolexec", "the script that it runs is one for sh")
    target = target or compiler.target
    go = find_go(target.go)
    store = compiler.path.parent / "go-build"
    script = str(compiler.toolexec)
    # The go command splits this value at spaces, unless they are quoted.
    toolexec = f"-toolexec='{script}'" if " " in script else f"-toolexec={script}"
    environment = go.environment(target) | {"GOCACHE": str(store)}
    with _folder(what, target) as folder, scratch() as out:
        if not _in_module(folder):
            environment["GO111MODULE"] = "off"
        words = ["build", toolexec, f"-gcflags={_ALL}"]
        done = run(
            [go.command, *words, "-o", out / "program", "."],
            env=environment,
            cwd=folder,
            timeout=_BUILD_SECONDS,
        )
        enter = "" if isinstance(what, Source) else f"cd {shlex.quote(str(folder))}\n"
        output = (done.text + done.error_text).replace(f"{folder}/", "")
    setting = f"GOOS={target.goos} GOARCH={target.goarch}"
    return Checked(
        tool="go build",
        diagnostics=tool_diagnostics(output, "compile"),
        accepted=not done.returncode,
        output=output,
        made=str(compiler),
        command=f"{enter}GOCACHE={shlex.quote(str(store))} {setting} go {shlex.join(words)} .",
        seconds=done.seconds,
        tier="tool",
    )


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a rule judged a case: whether it was `flagged`, and whether that is `right`."""

    case: Case
    flagged: bool
    right: bool


def judge_condition(condition: str, target: Target | None = None) -> tuple[CaseResult, ...]:
    """Build the compiler with a reader's condition, and hold its rule against the extended one.

    Takes as long as the build, seconds when one was built before. CompileFailed where Go does not
    take the condition, FeatureUnavailable where no compiler can be built.
    """
    compiler = wait(laundering(condition=condition), target)
    flagged = [bool(compile_with(compiler, case.source).of()) for case in cases()]
    return tuple(
        CaseResult(case, said, said == case.extended)
        for case, said in zip(cases(), flagged, strict=True)
    )


@contextlib.contextmanager
def _folder(what: Source | str | Path, target: Target) -> Iterator[Path]:
    if isinstance(what, Source):
        with module(what, find_go(target.go)) as folder:
            yield folder
        return
    path = Path(what).resolve()
    if not path.is_dir():
        raise GolifelabError(f"{path} is no folder", remedy="give a folder that holds .go files")
    yield path


def _in_module(folder: Path) -> bool:
    return any((parent / "go.mod").exists() for parent in (folder, *folder.parents))
