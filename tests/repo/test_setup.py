"""`make lab` and `make test` start from nothing, and the second time they start at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = pytest.mark.skipif(
    Path(sys.prefix) != ROOT / ".venv", reason="not in the environment that make makes"
)


@OURS
def test_second_setup_has_nothing_to_do():
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-S", ROOT / "scripts" / "setup.py", "--test"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    steps = [line for line in done.stdout.splitlines() if not line.startswith("[system]")]
    assert len(steps) == 4
    assert all("up to date" in line for line in steps), done.stdout
    assert time.monotonic() - started < 10


def test_setup_says_what_a_machine_lacks(tmp_path):
    code = "import system; system.ensure(tests=True)"
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.platform = 'other'; " + code],
        env={**os.environ, "PATH": str(tmp_path), "PYTHONPATH": str(ROOT / "scripts")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    for program in ("dot", "gdb", "strace", "gcc", "chromium"):
        assert f"{program} (" in line


def test_setup_refuses_an_old_python_in_one_line(tmp_path):
    code = "import setup; setup.OLDEST = (3, 99); "
    done = subprocess.run(
        [sys.executable, "-c", code + "setup.use_a_new_enough_python()"],
        env={"PATH": str(tmp_path), "PYTHONPATH": str(ROOT / "scripts")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("[python] Python 3.99 or newer is needed")


def test_wheel_carries_every_file_of_the_package(tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "golifelab", copy / "golifelab", ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    subprocess.run([*build, "--wheel-dir", tmp_path, copy], check=True, timeout=120)
    (wheel,) = tmp_path.glob("golifelab-*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("golifelab/")}
    outside = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "golifelab").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert outside <= inside, sorted(outside - inside)
