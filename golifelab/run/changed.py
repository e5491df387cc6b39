"""The reader changes Go's own runtime, and runs a program with it."""

from __future__ import annotations

from collections.abc import Sequence

from golifelab.compile.changed.patch import Edit, Patch
from golifelab.errors import GolifelabError
from golifelab.link.changed import TIMEOUT, linked_changed
from golifelab.link.executable import Executable
from golifelab.source import Source
from golifelab.target import Target


def changed_runtime(
    source: Source,
    target: Target | None = None,
    edits: Patch | Sequence[Edit] = (),
    *,
    timeout: float = TIMEOUT,
) -> Executable:
    r"""A program with a changed runtime: `edits` name a file below GOROOT/src, an anchor, a text.

    The first build with a change takes some seconds, another program with the same change a
    fraction of one. GOROOT is not touched, and the result is kept. Raises PatchFailed, which names
    the anchor that the reader's Go has not; CompileFailed with positions in the changed file;
    GolifelabError for a file that a program is not made of.

        changed_runtime(source, target, [Edit(
            "runtime/proc.go", "\nfunc main() {\n", "\nfunc main() {\n\tprintln(`here`)\n"
        )])
    """
    patch = edits if isinstance(edits, Patch) else Patch("the reader's change", tuple(edits))
    for file in [edit.file for edit in patch.edits] + [name for name, _ in patch.added]:
        if file.startswith(("cmd/", "vendor/")):
            raise GolifelabError(
                f"src/{file} is no part of a program's own library",
                remedy="to change the compiler, build one with compile.changed.compiler",
            )
    return linked_changed(source, target or Target(), patch, timeout=timeout)
