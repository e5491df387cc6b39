"""The initialisation of a program: the order that follows from its imports, and the real one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from golifelab.errors import FeatureUnavailable
from golifelab.link.modes.whole import whole
from golifelab.run.inits.inittrace import Inits, InitTask, inits
from golifelab.run.inits.order import Schedule, init_order
from golifelab.run.inits.recorded import recorded_inits
from golifelab.run.inits.records import Record, records
from golifelab.run.inits.tasks import InitTasks, init_tasks
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

List = Literal["runtime", "main", ""]


@dataclass(frozen=True, slots=True)
class PackageInit:
    """The initialisation of one package.

    `list` says who runs it: the "runtime" list, the "main" list, or "" for a package that only
    passes the order on. `functions` are what it runs; `trace` is what the runtime said of it, None
    where the program was not run or has nothing to run there.
    """

    package: str
    list: List
    imports: tuple[str, ...]
    functions: tuple[str, ...]
    trace: InitTask | None


@dataclass(frozen=True, kw_only=True)
class InitOrder(Stage):
    """How a program's packages are initialised.

    `records` is what the objects say, by package. `runtime` and `main` are the orders that follow
    from it; `linked` is what the linker left in the executable. `traced` is what the program
    reported when it ran. Where it can't run `untraced` says why, and `traced` is a recording of the
    same program, initialised in the same order; None where there is none.
    """

    records: Mapping[str, Record]
    runtime: Schedule
    main: Schedule
    linked: InitTasks
    traced: Inits | None = field(compare=False)
    untraced: str = ""

    @property
    def order(self) -> tuple[str, ...]:
        """Every package in the order that follows from the imports, idle ones too."""
        return tuple(dict.fromkeys((*self.runtime.order, *self.main.order)))

    @property
    def predicted(self) -> tuple[str, ...]:
        """The packages that have something to run, in the order that follows from the imports."""
        return tuple(name for name in self.order if self.records[name].functions)

    @property
    def agrees(self) -> bool:
        """Whether prediction, executable and the running program agree, as far as it came."""
        seen = () if self.traced is None else self.traced.packages
        return self.predicted == self.linked.order and self.predicted[: len(seen)] == seen

    @cached_property
    def packages(self) -> tuple[PackageInit, ...]:
        """Every package, in order."""
        early = set(self.runtime.order)
        traced = {row.package: row for row in self.traced.rows} if self.traced else {}
        return tuple(
            PackageInit(
                name,
                ("runtime" if name in early else "main") if self.records[name].functions else "",
                self.records[name].imports,
                self.records[name].functions,
                traced.get(name),
            )
            for name in self.order
        )

    def frame(self) -> pd.DataFrame:
        """One row a package, in order: list, functions, imports, and what the runtime reported."""
        import pandas as pd

        return pd.DataFrame(self._rows())

    def to_json(self) -> dict[str, Any]:
        """`agrees`, and `packages` as the rows of `frame`."""
        return self.header() | {
            "agrees": self.agrees,
            "linked": list(self.linked.order),
            "traced": None if self.traced is None else list(self.traced.packages),
            "untraced": self.untraced,
            "packages": self._rows(),
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "package": one.package,
                "list": one.list,
                "functions": " ".join(one.functions),
                "imports": " ".join(one.imports),
                "at_milliseconds": one.trace.at_milliseconds if one.trace else None,
                "milliseconds": one.trace.milliseconds if one.trace else None,
                "bytes": one.trace.bytes if one.trace else None,
                "allocations": one.trace.allocations if one.trace else None,
            }
            for one in self.packages
        ]


def program_init_order(source: Source, target: Target, *, timeout: float = 10.0) -> InitOrder:
    """The initialisation of a program: predicted, as linked, and as it ran.

    It runs until the last package is initialised, and not on. Raises CompileFailed or LinkFailed
    where a tool refuses it.
    """
    known = records(source, target)
    imports = {name: record.imports for name, record in known.items()}
    program = whole(source, target)
    linked = init_tasks(program)
    traced, untraced = None, ""
    try:
        traced = inits(program, timeout=timeout, packages=linked.order)
    except FeatureUnavailable as error:
        traced, untraced = recorded_inits(source, linked.order), str(error)
    return InitOrder(
        records=MappingProxyType(dict(known)),
        runtime=init_order(imports, ("runtime",)),
        main=init_order(imports, (source.package,)),
        linked=linked,
        traced=traced,
        untraced=untraced,
        command=f"{program.command} && GODEBUG=inittrace=1 ./main",
        seconds=program.seconds,
        tier="tool",
        precision="line",
    )
