"""A copy of a linked program in which some bytes of the file are others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from golifelab.link.elf.image import Image
from golifelab.link.executable import Executable
from golifelab.toolchain.cache import cache, digest, mark_used

# Where in the file, and what is to stand there.
Change = tuple[int, bytes]


def changed_copy(program: Executable, changes: Iterable[Change]) -> Executable:
    """A program with changes; it is kept in the cache."""
    data = bytearray(program.image.data)
    for place, content in changes:
        data[place : place + len(content)] = content
    key = digest("changed copy", bytes(data))
    path = cache().directory("executables") / key[:2] / key
    if path.exists():
        mark_used(path)
    else:
        cache().write(path, bytes(data), executable=True)
    return replace(program, path=path, image=Image(path))


def files_without_folder(program: Executable, file: str) -> Iterator[Change]:
    """The runtime's names of the files in the folder of `file`, without that folder.

    The tables find a name by where it begins, and it ends at a zero byte: what follows does not
    count.
    """
    tables = program.pclntab.tables
    start = tables.address + tables.starts.files
    names = program.bytes_at(start, tables.starts.pctab - tables.starts.files)
    place = program.offset_of(start)
    found = re.search(rb"(?:^|\0)([^\0]*/)" + re.escape(file.encode()) + rb"\0", names)
    if found is None or place is None:
        return
    for one in re.finditer(rb"(?:^|(?<=\0))" + re.escape(found[1]) + rb"([^/\0]+\0)", names):
        yield place + one.start(), one[1]
