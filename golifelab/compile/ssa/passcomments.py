"""What each pass is for, in the words of the compiler's authors, from the reader's own GOROOT."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from golifelab.compile.gosource import comments_of
from golifelab.target import Target
from golifelab.toolchain.go import find_go

_PACKAGE = "cmd/compile/internal/ssa"
# A line of the table of passes: {name: "trim", fn: trim}, // remove empty blocks
_ENTRY = re.compile(
    r'^\t\{name: "(?P<name>[^"]+)", fn: (?P<function>\w+)[^/\n]*(?:// (?P<note>.*))?'
)
_SENTENCE = re.compile(r"(?P<first>.*?[.:])(?:\s|$)")


def pass_comments(target: Target) -> Mapping[str, str]:
    """What is said of a pass, by its name ("late opt").

    It is the first sentence of the comment on its function, and the note beside the pass in the
    compiler's table. Passes with neither are not there; empty where this Go comes without the
    compiler's source.
    """
    return _read(find_go(target.go).root, target.go)


@lru_cache(maxsize=8)
def _read(root: Path, version: str) -> Mapping[str, str]:
    try:
        table = (root / "src" / _PACKAGE / "compile.go").read_text(encoding="utf-8")
    except OSError:
        return MappingProxyType({})
    comments = comments_of(_PACKAGE, Target(go=version))
    found: dict[str, str] = {}
    for line in table.splitlines():
        entry = _ENTRY.match(line)
        if entry is None:
            continue
        said = comments.get(entry["function"], "")
        if said.startswith("-d="):
            said = ""  # it is about the flags of the pass, not its work
        sentence = _SENTENCE.match(said)
        words = sentence["first"] if sentence else said
        # Several passes share a function: the note tells them apart.
        note = entry["note"] or ""
        if words or note:
            found[entry["name"]] = f"{words} ({note})" if words and note else words or note
    return MappingProxyType(found)
