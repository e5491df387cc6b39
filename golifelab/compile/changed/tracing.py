"""The type checker's own trace, switched on by a variable of the environment.

types2 can tell every step it takes, but the compiler never asks it to. Two edits make it ask.
"""

from __future__ import annotations

from golifelab.compile.changed.patch import Edit, Patch

VARIABLE = "TYPES2TRACE"
_FILE = "cmd/compile/internal/noder/irgen.go"
_IMPORTS = '\t"internal/types/errors"\n'
_CONFIG = "\tconf := types2.Config{\n"


def trace() -> Patch:
    """The patch after which TYPES2TRACE=1 makes the compiler print what the checker does."""
    wanted = f'\t\tTrace:              os.Getenv("{VARIABLE}") != "",\n'
    return Patch(
        "trace",
        (
            Edit(_FILE, _IMPORTS, f'{_IMPORTS}\t"os"\n'),
            Edit(_FILE, _CONFIG, _CONFIG + wanted),
        ),
    )
