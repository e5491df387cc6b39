"""One build: the go command run in one way, and what the file that it made says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from golifelab.errors import FeatureUnavailable, LimitExceeded
from golifelab.link.cgo import c_packages
from golifelab.link.elf.image import Image
from golifelab.link.executable import executable, linker_of
from golifelab.link.modes.ccompiler import REMEDY, STATIC_REMEDY, CCompiler, c_compiler
from golifelab.link.modes.way import Way
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest
from golifelab.toolchain.go import find_go
from golifelab.toolchain.gofolder import MODULE, Folder, folder, leads_outside
from golifelab.toolchain.run import Completed, run

# The first build with cgo, as PIE or as plugin compiles much of std again.
_TIMEOUT = 600.0
_FORMAT = "2"
_ARCHIVE = b"!<arch>\n"
_KINDS = {"EXEC": "executable", "DYN": "position-independent executable"}
_LIBRARIES = {"c-shared": "shared library", "plugin": "plugin"}


@dataclass(frozen=True, slots=True)
class Build:
    """A build and what the file says.

    `linker` is "internal" (Go's) or the name of the C compiler that Go called to link. An
    interpreter means that a dynamic loader runs first. `c` are the packages of the build that have
    C in them, `left_out` the program's files that are left out because they import "C".
    `warnings` is what was said although a file was made. Where none was made it is not
    `available`: `reason` says why, `missing` what this machine lacks ("" where Go refuses this way
    anywhere), and what is told about the file is empty.
    """

    name: str
    command: str
    cgo: bool
    available: bool = True
    reason: str = ""
    linker: str = ""
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    entry_symbol: str = ""
    size: int = 0
    kind: str = ""
    warnings: tuple[str, ...] = ()
    missing: str = ""
    program: str = ""
    way: Way = field(default_factory=Way)
    c: tuple[str, ...] = ()
    own_c: bool = False
    left_out: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def static(self) -> bool:
        """Whether no dynamic loader takes part."""
        return not self.interpreter

    @property
    def outcome(self) -> str:
        """What came of it: "static" or "dynamic" for a program, or another word.

        "library" is what another program loads, "archive" what one links, "refused" what Go does
        not make, "unavailable" what this machine cannot make.
        """
        if not self.available:
            return "unavailable" if self.missing else "refused"
        if self.kind in _LIBRARIES.values():
            return "library"
        if self.kind == "archive":
            return "archive"
        return "static" if self.static else "dynamic"

    @property
    def ignored(self) -> tuple[str, ...]:
        """The settings that were taken and had no say, though nobody said so: names of a Way."""
        if not self.available:
            return ()
        unheard = []
        if self.linker == "internal" and self.way.extldflags:
            unheard.append("extldflags")
        if self.way.buildmode == "pie" and self.kind == _KINDS["EXEC"]:
            unheard.append("buildmode")
        return tuple(unheard)

    def to_json(self) -> dict[str, Any]:
        """The build as plain data."""
        row = asdict(self) | {"outcome": self.outcome, "ignored": list(self.ignored)}
        row["static"] = self.static if self.available else None
        row["seconds"] = round(self.seconds, 3)
        return row


def built(source: Source, target: Target, way: Way, *, name: str = "", program: str = "") -> Build:
    """Build a program in one way. A failure is a value that says why, not an error.

    What a build gave is remembered, for the same source, toolchain and C compiler; not where the
    program imports packages that may change on disk.
    """
    target = target.with_(cgo=way.cgo)
    packages = c_packages(source, target, way.tags)
    head: dict[str, Any] = {
        "name": name or way.name,
        "command": way.command,
        "cgo": way.cgo,
        "program": program or source.package,
        "way": way,
        "c": packages.with_c,
        "own_c": packages.own,
        "left_out": packages.left_out,
    }
    if packages.name not in ("", "main"):
        reason = f"package {packages.name} is not a program: only package main is linked"
        return Build(**head, available=False, reason=reason)
    compiler, trouble = _compiler(target, way)
    key = _key(source, target, way, compiler)
    keep = not leads_outside(source, target)
    known = cache().get(key) if keep else None
    if known is not None:
        return Build(**head, **_facts(json.loads(known)))
    if trouble is not None and packages.with_c:
        return Build(**head, available=False, reason=trouble.reason, missing=trouble.remedy)
    try:
        facts = _made(source, target, way, compiler)
    except LimitExceeded as error:
        return Build(**head, available=False, reason=error.message, missing="more time")
    if facts["available"]:
        if keep:
            cache().put(key, json.dumps(facts).encode("utf-8", "surrogatepass"))
    elif trouble is not None:
        facts |= {"reason": trouble.reason, "missing": trouble.remedy}
    return Build(**head, **_facts(facts))


def executable_built(source: Source, target: Target, way: Way) -> Path:
    """The file that a build makes, kept in the cache. FeatureUnavailable where none is made."""
    target = target.with_(cgo=way.cgo)
    compiler, trouble = _compiler(target, way)
    if trouble is not None and c_packages(source, target, way.tags).with_c:
        raise trouble
    key = _key(source, target, way, compiler)
    path = cache().directory("executables") / key[:2] / key
    if not path.exists() or leads_outside(source, target):
        with folder(source, target) as place:
            done, made = _run(place, target, way, compiler)
            if not made.exists():
                reason, remedy = _reason(done.error_text or done.text)
                raise FeatureUnavailable(way.command, reason, remedy=remedy)
            cache().write(path, made.read_bytes(), executable=True)
    return path


def _compiler(target: Target, way: Way) -> tuple[CCompiler | None, FeatureUnavailable | None]:
    """The C compiler that a way may need; without one, the error for those that do need it."""
    try:
        return (c_compiler(target) if way.cgo else None), None
    except FeatureUnavailable as error:
        return None, error


def _key(source: Source, target: Target, way: Way, compiler: CCompiler | None) -> str:
    go = find_go(target.go)
    parts = ("mode", _FORMAT, go.version, str(go.root), target.key(), repr(way), source.digest)
    return digest(*parts, compiler.identity if compiler else "")


def _made(source: Source, target: Target, way: Way, compiler: CCompiler | None) -> dict[str, Any]:
    with folder(source, target) as place:
        done, path = _run(place, target, way, compiler)
        said = done.error_text + done.text
        if not path.exists():
            reason, remedy = _reason(said)
            return {"available": False, "reason": reason, "missing": remedy}
        facts = _read(path, way, compiler.name if compiler else "gcc")
        return facts | {"warnings": _warnings(said), "seconds": done.seconds}


def _run(
    place: Folder, target: Target, way: Way, compiler: CCompiler | None
) -> tuple[Completed, Path]:
    env = place.go.environment(target)
    if compiler is not None:
        env["CC"] = compiler.name
    made = place.output / "made"
    words: list[str | Path] = [
        "build",
        "-buildvcs=false",
        *place.flags,
        "-o",
        made,
        *way.flags,
        *place.program,
    ]
    done = run([place.go.command, *words], env=env, cwd=place.path, timeout=_TIMEOUT)
    return done, made


def _read(path: Path, way: Way, compiler: str) -> dict[str, Any]:
    """What a file says of itself."""
    with path.open("rb") as file:
        archive = file.read(len(_ARCHIVE)) == _ARCHIVE
    if archive:
        # Nobody has linked it yet, and it does not say what it will need.
        return {"available": True, "kind": "archive", "size": path.stat().st_size}
    image = Image(path)
    kind = _LIBRARIES.get(way.buildmode) or _KINDS.get(image.type, image.type)
    linker = linker_of(image)
    return {
        "available": True,
        "kind": kind,
        "linker": compiler if linker == "external" else linker,
        "interpreter": image.interpreter,
        "needed": list(image.needed),
        "entry_symbol": "" if kind in _LIBRARIES.values() else executable(path).entry_symbol,
        "size": image.size,
    }


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(Build)}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in facts.items()
        if name in names
    }


def _warnings(said: str) -> list[str]:
    """What was said in spite of success, without this machine's folders, each once."""
    found: dict[str, None] = {}
    for line in said.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        _, marked, words = line.partition("warning: ")
        if marked or not line.rstrip().endswith("':"):
            found[(words if marked else line).strip()[:300]] = None
    return list(found)


def _reason(said: str) -> tuple[str, str]:
    """Why there is no file: the telling line, and what this machine lacks, if that is why."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("#")]
    library = next((line for line in lines if "cannot find -l" in line), "")
    if library:
        return library[:300], STATIC_REMEDY
    compiler = next((line for line in lines if "C compiler" in line), "")
    if compiler:
        return compiler[:300], REMEDY
    telling = [line for line in lines if "error" in line or "requires" in line] or lines[:1]
    reason = (telling or ["the build failed and said nothing"])[0]
    return reason.partition(" in /")[0].replace(MODULE, "main")[:300], ""
