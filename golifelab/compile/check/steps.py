"""The steps of Go's type checker, read from the source of the Go that is used.

checkFiles calls one method of the checker after the other. Before most it prints its name when it
traces; the last step is silent, so the trace alone doesn't name them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.stage import Tier
from golifelab.target import Target
from golifelab.toolchain.go import find_go

_BODY = re.compile(r"^func \(check \*Checker\) checkFiles\(.*?^\}", re.MULTILINE | re.DOTALL)
_LINE = re.compile(
    r"^(?P<tabs>\t+)(?:"
    r"check\.(?P<step>\w+)\(.*\)|"
    r'print\("== (?P<name>\w+) =="\)|'
    r"if (?P<condition>[^;{]+) \{|"
    r"(?P<end>\})"
    r")"
)

# Whoever found it: scanner and parser, too.
NO_ERRORS = "there is no error"


@dataclass(frozen=True, slots=True)
class Step:
    """One call in checkFiles.

    `announced`: a trace prints its name before it. `condition` is the Go expression under which it
    is done, empty when it always is. `path` and `line` say where the call stands below GOROOT/src
    (an empty path: nobody knows).
    """

    name: str
    announced: bool
    condition: str = ""
    path: str = ""
    line: int = 0

    @property
    def when_clean(self) -> bool:
        """Whether it is done only while there is no error."""
        return self.condition in (NO_ERRORS, "check.firstErr == nil")


def steps(target: Target, tier: Tier) -> tuple[Step, ...]:
    """The steps of types2 (tier "helper") or of go/types, in their order.

    Behind types2's comes "noder": the compiler itself looks for anonymous interfaces that refer to
    themselves, and for //go: directives where they mean nothing. Empty where a distribution of Go
    comes without the checker's source.
    """
    root = find_go(target.go).root / "src"
    if tier == "fallback":
        return _steps(root, "go/types/check.go")
    return _steps(root, "cmd/compile/internal/types2/check.go") + _after(root)


@lru_cache(maxsize=16)
def _steps(root: Path, path: str) -> tuple[Step, ...]:
    try:
        text = (root / path).read_text()
    except OSError:
        return ()
    body = _BODY.search(text)
    return tuple(_read(body.group(), path, text[: body.start()].count("\n") + 1)) if body else ()


@lru_cache(maxsize=16)
def _after(root: Path) -> tuple[Step, ...]:
    path = "cmd/compile/internal/noder/irgen.go"
    try:
        before, found, _ = (root / path).read_text().partition("var f cycleFinder")
    except OSError:
        return ()
    # base.ExitIfErrors stands right before it.
    return (Step("noder", False, NO_ERRORS, path, before.count("\n") + 1),) if found else ()


def _read(body: str, path: str, first: int) -> list[Step]:
    found: list[Step] = []
    condition = announced = ""
    for place, line in enumerate(body.splitlines()):
        match = _LINE.match(line)
        if match is None:
            continue
        if match["end"]:
            condition = ""
        elif match["condition"]:
            condition = match["condition"]
        elif match["name"]:
            announced = match["name"]
        else:
            name = match["step"]
            found.append(Step(name, announced == name, condition, path, first + place))
    return found
