"""What a function may cost before the inliner leaves it alone, as the compiler's source says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from golifelab.target import Target
from golifelab.toolchain.go import find_go

_SOURCE = Path("src", "cmd", "compile", "internal", "inline", "inl.go")
_CONSTANT = re.compile(r"^\s*inlineMaxBudget\s*=\s*(\d+)", re.MULTILINE)


def inline_budget(target: Target) -> int | None:
    """The cost up to which a plain function is inlined; None when the source can't be read.

    Closures that are called once, and hot functions of a profile, may cost more; then the compiler
    names their own budget when it refuses them (see `Remark.budget`).
    """
    return _budget(find_go(target.go).root)


@cache
def _budget(root: Path) -> int | None:
    try:
        found = _CONSTANT.search((root / _SOURCE).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return int(found[1]) if found else None
