"""The ledger: what the article claims, and how each claim fared when it was tried."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from golifelab.data import data_directory
from golifelab.errors import GolifelabError, ParseError

FORMAT = 1
_MAX_BYTES = 4 << 20
_ID = re.compile(r"c([1-5])\.(\d\d)")
_TEXTS = ("section", "claim", "truth", "evidence", "show")


class Verdict(enum.Enum):
    """How a claim fares. The value is the word readers see."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    OBSOLETE = "obsolete"
    UNVERIFIABLE = "unverifiable"
    OFF_TOPIC = "off topic"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: where it stands, what it says in our words, and what was found about it.

    `verdict`, `truth` and `evidence` are what was found on the ledger's own toolchain; an
    experiment (`golifelab.claims.experiment`) finds out what holds on yours. `show` says how the
    course shows it.
    """

    id: str
    chapter: int
    section: str
    claim: str
    verdict: Verdict
    truth: str
    evidence: str
    show: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """All claims in the article's order, and the Go release they were tried on first."""

    claims: tuple[Claim, ...]
    go: str
    platform: str

    def __len__(self) -> int:
        return len(self.claims)

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def __getitem__(self, id: str) -> Claim:  # noqa: A002 - the word the ledger uses
        for claim in self.claims:
            if claim.id == id:
                return claim
        raise GolifelabError(
            f"there is no claim {id!r}",
            remedy="claims have names such as c1.02: chapter 1, second claim",
        )

    def chapter(self, number: int) -> tuple[Claim, ...]:
        """The claims of one chapter."""
        return tuple(claim for claim in self.claims if claim.chapter == number)


def load_ledger(path: Path | None = None) -> Ledger:
    """The ledger in `data/claims.yaml`, or in another file of the same form.

    Raises ParseError when the file is not in that form, FeatureUnavailable when there is no data
    folder (the course runs from a clone).
    """
    path = path or data_directory() / "claims.yaml"
    try:
        status = path.stat()
    except OSError as error:
        raise ParseError("claims.yaml", f"{path}: {error.strerror or error}") from error
    if status.st_size > _MAX_BYTES:
        raise ParseError("claims.yaml", f"the file is larger than {_MAX_BYTES} bytes")
    return _load(path, status.st_mtime_ns)


@lru_cache(maxsize=4)
def _load(path: Path, _modified: int) -> Ledger:
    return parse_ledger(path.read_bytes())


def parse_ledger(text: bytes) -> Ledger:
    """The ledger written in YAML; ParseError says what is wrong with it."""
    import yaml

    try:
        # Not the C loader: deeply nested input makes it overflow the stack of the process.
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ParseError("claims.yaml", str(error), line=mark.line + 1 if mark else 0) from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise ParseError("claims.yaml", f"the file does not say `format: {FORMAT}`")
    measured, entries = raw.get("measured"), raw.get("claims")
    if not isinstance(measured, dict) or not isinstance(entries, list):
        raise ParseError("claims.yaml", "`measured` or `claims` is missing")
    claims = tuple(_claim(entry, number) for number, entry in enumerate(entries, 1))
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise ParseError("claims.yaml", f"two claims are called {claim.id}")
        seen.add(claim.id)
    return Ledger(claims, str(measured.get("go", "")), str(measured.get("platform", "")))


def _claim(entry: Any, number: int) -> Claim:
    where = f"claim number {number}"
    if not isinstance(entry, Mapping):
        raise ParseError("claims.yaml", f"{where} is not a set of fields")
    unknown = set(entry) - {"id", "chapter", "verdict", *_TEXTS}
    if unknown:
        raise ParseError("claims.yaml", f"{where} has unknown fields: {sorted(map(str, unknown))}")
    texts: dict[str, str] = {}
    for name in _TEXTS:
        text = entry.get(name)
        if not isinstance(text, str) or not text.strip():
            raise ParseError("claims.yaml", f"{where}: `{name}` is missing or not a text")
        texts[name] = text.strip()
    match = _ID.fullmatch(str(entry.get("id")))
    if match is None or entry.get("chapter") != int(match[1]):
        raise ParseError("claims.yaml", f"{where}: id and chapter do not go together")
    try:
        verdict = Verdict(entry.get("verdict"))
    except ValueError as error:
        raise ParseError("claims.yaml", f"{where}: {error}") from error
    return Claim(id=match[0], chapter=int(match[1]), verdict=verdict, **texts)
