"""Which packages of a program have C in them, and by which imports they come in."""

from __future__ import annotations

import json
import shlex
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.errors import GolifelabError, ParseError
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.gofolder import folder, leads_outside
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    import pandas as pd

# The package that starts C's threads and calls back from C: whoever imports "C" imports it.
BRIDGE = "runtime/cgo"
_QUERY = "{{if .CgoFiles}}{{.ImportPath}} {{.CgoFiles}}{{end}}"
_FIELDS = "ImportPath,Name,Standard,GoFiles,CgoFiles,IgnoredGoFiles,Imports,Deps,Error"
_LONGEST = 4 << 20


@dataclass(frozen=True, slots=True)
class Package:
    """A package of a build: which of its files take part, and which of them import "C".

    `ignored` are files that build constraints leave out; `imports` are those of the files that take
    part. The main package has the path "main".
    """

    path: str
    standard: bool
    go_files: tuple[str, ...]
    cgo_files: tuple[str, ...]
    ignored: tuple[str, ...]
    imports: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CPackages(Stage):
    """The packages of a build, and those with C in them. `error` is go's, where it refuses.

    `name` is what the program's files call their package: a program's is "main". `cgo` says whether
    C is allowed, `tags` are the build tags.
    `left_out` are the program's files that import "C" and are left out because CGO_ENABLED is 0.
    """

    packages: tuple[Package, ...]
    name: str
    cgo: bool
    tags: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    error: str = ""

    @property
    def with_c(self) -> tuple[str, ...]:
        """The import paths of the packages with C, the program's own as "main"."""
        return tuple(one.path for one in self.packages if one.cgo_files)

    @property
    def own(self) -> bool:
        """Whether a package that is not of Go's distribution has C in it."""
        return any(one.cgo_files and not one.standard for one in self.packages)

    @property
    def uses_c(self) -> str:
        """Whose C is in the build: "none", "std" (Go's distribution only), "own", or "left out"."""
        if self.left_out:
            return "left out"
        return "own" if self.own else "std" if self.with_c else "none"

    def package(self, path: str) -> Package:
        """A package by its import path; KeyError when it is not in the build."""
        for one in self.packages:
            if one.path == path:
                return one
        raise KeyError(path)

    def chain(self, path: str) -> tuple[str, ...]:
        """The shortest way of imports from the program to a package; empty where there is none."""
        imports = {one.path: one.imports for one in self.packages}
        came: dict[str, str] = {"main": ""}
        queue = deque(["main"])
        while queue and path not in came:
            here = queue.popleft()
            for one in imports.get(here, ()):
                if one in imports and one not in came:
                    came[one] = here
                    queue.append(one)
        found = []
        while path and path in came:
            found.append(path)
            path = came[path]
        return tuple(reversed(found))

    @property
    def chains(self) -> tuple[tuple[str, ...], ...]:
        """A chain to every package with C, the shortest first."""
        return tuple(sorted((self.chain(path) for path in self.with_c), key=len))

    def frame(self) -> pd.DataFrame:
        """One row a package."""
        import pandas as pd

        return pd.DataFrame([asdict(one) for one in self.packages])

    def to_json(self) -> dict[str, Any]:
        """The packages with C, their chains, and all packages."""
        return self.header() | {
            "cgo": self.cgo,
            "tags": list(self.tags),
            "uses_c": self.uses_c,
            "left_out": list(self.left_out),
            "error": self.error,
            "chains": [list(chain) for chain in self.chains],
            "packages": [asdict(one) for one in self.packages],
        }


def c_packages(source: Source, target: Target, tags: tuple[str, ...] = ()) -> CPackages:
    """Ask the go command which packages, and which files of them, make up a program.

    `target.cgo` is CGO_ENABLED; `tags` are build tags such as ("netgo",). A program that go refuses
    has no packages; `error` is then what go said.
    """
    # What is outside of std may be another one the next time.
    asked = _asked.__wrapped__ if leads_outside(source, target) else _asked
    found: CPackages = asked(source, target, tags)
    return found


@lru_cache(maxsize=64)
def _asked(source: Source, target: Target, tags: tuple[str, ...]) -> CPackages:
    flags = [f"-tags={','.join(tags)}"] if tags else []
    with folder(source, target) as place:
        done = run(
            [
                place.go.command,
                *("list", "-e", "-deps", f"-json={_FIELDS}", *flags),
                *place.flags,
                *place.program,
            ],
            env=place.go.environment(target),
            cwd=place.path,
            max_output=_LONGEST,
        )
    listed = list(_objects(done.text))
    if not listed:
        raise GolifelabError("go list stopped:\n" + done.error_text.strip()[:2000])
    # go lists a package after all that it imports.
    packages = tuple(_package(one, last=one is listed[-1]) for one in listed)
    ignored = packages[-1].ignored if not target.cgo else ()
    left_out = tuple(name for name in ignored if _imports_c(source, name))
    error = str((listed[-1].get("Error") or {}).get("Err", ""))
    words = [f"CGO_ENABLED={int(target.cgo)}", "go", "list", *flags, "-deps"]
    names = shlex.join(source.names)  # by their names they need no module around them
    shown = " ".join(words) + f" -f {shlex.quote(_QUERY)} {names}"
    return CPackages(
        packages=packages,
        name=str(listed[-1].get("Name", "")),
        cgo=target.cgo,
        tags=tags,
        left_out=left_out,
        error=error.partition(" in /")[0],
        command=shown,
        seconds=done.seconds,
        tier="tool",
        precision="line",
    )


def _package(listed: dict[str, Any], *, last: bool) -> Package:
    def names(field: str) -> tuple[str, ...]:
        return tuple(map(str, listed.get(field) or ()))

    # What imports "C" imports the bridge to C, though no file says so.
    bridge = (BRIDGE,) if names("CgoFiles") and listed.get("ImportPath") != BRIDGE else ()
    return Package(
        path="main" if last else str(listed.get("ImportPath", "")),
        standard=bool(listed.get("Standard")),
        go_files=names("GoFiles"),
        cgo_files=names("CgoFiles"),
        ignored=names("IgnoredGoFiles"),
        imports=tuple(one for one in names("Imports") if one not in ("C", *bridge)) + bridge,
    )


def _imports_c(source: Source, name: str) -> bool:
    known = dict(source.files)
    return name in known and "C" in Source(((name, known[name]),)).imports()


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects that stand one after the other in a text; ParseError for a broken one."""
    decoder, at = json.JSONDecoder(), 0
    while (at := text.find("{", at)) >= 0:
        try:
            found, at = decoder.raw_decode(text, at)
        except ValueError as error:
            raise ParseError("go list", str(error)) from error
        yield found
