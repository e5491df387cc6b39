"""Who answers when a Go program looks a name up: package net's own code, or the C library.

Package net says what it chose, and why, when GODEBUG has netdns=…+2; which files are then really
read is seen from outside. Only "localhost" is looked up: no packet leaves the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.data import data_directory
from golifelab.errors import FeatureUnavailable
from golifelab.link.modes import Way, executable_built
from golifelab.link.modes.ccompiler import machine, native
from golifelab.link.modes.way import PURE, STATIC
from golifelab.load.hold.keeper import linux_only
from golifelab.load.syscalls.opened import How, Opened, files_opened
from golifelab.run.program import run_program
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target

if TYPE_CHECKING:
    import pandas as pd

# The values of GODEBUG=netdns: let package net choose, Go's own resolver, the C library's.
SETTINGS = ("", "go", "cgo")
# The builds that differ in what they can choose from.
WAYS = (
    Way(),
    Way(cgo=True),
    Way(cgo=True, tags=PURE),
    Way(cgo=True, linkmode="external", extldflags=STATIC),
)
_SAYS = "go package net: "
_ORDER = re.compile(r"hostLookupOrder\(([^)]*)\) = (\S+)")
# What a resolver is told, as opposed to what the loader and the runtime read.
_CONFIGURATION = re.compile(r"^/etc/(?!ld\.so)|nscd|^/run/systemd/resolve")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution(Stage):
    """One look-up: which build, which setting, what package net said and what was opened.

    `words` are package net's own. `opened` is empty and `untraced` says why where nothing may watch
    the program; where the build itself is not possible, `unavailable` says why.
    """

    build: str
    netdns: str
    words: tuple[str, ...] = ()
    answer: str = ""
    opened: tuple[Opened, ...] = ()
    how: How = ""
    untraced: str = ""
    unavailable: str = ""

    @property
    def order(self) -> str:
        """What is asked in which order, as package net writes it: "files,dns", or "cgo"."""
        found = next(filter(None, map(_ORDER.search, reversed(self.words))), None)
        return found[2] if found else ""

    @property
    def resolver(self) -> str:
        """Whose code answers: "Go", "C", or "" where that is not known."""
        return {"": "", "cgo": "C"}.get(self.order, "Go")

    @property
    def ignored(self) -> str:
        """Package net's words when it did not do what GODEBUG asked for; "" when it did."""
        return next((line for line in self.words if line.startswith("ignoring")), "")

    @property
    def files(self) -> tuple[str, ...]:
        """The files that say how names are looked up and that were really read, in order."""
        good = (row.path for row in self.opened if row.call == "open" and not row.error)
        return tuple(dict.fromkeys(path for path in good if _CONFIGURATION.search(path)))

    @property
    def called(self) -> tuple[str, ...]:
        """The sockets it called, there or not: the C library asks for a name service first."""
        return tuple(dict.fromkeys(row.path for row in self.opened if row.call == "connect"))

    @property
    def libraries(self) -> tuple[str, ...]:
        """The shared libraries that were read, those opened while it ran included."""
        good = (row.path for row in self.opened if row.call == "open" and not row.error)
        return tuple(dict.fromkeys(path for path in good if re.search(r"\.so(\.|$)", path)))

    def frame(self) -> pd.DataFrame:
        """One row a call."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.opened])

    def to_json(self) -> dict[str, Any]:
        """The choice, and what was opened."""
        return self.header() | {
            "build": self.build,
            "netdns": self.netdns,
            "words": list(self.words),
            "resolver": self.resolver,
            "order": self.order,
            "ignored": self.ignored,
            "answer": self.answer,
            "files": list(self.files),
            "called": list(self.called),
            "libraries": list(self.libraries),
            "how": self.how,
            "untraced": self.untraced,
            "unavailable": self.unavailable,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverTable(Stage):
    """Look-ups: every build with every setting."""

    rows: tuple[Resolution, ...]

    def row(self, build: str, netdns: str = "") -> Resolution:
        """The look-up of a build with a setting; KeyError when it is not in the table."""
        for row in self.rows:
            if (row.build, row.netdns) == (build, netdns):
                return row
        raise KeyError((build, netdns))

    @property
    def builds(self) -> tuple[str, ...]:
        """The names of the builds, in order."""
        return tuple(dict.fromkeys(row.build for row in self.rows))

    @property
    def settings(self) -> tuple[str, ...]:
        """The values of netdns, in order."""
        return tuple(dict.fromkeys(row.netdns for row in self.rows))

    def frame(self) -> pd.DataFrame:
        """One row a look-up."""
        import pandas as pd

        names = ("build", "netdns", "resolver", "order", "ignored", "files", "called", "answer")
        return pd.DataFrame([{name: getattr(row, name) for name in names} for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """One entry a look-up."""
        return self.header() | {"rows": [row.to_json() for row in self.rows]}


def resolve(path: str | Path, netdns: str = "", *, build: str = "", tier: How = "") -> Resolution:
    """Run a program that looks a name up, with GODEBUG=netdns=…, and see what it opens.

    `build` is what the result calls the program, `tier` who watches (see `files_opened`).
    FeatureUnavailable where the program can't run here.
    """
    linux_only("running the program")
    environment = {"GODEBUG": f"netdns={netdns}+2" if netdns else "netdns=2"}
    named = build or Path(path).name
    try:
        seen = files_opened(path, environment=environment, tier=tier)
    except FeatureUnavailable as error:
        ran = run_program(path, environment=environment)
        return Resolution(
            build=named,
            netdns=netdns,
            words=_said(ran.error_text),
            answer=ran.text.strip(),
            untraced=error.reason,
            command=ran.command,
            seconds=ran.seconds,
            tier="tool",
            precision="line",
        )
    return Resolution(
        build=named,
        netdns=netdns,
        words=_said(seen.stderr),
        answer=seen.stdout.strip(),
        opened=seen.rows,
        how=seen.how,
        command=seen.command,
        seconds=seen.seconds,
        tier="tool",
        precision="line",
    )


def resolver_table(
    go: str = "", settings: Iterable[str] = SETTINGS, ways: Sequence[Way] = WAYS
) -> ResolverTable:
    """The sample netapp, which looks "localhost" up, built in several ways, with every setting.

    A build that is not possible here is a row that says why. FeatureUnavailable where no program of
    Go's runs on this machine under Linux's rules.
    """
    linux_only("running the program")
    target = Target(go=go, goarch=machine() or "amd64")
    if not native(target):
        raise FeatureUnavailable("running the program", "this processor is not known here")
    source = Source.from_directory(data_directory() / "programs" / "netapp")
    asked = tuple(settings)
    rows: list[Resolution] = []
    for way in ways:
        try:
            path = executable_built(source, target, way)
        except FeatureUnavailable as error:
            rows += [_impossible(way, netdns, error) for netdns in asked]
        else:
            rows += [_named(resolve(path, netdns, build=way.name), path, way) for netdns in asked]
    return ResolverTable(
        rows=tuple(rows),
        command="GODEBUG=netdns=cgo+2 strace -f -e trace=openat,connect ./netapp",
        seconds=sum(row.seconds for row in rows),
        tier="tool",
        precision="line",
    )


def _named(found: Resolution, path: Path, way: Way) -> Resolution:
    """A look-up whose command makes the program first: anybody's shell can run it."""
    made = way.command.replace("go build", "go build -o netapp", 1)
    return replace(found, command=f"{made} && {found.command.replace(str(path), './netapp')}")


def _impossible(way: Way, netdns: str, error: FeatureUnavailable) -> Resolution:
    return Resolution(
        build=way.name,
        netdns=netdns,
        unavailable=error.reason,
        command=way.command,
        tier="tool",
        precision="line",
    )


def _said(text: str) -> tuple[str, ...]:
    lines = text.splitlines()
    return tuple(line.removeprefix(_SAYS).strip() for line in lines if line.startswith(_SAYS))
