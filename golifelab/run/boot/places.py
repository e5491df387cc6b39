"""The functions at which a program's start is looked at."""

from __future__ import annotations

from collections.abc import Collection

from golifelab.link.executable import Executable

# In the order in which a program first comes to them. The entry itself is the kernel's doing.
BEFORE_MAIN = (
    "_rt0_{arch}",
    "runtime.rt0_go",
    "runtime.check",
    "runtime.args",
    "runtime.osinit",
    "runtime.schedinit",
    "runtime.mallocinit",
    "runtime.gcinit",
    "runtime.procresize",
    "runtime.newproc",
    "runtime.newproc1",
    "runtime.mstart",
    "runtime.mstart0",
    "runtime.mstart1",
    "runtime.schedule",
    "runtime.execute",
    "runtime.gogo",
    "runtime.main",
    "runtime.newm",
    "runtime.doInit1",
    "runtime.gcenable",
    "main.main",
)
AFTER_MAIN = (
    "runtime.newproc1",
    "runtime.newm",
    "runtime.goexit1",
    "runtime.goexit0",
    "runtime.exit",
)
INIT = "runtime.doInit1"
EXIT = "runtime.exit"
MAIN = "main.main"
# How long a program is waited for once its main.main has begun, in seconds.
AFTERWARDS = 1.5
# Each arrival at one of these is counted, so that none at all is also told.
COUNTED = (
    "runtime.newproc1",
    "runtime.newm",
    "runtime.schedule",
    "runtime.gogo",
    INIT,
    MAIN,
    "runtime.goexit1",
    "runtime.goexit0",
    "runtime.exit",
)


def places(executable: Executable, names: tuple[str, ...]) -> dict[int, str]:
    """The link-time addresses of functions, by name, of those that the program has.

    A function of assembly is reached by its own name or, from Go, by one with a suffix that tells
    how it takes its arguments; the one that was written is meant, not a wrapper around it.
    """
    found = {}
    for name in names:
        plain = name.format(arch=executable.image.machine)
        function = executable.function(plain) or executable.function(f"{plain}.abi0")
        if function is not None:
            found[function.address] = plain
    return found


def cut_short(timeout: float, seen: Collection[str]) -> str:
    """In words, when a program was ended that had come to these places."""
    if MAIN in seen:
        return f"it was ended {AFTERWARDS:g} s after main.main had begun"
    return f"it was ended after {timeout:g} s"
