"""What of a profile is the program's own, and not of what watches it.

What watches needs packages that the program may do without, and those are initialised like others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from golifelab.link.executable import Executable
from golifelab.link.modes.whole import whole
from golifelab.run.around import FILE
from golifelab.run.heap.profile import Frame, Profile
from golifelab.run.wrapped import Wrapped
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go

_TASK = "..inittask"
_MAIN = "main.main"  # what the runtime calls; the program's own has another name meanwhile


def own(
    profiles: Mapping[str, Profile], made: Wrapped, source: Source, target: Target
) -> dict[str, Profile]:
    """Profiles without what watches, with main under its name and Go's files below $GOROOT."""
    theirs = _initialised(made.executable) - _initialised(whole(source, target)) - {"main"}
    starts = tuple(f"{package}.init" for package in sorted(theirs))
    root = str(find_go(target.go).root)

    def mine(stack: Sequence[Frame]) -> bool:
        return not any(
            one.function.startswith(starts)
            or (one.function != _MAIN and (made.added(one.function) or one.file.endswith(FILE)))
            for one in stack
        )

    def named(one: Frame) -> Frame:
        file = one.file.replace(root, "$GOROOT", 1) if one.file.startswith(root) else one.file
        return replace(one, function=made.original(one.function), file=file)

    def cleaned(profile: Profile) -> Profile:
        kept = profile.kept(mine).without(lambda one: made.added(one.function))
        return kept.mapped(named).pruned()

    return {name: cleaned(profile) for name, profile in profiles.items()}


def _initialised(executable: Executable) -> set[str]:
    """The packages of a program that have something to do before main."""
    names = (symbol.name for symbol in executable.symbols)
    return {name.removesuffix(_TASK) for name in names if name.endswith(_TASK)}
