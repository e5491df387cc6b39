"""Call the linker directly: an object file in, an executable out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from golifelab.errors import LinkFailed
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest, mark_used, scratch
from golifelab.toolchain.exports import importcfg_for
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.run import run
from golifelab.toolchain.shell import link_line


@dataclass(frozen=True, slots=True)
class Mode:
    """How a program is linked: Go's -buildmode and -linkmode, and further linker flags."""

    buildmode: str = "exe"
    linkmode: str = ""
    flags: tuple[str, ...] = ()

    def words(self) -> list[str]:
        """The linker's flags for this mode."""
        chosen = ["-linkmode", self.linkmode] if self.linkmode else []
        return ["-buildmode", self.buildmode, *chosen, *self.flags]


@dataclass(frozen=True, slots=True)
class Linked:
    """A linked executable in the cache, what the linker printed, and how long it took."""

    path: Path
    output: str
    seconds: float
    command: str


def link_object(
    made: bytes, source: Source, target: Target, mode: Mode | None = None, *, timeout: float = 300.0
) -> Linked:
    """Link the object of a main package; LinkFailed when the linker refuses.

    The executable stays in the cache under its content key: linking the same object again is free.
    """
    mode = mode or Mode()
    go = find_go(target.go)
    config = importcfg_for(source, target)
    key = digest("link", go.version, target.key(), repr(mode), str(config), made)
    path = cache().directory("executables") / key[:2] / key
    command = link_line(target, mode.words(), source.package)
    if path.exists():
        mark_used(path)
        return Linked(path, "", 0.0, command)
    with scratch() as directory:
        (directory / "main.o").write_bytes(made)
        done = run(
            [
                str(go.tool("link")),
                *("-importcfg", str(config)),
                *mode.words(),
                *("-o", "program"),
                "main.o",
            ],
            env=go.environment(target),
            cwd=directory,
            timeout=timeout,
        )
        output = done.text + done.error_text
        program = directory / "program"
        if done.returncode or not program.exists():
            raise refusal(output, go)
        cache().write(path, program.read_bytes(), executable=True)
    return Linked(path, output, done.seconds, command)


def refusal(output: str, go: Go) -> LinkFailed:
    """The error for objects that the linker refused, without the place where it is kept."""
    bodies = "write bodies for functions that have none: assembly files are left out here"
    remedy = bodies if "relocation target" in output and "not defined" in output else ""
    return LinkFailed(output.replace(str(go.tool("link")), "link"), remedy=remedy)
