"""The source text of one Go package: an immutable value, equal by content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.position import Position

MAX_SOURCE_BYTES = 8 << 20

# Comments and strings are matched first so that text inside them is never taken for an import.
_LEXEME = re.compile(r'//[^\n]*|/\*.*?\*/|`[^`]*`|"(?:\\.|[^"\\\n])*"|\w+|[^\s\w]', re.DOTALL)
_DECLARATION = frozenset({"func", "var", "const", "type"})

# Halves of a character, which no file can hold. U+DC80 to U+DCFF are not among them: they stand for
# the bytes of a file that is no UTF-8.
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


@dataclass(frozen=True, slots=True)
class Source:
    """The Go files of one package.

    `files` holds (name, text) pairs in the order the compiler gets them; names are bare file names.
    `package` is the import path the package is compiled as ("main" for a command). `directory` is
    where the files came from, when they came from disk: it does not count for equality.
    """

    files: tuple[tuple[str, str], ...]
    package: str = "main"
    directory: Path | None = field(default=None, compare=False)

    @classmethod
    def from_text(cls, text: str, *, name: str = "main.go", package: str = "main") -> Source:
        """One file given as text. Half a character becomes U+FFFD, as when a browser writes it."""
        return cls(((name, _writable(text)),), package).checked()

    @classmethod
    def from_file(cls, path: str | Path) -> Source:
        """One file on disk."""
        path = Path(path)
        return cls(((path.name, _read(path)),), directory=path.resolve().parent).checked()

    @classmethod
    def from_directory(cls, path: str | Path) -> Source:
        """All Go files of a directory but its tests; GolifelabError when there are none."""
        path = Path(path)
        names = sorted(p for p in path.glob("*.go") if not p.name.endswith("_test.go"))
        if not names:
            raise GolifelabError(
                f"no Go files in {path}", remedy="give a directory that holds .go files"
            )
        files = tuple((p.name, _read(p)) for p in names)
        return cls(files, directory=path.resolve()).checked()

    def checked(self) -> Source:
        """This source, or LimitExceeded when it is larger than the tools are given."""
        if sum(len(text) for _, text in self.files) > MAX_SOURCE_BYTES:
            raise LimitExceeded("the source", f"{MAX_SOURCE_BYTES >> 20} MiB")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The file names, in order."""
        return tuple(name for name, _ in self.files)

    @property
    def digest(self) -> str:
        """SHA-256 over names and texts: equal sources have equal digests."""
        sha = hashlib.sha256(self.package.encode())
        for name, text in self.files:
            for part in (name.encode(), text.encode(errors="surrogateescape")):
                sha.update(len(part).to_bytes(8, "little"))
                sha.update(part)
        return sha.hexdigest()

    def text(self, name: str = "") -> str:
        """The text of a file, the first one by default; GolifelabError when there is none."""
        return dict(self.files)[self._known(name)]

    def with_text(self, text: str, name: str = "") -> Source:
        """The same package with the text of one file replaced (the first one by default)."""
        return self.with_texts({self._known(name): text})

    def with_texts(self, texts: Mapping[str, str]) -> Source:
        """The same package with the texts of some files replaced; other names do nothing."""
        files = tuple(
            (name, _writable(texts[name]) if name in texts else old) for name, old in self.files
        )
        return Source(files, self.package, self.directory).checked()

    def _known(self, name: str) -> str:
        name = name or self.files[0][0]
        if name not in self.names:
            raise GolifelabError(
                f"the program has no file {name}", remedy="its files are " + ", ".join(self.names)
            )
        return name

    def write(self, directory: Path) -> list[str]:
        """Write the files into `directory` and give their names, in order."""
        for name, text in self.files:
            if Path(name).name != name or not name.endswith(".go"):
                raise GolifelabError(f"not a Go file name: {name!r}")
            (directory / name).write_bytes(text.encode(errors="surrogateescape"))
        return list(self.names)

    def imports(self) -> tuple[str, ...]:
        """The import paths of all files, sorted. Also works on source that does not parse."""
        return tuple(sorted({path for _, text in self.files for path in _imports_of(text)}))

    def import_position(self, path: str) -> Position:
        """Where a path is imported first; line 0 of the first file for one that is not."""
        for name, text in self.files:
            at = _imports_of(text).get(path)
            if at is not None:
                start = text.rfind("\n", 0, at) + 1
                column = len(text[start:at].encode(errors="surrogateescape")) + 1
                return Position(name, text.count("\n", 0, at) + 1, column)
        return Position(self.names[0], 0)


def _writable(text: str) -> str:
    return _HALVES.sub("\ufffd", text)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_SOURCE_BYTES:
            raise LimitExceeded(str(path), f"{MAX_SOURCE_BYTES >> 20} MiB")
        return path.read_bytes().decode(errors="surrogateescape")
    except OSError as error:
        raise GolifelabError(f"cannot read {path}: {error.strerror or error}") from error


def _imports_of(text: str) -> dict[str, int]:
    """The import paths, and where in the text each of them stands first."""
    found: dict[str, int] = {}
    importing = grouped = False
    for match in _LEXEME.finditer(text):
        lexeme = match.group()
        if lexeme.startswith(("//", "/*")):
            continue
        if lexeme == "import":
            importing, grouped = True, False
        elif lexeme == "(" and importing:
            grouped = True
        elif lexeme == ")" and grouped:
            importing = grouped = False
        elif lexeme[0] in '"`' and importing:
            found.setdefault(lexeme[1:-1], match.start())
            importing = grouped
        elif lexeme in _DECLARATION and not importing:
            break  # imports come before every other declaration
    return found
