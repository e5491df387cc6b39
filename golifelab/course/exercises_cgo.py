"""The exercises of section 3.3: what makes a program static, and where pthread_create lives."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Mapping
from functools import cache
from typing import Any

from golifelab.claims.workbench import Bench, workbench
from golifelab.course.exercise import Wrong, judge
from golifelab.course.judging import is_names, judge_rows
from golifelab.data import data_directory
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.cgo import c_packages
from golifelab.link.elf.image import Image
from golifelab.link.executable import linker_of
from golifelab.link.modes import Build, Way
from golifelab.link.modes.build import built
from golifelab.link.modes.matrix import plain
from golifelab.link.modes.way import PURE, STATIC
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

_PROGRAMS = ("hello", "netapp", "cgoapp")
# Eight builds: the program and the way it is built.
BUILDS: tuple[tuple[str, Way], ...] = (
    ("hello", Way()),
    ("hello", Way(cgo=True)),
    ("hello", Way(cgo=True, linkmode="external")),
    ("netapp", Way()),
    ("netapp", Way(cgo=True)),
    ("netapp", Way(cgo=True, extldflags=STATIC)),
    ("netapp", Way(cgo=True, linkmode="external", extldflags=STATIC)),
    ("cgoapp", Way(cgo=True, extldflags=STATIC)),
)
_WORDS = {"static": True, "dynamic": False, "yes": True, "no": False}
_VARIABLE = re.compile(r"(\w+)=(.*)")
_WAYS = 3


@judge(
    "3.3a",
    question="Eight builds. Which of them are static?",
    hints=(
        "Two questions: is there C code among the imported packages, and who links?",
        (
            "net has C in it when cgo is on, hello has none either way. gcc links dynamically"
            " unless it is told not to."
        ),
        "Words for gcc are heard by gcc only. Is it called at all?",
    ),
    answer=(
        "Build them and look for an interpreter. Only hello linked by gcc, netapp with cgo, and"
        " netapp with words for gcc that nobody heard are dynamic:\n\nstatic_builds()"
    ),
)
def judge_static(answer: Any) -> str:
    """Compare {build: static?} with what the builds make."""
    truth = static_builds()
    names = [build_name(*one) for one in BUILDS]
    if isinstance(answer, Mapping):
        extra = {name: said for name, said in answer.items() if name in set(names) - set(truth)}
        answer = {name: said for name, said in answer.items() if name not in extra}
    judge_rows(answer, truth, kind='build → "static" or "dynamic"', same=_same)
    left_out = len(BUILDS) - len(truth)
    note = f" ({left_out} need gcc, and libc for static programs, and were left out)"
    return f"{sum(truth.values())} of {len(truth)} are static" + note * bool(left_out) + "."


def build_name(program: str, way: Way) -> str:
    """The build's name in the exercise: "netapp: cgo, -linkmode=external"."""
    return f"{program}: {way.name}"


def static_builds() -> dict[str, bool]:
    """The builds that can be made here, and whether they are static."""
    rows = {build_name(*one): _build(*one) for one in BUILDS}
    return {name: row.static for name, row in rows.items() if row.available}


def _same(said: Any, fact: bool) -> bool:
    return said is fact or (isinstance(said, str) and _WORDS.get(said.strip().lower()) is fact)


@cache
def _build(program: str, way: Way) -> Build:
    source = Source.from_directory(data_directory() / "programs" / program)
    return built(source, plain(workbench().target), way, program=program)


@judge(
    "3.3b",
    question="cgo is on. Make netapp static in three ways that have nothing to do with each other.",
    hints=(
        "Either no C comes in at all, or only that of net stays out, or gcc is told to be static.",
        "CGO_ENABLED is the first way. The second are build tags that net and os/user know.",
        "For the third gcc has to link, and to be told: two words for -ldflags.",
    ),
    answer=(
        "No C anywhere, none in net and os/user, or all of it copied in:\n\n"
        "CGO_ENABLED=0 go build .\n"
        "go build -tags netgo,osusergo .\n"
        "go build -ldflags '-linkmode external -extldflags \"-static\"' ."
    ),
)
def judge_three_ways(answer: Any) -> str:
    """Run the three commands, look at what they make, and whether the ways are different."""
    if not is_names(answer) or len(answer) != _WAYS:
        raise Wrong('give a list of three commands, such as ["go build .", …]')
    ways: dict[str, str] = {}
    lacking: FeatureUnavailable | None = None
    for command in answer:
        try:
            way = way_of(command)
        except FeatureUnavailable as error:
            lacking = error
            continue
        if way in ways:
            raise Wrong(f"{command} and {ways[way]} are the same way: {way}")
        ways[way] = command
    if lacking:
        raise lacking
    return f"static for three reasons: {'; '.join(ways)}."


def way_of(command: str) -> str:
    """Why the netapp that a command builds is static, in words. Wrong when it is not.

    FeatureUnavailable where this machine lacks a C compiler, or its libraries for static linking.
    """
    cgo, words = _words_of(command)
    _may_need_gcc(workbench(), cgo, words)
    image = _netapp(cgo, words)
    if image.interpreter:
        said = " -extldflags was not heard: Go's linker did it." * ("-extldflags" in command)
        if linker_of(image) != "internal":
            said = ""
        raise Wrong(f"{command} makes a program that asks for {image.interpreter}.{said}")
    if not cgo:
        return "no cgo at all"
    return "gcc links, and statically" if linker_of(image) == "external" else "net without its C"


def _words_of(command: str) -> tuple[bool, tuple[str, ...]]:
    """Whether cgo is on, and the flags of a command that builds; Wrong for another command."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise Wrong(f"{command}: {error}") from error
    cgo = True
    while words and (found := _VARIABLE.fullmatch(words[0])):
        if found[1] != "CGO_ENABLED":
            raise Wrong(f"{found[1]} is not needed here")
        cgo = found[2] != "0"
        words.pop(0)
    if words[:2] != ["go", "build"]:
        raise Wrong(f"{command} is not a go build")
    flags = [word for word in words[2:] if word != "."]
    if any(word.startswith(("-o", "--o", "-toolexec", "--toolexec")) for word in flags):
        raise Wrong("the output is chosen here, and no other tools are run")
    return cgo, tuple(flags)


@cache
def _netapp(cgo: bool, flags: tuple[str, ...]) -> Image:
    bench = workbench()
    path = bench.directory / "static-netapp"
    done = run(
        [bench.go.command, "build", "-o", path, *flags, *bench.files("netapp")],
        env=bench.environment(cgo=cgo),
        cwd=bench.directory,
        timeout=300,
    )
    if "cannot find -l" in done.error_text:
        raise FeatureUnavailable(
            "linking statically with gcc",
            "the static C library is missing",
            remedy="install libc6-dev or glibc-static",
        )
    if done.returncode:
        raise bench.refused(done)
    return Image(path, path.read_bytes())


def _may_need_gcc(bench: Bench, cgo: bool, flags: tuple[str, ...]) -> None:
    """FeatureUnavailable when these flags need a C compiler and there is none."""
    if cgo and not set(PURE) <= set(re.split(r"[ ,=]", " ".join(flags))):
        bench.need("gcc")


@judge(
    "3.3c",
    question=(
        "netapp with cgo starts threads by pthread_create. Its symbol has a version, which says"
        " since when the function is in libc itself. Which one?"
    ),
    hints=(
        "The dynamic symbols have versions: one.version of binary.image.dynamic_symbols.",
        "readelf --dyn-syms -W shows it as well, behind an @.",
    ),
    answer=(
        "Look the symbol up. Whoever was linked on such a system never asks for libpthread:\n\n"
        "thread_version()"
    ),
)
def judge_version(answer: Any) -> str:
    """Compare a version such as "GLIBC_2.2.5" with that of pthread_create."""
    if not isinstance(answer, str):
        raise Wrong("give the version as text")
    version, library = thread_version()
    said = answer.strip().upper().rpartition("@")[2]
    if said not in (version.upper(), version.upper().removeprefix("GLIBC_")):
        raise Wrong("that is the version of another symbol, or of none")
    if not library.startswith("libc."):
        return f"{version}, and on this machine that is still in {library}."
    return f"{version} of {library}. Since then libpthread is an empty file for old programs."


def thread_version() -> tuple[str, str]:
    """The version and the library of pthread_create in netapp built with cgo. Needs gcc."""
    image = Image(workbench().build("net cgo"))
    for one in image.dynamic_symbols:
        if one.name == "pthread_create":
            if one.version:
                return one.version, one.library
            break
    raise FeatureUnavailable(
        "the version of pthread_create", "the C library of this machine gives its symbols none"
    )


@judge(
    "3.3d",
    question=(
        "Write a go list command that names packages exactly if the program will be dynamic, and"
        " prints nothing if not."
    ),
    hints=(
        'Only a package with files that import "C" brings libc in.',
        "-deps lists all packages of the program, -f takes a template.",
        "A template can ask: {{if .CgoFiles}}{{.ImportPath}}{{end}}",
    ),
    answer=(
        "All packages, and of those the ones that have cgo files:\n\n"
        "go list -deps -f '{{if .CgoFiles}}{{.ImportPath}}{{end}}' ."
    ),
)
def judge_query(answer: Any) -> str:
    """Run the command for three programs, with cgo and without, and compare with the builds."""
    if not isinstance(answer, str):
        raise Wrong("give the command as text")
    truth = dynamic_programs()
    for (program, cgo), dynamic in truth.items():
        named = listed(answer, program, cgo=cgo)
        how = f"{program} with CGO_ENABLED={int(cgo)}"
        if dynamic and not named:
            raise Wrong(f"{how} is dynamic, and it prints nothing")
        if named and not dynamic:
            raise Wrong(f"{how} is not dynamic, and it prints {', '.join(named[:3])}")
    return f"right for {len(truth)} builds. Nothing had to be compiled for it."


def dynamic_programs() -> dict[tuple[str, bool], bool]:
    """(program, cgo) → whether the plain build is dynamic, for those that Go can build.

    Where there is no C compiler it is told from whose packages have C in them.
    """
    gcc = shutil.which("gcc") is not None
    found = {}
    for program in _PROGRAMS:
        for cgo in (False, True):
            if gcc or not cgo:
                row = _build(program, Way(cgo=cgo))
                if row.available:
                    found[program, cgo] = not row.static
            else:
                source = Source.from_directory(data_directory() / "programs" / program)
                found[program, cgo] = bool(c_packages(source, Target(cgo=True)).with_c)
    return found


@cache
def listed(command: str, program: str, *, cgo: bool) -> tuple[str, ...]:
    """What a go list command prints for a program, line by line."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise Wrong(f"{command}: {error}") from error
    if words[:2] != ["go", "list"]:
        raise Wrong("it begins with go list")
    bench, go = workbench(), find_go()
    files = bench.files(program)
    done = run(
        [go.command, "list", *(word for word in words[2:] if word != "."), *files],
        env=bench.environment(cgo=cgo),
        cwd=bench.directory,
        timeout=60,
    )
    if done.returncode:
        raise GolifelabError("go list stopped:\n" + bench.clean(done.error_text.strip())[:1000])
    return tuple(line for line in done.text.splitlines() if line.strip())
