"""Tiny programs of several packages, made from an import graph: each init prints its package.

They are compiled and linked directly, without a module and without the go command.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable, executable
from golifelab.run.inits.order import Schedule, init_order
from golifelab.run.inits.tasks import InitTasks, init_tasks
from golifelab.run.program import run_program
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest, scratch
from golifelab.toolchain.exports import export_files, importcfg
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    import pandas as pd

MAX_PACKAGES = 60
_PATH = re.compile(r"[a-z][a-z0-9_\-]*(?:/[a-z][a-z0-9_\-]*)*")
_NAMES = [
    "alpha",
    "bravo",
    "carol",
    "delta",
    "echo",
    "fox",
    "golf",
    "hotel",
    "india",
    "juliet",
    "kilo",
    "lima",
]
_TIMEOUT = 60.0

ImportGraph = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageOrder(Stage):
    """The initialisation of a program that was made from an import graph.

    `imports` is the graph; `predicted` the order that follows from it; `linked` what the linker
    left in the executable, `printed` what the packages' own init functions printed, in order.
    """

    imports: Mapping[str, tuple[str, ...]]
    predicted: Schedule
    linked: InitTasks
    printed: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the prediction and the run agree."""
        return self.predicted.order == self.printed

    def frame(self) -> pd.DataFrame:
        """One row a package, in the predicted order: package, imports, ready, printed."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`agrees`, `printed`, and `packages` as the rows of `frame`."""
        rows = self._rows()
        return self.header() | {
            "agrees": self.agrees,
            "printed": list(self.printed),
            "packages": rows,
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "package": step.package,
                "imports": " ".join(self.imports[step.package]),
                "ready": " ".join(step.ready),
                "printed": self.printed.index(step.package) if step.package in self.printed else -1,
            }
            for step in self.predicted.steps
        ]


def package_order(imports: ImportGraph, target: Target | None = None) -> PackageOrder:
    """Build and run a program with these imports, package → what it imports, "main" among them.

    A package that is only imported imports nothing. GolifelabError for a cycle, for a name that is
    no import path or one of Go's own, and for too many packages.
    """
    target = target or Target()
    graph = checked_graph(imports, target)
    predicted = init_order(graph)
    program = _built(graph, predicted, target)
    output = run_program(program)
    words = output.error_text.split()
    return PackageOrder(
        imports=MappingProxyType(graph),
        predicted=predicted,
        linked=init_tasks(program),
        printed=tuple(word for word in words if word in graph),
        command="go run .",
        seconds=program.seconds,
        tier="tool",
        precision="line",
    )


def checked_graph(imports: ImportGraph, target: Target) -> dict[str, tuple[str, ...]]:
    """The graph with every package in it; GolifelabError for one of which no program can be."""
    names = dict.fromkeys([*imports, *(name for wanted in imports.values() for name in wanted)])
    if "main" not in imports:
        raise GolifelabError(
            "the import graph has no package main", remedy="a program begins there"
        )
    if len(names) > MAX_PACKAGES:
        raise GolifelabError(f"more than {MAX_PACKAGES} packages", remedy="leave some out")
    own = export_files(target)
    for name in names:
        if not _PATH.fullmatch(name):
            raise GolifelabError(
                f"{name!r} is no import path of this exercise",
                remedy="write small letters, digits, hyphens and slashes",
            )
        if name in own:
            raise GolifelabError(f"{name} is a package of Go itself", remedy="take another name")
    if any("main" in wanted for wanted in imports.values()):
        raise GolifelabError(
            "package main cannot be imported", remedy="it is where a program begins"
        )
    return {name: tuple(dict.fromkeys(imports.get(name, ()))) for name in names}


def random_imports(seed: int, count: int = 8) -> dict[str, tuple[str, ...]]:
    """An import graph of some packages and main, the same for the same seed."""
    dice = random.Random(seed)
    names = dice.sample(_NAMES, min(count, len(_NAMES)))
    names += [f"p{number}" for number in range(len(names), count)]
    graph = {
        name: tuple(dice.sample(names[:i], min(i, dice.choice([0, 0, 1, 1, 2]))))
        for i, name in enumerate(names)
    }
    return {"main": tuple(dice.sample(names, len(names))), **graph}


def package_text(name: str, wanted: Iterable[str]) -> str:
    """The source of a package of the program."""
    head = "main" if name == "main" else re.sub(r"\W", "_", name.rpartition("/")[2])
    lines = "".join(f'import _ "{other}"\n' for other in wanted)
    end = "\nfunc main() {}\n" if name == "main" else ""
    between = "\n" if lines else ""
    return f'package {head}\n\n{lines}{between}func init() {{ println("{name}") }}\n{end}'


def _built(graph: Mapping[str, tuple[str, ...]], schedule: Schedule, target: Target) -> Executable:
    go = find_go(target.go)
    config = importcfg(target)
    texts = {name: package_text(name, graph[name]) for name in schedule.order}
    flat = [part for pair in texts.items() for part in pair]
    key = digest("packages", go.version, target.key(), str(config), *flat)
    path = cache().directory("executables") / key[:2] / key
    if path.exists():
        return executable(path)
    seconds = 0.0
    with scratch() as folder:
        files = {name: folder / f"p{number}.a" for number, name in enumerate(texts)}
        lines = [f"packagefile {name}={file}\n" for name, file in files.items()]
        (folder / "importcfg").write_text(config.read_text() + "".join(lines))
        for name, text in texts.items():
            (folder / "p.go").write_text(text)
            words = ["-p", name, "-importcfg", "importcfg", "-o", files[name].name, "p.go"]
            seconds += _call(["compile", *words], target, folder)
        last = files["main"].name
        seconds += _call(["link", "-importcfg", "importcfg", "-o", "program", last], target, folder)
        cache().write(path, (folder / "program").read_bytes(), executable=True)
    return executable(path, seconds=seconds)


def _call(words: list[str], target: Target, folder: Path) -> float:
    go = find_go(target.go)
    done = run(
        [go.tool(words[0]), *words[1:]], env=go.environment(target), cwd=folder, timeout=_TIMEOUT
    )
    if done.returncode:
        raise GolifelabError(f"go tool {words[0]} stopped:\n{(done.text + done.error_text)[:2000]}")
    return done.seconds
