"""Eight ways to build, and which of them give a static program.

Who links (Go's own linker or a C linker) and whether a dynamic loader takes part are two questions;
the builds here answer both, from the files themselves.
"""

from __future__ import annotations

import shlex
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.errors import LimitExceeded
from golifelab.link.elf.image import Image
from golifelab.link.executable import linker_of
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.cache import scratch
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    import pandas as pd

_TIMEOUT = 300.0  # the first build with cgo or as PIE compiles much of std again
_HELLO = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n'
_NET = (
    'package main\n\nimport (\n\t"fmt"\n\t"net"\n)\n\n'
    'func main() { fmt.Println(net.LookupHost("localhost")) }\n'
)
_CGO = (
    "package main\n\n// int one(void) { return 1; }\n"
    'import "C"\n\nfunc main() { println(C.one()) }\n'
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A build before it is run: what is built, with which flags, with or without cgo."""

    name: str
    program: str
    flags: tuple[str, ...] = ()
    cgo: bool = False

    @property
    def command(self) -> str:
        """The shell line."""
        return f"CGO_ENABLED={int(self.cgo)} " + shlex.join(["go", "build", *self.flags, "."])


BUILDS = (
    Recipe("hello", _HELLO),
    Recipe("hello -linkmode external", _HELLO, ("-ldflags=-linkmode external",), cgo=True),
    Recipe(
        'hello -linkmode external -extldflags "-static"',
        _HELLO,
        ('-ldflags=-linkmode external -extldflags "-static"',),
        cgo=True,
    ),
    Recipe("hello -buildmode=pie", _HELLO, ("-buildmode=pie",)),
    Recipe("net, CGO_ENABLED=0", _NET),
    Recipe("net, CGO_ENABLED=1", _NET, cgo=True),
    Recipe('net -extldflags "-static"', _NET, ('-ldflags=-extldflags "-static"',), cgo=True),
    Recipe("own cgo", _CGO, cgo=True),
)


@dataclass(frozen=True, slots=True)
class Build:
    """A build and what the file says.

    `linker` is "internal" (Go's) or the C compiler that Go called to link. An interpreter means
    that a dynamic loader runs first. Where a build is not `available` here, `reason` says why and
    the rest is empty.
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

    @property
    def static(self) -> bool:
        """Whether no dynamic loader takes part."""
        return not self.interpreter


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticMatrix(Stage):
    """The builds of BUILDS, each read from the file it made."""

    rows: tuple[Build, ...]

    def row(self, name: str) -> Build:
        """The build of a name; KeyError when there is none."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)

    def frame(self) -> pd.DataFrame:
        """One row a build."""
        import pandas as pd

        return pd.DataFrame([_json(row) for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a build."""
        return self.header() | {"builds": [_json(row) for row in self.rows]}


def static_matrix(go: str = "") -> StaticMatrix:
    """Run all builds. Takes seconds; the first time minutes, to compile std for cgo and PIE."""
    rows = tuple(build(recipe, go) for recipe in BUILDS)
    return StaticMatrix(
        rows=rows,
        command="for f in PROGRAMS; do go build -o $f $f.go && readelf -hld $f; done",
        tier="tool",
        precision="line",
    )


def build(recipe: Recipe | str, go: str = "") -> Build:
    """Run one build, a recipe or the name of one. A failure is a value that says why."""
    if isinstance(recipe, str):
        recipe = next(known for known in BUILDS if known.name == recipe)
    compiler = next((name for name in ("gcc", "clang", "cc") if shutil.which(name)), "")
    if recipe.cgo and not compiler:
        return _unavailable(recipe, "there is no C compiler: gcc is not installed")
    toolchain = find_go(go)
    with scratch() as directory:
        major, minor = toolchain.release
        (directory / "go.mod").write_text(f"module golifelab.test/static\n\ngo {major}.{minor}\n")
        (directory / "main.go").write_text(recipe.program)
        try:
            done = run(
                [
                    toolchain.command,
                    "build",
                    "-buildvcs=false",
                    "-o",
                    "program",
                    *recipe.flags,
                    ".",
                ],
                env=_environment(toolchain, recipe, compiler),
                cwd=directory,
                timeout=_TIMEOUT,
            )
        except LimitExceeded as error:
            return _unavailable(recipe, error.message)
        program = directory / "program"
        if done.returncode or not program.exists():
            return _unavailable(recipe, _shortened(done.error_text or done.text))
        return _read(recipe, Image(program), compiler)


def _environment(go: Go, recipe: Recipe, compiler: str) -> dict[str, str]:
    env = go.environment(Target(go=go.version, cgo=recipe.cgo))
    # This machine's own platform: a C compiler is seldom there for another one.
    del env["GOOS"], env["GOARCH"]
    return env | ({"CC": compiler} if recipe.cgo else {})


def _read(recipe: Recipe, image: Image, compiler: str) -> Build:
    linker = linker_of(image)
    return Build(
        recipe.name,
        recipe.command,
        recipe.cgo,
        linker=compiler if linker == "external" else linker,
        interpreter=image.interpreter,
        needed=image.needed,
        entry_symbol=image.entry_symbol,
        size=image.size,
    )


def _unavailable(recipe: Recipe, reason: str) -> Build:
    return Build(recipe.name, recipe.command, recipe.cgo, available=False, reason=reason)


def _shortened(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "cannot find" in line or "error" in line] or lines[-1:]
    return (telling or ["the build failed and said nothing"])[0][:300]


def _json(row: Build) -> dict[str, Any]:
    return {
        "name": row.name,
        "command": row.command,
        "available": row.available,
        "reason": row.reason,
        "linker": row.linker,
        "interpreter": row.interpreter,
        "needed": list(row.needed),
        "entry_symbol": row.entry_symbol,
        "static": row.static if row.available else None,
        "size": row.size,
    }
