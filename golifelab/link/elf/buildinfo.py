"""What `go build` notes in every executable: the Go version, the module, the settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from golifelab.link.reader import Reader, uvarint

_MAGIC = b"\xff Go buildinf:"
_INLINE = 2  # flag bit: the strings follow the header (all of Go 1.18 and later)
_SENTINEL = 16  # bytes around the module text that let old tools find it


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """The Go version ("1.27.3"), the main package's path and the settings ("CGO_ENABLED" → "0").

    `path` and `settings` are empty where the linker was called without the go command.
    """

    go_version: str
    path: str = ""
    settings: dict[str, str] = field(default_factory=dict)


def read_build_info(block: bytes) -> BuildInfo | None:
    """Read a .go.buildinfo section; None when it is not one, ParseError when it is damaged.

    Format: $GOROOT/src/debug/buildinfo/buildinfo.go.
    """
    start = block.find(_MAGIC)
    if start < 0:
        return None
    reader = Reader(block, "build info")
    (flags,) = reader.unpack("B", start + 15)
    if not flags & _INLINE:
        return None
    version, position = _text(reader, start + 32)
    module, _ = _text(reader, position)
    lines = module[_SENTINEL:-_SENTINEL].split("\n") if len(module) >= 2 * _SENTINEL else []
    settings: dict[str, str] = {}
    path = ""
    for line in lines:
        word, _, rest = line.partition("\t")
        if word == "path":
            path = rest
        elif word == "build":
            name, _, value = rest.partition("=")
            settings[name] = value
    return BuildInfo(version.removeprefix("go").split(" ")[0], path, settings)


def _text(reader: Reader, offset: int) -> tuple[str, int]:
    length, position = uvarint(reader.data, offset)
    if length < 0:
        raise reader.error("a length is damaged", offset)
    return reader.text(position, length), position + length
