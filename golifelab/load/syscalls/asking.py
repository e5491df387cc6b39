"""Who asked for a system call: the first function up the stack that is no mere way to the kernel.

"runtime.mmap" makes nearly every mapping of a Go program, and says nothing. Who called whom until
then stands on the stack, which can be read while the call is about to be made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable
from golifelab.load.backtrace import frames_of

# Calls of which it is worth knowing.
WORTH = frozenset(("mmap", "munmap", "madvise", "mprotect", "clone", "prctl"))
# What only passes a wish on: the runtime's layer over the system, and what it wraps calls in.
_WAYS = re.compile(
    r"^runtime\.(mmap|munmap|madvise|clone|sys[A-Z]\w*|callCgo\w+|systemstack|mcall|asmcgocall"
    r"|prctl|setVMAName\w*|retryOnEAGAIN|newosproc\w*|persistentalloc1?|newm1?|startm|fixalloc\w*"
    r"|\(\*fixalloc\)\.\w+|\(\*linearAlloc\)\.\w+)(\.func\d+)?(\.abi0)?$"
    r"|^(internal/runtime/)?syscall(/linux)?\."
)
_DEEPEST = 24


def asking(
    program: Executable,
    bias: int,
    registers: Mapping[str, int],
    memory: Callable[[int, int], bytes],
) -> str:
    """The function that asked, "" where the stack does not tell (in a loader, or a C library)."""
    best = ""
    try:
        for depth, frame in enumerate(frames_of(program.pclntab, bias, registers, memory)):
            best = frame.function.removesuffix(".abi0")
            if depth >= _DEEPEST or not _WAYS.match(best):
                break
    except (GolifelabError, OSError):
        pass  # the stack ends where it can be read no further: what was found is what is known
    return best
