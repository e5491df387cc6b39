"""What every setup step shares: where things are, how to speak, how to remember what is done.

A step is done when its stamp holds the digest of everything it was made from. Stamps live inside
the environment they describe, so removing `.venv` forgets them all.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "stamps"
LOG = VENV / "setup.log"


def say(step: str, message: str) -> None:
    """Print one line of progress."""
    print(f"[{step}] {message}", flush=True)


def fail(step: str, message: str) -> NoReturn:
    """Print one line on what is wrong and what to do, and stop."""
    sys.exit(f"[{step}] {message}")


def digest(*parts: str | Path) -> str:
    """Hash strings and the contents of files."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part.encode()
        total.update(f"{len(data)}\n".encode() + data)
    return total.hexdigest()


def is_done(step: str, key: str) -> bool:
    """Say whether a step was finished from the same ingredients."""
    stamp = STAMPS / step
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == key


def mark_done(step: str, key: str) -> None:
    """Remember that a step was finished; called last, so an interrupted step is done again."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(key, encoding="utf-8")


def environment() -> dict[str, str]:
    """Return the environment of children: our programs first on PATH, no questions asked."""
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", "")]),
        "VIRTUAL_ENV": str(VENV),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        # Node carries its own list of authorities; behind a company's proxy the system's is right.
        "NODE_USE_SYSTEM_CA": "1",
    }


def run(step: str, command: list[str], *, timeout: float = 1200.0) -> None:
    """Run one command with its output in the log; on failure show the log's end and stop."""
    if not attempt(command, timeout=timeout):
        tail = LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-25:]
        print("\n".join(tail), file=sys.stderr)
        fail(step, f"failed: {' '.join(command)}  (everything it said: {LOG})")


def attempt(command: list[str], *, timeout: float = 1200.0) -> bool:
    """Run one command with its output in the log; return whether it succeeded."""
    started = time.monotonic()
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(command)}\n")
        log.flush()
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=timeout,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            log.write(f"{error}\n")
            return False
        log.write(f"# exit {done.returncode} after {time.monotonic() - started:.1f} s\n")
        return done.returncode == 0
