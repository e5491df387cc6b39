"""Programs that look at their own memory: no tracing is needed, and nothing holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from golifelab.claims.workbench import Lab
from golifelab.errors import FeatureUnavailable
from golifelab.load.memory.maps import Mapping, parse_maps

_PLACE = re.compile(r"^(\w+) 0x([0-9a-f]+)$", re.MULTILINE)
_TELLING = r" 0x|homes$|\[(?:vdso|stack)"  # of some thirty mappings those that have a name
_MAPPING = re.compile(r"^[0-9a-f]+-[0-9a-f]+ .*$", re.MULTILINE)
_TOUCHED = re.compile(
    r"^(\w+)\t([^\t]+)\t(\d+)\t(\d+)\t(\d+)\t(\d+)\t0x([0-9a-f]+)-0x([0-9a-f]+)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Touched:
    """Pages of a region after a step: all, in memory, the file's own; and the faults it took.

    `came` are the addresses from and to which pages came by it, (0, 0) if none did.
    """

    pages: int
    present: int
    own: int
    faults: int
    came: tuple[int, int]


def touched(lab: Lab) -> dict[str, Touched]:
    """What the sample faults sees of its own pages: {"table: one number is read": …}, in order.

    FeatureUnavailable where a program may not look at its pages.
    """
    lab.bench.need_processes()
    ran = lab.run(
        [lab.bench.build("faults")], "./faults   # pages, in memory, the file's, faults, which"
    )
    found = {
        f"{region}: {what}": Touched(
            int(pages), int(present), int(own), int(faults), (int(first, 16), int(last, 16))
        )
        for region, what, pages, present, own, faults, first, last in _TOUCHED.findall(ran.text)
    }
    if ran.returncode or not found:
        reason = ran.text.strip() or "it printed nothing"
        raise FeatureUnavailable("a look at a process's pages", reason)
    return found


def homes(lab: Lab, build: str = "homes") -> tuple[dict[str, int], tuple[Mapping, ...]]:
    """Where the sample homes finds its own things, and the mappings it sees itself."""
    lab.bench.need_processes()
    ran = lab.run([lab.bench.build(build)], f"./{build.replace(' ', '-')}", keep=_TELLING)
    places = {name: int(address, 16) for name, address in _PLACE.findall(ran.text)}
    return places, parse_maps("\n".join(_MAPPING.findall(ran.text)).encode())


def mapping_of(rows: tuple[Mapping, ...], address: int) -> Mapping | None:
    """The mapping that an address is in."""
    return next((row for row in rows if row.start <= address < row.end), None)
