"""The executable of a program, C code included."""

from __future__ import annotations

from golifelab.link.executable import Executable, executable, link
from golifelab.link.modes.build import executable_built
from golifelab.link.modes.way import Way
from golifelab.source import Source
from golifelab.target import Target


def whole(source: Source, target: Target) -> Executable:
    """Compile and link a program; where it imports "C", the go command does, with a C compiler.

    Raises as `link` does; FeatureUnavailable where there is no C compiler, or go refuses.
    """
    if not with_c(source):
        return link(source, target)
    way = Way(cgo=True)
    return executable(executable_built(source, target, way), command=way.command)


def with_c(source: Source) -> bool:
    """Whether a program imports "C"."""
    return "C" in source.imports()
