"""Run every check, or the named ones, and end with one line: `make test`, `make lint`.

A failing check does not hide the others. As many run at a time as there are processors, so every
line says whose it is. Pytest comes last, in groups, so its summaries stay in sight.
"""

from __future__ import annotations

import argparse
import collections
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from steps import BIN, ROOT, environment, say

# Without this the tests take the newest Go, which the lock pins, and the oldest supported.
EVERY_GO = {"GOLIFELAB_TEST_GO_VERSIONS": ",1.24.11,1.25.5,1.26.6"}

# Tests by group, the longest first. What the others do not name is the group's that names nothing.
GROUPS: dict[str, Sequence[str]] = {
    "pages": ("tests/browser",),
    "compiler": ("tests/compile", "tests/toolchain"),
    "lessons": ("tests/notebooks",),
    "other rooms": (),
    "claims and course": ("tests/claims", "tests/course", "tests/program"),
    "linker": ("tests/link",),
}
NAMED = [path for paths in GROUPS.values() for path in paths]

CHECKS = {
    # Ahead, and not within the first test that needs it: what lessons build in the background.
    "warm": ["golifelab", "warm"],
    "types": ["mypy"],
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "imports": ["lint-imports", "--no-logo", "--no-cache"],
    "js types": ["npm", "run", "--silent", "types"],
    "js tests": ["npm", "test", "--silent"],
    "warm oldest": ["golifelab", "warm", "--go", "1.24.11"],
}
# Without a cache of pytest's own: groups that end at the same time would write the same files.
PYTEST = ["pytest", "--durations=10", "-p", "no:cacheprovider"]
CHECKS |= {
    name: [*PYTEST, *(paths or (f"--ignore={path}" for path in NAMED))]
    for name, paths in GROUPS.items()
}


def main() -> None:
    """Run the checks beside each other and exit with 1 when any of them failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checks", nargs="*", help=f"any of: {', '.join(CHECKS)}")
    parser.add_argument("--all", action="store_true", help="with every Go and whole std")
    options = parser.parse_args()
    unknown = set(options.checks) - set(CHECKS)
    if unknown:
        parser.error(f"no such check: {', '.join(sorted(unknown))}")
    # A shell has what it starts in the background ignore interrupts, and that is handed down: tests
    # of what an interrupt leaves could not pass.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    started = time.monotonic()
    wanted = [name for name in CHECKS if not options.checks or name in options.checks]
    results: dict[str, tuple[bool, str, float]] = {}
    with ThreadPoolExecutor(processors()) as pool:
        for part in (CHECKS.keys() - GROUPS, GROUPS):
            names = [name for name in wanted if name in part]
            done = pool.map(lambda name: check(name, everything=options.all), names)
            results |= dict(zip(names, done, strict=True))
    print()
    for name, (passed, last, seconds) in results.items():
        say(name, f"{'passed' if passed else 'FAILED'} in {seconds:.0f} s: {last}")
    failed = [name for name, (passed, _, _) in results.items() if not passed]
    verdict = f"FAILED: {', '.join(failed)}" if failed else f"all {len(results)} checks passed"
    say("golifelab", f"{verdict} in {time.monotonic() - started:.0f} s")
    sys.exit(1 if failed else 0)


def processors() -> int:
    """How many checks run at a time; at least two, as some wait more than they work."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on every system
    return max(2, len(allowed(0)) if allowed else os.cpu_count() or 2)


def check(name: str, *, everything: bool) -> tuple[bool, str, float]:
    """Run one check; return whether it passed, the last thing it said, and its seconds."""
    command = CHECKS[name]
    if command[0] == "pytest" and not everything:
        command = [*command, "-m", "not slow"]
    os.write(1, f"[{name}] {' '.join(command)}\n".encode())
    variables = {**environment(), "PYTHONUNBUFFERED": "1", **(EVERY_GO if everything else {})}
    started = time.monotonic()
    process = subprocess.Popen(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    ending: collections.deque[str] = collections.deque(maxlen=1)
    with process:
        for line in process.stdout or ():
            os.write(1, f"[{name}] ".encode() + line)
            text = line.decode("utf-8", "replace").strip(" =\n")
            if text:
                ending.append(text)
    return process.returncode == 0, "".join(ending), time.monotonic() - started


if __name__ == "__main__":
    main()
