"""What a program is built for. Part of every cache key."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from golifelab.errors import GolifelabError

# Go itself takes any other word for v1, without a word.
_LEVELS = ("v1", "v2", "v3", "v4")


@dataclass(frozen=True, slots=True)
class Target:
    """The Go version, the platform and the flags a program is built with. Frozen and hashable.

    `go` is a version such as "1.24.11", or empty for the default toolchain of this machine.
    `gcflags` are flags of the compiler itself, such as `("-N", "-l")`. `cgo` says whether packages
    may use C. GolifelabError for a `goamd64` that is none of "v1" to "v4".
    """

    go: str = ""
    goos: str = "linux"
    goarch: str = "amd64"
    goamd64: str = "v1"
    gcflags: tuple[str, ...] = ()
    cgo: bool = False

    def __post_init__(self) -> None:
        # A list is what a reader types; a tuple is what can be hashed.
        object.__setattr__(self, "gcflags", tuple(self.gcflags))
        object.__setattr__(self, "go", self.go.removeprefix("go"))
        if self.goamd64 not in _LEVELS:
            raise GolifelabError(
                f"there is no GOAMD64 level {self.goamd64!r}",
                remedy="the levels are " + ", ".join(_LEVELS),
            )

    def with_(self, **changes: Any) -> Target:
        """This target with some fields changed; TypeError for a name that is no field."""
        return dataclasses.replace(self, **changes)

    @property
    def platform(self) -> str:
        """GOOS/GOARCH, as Go writes it."""
        return f"{self.goos}/{self.goarch}"

    def key(self) -> str:
        """All fields as one line; equal lines mean equal targets."""
        flags = " ".join(self.gcflags)
        level = self.goamd64 if self.goarch == "amd64" else ""
        return f"{self.go}|{self.goos}|{self.goarch}|{level}|{flags}|cgo={int(self.cgo)}"
