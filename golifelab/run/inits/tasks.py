"""The two lists of packages to initialise that the linker leaves in an executable."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.link.executable import Executable
from golifelab.link.metadata.moduledata import module_data
from golifelab.link.metadata.words import Words
from golifelab.run.inits.order import package_named
from golifelab.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

MAIN_LIST = "go:main.inittasks"
RUNTIME_LIST = "go:runtime.inittasks"
# A record: two 32-bit numbers, the state and how many functions there are; then their addresses.
_HEAD = 8
_MOST_FUNCTIONS = 1 << 16
_MOST_TASKS = 1 << 16
_MOST_EARLY = 64  # packages below package runtime, in a program without symbols
_INIT = re.compile(r"\.(?:init|map\.init)(?:\.\d+)?(?:\.abi0)?$")


@dataclass(frozen=True, slots=True)
class Task:
    """What one package has to run: the record's address, and the functions in order."""

    package: str
    address: int
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitTasks(Stage):
    """The lists of an executable, in the order in which the runtime goes through them.

    `runtime` is what runtime.main begins with; `main` is everything, what is in `runtime` again
    among it: the second time the runtime finds it done. `how` says how the lists were found.
    """

    runtime: tuple[Task, ...]
    main: tuple[Task, ...]
    how: str

    @property
    def order(self) -> tuple[str, ...]:
        """The packages in the order in which they are initialised, each once."""
        return tuple(dict.fromkeys(task.package for task in (*self.runtime, *self.main)))

    def frame(self) -> pd.DataFrame:
        """One row a record of a list: list, package, address, functions."""
        import pandas as pd

        return pd.DataFrame(list(self._rows()))

    def to_json(self) -> dict[str, Any]:
        """`how`, and `tasks` as the rows of `frame`."""
        return self.header() | {"how": self.how, "tasks": list(self._rows())}

    def _rows(self) -> Iterator[dict[str, Any]]:
        for name, tasks in (("runtime", self.runtime), ("main", self.main)):
            for task in tasks:
                yield {
                    "list": name,
                    "package": task.package,
                    "address": task.address,
                    "functions": " ".join(task.functions),
                }


def init_tasks(program: Executable) -> InitTasks:
    """Read both lists out of an executable, stripped or not.

    ParseError for what is no sound Go program; FeatureUnavailable where a release keeps the lists
    in another way.
    """
    image, words = program.image, Words(program.image)
    module = module_data(image)
    if "inittasks" not in module:
        raise FeatureUnavailable("reading inittasks", "this Go's moduledata has no such field")
    start, count = module.slice("inittasks")
    main = tuple(_tasks(program, words, start, count))
    early = image.symbol(RUNTIME_LIST)
    if early is not None:
        first, many = early.address, early.size // words.size
        how = f"the symbols {RUNTIME_LIST} and {MAIN_LIST}"
    else:
        first, many = _early(program, words, (start, start + count * words.size))
        how = "moduledata.inittasks, and a slice that ends with the record of package runtime"
    path = shlex.quote(str(program.path))
    return InitTasks(
        runtime=tuple(_tasks(program, words, first, many)),
        main=main,
        how=how,
        command=f"go tool nm -size {path} | grep inittask",
        tier="tool",
        precision="line",
    )


def _tasks(program: Executable, words: Words, start: int, count: int) -> Iterator[Task]:
    if count > _MOST_TASKS:
        raise ParseError("inittasks", f"a list of {count} packages")
    for number in range(count):
        yield _task(program, words, words.at(start + number * words.size))


def _task(program: Executable, words: Words, address: int) -> Task:
    count = words.number(program.bytes_at(address + 4, 4))
    if not 0 < count <= _MOST_FUNCTIONS:
        raise ParseError("inittasks", f"{count} functions in the record at {address:#x}")
    names = []
    for number in range(count):
        place = words.at(address + _HEAD + number * words.size)
        found = program.function_at(place)
        if found is None:
            raise ParseError("inittasks", f"the record at {address:#x} names no function")
        names.append(found.name)
    symbol = program.symbol_at(address)
    package = package_named(symbol.name) if symbol else ""
    return Task(package or unquote(_INIT.sub("", names[0])), address, tuple(names))


def _early(program: Executable, words: Words, beyond: tuple[int, int]) -> tuple[int, int]:
    """Where the runtime's list is, and its length, in a program without symbols.

    Its last record is the runtime's own, which begins with the functions runtime.init or
    runtime.init.0; a slice points to the first.
    """
    for place in _records(program, words):
        if beyond[0] <= place < beyond[1]:
            continue
        for count in range(1, _MOST_EARLY):
            start = place - (count - 1) * words.size
            if not _is_record(program, words, words.at(start)):
                break
            for head in words.pointing_to(start):
                sizes = {words.at(head + step * words.size) for step in (1, 2)}
                if sizes == {count}:
                    return start, count
    return 0, 0


def _records(program: Executable, words: Words) -> Iterator[int]:
    """The places of words that hold the address of package runtime's record."""
    for name in ("runtime.init", "runtime.init.0"):
        first = program.function(name)
        for place in words.pointing_to(first.address) if first else ():
            if _is_record(program, words, place - _HEAD):
                yield from words.pointing_to(place - _HEAD)


def _is_record(program: Executable, words: Words, address: int) -> bool:
    try:
        return bool(_task(program, words, address))
    except ParseError:
        return False
