"""The start of a program of the bench's, watched once for all claims that speak of it."""

from __future__ import annotations

from functools import lru_cache

from golifelab.claims.images import built, called_by
from golifelab.claims.workbench import Bench, Lab
from golifelab.load.hold.tracer import PtraceRefused
from golifelab.run.boot.boot import boot, boot_of
from golifelab.run.boot.stage import Boot, Milestone
from golifelab.source import Source

_HELLO = "hello"
_COMMAND = "gdb -ex 'break runtime.rt0_go' -ex 'break runtime.schedinit' … -ex run hello"


def started(lab: Lab) -> Boot:
    """The start of hello: held again and again, else by a runtime that tells of it by itself.

    FeatureUnavailable where hello can't be run. What was seen is written down.
    """
    lab.bench.need_processes()
    seen = _boot(lab.bench)
    lab.note(_COMMAND if seen.how == "ptrace" else seen.command, table(seen.milestones))
    return seen


def table(milestones: tuple[Milestone, ...]) -> str:
    """Milestones as lines: name, caller, goroutine, stack and stack pointer."""
    return "\n".join(
        f"{one.name:20} <- {one.caller or '-':20} goid {one.goid} {one.stack:9} sp {one.sp:#x}"
        for one in milestones
    )


def calls_of(lab: Lab, function: str) -> list[str]:
    """The functions that one of hello's calls directly, in order, without the linker's endings."""
    hello = built(lab, _HELLO)
    names = [
        name.removesuffix(".abi0")
        for name in called_by(hello, function) or called_by(hello, f"{function}.abi0")
    ]
    short = function.removeprefix("runtime.")
    lab.note(f"go tool objdump -s '^runtime.{short}' hello | grep CALL", "\n".join(names[:12]))
    return names


def in_order(order: tuple[str, ...] | list[str], *names: str) -> bool:
    """Whether all of them were come to, for the first time in this order.

    mstart stands for what it is but a door to: a runtime that tells by itself knows mstart1 only.
    """
    places = []
    for name in names:
        same = (name, f"{name}1") if name == "runtime.mstart" else (name,)
        found = [order.index(one) for one in same if one in order]
        if not found:
            return False
        places.append(min(found))
    return places == sorted(places)


@lru_cache(maxsize=4)
def _boot(bench: Bench) -> Boot:
    try:
        return boot_of(built(Lab(bench), _HELLO))
    except PtraceRefused:
        return boot(Source.from_file(bench.source(_HELLO)), bench.target, tier="overlay")
