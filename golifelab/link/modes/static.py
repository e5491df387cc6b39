"""Eight ways to build, and which of them give a static program.

Who links (Go's own linker or a C linker) and whether a dynamic loader takes part are two questions;
the builds here answer both, from the files themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golifelab.errors import NoSuchName
from golifelab.link.modes.build import Build, built
from golifelab.link.modes.ccompiler import machine
from golifelab.link.modes.way import STATIC, Way
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

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
    """A build before it is run: its name, the text of the program, and the way to build it."""

    name: str
    program: str
    way: Way = field(default_factory=Way)


BUILDS = (
    Recipe("hello", _HELLO),
    Recipe("hello -linkmode external", _HELLO, Way(cgo=True, linkmode="external")),
    Recipe(
        'hello -linkmode external -extldflags "-static"',
        _HELLO,
        Way(cgo=True, linkmode="external", extldflags=STATIC),
    ),
    Recipe("hello -buildmode=pie", _HELLO, Way(buildmode="pie")),
    Recipe("net, CGO_ENABLED=0", _NET),
    Recipe("net, CGO_ENABLED=1", _NET, Way(cgo=True)),
    Recipe('net -extldflags "-static"', _NET, Way(cgo=True, extldflags=STATIC)),
    Recipe("own cgo", _CGO, Way(cgo=True)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticMatrix(Stage):
    """The builds of BUILDS, each read from the file it made."""

    rows: tuple[Build, ...]

    def row(self, name: str) -> Build:
        """The build of a name; NoSuchName when there is none."""
        for row in self.rows:
            if row.name == name:
                return row
        raise NoSuchName("build", name, (row.name for row in self.rows))

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
    # This machine's own processor: a C compiler is seldom there for another one.
    target = Target(go=go, goarch=machine() or "amd64")
    return built(Source.from_text(recipe.program), target, recipe.way, name=recipe.name)


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
