"""Make a fresh clone ready: `python3 scripts/setup.py` for the course, `--test` for its tests.

Needs nothing but Python's standard library. Every step says what it does, and says so when there
is nothing to do.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

import system
from steps import BIN, LOG, ROOT, VENV, digest, fail, is_done, mark_done, run, say

OLDEST = (3, 11)
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PROBE = "import ensurepip, venv"


def main() -> None:
    """Read the command line and do the steps in order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", action="store_true", help="also what the tests need")
    parser.add_argument("--system", action="store_true", help="try again for system programs")
    options = parser.parse_args()
    use_a_new_enough_python()
    make_environment()
    install_requirements(tests=options.test)
    install_package()
    if options.test:
        install_node_modules()
    system.ensure(tests=options.test, again=options.system)


def use_a_new_enough_python() -> None:
    """Start again under a newer Python when this one is too old and another is on PATH."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(14, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found, *sys.argv])
    fail("python", f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version}")


def make_environment() -> None:
    """Create `.venv`, anew when the clone was moved or the Python behind it is another or gone."""
    key = digest(str(ROOT), VERSION)
    if is_done("venv", key) and works(str(BIN / "python"), "import sys, pip"):
        say("venv", "up to date: .venv")
        return
    say("venv", f"creating .venv with Python {VERSION} …")
    if not works(sys.executable, PROBE):
        add_venv_module()
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], check=False, stdin=subprocess.DEVNULL
    )
    if made.returncode != 0:
        fail("venv", f"`{sys.executable} -m venv .venv` failed")
    # Jupyter brings scripts for Node in the older of its two dialects; without a word of its own
    # this folder would take the newer one over from the package.json above it.
    (VENV / "package.json").write_text('{"type": "commonjs"}\n', encoding="utf-8")
    mark_done("venv", key)


def works(python: str, code: str) -> bool:
    """Say whether a Python can run some code."""
    try:
        done = subprocess.run(
            [python, "-c", code],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def add_venv_module() -> None:
    """Install the half of the standard library that Debian packs apart."""
    package = f"python{VERSION}-venv"
    VENV.mkdir(exist_ok=True)
    LOG.touch()
    system.install({("ensurepip",): (package, "")})
    if not works(sys.executable, PROBE):
        fail("venv", f"this Python cannot make environments: sudo apt-get install {package}")


def install_requirements(*, tests: bool) -> None:
    """Install the locked packages, each checked against its hash."""
    lock = ROOT / ("requirements-test.lock" if tests else "requirements.lock")
    # The tests' lock is the course's lock and more, so it serves both.
    if is_done(lock.name, digest(lock)) or (not tests and course_is_covered()):
        say("packages", f"up to date: {lock.name}")
        return
    say("packages", f"installing {lock.name} (about a minute the first time) …")
    install = [str(BIN / "python"), "-m", "pip", "install", "--no-input", "--quiet"]
    run("packages", [*install, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)])
    mark_done(lock.name, digest(lock))


def course_is_covered() -> bool:
    """Say whether the tests' lock is installed, as it stands now."""
    lock = ROOT / "requirements-test.lock"
    return is_done(lock.name, digest(lock))


def install_package() -> None:
    """Install golifelab itself, in place: edits to the sources are live."""
    key = digest(ROOT / "pyproject.toml")
    if is_done("golifelab", key):
        say("golifelab", "up to date: installed in place")
        return
    say("golifelab", "installing in place …")
    install = [str(BIN / "python"), "-m", "pip", "install", "--no-input", "--quiet"]
    run("golifelab", [*install, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    mark_done("golifelab", key)


def install_node_modules() -> None:
    """Install the JavaScript tools of the tests with the Node that came with the test packages."""
    lock = ROOT / "package-lock.json"
    if not lock.is_file():
        say("node", "nothing to do: no package-lock.json")
        return
    key = digest(lock)
    if is_done("node", key) and (ROOT / "node_modules").is_dir():
        say("node", "up to date: node_modules")
        return
    say("node", "installing node_modules …")
    run("node", [str(BIN / "npm"), "ci", "--ignore-scripts"])
    mark_done("node", key)


if __name__ == "__main__":
    main()
