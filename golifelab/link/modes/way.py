"""A way to build a program: every setting that decides who links it and who starts it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

STATIC = "-static"
STATIC_PIE = "-static-pie"
PURE = ("netgo", "osusergo")


@dataclass(frozen=True, slots=True)
class Way:
    """Whether packages may use C, and the flags of `go build` that have a say in linking.

    An empty `linkmode` lets Go decide who links; `extldflags` are for the C compiler, where that
    one links. `strip` leaves symbols and debug information out (`-s -w`).
    """

    cgo: bool = False
    buildmode: str = "exe"
    linkmode: str = ""
    extldflags: str = ""
    tags: tuple[str, ...] = ()
    strip: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """The words for `go build`."""
        found = [] if self.buildmode == "exe" else [f"-buildmode={self.buildmode}"]
        if self.tags:
            found.append(f"-tags={','.join(self.tags)}")
        linker = ["-s", "-w"] if self.strip else []
        linker += [f"-linkmode={self.linkmode}"] if self.linkmode else []
        linker += [f'-extldflags "{self.extldflags}"'] if self.extldflags else []
        if linker:
            found.append(f"-ldflags={' '.join(linker)}")
        return tuple(found)

    @property
    def command(self) -> str:
        """The build as one would type it."""
        return f"CGO_ENABLED={int(self.cgo)} " + shlex.join(["go", "build", *self.flags, "."])

    @property
    def name(self) -> str:
        """What this way has that others have not, short: `cgo, -linkmode=external`."""
        words = ["cgo" if self.cgo else "no cgo"]
        words += [] if self.buildmode == "exe" else [f"-buildmode={self.buildmode}"]
        words += [f"-tags={','.join(self.tags)}"] if self.tags else []
        words += [f"-linkmode={self.linkmode}"] if self.linkmode else []
        words += [f'-extldflags "{self.extldflags}"'] if self.extldflags else []
        words += ["-s -w"] if self.strip else []
        return ", ".join(words)


# What each setting may be. Words that Go or the C compiler do not know are not among them.
SETTINGS: dict[str, tuple[object, ...]] = {
    "cgo": (False, True),
    "tags": ((), PURE),
    "buildmode": ("exe", "pie", "c-shared", "c-archive", "plugin"),
    "linkmode": ("", "internal", "external"),
    "extldflags": ("", STATIC, STATIC_PIE),
    "strip": (False, True),
}

# The ways that are measured: plain ones first, and no combination that teaches nothing of its own.
WAYS = (
    Way(),
    Way(cgo=True),
    Way(cgo=True, tags=PURE),
    Way(cgo=True, extldflags=STATIC),
    Way(cgo=True, linkmode="external"),
    Way(cgo=True, linkmode="external", extldflags=STATIC),
    Way(cgo=True, strip=True),
    Way(buildmode="pie"),
    Way(cgo=True, buildmode="pie"),
    Way(extldflags=STATIC),
    Way(linkmode="external"),
    Way(cgo=True, linkmode="internal"),
    Way(cgo=True, linkmode="internal", extldflags=STATIC),
    Way(cgo=True, tags=PURE, linkmode="external", extldflags=STATIC),
    Way(cgo=True, buildmode="pie", tags=PURE),
    Way(cgo=True, buildmode="pie", linkmode="external"),
    Way(cgo=True, buildmode="pie", linkmode="external", extldflags=STATIC),
    Way(cgo=True, buildmode="pie", linkmode="external", extldflags=STATIC_PIE),
    Way(buildmode="c-shared"),
    Way(cgo=True, buildmode="c-shared"),
    Way(buildmode="c-archive"),
    Way(cgo=True, buildmode="c-archive"),
    Way(buildmode="plugin"),
    Way(cgo=True, buildmode="plugin"),
)
