"""The relocations of a program's own package: every hole before and after, with the arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import Executable, link
from golifelab.link.object.file import ObjectFile, object_file
from golifelab.link.placement.stage import placement
from golifelab.link.relocate.applied import AppliedRelocation, applied
from golifelab.link.relocate.arithmetic import apply
from golifelab.source import Source
from golifelab.stage import Stage
from golifelab.target import Target
from golifelab.toolchain.link import Mode

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AppliedRelocation", "Relocations", "apply", "relocations"]

PROCESSORS = ("amd64", "arm64")


@dataclass(frozen=True, kw_only=True)
class Relocations(Stage, Sequence[AppliedRelocation]):
    """What the linker wrote into the holes of a package's symbols.

    In the order of the object file. `object` is what the holes are in before, `executable` after.
    DWARF is left out: the linker compresses it.
    """

    object: ObjectFile = field(repr=False, compare=False)
    executable: Executable = field(repr=False, compare=False)
    rows: tuple[AppliedRelocation, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[AppliedRelocation]:
        return iter(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions of the package that have holes, in the order of the file."""
        owners = (row.owner for row in self.rows if row.owner_kind.startswith("STEXT"))
        return tuple(dict.fromkeys(owners))

    @property
    def calls(self) -> tuple[AppliedRelocation, ...]:
        """The direct calls."""
        return tuple(row for row in self.rows if row.is_call)

    @property
    def unexplained(self) -> tuple[AppliedRelocation, ...]:
        """Those whose bytes in the executable are not what the arithmetic gives."""
        return tuple(row for row in self.rows if not row.explained)

    def of(self, name: str) -> tuple[AppliedRelocation, ...]:
        """The relocations in a symbol, such as "main.main"."""
        return tuple(row for row in self.rows if row.owner == name)

    def frame(self) -> pd.DataFrame:
        """One row a relocation; bytes in hex."""
        import pandas as pd

        return pd.DataFrame([_plain(row) for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """The same rows."""
        return self.header() | {
            "executable": str(self.executable.path),
            "relocations": [_plain(row) for row in self.rows],
        }


def relocations(
    source: Source, target: Target, function: str = "", mode: Mode | None = None
) -> Relocations:
    """What the linker made of every relocation of a program's own package, or of one symbol of it.

    In a stripped executable, data that no placed code refers to counts as not in the program.
    Raises CompileFailed or LinkFailed when a tool refuses, GolifelabError for a symbol that has no
    relocations, FeatureUnavailable for other processors than amd64 and arm64.
    """
    if target.goarch not in PROCESSORS:
        raise FeatureUnavailable(
            f"the arithmetic of relocations for {target.goarch}",
            "that of amd64 and arm64 is known",
            remedy='for_target(goarch="arm64") or "amd64"; the object file itself is read',
        )
    found = _relocations(source, target, mode)
    if not function:
        return found
    rows = tuple(row for row in found.rows if row.owner == function)
    if not rows:
        raise GolifelabError(
            f"{function} has no relocations", remedy="others have: " + ", ".join(found.functions)
        )
    return replace(found, rows=rows)


@lru_cache(maxsize=16)
def _relocations(source: Source, target: Target, mode: Mode | None) -> Relocations:
    made = object_file(source, target)
    linked = link(source, target, mode)
    places = placement(source, target, mode)
    rows = applied(made, linked.image, places, iter(made.symbols))
    return Relocations(
        object=made,
        executable=linked,
        rows=tuple(rows),
        command=linked.command,
        seconds=linked.seconds,
        tier="tool",
        precision="line",
    )


def _plain(row: AppliedRelocation) -> dict[str, Any]:
    return {
        "owner": row.owner,
        "offset": row.offset,
        "size": row.size,
        "kind": row.kind,
        "symbol": row.symbol,
        "addend": row.addend,
        "weak": row.weak,
        "place": row.place,
        "target": row.target_address,
        "before": row.before.hex(" "),
        "after": row.after.hex(" "),
        "computed": row.computed.hex(" "),
        "formula": row.arithmetic.formula if row.arithmetic else "",
        "result": row.arithmetic.result if row.arithmetic else None,
        "outcome": row.outcome,
        "redirected": row.redirected,
    }
