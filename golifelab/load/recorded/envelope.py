"""What every recording has around it: whose it is, where and how it was made, and sums over it.

A recording is a file of JSON in `data/recordings`: {"recording": …, "source": …, "content": …}. It
is read with the same care as anything else that may be damaged, and it is never written with a name
of the machine that made it.
"""

from __future__ import annotations

import datetime as dt
import getpass
import hashlib
import json
import os
import platform
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from golifelab.data import data_directory
from golifelab.errors import FeatureUnavailable, GolifelabError, ParseError
from golifelab.source import Source
from golifelab.stage import Recording
from golifelab.target import Target
from golifelab.toolchain.cache import cache_root
from golifelab.toolchain.go import find_go

_WHAT = "a recording"
_MAX_BYTES = 4 << 20
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_FIELDS = frozenset(field.name for field in fields(Recording))
# A host or a user may be called like a word of Go's own: such a name tells nothing.
_TELLING = 5


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording as it was read: its provenance, the program's source, and what was recorded."""

    recording: Recording
    source: Source
    content: Any


def recorded(name: str) -> Recorded:
    """A recording that comes with the project.

    FeatureUnavailable when there is none of that name, ParseError when it is damaged: the sum in it
    must be that of its content.
    """
    return _read(data_directory() / "recordings" / f"{name}.json")


def recorded_names() -> tuple[str, ...]:
    """The names of the recordings there are, sorted."""
    folder = data_directory() / "recordings"
    return tuple(sorted(path.stem for path in folder.glob("*.json")))


@lru_cache(maxsize=32)
def _read(path: Path) -> Recorded:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ParseError(_WHAT, f"{path.name} is larger than {_MAX_BYTES >> 20} MiB")
        raw = path.read_bytes()
    except OSError as error:
        raise FeatureUnavailable(_WHAT, f"there is no {path.name}") from error
    return parse_recorded(raw, path.name)


def parse_recorded(raw: bytes, name: str = _WHAT) -> Recorded:
    """The recording in a file's bytes; ParseError when they are not one, or not as written."""
    try:
        whole = json.loads(raw)
        head, files, content = whole["recording"], whole["source"], whole["content"]
        recording = Recording(**{key: str(value) for key, value in head.items() if key in _FIELDS})
        source = Source(tuple((str(file), str(text)) for file, text in files.items()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ParseError(_WHAT, f"{name}: {error}") from error
    if recording.sha256 != checksum(content):
        raise ParseError(_WHAT, f"{name} is not what was recorded: its sum is another")
    return Recorded(recording, source, content)


def write(
    folder: Path,
    name: str,
    content: Any,
    *,
    source: Source,
    target: Target,
    program: str,
    executable: Path | None = None,
    note: str = "",
) -> Path:
    """Write a recording, and give its path.

    `program` is what to call the program, `executable` the file that ran. GolifelabError when the
    content has a name of this machine in it: see `scrubbed`.
    """
    if not _NAME.fullmatch(name):
        raise GolifelabError(f"not a name for a recording: {name!r}")
    recording = Recording(
        go=find_go(target.go).version,
        date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        command=f"golifelab record {name}",
        note=note,
        name=name,
        program=program,
        platform=target.platform,
        # The kernel's release without what a builder of kernels appended to it.
        kernel=f"{platform.system()} {platform.release().partition('-')[0]}",
        program_sha256=_file_sum(executable) if executable else "",
        sha256=checksum(content),
    )
    whole = {"recording": asdict(recording), "source": dict(source.files), "content": content}
    text = _lines(whole)
    found = next((told for told in _names_of_this_machine() if told.search(text)), None)
    if found is not None:
        raise GolifelabError(
            f"{name} tells something about this machine: {found.search(text)}",
            remedy="replace it before it is written, see `scrubbed`",
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(text, encoding="utf-8")
    _read.cache_clear()
    return path


def scrubbed(content: Any, target: Target) -> Any:
    """The content with this machine's folders replaced: $GOROOT, $CACHE, $TMP and $HOME."""
    places = {
        str(find_go(target.go).root): "$GOROOT",
        str(cache_root()): "$CACHE",
        tempfile.gettempdir(): "$TMP",
        str(Path.home()): "$HOME",
    }
    # One may be within another: the inner first.
    inner = sorted(places, key=len, reverse=True)
    return _replaced(content, {old: places[old] for old in inner if len(old) > 1})


def checksum(content: Any) -> str:
    """SHA-256 of a content, however its file is laid out."""
    return hashlib.sha256(_compact(content).encode()).hexdigest()


def shape_difference(one: Any, other: Any, where: str = "content") -> str:
    """Where two contents are not built alike, and how; "" when they are.

    Two runs of one program are built alike, though no number in them need be the same. What is null
    in one of them is like anything; lists may have any length.
    """
    if one is None or other is None:
        return ""
    kinds = _kind(one), _kind(other)
    if kinds[0] != kinds[1]:
        return f"{where} is {kinds[0]} in one and {kinds[1]} in the other"
    if isinstance(one, Mapping):
        if one.keys() != other.keys():
            return f"{where} has {sorted(one.keys() ^ other.keys())} in one of them only"
        pairs = [(f"{where}.{name}", one[name], other[name]) for name in one]
    elif isinstance(one, list | tuple):
        built = [
            [row for row in rows if isinstance(row, Mapping | list | tuple)]
            for rows in (one, other)
        ]
        if not all(built):
            return ""
        pairs = [(f"{where}[{at}]", row, built[1][0]) for at, row in enumerate(built[0])]
        pairs += [(f"{where}[{at}]", built[0][0], row) for at, row in enumerate(built[1])]
    else:
        return ""
    return next(filter(None, (shape_difference(a, b, place) for place, a, b in pairs)), "")


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool | str):
        return f"a {type(value).__name__}"
    return "a number"


def _replaced(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in places.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, Mapping):
        return {_replaced(name, places): _replaced(one, places) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(one, places) for one in value]
    return value


def _names_of_this_machine() -> Iterator[re.Pattern[str]]:
    folders = {str(Path.home()), str(Path.cwd()), str(data_directory()), str(cache_root())}
    for folder in folders:
        if len(folder) > 1:
            yield re.compile(re.escape(folder) + r"\b")
    for name in (platform.node(), _user(), os.environ.get("HOSTNAME", "")):
        if len(name) >= _TELLING:
            yield re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user without a name, in a container
        return ""


def _file_sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lines(whole: Mapping[str, Any]) -> str:
    """JSON with a line for each thing of the outer levels: small, and a change can be read."""
    parts = []
    for name, value in whole.items():
        if isinstance(value, Mapping) and value:
            rows = ",\n".join(f"  {json.dumps(k)}: {_compact(v)}" for k, v in value.items())
            parts.append(f" {json.dumps(name)}: {{\n{rows}\n }}")
        else:
            parts.append(f" {json.dumps(name)}: {_compact(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
