"""The runtime's own types and variables, as they are in one executable, read from its process.

The layout of runtime.g or runtime.mheap changes with nearly every release. An executable's debug
information tells it for certain. One that was linked without it is taken to be laid out like a
program that the same Go writes now: the runtime is compiled once, whatever the program is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.elf.image import Image
from golifelab.link.executable import Executable, link
from golifelab.link.metadata.layout import goroot_of, release_of
from golifelab.load.runtime.dwarftypes import DwarfTypes
from golifelab.load.runtime.layouts import Field, Layout, Layouts
from golifelab.load.runtime.variables import same_place
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go

OWN = "debug information"
TWIN = "debug information of a program by the same Go"
# Goroutines, files and formatting: every type of the runtime that a program can need is in it.
_TWIN = """package main

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

func main() {
	timer := time.AfterFunc(time.Hour, func() {})
	runtime.GC()
	fmt.Fprintln(os.Stderr, runtime.NumGoroutine(), timer.Stop())
}
"""


class Reading(Protocol):
    """What structures are read from: a held process, or anything that stands for one."""

    @property
    def bias(self) -> int:
        """Run-time address minus link-time address."""

    def memory(self, address: int, count: int) -> bytes:
        """Bytes at a run-time address."""


@dataclass(frozen=True, slots=True)
class Structures:
    """The runtime's types and variables in one executable. `how` tells where that is known from.

    `go` is the version that wrote the executable. Addresses are link-time addresses unless a
    process is read.
    """

    executable: Executable
    go: str
    how: str
    _layouts: Layouts
    _twin: Executable | None = None

    def layout(self, name: str) -> Layout:
        """A type: `layout("runtime.g")`; GolifelabError when the program has none."""
        return self._layouts.named(name)

    def fields(self, name: str) -> tuple[Field, ...]:
        """The fields of a struct, in order."""
        return self.layout(name).fields

    def offset(self, name: str, path: str) -> int:
        """Bytes from the start of a type to a field: `offset("runtime.g", "sched.sp")`."""
        return self._layouts.place(self.layout(name), path)[0]

    def read(self, process: Reading, name: str, address: int) -> Any:
        """A value of a type at a run-time address, see `Layouts.value`."""
        return self._read(process, address, self.layout(name))

    def field(self, process: Reading, name: str, address: int, path: str) -> Any:
        """One field of a value at a run-time address: cheap where the type is big."""
        offset, layout = self._layouts.place(self.layout(name), path)
        return self._read(process, address + offset, layout)

    def target(self, name: str) -> Layout:
        """What a pointer type points to: `target("*runtime.g")`."""
        return self._layouts.at(self.layout(name).element)

    def variable(self, name: str) -> int:
        """The link-time address of a package's variable; NoSuchName when it cannot be told."""
        symbol = self.executable.symbol(name)
        if symbol is not None and symbol.section:
            return symbol.address
        known = self._layouts.variable(name)
        if known is None:
            raise _no_variable(name)
        if self._twin is None:
            return known[0]
        address = same_place(self._twin.image, self.executable, known[0])
        if address is None:
            raise FeatureUnavailable(
                f"finding {name} in {self.executable.name}",
                "it has no symbols, and no code in it shows where the variable is",
                remedy="link it without -s",
            )
        return address

    def global_(self, process: Reading, name: str, path: str = "") -> Any:
        """A package's variable, or one field of it.

        `global_(process, "runtime.mheap_", "pagesInUse")`.
        """
        known = self._layouts.variable(name)
        if known is None:
            raise _no_variable(name)
        offset, layout = self._layouts.place(known[1], path)
        return self._read(process, self.variable(name) + process.bias + offset, layout)

    def _read(self, process: Reading, address: int, layout: Layout) -> Any:
        return self._layouts.value(layout, process.memory(address, layout.size), process.memory)


def _no_variable(name: str) -> GolifelabError:
    return GolifelabError(
        f"there is no variable {name} in the debug information",
        remedy="names look like runtime.allgs; what a program never uses is not there",
    )


def structures(executable: Executable) -> Structures:
    """The runtime's types in an executable.

    FeatureUnavailable when it has no debug information and the Go that wrote it is not installed;
    ParseError when the debug information is damaged.
    """
    return _structures(executable.image, executable)


@lru_cache(maxsize=16)
def _structures(image: Image, executable: Executable) -> Structures:
    info = image.build_info
    version = info.go_version.split(" ")[0] if info else ""
    layouts = Layouts(DwarfTypes(image))
    if layouts.present and layouts.variable("runtime.allgs"):
        return Structures(executable, version, OWN, layouts)
    twin = _twin_of(image, version)
    return Structures(executable, version, TWIN, Layouts(DwarfTypes(twin.image)), twin)


def _twin_of(image: Image, version: str) -> Executable:
    """A program with debug information, by the Go that wrote an image."""
    plain = version.removeprefix("go")
    try:
        default = find_go()
        if plain == default.version or goroot_of(image) == default.root:
            plain = ""
        target = Target(go=plain, goarch=image.machine)
        find_go(plain)
        return link(Source.from_text(_TWIN), target)
    except GolifelabError as error:
        release = ".".join(map(str, release_of(image)))
        raise FeatureUnavailable(
            "reading the runtime's structures",
            f"the program has no debug information, and Go {plain or release} is not installed",
            remedy="link it without -w and -s",
        ) from error
