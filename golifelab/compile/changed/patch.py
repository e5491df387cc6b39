"""A change of Go's own sources, as a value: edits at anchors, and files added.

Nothing of GOROOT is written. An edit names a piece of text, its anchor, that must occur exactly
once in the reader's own GOROOT: where a Go version has other words there, the patch says so and
nothing is built by guess.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from golifelab.errors import GolifelabError, PatchFailed
from golifelab.target import Target
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.overlay import source_root

FEATURE = "changing the compiler"


@dataclass(frozen=True, slots=True)
class Edit:
    """In `file`, below GOROOT/src, the text `anchor` becomes `replacement`.

    It is for Go releases from `since` on and before `before`, as (major, minor); others have
    another edit in its place, or need none.
    """

    file: str
    anchor: str
    replacement: str
    since: tuple[int, int] = (1, 0)
    before: tuple[int, int] = (1, 1000)

    def applies(self, go: Go) -> bool:
        """Whether the edit is meant for this Go."""
        return self.since <= go.release < self.before


@dataclass(frozen=True, slots=True)
class Patch:
    """Edits, applied in order, and `added` files as (path below GOROOT/src, text) pairs.

    Two patches are added with `+`: one compiler then has both.
    """

    name: str
    edits: tuple[Edit, ...]
    added: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        changed = sorted({edit.file for edit in self.edits})
        added = [file for file, _ in self.added]
        return f"{self.name}: changes {', '.join(changed)}; adds {', '.join(added) or 'nothing'}"

    def __add__(self, other: Patch) -> Patch:
        added = dict(self.added)
        for file, text in other.added:
            if added.setdefault(file, text) != text:
                raise GolifelabError(f"{self.name} and {other.name} add different files {file}")
        return Patch(f"{self.name} + {other.name}", self.edits + other.edits, tuple(added.items()))

    def files(self, go: Go) -> dict[str, str]:
        """The changed and added files of a Go: path below GOROOT/src → new text.

        PatchFailed names the file and the anchor that this Go does not have; FeatureUnavailable
        where it came without sources.
        """
        root = source_root(go, FEATURE)
        made: dict[str, str] = {}
        for edit in self.edits:
            if edit.applies(go):
                text = made.get(edit.file) or _original(root, edit.file, go)
                count = text.count(edit.anchor)
                if count != 1:
                    raise PatchFailed(edit.file, edit.anchor, go_version=go.version, count=count)
                made[edit.file] = text.replace(edit.anchor, edit.replacement)
        for file, text in self.added:
            if _path(root, file).exists() or file in made:
                raise PatchFailed(file, "", go_version=go.version, count=1)
            made[file] = text
        return made

    def diff(self, target: Target | None = None) -> str:
        """What changes in the reader's own GOROOT, as one unified diff. Errors as for `files`."""
        go = find_go(target.go if target else "")
        root = source_root(go, FEATURE)
        parts: list[str] = []
        for file, text in self.files(go).items():
            path = _path(root, file)
            before = path.read_text().splitlines(keepends=True) if path.exists() else []
            old = f"a/src/{file}" if before else "/dev/null"
            parts += difflib.unified_diff(
                before, text.splitlines(keepends=True), old, f"b/src/{file}"
            )
        return "".join(parts)


def _original(root: Path, file: str, go: Go) -> str:
    try:
        return _path(root, file).read_text()
    except OSError:
        raise PatchFailed(file, "", go_version=go.version, count=0) from None


def _path(root: Path, file: str) -> Path:
    pure = PurePosixPath(file)
    if pure.is_absolute() or ".." in pure.parts or pure.suffix != ".go":
        raise GolifelabError(f"not the path of a Go file below GOROOT/src: {file!r}")
    return root / pure
