"""Run a program to its end and keep what it prints."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import Executable, executable
from golifelab.load.hold.architecture import host
from golifelab.load.hold.keeper import linux_only
from golifelab.run.bounded import MAX_OUTPUT, Printed
from golifelab.stage import Stage
from golifelab.toolchain.run import run

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Stage, Printed):
    """What a run printed, and its exit code, negative for a signal that killed it."""

    returncode: int
    stdout: bytes
    stderr: bytes

    def frame(self) -> pd.DataFrame:
        """One row a line, with its stream."""
        import pandas as pd

        lines = [("stdout", line) for line in self.text.splitlines()]
        lines += [("stderr", line) for line in self.error_text.splitlines()]
        return pd.DataFrame(lines, columns=["stream", "line"])

    def to_json(self) -> dict[str, Any]:
        """Exit code and both streams as text."""
        return self.header() | {
            "returncode": self.returncode,
            "stdout": self.text,
            "stderr": self.error_text,
        }


def run_program(
    program: Executable | str | Path,
    argv: Sequence[str] = (),
    *,
    environment: Mapping[str, str] | None = None,
    timeout: float = 10.0,
) -> Output:
    """Run an executable with an empty input and, by default, an empty environment.

    Raises LimitExceeded on time or output, FeatureUnavailable where it can't run on this machine.
    """
    value = program if isinstance(program, Executable) else executable(program)
    linux_only("running the program")
    if value.image.machine != host().name:
        reason = f"the program is for {value.image.machine}, this machine is {platform.machine()}"
        raise FeatureUnavailable("running the program", reason)
    settings = dict(environment or {})
    words = [str(value.path), *argv]
    done = run(words, env=settings, timeout=timeout, max_output=MAX_OUTPUT)
    shown = [f"{name}={text}" for name, text in settings.items()]
    return Output(
        returncode=done.returncode,
        stdout=done.stdout,
        stderr=done.stderr,
        command=shlex.join(["env", "-i", *shown, *words]),
        seconds=done.seconds,
        tier="tool",
        precision="line",
    )
