"""A cache addressed by content, shared by all kernels of a user.

An entry is written under a temporary name and renamed, so a reader sees all of it or nothing, and
a kill at any moment leaves at most a temporary file. Every entry carries its own checksum: a
truncated or damaged one is a miss.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from functools import cache as memoize
from pathlib import Path

from golifelab.errors import FeatureUnavailable

_FORMAT = "1"
_MAX_BYTES = 2 << 30
_STALE_SECONDS = 24 * 3600
_MIN_FREE = 16 << 20


def mark_used(path: Path) -> None:
    """Note that something in the cache is in use: what was not for longest is pruned first.

    Most systems note reading once a day only. A cache of somebody else's is read all the same.
    """
    with contextlib.suppress(OSError):
        os.utime(path)


def digest(*parts: str | bytes) -> str:
    """SHA-256 over the parts, as hex. Part borders count: ("ab", "c") is not ("a", "bc")."""
    sha = hashlib.sha256(_FORMAT.encode())
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        sha.update(len(raw).to_bytes(8, "little"))
        sha.update(raw)
    return sha.hexdigest()


def cache_root() -> Path:
    """The folder of the cache: $GOLIFELAB_CACHE, else the user's cache folder. Made if missing."""
    return _made_root(os.environ.get("GOLIFELAB_CACHE", ""))


@memoize
def _made_root(named: str) -> Path:
    if named:
        root = Path(named)
    else:
        import platformdirs

        root = Path(platformdirs.user_cache_dir("golifelab", appauthor=False))
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FeatureUnavailable(
            "the cache",
            f"cannot make {root}: {error.strerror or error}",
            remedy="set GOLIFELAB_CACHE to a folder that can be written",
        ) from error
    return root.resolve()


class Cache:
    """Byte strings by key, and made files by name, under one root."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get(self, key: str) -> bytes | None:
        """The bytes stored under a digest, or None."""
        try:
            raw = self._entry(key).read_bytes()
        except OSError:
            return None
        checksum, body = raw[:32], raw[32:]
        return body if hashlib.sha256(body).digest() == checksum else None

    def put(self, key: str, body: bytes) -> None:
        """Store bytes under a digest. A full disk loses the entry, not the caller's work."""
        with contextlib.suppress(FeatureUnavailable):
            self.write(self._entry(key), hashlib.sha256(body).digest() + body)

    def write(self, path: Path, body: bytes, *, executable: bool = False) -> Path:
        """Write a file in one step: readers see the old content or the new, never a part.

        FeatureUnavailable when it can't be written, as on a full disk.
        """
        try:
            return self._write(path, body, 0o755 if executable else 0o644)
        except OSError as error:
            raise FeatureUnavailable(
                "the cache",
                f"cannot write {path}: {error.strerror or error}",
                remedy="make room there, or set GOLIFELAB_CACHE to a folder on another disk",
            ) from error

    def _write(self, path: Path, body: bytes, mode: int) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
            Path(temporary).chmod(mode)
            Path(temporary).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
        return path

    def directory(self, name: str) -> Path:
        """A folder of the cache, made if missing."""
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def prune(self, max_bytes: int = _MAX_BYTES) -> None:
        """Remove the entries longest unused until the rest fits, and what killed writers left."""
        now = time.time()
        entries: list[tuple[float, int, Path]] = []
        for folder in (self.root / "entries", self.root / "executables"):
            for path in folder.rglob("*"):
                with contextlib.suppress(OSError):
                    status = path.stat()
                    if not path.is_file():
                        continue
                    if path.name.startswith(".part-") and now - status.st_mtime > _STALE_SECONDS:
                        path.unlink()
                        continue
                    entries.append((max(status.st_atime, status.st_mtime), status.st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= max_bytes:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size

    def _entry(self, key: str) -> Path:
        return self.root / "entries" / key[:2] / key


@memoize
def _cache_at(root: Path) -> Cache:
    made = Cache(root)
    made.prune()
    sweep_scratch()
    return made


def cache() -> Cache:
    """The cache of this process."""
    return _cache_at(cache_root())


def disk_trouble(
    feature: str, output: str = "", *, least: int = _MIN_FREE
) -> FeatureUnavailable | None:
    """The error for a disk too full for `feature`, or None where that is not the trouble.

    `output` is what a failed tool printed, `least` the bytes that must be free.
    """
    root = cache().root
    free = shutil.disk_usage(root).free
    if free >= least and "no space left on device" not in output:
        return None
    return FeatureUnavailable(
        feature,
        f"the disk of {root} has {free >> 20} MiB left",
        remedy="free some 500 MB there, or set GOLIFELAB_CACHE to a folder on another disk",
    )


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder that is gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix=f"golifelab-{os.getpid()}-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def sweep_scratch() -> None:
    """Remove scratch folders whose process was killed before it could."""
    for path in Path(tempfile.gettempdir()).glob("golifelab-*-*"):
        owner = path.name.split("-")[1]
        if owner.isdigit() and path.is_dir() and not _alive(int(owner)):
            shutil.rmtree(path, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
