"""The executable of a program, C code included."""

from __future__ import annotations

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import Executable, executable, link
from golifelab.link.modes.build import executable_built
from golifelab.link.modes.way import Way
from golifelab.source import Source
from golifelab.target import Target


def whole(source: Source, target: Target) -> Executable:
    """Compile and link a program; where it imports "C", the go command does, with a C compiler.

    Raises as `link` does; with C, GolifelabError where go refuses, FeatureUnavailable where there
    is no C compiler.
    """
    if not with_c(source):
        return link(source, target)
    way = Way(cgo=True)
    command = way.command.removesuffix(" .") + " -o main ."
    try:
        return executable(executable_built(source, target, way), command=command)
    except FeatureUnavailable as error:
        if error.remedy:
            raise
        # Nothing is missing on this machine: the program is not one.
        raise GolifelabError(f"go build stopped:\n{error.reason}") from error


def with_c(source: Source) -> bool:
    """Whether a program imports "C"."""
    return "C" in source.imports()
