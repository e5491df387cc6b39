"""The readers of the runtime's own tables: functions, lines, stack maps, pointer masks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from random import Random

from fuzz.reader import Seed
from golifelab.errors import GolifelabError, ParseError
from golifelab.link.elf.image import Image
from golifelab.link.executable import Executable, link
from golifelab.link.metadata.findfunc import find_function
from golifelab.link.metadata.functables import function_tables
from golifelab.link.metadata.moduledata import module_data
from golifelab.link.metadata.parts import pclntab_parts
from golifelab.link.metadata.pclntab import FunctionTable
from golifelab.link.metadata.places import metadata_places
from golifelab.link.metadata.pointermasks import pointer_masks
from golifelab.link.metadata.stackmaps import stack_maps
from golifelab.run.inits.tasks import init_tasks
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache as cache_of_files, digest, scratch
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import Mode
from golifelab.toolchain.run import run

# 32 bits, and the other byte order.
OTHERS = ("386", "s390x")
_EMPTY = Source.from_text("package main\n\nfunc main() { println(1) }\n")


def read_table_whole(content: bytes) -> None:
    """Functions of a function table, chosen at random, with their lines and inlined calls."""
    table = FunctionTable(Image("damaged", content))
    chosen = Random(1)
    for _ in range(60 if len(table) else 0):
        function = table[chosen.randrange(len(table))]
        table.lines(function)
        for address in (function.entry, (function.entry + function.end) // 2):
            table.calls(address)
            table.frame_size(address)
    assert len(table.names) == len(table.starts) == len(table)


def read_metadata_whole(content: bytes) -> None:
    """Module data and all that hangs on it; a few functions with their tables and stack maps."""
    image = Image("damaged", content)
    opened = Executable(
        path=Path("damaged"), image=image, command="", tier="tool", precision="line"
    )
    _each(
        [
            partial(module_data, image),
            partial(pclntab_parts, image),
            lambda: len(pointer_masks(opened).symbols),
            partial(metadata_places, opened),
            lambda: init_tasks(opened).to_json(),
            *(partial(find_function, opened, pc) for pc in (image.entry, image.entry + 999, 0)),
        ]
    )
    table = FunctionTable(image)
    chosen = Random(2)
    entries = [table[chosen.randrange(len(table))].entry for _ in range(4 if len(table) else 0)]
    # A damaged table may not be in order: then some of its functions are found nowhere.
    entries = [entry for entry in entries if table.find(entry) is not None]
    _each([partial(find_function, opened, entry) for entry in entries])
    _each([partial(function_tables, opened, entry) for entry in entries])
    _each([partial(_maps, opened, entry) for entry in entries])


def _maps(opened: Executable, entry: int) -> None:
    maps = stack_maps(opened, entry)
    assert maps.at(entry) is not None
    maps.to_json()


def _each(calls: list[Callable[[], object]]) -> None:
    """All of them, though one refuses; then what the first said that refused."""
    refused: list[ParseError] = []
    for call in calls:
        try:
            call()
        except ParseError as error:
            refused.append(error)
    if refused:
        raise refused[0]


@cache
def table_seeds() -> tuple[Seed, ...]:
    """A stripped executable; the spots are parts of its function table."""
    modes = {"stripped": Mode(flags=("-s", "-w"))}
    images = {name: link(_EMPTY, Target(), mode).image for name, mode in modes.items()}
    images |= {goarch: Image(goarch, built_for(goarch)) for goarch in OTHERS}
    return tuple(_seed(name, image, (".gopclntab",)) for name, image in images.items())


@cache
def metadata_seeds() -> tuple[Seed, ...]:
    """Executables with and without symbols; the spots are the tables and what they lead to."""
    tables = (".gopclntab", ".go.module", ".go.func", ".noptrdata", ".data", ".rodata")
    modes = {
        "with symbols": Mode(flags=("-w",)),
        "stripped": Mode(flags=("-s", "-w")),
        "pie": Mode("pie", flags=("-s", "-w")),
    }
    images = {name: link(_EMPTY, Target(), mode).image for name, mode in modes.items()}
    images |= {goarch: Image(goarch, built_for(goarch)) for goarch in OTHERS}
    places = (*tables, ".data.rel.ro", ".rela")
    return tuple(_seed(name, image, places) for name, image in images.items())


@cache
def built_for(goarch: str) -> bytes:
    """The smallest program for another processor, without DWARF."""
    go = find_go()
    target = Target(goarch=goarch)
    # Every worker of a campaign asks for it.
    key = digest("smallest program", go.version, target.key(), _EMPTY.text())
    known = cache_of_files().get(key)
    if known is not None:
        return known
    with scratch() as folder:
        (folder / "main.go").write_text(_EMPTY.text())
        done = run(
            [go.command, "build", "-ldflags=-w", "-o", "program", "main.go"],
            env=go.environment(target),
            cwd=folder,
            timeout=300,
        )
        if done.returncode:
            raise GolifelabError(f"go build for {goarch} failed", remedy=done.error_text)
        content = (folder / "program").read_bytes()
    cache_of_files().put(key, content)
    return content


def _seed(name: str, image: Image, tables: tuple[str, ...]) -> Seed:
    found = [section for section in image.sections if section.name in tables and section.file_size]
    spots: list[tuple[int, int]] = []
    for section in found:
        start, end = section.offset, section.offset + section.size
        spots += [(start, min(start + 80, end)), (start, end), (start + section.size // 2, end)]
    return Seed(name, image.data, tuple(spots))
