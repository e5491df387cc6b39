"""The names of system calls by number, read from the reader's own Go.

Go's own tools carry golang.org/x/sys, which has every number of every processor, generated from the
kernel's headers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from golifelab.errors import ToolchainNotFound
from golifelab.toolchain.go import find_go

_FOLDER = "src/cmd/vendor/golang.org/x/sys/unix"
_LINE = re.compile(r"^\s*SYS_(\w+)\s*=\s*(\d+)\s*$", re.MULTILINE)


def call_name(number: int, goarch: str) -> str:
    """What a system call is called on a processor; "syscall_0x1ff" for one that is not known."""
    return call_names(goarch).get(number) or f"syscall_{number:#x}"


@lru_cache(maxsize=4)
def call_names(goarch: str) -> Mapping[int, str]:
    """All system calls of Linux on a processor by number; empty where Go's sources are not."""
    try:
        path = find_go().root / _FOLDER / f"zsysnum_linux_{goarch}.go"
        text = path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ToolchainNotFound):
        text = ""
    return MappingProxyType({int(n): name.lower() for name, n in _LINE.findall(text)})
