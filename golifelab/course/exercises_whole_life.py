"""The exercises of chapter 1: the whole life of a program."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from golifelab.claims.workbench import Build, Lab, workbench
from golifelab.course.exercise import Wrong, judge
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.elf.image import Image
from golifelab.link.executable import link, linker_of
from golifelab.link.modes import BUILDS, Build as Built, static_matrix
from golifelab.link.reachability import reachability
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.run import run

MATRIX_QUESTIONS = ("linker", "interpreter", "libc", "entry")


@judge(
    "1a",
    question=(
        "Eight builds, four questions each: who links it (“internal” or “gcc”), does it ask for an"
        " interpreter, does it need libc, and what is its entry symbol?"
    ),
    hints=(
        "Two things decide: is there C code among the imported packages, and who links?",
        "gcc always brings its own start-up code with the entry symbol _start; Go never does.",
        "A position-independent program has an interpreter even when it needs no library.",
    ),
    answer=(
        "Run static_matrix() and read the rows. Only the two builds that gcc links and nobody"
        " told to be static, the position-independent one, and the programs with C in them ask for"
        " an interpreter; the entry symbol is _start exactly where gcc did the linking."
    ),
)
def judge_matrix(answer: Any) -> str:
    """Compare a prediction {build: (linker, interpreter, libc, entry)} with the real builds."""
    if not isinstance(answer, Mapping):
        raise Wrong("give a dictionary: build name → (linker, interpreter, libc, entry)")
    truth = _matrix(shutil.which("gcc") is not None)
    unknown = [name for name in answer if name not in {build.name for build in BUILDS}]
    if unknown:
        raise Wrong(f"there is no build {unknown[0]!r}")
    right, still_open = 0, 0
    first = ""
    for name, facts in truth.items():
        given = answer.get(name, ...)
        if given is ...:
            still_open += 1
            continue
        if not isinstance(given, list | tuple) or len(given) != len(MATRIX_QUESTIONS):
            raise Wrong(f"{name!r} needs four answers: {', '.join(MATRIX_QUESTIONS)}")
        for question, said, fact in zip(MATRIX_QUESTIONS, given, facts, strict=True):
            if _same(said, fact):
                right += 1
            elif not first:
                first = f"; look again at {name!r}: {question}"
    total = len(truth) * len(MATRIX_QUESTIONS)
    if right < total:
        rows = f"; {still_open} rows are still open" if still_open else ""
        raise Wrong(f"{right} of {total} are right{first}{rows}")
    left_out = len(BUILDS) - len(truth)
    note = f" ({left_out} builds need gcc and were left out)" if left_out else ""
    return f"all {total} are right{note}."


def matrix_row(build: Built) -> tuple[str, bool, bool, str]:
    """The four facts of a build that exercise 1a asks for."""
    # Whichever C compiler is installed, the lesson calls it by the usual name.
    linker = build.linker if build.linker == "internal" else "gcc"
    libc = any(name.startswith("libc.") for name in build.needed)
    return linker, bool(build.interpreter), libc, build.entry_symbol


@cache
def _matrix(_with_gcc: bool) -> dict[str, tuple[str, bool, bool, str]]:
    """The rows of the builds that are possible here, made once a session."""
    return {build.name: matrix_row(build) for build in static_matrix().rows if build.available}


def _same(said: Any, fact: Any) -> bool:
    if isinstance(fact, bool):
        return said is fact or (isinstance(said, str) and said.strip().lower() == _YES[fact])
    return isinstance(said, str) and said.strip().lower() == fact.lower()


_YES = {True: "yes", False: "no"}


@judge(
    "1b",
    question="How often does the compiler run when `go build -a` builds hello from nothing?",
    hints=(
        "The compiler runs once for each package, not for each file.",
        "`go list -deps .` lists the packages. One of them the compiler knows by heart.",
    ),
    answer=(
        "One run for each package that `go list -deps .` names, without unsafe, which has no code:"
        "\n\n"
        "go list -deps . | grep -v '^unsafe$' | wc -l"
    ),
)
def judge_compiler_runs(answer: Any) -> str:
    """Compare with the number of packages that `go list -deps` gives, without unsafe."""
    if not isinstance(answer, int) or isinstance(answer, bool):
        raise Wrong("give a whole number")
    truth = len(Lab(workbench()).packages("hello"))
    if answer == truth + 1:
        raise Wrong("very close: one package in the list has nothing to compile")
    if answer != truth:
        more = "less" if answer > truth else "more"
        raise Wrong(f"it is {more} than {answer}")
    return f"{truth} packages, {truth} runs."


@judge(
    "1c",
    question=(
        "hello, linked with -linkmode external, is started. In which file is the very first"
        " instruction that runs outside the kernel?"
    ),
    hints=(
        "The kernel looks for PT_INTERP in the program headers before it jumps anywhere.",
        "p.link(mode).interpreter is the name you need.",
    ),
    answer=(
        "In the dynamic loader, the file that PT_INTERP names: at the loader's own _start. It loads"
        " libc, and only then jumps to the program's _start, which is not the same one."
    ),
)
def judge_first_instruction(answer: Any) -> str:
    """Compare with the interpreter that the linked program names."""
    if not isinstance(answer, str):
        raise Wrong("give the file's name as text")
    bench = workbench()
    external = shutil.which("gcc") is not None
    interpreter = Image(bench.build("hello external" if external else "hello pie")).interpreter
    said = answer.strip().strip("'\"")
    name = PurePosixPath(interpreter).name
    if PurePosixPath(said).name.lower() in (name, "ld.so", name.split(".so")[0]):
        how = "" if external else " (seen in a position-independent build: there is no gcc here)"
        return f"the kernel starts {interpreter}, at that file's own _start{how}."
    if "rt0" in said:
        raise Wrong("that is where Go's own code begins. Somebody else runs before")
    if said in ("_start", "crt1.o"):
        raise Wrong("the program has such a _start, but it is not the first one that runs")
    if said in ("hello", "./hello"):
        raise Wrong("the kernel maps hello, but it does not jump into it first")
    raise Wrong("look at the program headers: what does the kernel need besides the program?")


@judge(
    "1d",
    question=(
        "Make hello a program that gcc links and that is static all the same. What do you give to"
        " go build -ldflags?"
    ),
    hints=(
        "Two flags: one says who links, the other is handed on to that linker.",
        'The linker\'s flag -extldflags takes the words for gcc: -extldflags "…"',
    ),
    answer='Both together:\n\n-linkmode external -extldflags "-static"',
)
def judge_external_static(answer: Any) -> str:
    """Build hello with the given linker flags and look at what came out."""
    if not isinstance(answer, str):
        raise Wrong("give the flags as text, as you would after -ldflags=")
    flags = answer.strip().removeprefix("-ldflags=").strip("'") or "-s"
    bench = workbench()
    bench.need("gcc")
    try:
        image = Image(bench.build_as(Build("hello", (f"-ldflags={flags}",), cgo=True)))
    except GolifelabError as error:
        if "cannot find -l" in error.message:
            raise FeatureUnavailable(
                "linking statically with gcc",
                "the static C library is missing",
                remedy="install libc6-dev or glibc-static",
            ) from error
        raise
    external = linker_of(image) == "external"
    if not external and not image.interpreter:
        raise Wrong("static, but Go's own linker did it: that is the default")
    if not external:
        raise Wrong(f"Go's own linker did it, and it asks for {image.interpreter}")
    if image.interpreter:
        raise Wrong(f"gcc linked it, but it asks for {image.interpreter}")
    return f"no interpreter, and the entry is gcc's {image.entry_symbol}: external and static."


@judge(
    "1e",
    question=(
        "main never calls println, and yet runtime.printlock is in hello. Name a function for whose"
        " sake the linker kept it."
    ),
    hints=(
        "The graph of dependencies can be walked backwards, too.",
        'reached.kept_by("runtime.printlock") names who led there.',
    ),
    answer=(
        "The runtime prints for itself, when it throws or traces. The linker noted the first one"
        ' who led there:\n\nreached.kept_by("runtime.printlock")'
    ),
)
def judge_kept_by(answer: Any) -> str:
    """Compare with the linker's own reason, and with everyone whose code refers to it."""
    if not isinstance(answer, str):
        raise Wrong("give the function's name as text")
    source = Source.from_file(workbench().source("hello"))
    graph = reachability(source, Target())
    said = answer.strip().strip("'\"")
    if said in graph.kept_by("runtime.printlock"):
        return f"{said} led there first: {' → '.join(graph.path('runtime.printlock')[-4:])}."
    if not graph.path(said):
        raise Wrong(f"there is no {said} in hello")
    raise Wrong(f"{said} is in hello, but the linker came to printlock another way")


# A shorter part of the message could be meant for another one.
_TELLING = 12
_GOEXIT = 'package main\n\nimport "runtime"\n\nfunc main() { runtime.Goexit() }\n'


@judge(
    "1f",
    question=(
        "main does not return but calls runtime.Goexit(), which ends its goroutine. What is the"
        " error that the program stops with?"
    ),
    hints=(
        "Goroutine 1 ends, and main.main never returns to runtime.main. Who could call exit?",
        "Try it: Program.from_text, link, and run what comes out.",
    ),
    answer=(
        "exit is called by runtime.main, after main.main has returned. Here it never does, and no"
        " goroutine is left that could do anything:\n\n"
        "fatal error: no goroutines (main called runtime.Goexit) - deadlock!"
    ),
)
def judge_goexit(answer: Any) -> str:
    """Run such a program and compare with what it says."""
    if not isinstance(answer, str):
        raise Wrong("give the message as text")
    bench = workbench()
    bench.need_processes()
    program = link(Source.from_text(_GOEXIT), Target()).path
    said = run([program], timeout=20).error_text
    truth = next((line for line in said.splitlines() if line.startswith("fatal error: ")), "")
    message = truth.removeprefix("fatal error: ")
    given = " ".join(answer.strip().strip("'\"").removeprefix("fatal error: ").split())
    if given == message or (given in message and len(given) >= _TELLING):
        return f"“{message}”: nobody was left to call exit."
    if not given or given in said:
        raise Wrong("that is in the output, but it does not say what is wrong")
    raise Wrong("the program says something else; run it")
