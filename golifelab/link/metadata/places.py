"""Where a program keeps what the collector and the tracebacks read, and m0 and g0."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from golifelab.errors import NoSuchName
from golifelab.link.elf.image import Image
from golifelab.link.executable import Executable
from golifelab.link.metadata.bootvars import boot_variables
from golifelab.link.metadata.findfunc import index_size
from golifelab.link.metadata.layout import release_of
from golifelab.link.metadata.moduledata import SYMBOL, ModuleData, module_data, table_section
from golifelab.link.metadata.pointermasks import pointer_masks
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

_VARIABLES = {
    "runtime.m0": "the first thread's m",
    "runtime.g0": "the goroutine on the first thread's own stack",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where one thing is: `size` bytes at `address`, `file_bytes` of them in the file.

    `size` is -1 where the program does not say (`file_bytes` is 0 then), `address` None where it is
    not known at all. `in_file` tells whether it has any bytes in the file, `writable` whether the
    program may change it; `how` says how the place is known.
    """

    what: str
    meaning: str
    address: int | None
    size: int
    section: str
    writable: bool
    in_file: bool
    file_bytes: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataPlaces(Stage):
    """The places of a program's metadata. `release` is the Go release that linked it."""

    release: tuple[int, int]
    places: tuple[Place, ...]

    def __getitem__(self, what: str) -> Place:
        """A place by its name; NoSuchName when there is none."""
        for place in self.places:
            if place.what == what:
                return place
        raise NoSuchName("place", what, (place.what for place in self.places))

    def frame(self) -> pd.DataFrame:
        """One row a place: what, meaning, address (hex), size, section, writable, file_bytes."""
        import pandas as pd

        rows = [
            asdict(one) | {"address": "" if one.address is None else f"{one.address:#x}"}
            for one in self.places
        ]
        return pd.DataFrame(rows)

    def to_json(self) -> dict[str, Any]:
        """`release` and `places`."""
        return self.header() | {
            "release": ".".join(map(str, self.release)),
            "places": [asdict(one) for one in self.places],
        }


def metadata_places(executable: Executable) -> MetadataPlaces:
    """Where the metadata of a program is. ParseError when it has no moduledata."""
    image = executable.image
    module = module_data(image)
    found = [*_tables(executable, module), *_variables(executable)]
    names = "pclntab|findfunctab|gcdata|gcbss|firstmoduledata|[mg]0"
    pattern = shlex.quote(f"runtime.({names})$|go:func")
    return MetadataPlaces(
        command=f"readelf -SW {shlex.quote(str(executable.path))}; "
        f"readelf -sW {shlex.quote(str(executable.path))} | grep -E {pattern}",
        tier="tool",
        precision="line",
        release=release_of(image),
        places=tuple(found),
    )


def _tables(executable: Executable, module: ModuleData) -> Iterator[Place]:
    image = executable.image
    low, high = module.range("minpc", "maxpc")
    section = table_section(image)
    masks = pointer_masks(executable)
    pointed = "a field of moduledata"
    yield _place(
        image,
        "pclntab",
        "functions, files and lines",
        section.address,
        section.size,
        "the section table",
    )
    yield _place(
        image,
        "findfunctab",
        "the index over the functions",
        module["findfunctab"],
        index_size(low, high),
        pointed,
    )
    yield _place(
        image,
        "go:func.*",
        "stack maps, inline trees and other data of functions",
        module["gofunc"],
        _gofunc_size(image, module),
        pointed,
    )
    yield _place(
        image,
        "runtime.gcdata",
        "the pointer mask of .data",
        masks.data.address,
        len(masks.data.program),
        pointed,
    )
    yield _place(
        image,
        "runtime.gcbss",
        "the pointer mask of .bss",
        masks.bss.address,
        len(masks.bss.program),
        pointed,
    )
    yield _place(image, SYMBOL, "where everything is", module.address, module.size, module.how)


def _gofunc_size(image: Image, module: ModuleData) -> int:
    """The size of go:func.*: by its symbol, or up to what follows it; -1 when nothing tells.

    Before Go 1.26 its symbol has no size: the next symbol ends it. Since then the index of the
    functions follows it.
    """
    start = module["gofunc"]
    symbol = image.symbol("go:func.*")
    if symbol is not None and symbol.size:
        return symbol.size
    if image.section_at(start) == table_section(image):
        return max(module["findfunctab"] - start, -1)
    addresses = image.symbols.addresses
    row = int(addresses.searchsorted(start, side="right"))
    return int(addresses[row]) - start if symbol is not None and row < len(addresses) else -1


def _variables(executable: Executable) -> Iterator[Place]:
    image = executable.image
    found: tuple[int, int] | None = None
    if any(image.symbol(name) is None for name in _VARIABLES):
        found = boot_variables(executable)
    for number, (name, meaning) in enumerate(_VARIABLES.items()):
        symbol = image.symbol(name)
        if symbol is not None:
            yield _place(image, name, meaning, symbol.address, symbol.size, "the symbol table")
        elif found is not None:
            how = "the code of runtime.rt0_go: it stores the address of each in the other"
            yield _place(image, name, meaning, found[number], -1, how)
        else:
            yield Place(name, meaning, None, -1, "", True, False, 0, "no symbol table tells it")


def _place(image: Image, what: str, meaning: str, address: int, size: int, how: str) -> Place:
    section = image.section_at(address)
    return Place(
        what,
        meaning,
        address,
        size,
        section.name if section else "",
        bool(section and "W" in section.flags),
        bool(image.bytes_at(address, 1)),
        len(image.bytes_at(address, size)) if size > 0 else 0,
        how,
    )
