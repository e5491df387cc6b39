"""What a learner has done so far: kept in one small file of their own, and portable as a token."""

from __future__ import annotations

import base64
import binascii
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from golifelab.course.shows import Shows
from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.toolchain.cache import cache
from golifelab.views.html import block, details, join, table, tag

FORMAT = 1
_MAX_BYTES = 1 << 20
_PREFIX = "golifelab1."
# What a record may hold, best last: restoring an older copy never undoes what was achieved since.
_PARTS = ("exercises", "predictions", "findings", "quizzes")
_RANK = {"not attempted": 0, "incorrect": 1, "cannot be checked here": 1, "correct": 2}

Record = dict[str, dict[str, str]]


def progress_file() -> Path:
    """Where progress is kept: $GOLIFELAB_PROGRESS, else a file in the user's data folder."""
    named = os.environ.get("GOLIFELAB_PROGRESS")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("golifelab", appauthor=False)) / "progress.json"


@dataclass(frozen=True, slots=True)
class Progress(Shows):
    """A learner's record at one moment. Shows itself as a table; `token()` carries it elsewhere.

    `record` holds, by id: the state of exercises, the predicted verdicts of claims, the verdicts
    found, and "right" or "wrong" for quiz questions. `kept` says whether it is on disk.
    """

    record: Mapping[str, Mapping[str, str]]
    kept: bool = True

    def token(self) -> str:
        """The record as one line of text, for `restore` on another machine."""
        raw = json.dumps({"format": FORMAT, **self.record}, sort_keys=True).encode()
        body = zlib.compress(raw, 9)
        checked = zlib.crc32(body).to_bytes(4, "big") + body
        return _PREFIX + base64.urlsafe_b64encode(checked).decode()

    def restore(self, token: str) -> Progress:
        """Add what a token holds to this machine's record; ParseError for a damaged token."""
        return _update(_parse(_unpack(token.strip())))

    def summary(self) -> dict[str, int]:
        """How much is done: exercises correct, claims predicted and found, quiz answers right."""
        states = self.record["exercises"].values()
        predictions, findings = self.record["predictions"], self.record["findings"]
        hits = sum(findings.get(claim) == verdict for claim, verdict in predictions.items())
        return {
            "exercises correct": sum(state == "correct" for state in states),
            "claims predicted": len(predictions),
            "claims tried": len(findings),
            "predictions that were right": hits,
            "quiz questions right": sum(
                mark == "right" for mark in self.record["quizzes"].values()
            ),
        }

    def bundle(self) -> dict[str, Any]:
        """The value as HTML and as text."""
        rows = [(name, f"{count:,}") for name, count in self.summary().items()]
        token = self.token()
        note = (
            "Kept on this machine."
            if self.kept
            else "This machine does not let it be kept: it is lost when the kernel stops."
        )
        file = "data:text/plain;base64," + base64.b64encode(token.encode()).decode()
        html = join(
            [
                table(["so far", "number"], rows, numeric=[1]),
                tag("p", note),
                details(
                    "Take it with you",
                    tag(
                        "p", "Copy this line, and give it to ", tag("code", "progress().restore(…)")
                    ),
                    block(token),
                    tag("a", "or download it", href=file, download="golifelab-progress.txt"),
                ),
            ]
        )
        text = "\n".join(f"{name}: {number}" for name, number in rows)
        return {"text/html": str(html), "text/plain": f"{text}\n{note}\ntoken: {token}"}


def progress() -> Progress:
    """The learner's record as it is now."""
    return Progress(_read(), kept=not _unwritten)


def record(part: str, key: str, value: str) -> None:
    """Note one thing: `part` is "exercises", "predictions", "findings" or "quizzes"."""
    _update({part: {key: value}})


# What could not be written, so that a read-only home loses nothing while the kernel lives.
_unwritten: Record = {}


def _update(new: Record) -> Progress:
    merged = _merge(_read(), new)
    body = json.dumps({"format": FORMAT, **merged}, indent=1, sort_keys=True).encode()
    try:
        cache().write(progress_file(), body)
    except FeatureUnavailable:
        _unwritten.update(merged)
    else:
        _unwritten.clear()
    return progress()


def _merge(old: Record, new: Record) -> Record:
    merged = {part: dict(old.get(part, {})) for part in _PARTS}
    for part in _PARTS:
        for key, value in new.get(part, {}).items():
            before = merged[part].get(key, "")
            if part == "exercises" and _RANK.get(before, -1) > _RANK.get(value, -1):
                continue
            merged[part][key] = value
    return merged


def _read() -> Record:
    if _unwritten:
        return _merge(_unwritten, {})
    try:
        path = progress_file()
        if path.stat().st_size > _MAX_BYTES:
            return _merge({}, {})
        return _parse(path.read_bytes())
    except (OSError, ParseError):
        # No file yet, or a damaged one: nothing in it can be saved, and the course goes on.
        return _merge({}, {})


def _unpack(token: str) -> bytes:
    if not token.startswith(_PREFIX):
        raise ParseError("progress token", f"a token starts with {_PREFIX}")
    try:
        raw = base64.urlsafe_b64decode(token.removeprefix(_PREFIX).encode("ascii"))
        if zlib.crc32(raw[4:]).to_bytes(4, "big") != raw[:4]:
            raise ParseError("progress token", "a part of it is missing or changed")
        return zlib.decompressobj().decompress(raw[4:], _MAX_BYTES)
    except (ValueError, binascii.Error, zlib.error, UnicodeEncodeError) as error:
        raise ParseError("progress token", str(error)) from error


def _parse(raw: bytes) -> Record:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ParseError("progress", str(error)) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ParseError("progress", f"it does not say format {FORMAT}")
    found: Record = {}
    for part in _PARTS:
        entries = data.get(part, {})
        if not isinstance(entries, dict):
            raise ParseError("progress", f"{part} is not a set of entries")
        pairs = entries.items()
        found[part] = {key: value for key, value in pairs if isinstance(value, str)}
    return found
