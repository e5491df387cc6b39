"""What `go build` notes in every executable: the Go version, the modules, the settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from golifelab.link.reader import Reader, uvarint

_MAGIC = b"\xff Go buildinf:"
_ALIGNED = 16  # the linker puts the block at a multiple of this
_INLINE = 2  # flag bit: the strings follow the header (all of Go 1.18 and later)
_SENTINEL = 16  # bytes around the module text that let old tools find it


@dataclass(frozen=True, slots=True)
class Module:
    """A module that went into the program. `replaced_by` is the one that `replace` put there."""

    path: str
    version: str
    sum: str = ""
    replaced_by: Module | None = None


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """The Go version ("1.27.3"), the main package's path and the settings ("CGO_ENABLED" → "0").

    All but the version is empty where the linker was called without the go command. `text` is what
    `go version -m` prints, without the tabs before its lines. `experiments` follow the version in
    programs built with GOEXPERIMENT.
    """

    go_version: str
    path: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    module: Module | None = None
    dependencies: tuple[Module, ...] = ()
    experiments: tuple[str, ...] = ()
    text: str = ""


def read_build_info(block: bytes, address: int = 0) -> BuildInfo | None:
    """Read a .go.buildinfo section, or data it lies in; None when there is none.

    `address` is that of the first byte. ParseError when it is damaged. Format:
    $GOROOT/src/debug/buildinfo/buildinfo.go.
    """
    start = block.find(_MAGIC)
    while start >= 0 and (address + start) % _ALIGNED:
        start = block.find(_MAGIC, start + 1)
    if start < 0:
        return None
    reader = Reader(block, "build info")
    (flags,) = reader.unpack("B", start + 15)
    if not flags & _INLINE:
        return None
    version, position = _text(reader, start + 32)
    noted, _ = _text(reader, position)
    text = noted[_SENTINEL:-_SENTINEL] if len(noted) >= 2 * _SENTINEL else ""
    number, *rest = version.removeprefix("go").split(" ")
    experiments = [name for word in rest for name in word.removeprefix("X:").split(",") if name]
    return _described(number, tuple(experiments), text)


def _described(version: str, experiments: tuple[str, ...], text: str) -> BuildInfo:
    settings: dict[str, str] = {}
    path, main = "", None
    modules: list[Module] = []
    for line in text.split("\n"):
        word, *rest = line.split("\t")
        match word, rest:
            case "path", [name]:
                path = name
            case "build", [*words]:
                name, _, value = "\t".join(words).partition("=")
                settings[_unquoted(name)] = _unquoted(value)
            case "mod", [*words]:
                main = _module(words)
            case "dep", [*words]:
                modules.append(_module(words))
            case "=>", [*words] if modules:
                last = modules[-1]
                modules[-1] = Module(last.path, last.version, last.sum, _module(words))
            case "=>", [*words] if main is not None:
                main = Module(main.path, main.version, main.sum, _module(words))
    return BuildInfo(version, path, settings, main, tuple(modules), experiments, text)


def _module(words: list[str]) -> Module:
    path, version, checksum = [*words, "", "", ""][:3]
    return Module(path, version, checksum)


def _unquoted(word: str) -> str:
    """A word as it was: the go command quotes those with spaces and quotes in them."""
    if len(word) < 2 or word[0] != word[-1] or word[0] not in '"`':
        return word
    inner = word[1:-1]
    return inner if word[0] == "`" else inner.replace('\\"', '"').replace("\\\\", "\\")


def _text(reader: Reader, offset: int) -> tuple[str, int]:
    length, position = uvarint(reader.data, offset)
    if length < 0:
        raise reader.error("a length is damaged", offset)
    return reader.text(position, length), position + length
