"""The tools that hold the rule outside of the compiler: built once a Go version, on first use.

Both are made of the same files, which say the rule once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from golifelab.compile.changed.checked import Checked, tool_diagnostics
from golifelab.compile.changed.laundering import RULE
from golifelab.toolchain.background import BackgroundBuild, forget_unused
from golifelab.toolchain.cache import digest
from golifelab.toolchain.go import Go
from golifelab.toolchain.run import Completed

_UNUSED_SECONDS = 7 * 24 * 3600.0
# go vet writes the name of every package that it has something against.
_PACKAGE_LINE = re.compile(r"^#.*\n?", re.MULTILINE)


def rule_files(*names: str) -> dict[str, str]:
    """The rule's Go files by name."""
    return {name: (RULE / name).read_text() for name in names}


def rule_tool(
    go: Go, root: Path, name: str, files: dict[str, str], make: Callable[[Path, Path], None]
) -> BackgroundBuild:
    """The build of a tool in the cache below `root`.

    `make` is given the tool's folder and the path of the program it is to write.
    """
    key = digest(go.version, str(go.root), *(part for pair in files.items() for part in pair))
    folder = root / "changed" / f"{name}-go{go.version}-{key[:16]}"

    def make_and_forget(made: Path) -> None:
        make(folder, made)
        forget_unused(folder, f"{name}-go{go.version}-*", seconds=_UNUSED_SECONDS)

    return BackgroundBuild(
        folder / (f"{name}.exe" if os.name == "nt" else name),
        make_and_forget,
        what=f"the {name} with go{go.version}",
        feature=f"the {name}",
        remedy="golifelab doctor shows what this Go installation lacks",
        heavy=False,
    )


def answer(name: str, done: Completed, command: str) -> Checked:
    """What a tool said, read."""
    output = done.text + _PACKAGE_LINE.sub("", done.error_text)
    return Checked(
        tool=name,
        diagnostics=tool_diagnostics(output, name),
        accepted=not done.returncode,
        output=output,
        command=command,
        seconds=done.seconds,
        tier="tool",
    )
