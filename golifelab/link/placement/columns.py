"""One Go object as numpy columns: hundreds of thousands of records, read at once.

The same format as `object.parse` reads record by record: cmd/internal/goobj/objfile.go of GOROOT. A
program of std's packages has a million relocations; as Python objects they would cost seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.errors import ParseError
from golifelab.link.object.parse import MAGIC, archive_members

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]

# The blocks of an object, in the order in which its header lists where they start.
AUTOLIB, PACKAGE, _, OWN, HASHED64, HASHED, NAMED, REFERENCES = range(8)
_FLAGS, _HASH64, _HASH, _RELOC_INDEX, _AUX_INDEX, _DATA_INDEX, _RELOC, _AUX, _DATA = range(8, 17)
_BLOCKS = 19
_SYMBOL = [
    ("length", "<u4"),
    ("name", "<u4"),
    ("abi", "<u2"),
    ("kind", "u1"),
    ("flags", "u1"),
    ("flags2", "u1"),
    ("size", "<u4"),
    ("alignment", "<u4"),
]
_RELOCATION = [
    ("offset", "<i4"),
    ("size", "u1"),
    ("kind", "<u2"),
    ("addend", "<i8"),
    ("package", "<u4"),
    ("symbol", "<u4"),
]
_AUXILIARY = [("kind", "u1"), ("package", "<u4"), ("symbol", "<u4")]
_EXPORT = "__.PKGDEF"


@dataclass(frozen=True, eq=False)
class ObjectColumns:
    """One object of a package.

    `member` is its name in the archive ("_go_.o" is the compiler's, others come from assembly).
    `symbols` are the rows it defines, then those it refers to by name; `counts` how many of each
    group: by place in the package, by short hash, by hash, by name. `relocation_index`,
    `data_index` and `auxiliary_index` hold where each defined row's records start, and the end.
    """

    package: str
    member: str
    content: memoryview = field(repr=False)
    symbols: Array = field(repr=False)
    counts: tuple[int, int, int, int]
    hashes64: Array = field(repr=False)
    hashes: Array = field(repr=False)
    relocations: Array = field(repr=False)
    relocation_index: Array = field(repr=False)
    auxiliaries: Array = field(repr=False)
    auxiliary_index: Array = field(repr=False)
    data: Array = field(repr=False)
    data_index: Array = field(repr=False)
    packages: tuple[str, ...] = field(repr=False)
    imports: tuple[str, ...] = field(repr=False)

    @property
    def definitions(self) -> int:
        """How many symbols it defines."""
        return sum(self.counts)

    @cached_property
    def names(self) -> list[bytes]:
        """The name of each row, as bytes; b"" for nameless ones."""
        raw = bytes(self.content)
        starts = self.symbols["name"].tolist()
        lengths = self.symbols["length"].tolist()
        return [raw[start : start + length] for start, length in zip(starts, lengths, strict=True)]

    @cached_property
    def keys(self) -> Array:
        """A number for the name and ABI of each row: equal numbers mean equal names.

        64-bit hashes: among a million names the chance that any two collide is one in 10⁷, and
        what is placed by them is compared byte by byte.
        """
        import numpy as np

        hashes = np.fromiter(map(hash, self.names), np.int64, len(self.names))
        keys: Array = hashes * 31 + self.symbols["abi"]
        return keys

    @cached_property
    def types(self) -> Array:
        """The defined rows that the linker lays among the types: it goes by their names."""
        import numpy as np

        names = self.names[: self.definitions]
        return np.array([i for i, name in enumerate(names) if name.startswith(b"type:")], np.int64)


def key_of(name: bytes, abi: int) -> int:
    """The number that `ObjectColumns.keys` has for a name and ABI."""
    wrapped = (hash(name) * 31 + abi) & 0xFFFFFFFFFFFFFFFF
    return wrapped - (1 << 64) if wrapped >> 63 else wrapped


def object_columns(content: bytes, package: str) -> tuple[ObjectColumns, ...]:
    """The objects in an archive, the compiler's first; ParseError when it is damaged."""
    found = []
    for member in archive_members(content):
        start, end = member.offset, member.offset + member.size
        if member.name == _EXPORT or not content.startswith(b"go object ", start, end):
            continue
        border = content.find(b"\n!\n", start, end)
        if border >= 0:
            whole = memoryview(content)[border + 3 : end]
            found.append(_columns(whole, package, member.name))
    return tuple(found)


@lru_cache(maxsize=1024)
def package_columns(path: Path, package: str) -> tuple[ObjectColumns, ...]:
    """The objects of a package's archive. The build cache names it by content: it never changes."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ParseError("goobj", f"cannot read {path}: {error.strerror or error}") from error
    return object_columns(content, package)


def _columns(content: memoryview, package: str, member: str) -> ObjectColumns:
    import numpy as np

    starts = _block_starts(content)

    def table(block: int, form: Any, end: int = 0) -> Array:
        record = np.dtype(form)
        last = starts[end or block + 1]
        if (last - starts[block]) % record.itemsize:
            raise ParseError("goobj", "a table is no whole number of records", line=starts[block])
        return np.frombuffer(content[starts[block] : last], record)

    symbols = table(OWN, _SYMBOL, REFERENCES + 1)
    sizes = [(starts[block + 1] - starts[block]) // 21 for block in range(OWN, REFERENCES)]
    own, short, hashed, named = sizes
    definitions = own + short + hashed + named
    relocations, auxiliaries = table(_RELOC, _RELOCATION), table(_AUX, _AUXILIARY)
    data = table(_DATA, "u1")

    def index(block: int, into: Array) -> Array:
        entries = table(block, "<u4").astype(np.int64)
        sound = len(entries) == definitions + 1 and bool((np.diff(entries) >= 0).all())
        if not sound or entries[-1] > len(into):
            raise ParseError("goobj", "an index is damaged", line=starts[block])
        return entries

    width = (starts[_HASH + 1] - starts[_HASH]) // hashed if hashed else 16
    if not width:
        raise ParseError("goobj", "there are symbols by hash, but no hashes", line=starts[_HASH])
    ends = symbols["name"].astype(np.int64) + symbols["length"]
    if len(symbols) and int(ends.max()) > len(content):
        raise ParseError("goobj", "a name lies outside the object")
    # Names may share bytes. Those of a sound object are hardly longer than it is.
    if int(symbols["length"].sum(dtype=np.int64)) > 8 * len(content):
        raise ParseError("goobj", "the names are longer than such an object can hold")
    return ObjectColumns(
        package=package,
        member=member,
        content=content,
        symbols=symbols,
        counts=(own, short, hashed, named),
        hashes64=table(_HASH64, "<u8"),
        hashes=table(_HASH, f"V{width}"),
        relocations=relocations,
        relocation_index=index(_RELOC_INDEX, relocations),
        auxiliaries=auxiliaries,
        auxiliary_index=index(_AUX_INDEX, auxiliaries),
        data=data,
        data_index=index(_DATA_INDEX, data),
        packages=_strings(content, table(PACKAGE, "(2,)<u4")),
        imports=_strings(content, table(AUTOLIB, "(4,)<u4")[:, :2]),
    )


def _block_starts(content: memoryview) -> list[int]:
    import numpy as np

    header = 20 + 4 * _BLOCKS
    if len(content) < header or bytes(content[:8]) != MAGIC:
        raise ParseError("goobj", f"it does not start with {MAGIC!r}")
    starts: list[int] = np.frombuffer(content[20:header], "<u4").tolist()
    if starts != sorted(starts) or starts[0] < header or starts[-1] > len(content):
        raise ParseError("goobj", "the blocks lie outside the object", line=20)
    return starts


def _strings(content: memoryview, pairs: Array) -> tuple[str, ...]:
    """The texts of (length, offset) pairs."""
    import numpy as np

    if int(pairs[:, 0].sum(dtype=np.int64)) > 8 * len(content):
        raise ParseError("goobj", "the names are longer than such an object can hold")
    return tuple(
        bytes(content[start : start + length]).decode("utf-8", "replace")
        for length, start in pairs.tolist()
    )
