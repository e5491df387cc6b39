"""The functions of a compiled package, and how a reader may name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from golifelab.errors import GolifelabError
from golifelab.position import Position

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Function:
    """A function that the compiler made code for.

    `name` is its name inside the compiler ("add", "(*T).Inc", "main.func1"), `symbol` its link name
    ("main.add"), `abi` "ABIInternal" or "ABI0", `type` its signature (empty where only text was
    read), `size` its code in bytes (0 when unknown).
    """

    name: str
    symbol: str
    abi: str = ""
    type: str = ""
    position: Position | None = None
    size: int = 0


def find(functions: Sequence[Function], wanted: str) -> Function:
    """The function a reader means by a name.

    Accepted are link names ("main.add"), the compiler's names ("add", "(*T).Inc", "T.Get"), a
    method without its star ("T.Inc"), and a generic function without its brackets where only one
    instance was compiled. GolifelabError for any other name lists what there is.
    """
    name = wanted.strip()
    for matches in (
        [f for f in functions if f.symbol == name],
        [f for f in functions if f.name == name],
        [f for f in functions if _plain(f.symbol) == name or _plain(f.name) == name],
        _instances(functions, name),
    ):
        if matches:
            # Of two ABIs of one function, the reader's own Go is the internal one.
            return max(matches, key=lambda f: (f.abi != "ABI0", f.size > 0))
    names = sorted({f.name for f in functions})
    listed = ", ".join(names[:_SHOWN]) + (f" … ({len(names)} in all)" if names[_SHOWN:] else "")
    raise GolifelabError(
        f"the compiler made no code for a function named {wanted!r}",
        remedy=f"there are: {listed or 'none'}. "
        "A function that was inlined everywhere, or is never used, may have no code of its own",
    )


def _plain(name: str) -> str:
    return name.replace("(*", "").replace(")", "")


def _instances(functions: Sequence[Function], name: str) -> list[Function]:
    """The instances of a generic function; the shared shape goes before wrappers of it."""
    found = [f for f in functions if "[" in f.name and name in (_base(f.name), _base(f.symbol))]
    shapes = [f for f in found if "go.shape" in f.name]
    return (shapes or found) if len(shapes or found) == 1 else []


def _base(name: str) -> str:
    return name.partition("[")[0]
