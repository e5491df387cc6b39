"""Building the helper: once for all, visibly, and with a way out."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from golifelab.errors import FeatureUnavailable
from golifelab.toolchain.cache import cache
from golifelab.toolchain.go import find_go
from golifelab.toolchain.helper import build
from golifelab.toolchain.helper.dump import dump
from golifelab.toolchain.helper.front import front
from golifelab.toolchain.run import run


@pytest.fixture
def fresh(newest, tmp_path, monkeypatch):
    """An empty cache that shares only Go's own build cache, so that a build takes seconds."""
    build.wait(newest)
    (tmp_path / "go-build").symlink_to(cache().directory("go-build"))
    monkeypatch.setenv("GOLIFELAB_CACHE", str(tmp_path))
    return tmp_path


def test_nothing_of_go_is_replaced(target):
    go = find_go(target.go)
    files = build.overlay_files()
    assert {name.rsplit("/", 1)[0] for name in files} == {
        "cmd/compile",
        "cmd/compile/internal/base",
        "cmd/compile/internal/noder",
        "cmd/compile/internal/ssa",
        "cmd/compile/internal/syntax",
    }
    for name in files:
        assert not (go.root / "src" / name).exists()


def test_the_overlay_is_formatted_and_vetted(newest):
    go = find_go()
    folder = build._OVERLAY
    gofmt = go.root / "bin" / "gofmt"
    assert run([gofmt, "-l", folder]).text == ""


def test_the_helper_calls_itself_by_the_version(target):
    helper = build.wait(target)
    go = find_go(target.go)
    assert run([helper, "-V"], env=go.host_environment()).text.startswith(
        f"compile version go{go.version}"
    )


def test_progress_is_told(fresh, newest):
    assert build.status(newest).state == "absent"
    told: list[build.HelperStatus] = []
    helper = build.wait(newest, on_change=told.append)
    assert helper.exists()
    assert helper.is_relative_to(fresh)
    assert told[0].state == "building"
    assert "go1." in told[0].message
    assert told[-1].state == "ready"
    assert told[-1].seconds > 0
    assert build.status(newest).path == helper


def test_asking_begins_the_build_and_does_not_wait(fresh, newest, hello):
    started = time.monotonic()
    assert build.ready(newest) is None
    with pytest.raises(FeatureUnavailable) as caught:
        front(hello, newest)
    assert "wait" in caught.value.remedy
    assert time.monotonic() - started < 5
    assert build.status(newest).state == "building"
    assert build.wait(newest).exists()
    assert len(front(hello, newest).tokens)


def test_switched_off(newest, hello, monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    assert build.status(newest).state == "off"
    assert build.ready(newest) is None
    for ask in (front, dump):
        with pytest.raises(FeatureUnavailable, match="GOLIFELAB_HELPER=off"):
            ask(hello, newest)
    with pytest.raises(FeatureUnavailable):
        build.wait(newest)


def test_a_failed_build_says_why_and_is_not_repeated_until_asked(fresh, newest, monkeypatch):
    broken = fresh / "overlay"
    shutil.copytree(build._OVERLAY, broken)
    bad = broken / "main" / "golifelab_bad.go"
    bad.write_text("package main\n\nvar _ int = noSuchThing\n")
    monkeypatch.setattr(build, "_OVERLAY", broken)
    with pytest.raises(FeatureUnavailable, match="undefined: noSuchThing"):
        build.wait(newest)
    assert build.status(newest).state == "failed"
    assert build.ready(newest) is None
    assert build.status(newest).state == "failed"
    with pytest.raises(FeatureUnavailable, match="golifelab warm"):
        build.require(newest)
    bad.unlink()
    build._builder_at.cache_clear()
    assert build.wait(newest).exists()


BUILD = (
    "from golifelab.toolchain.helper import build\n"
    "print('begun', flush=True)\n"
    "print(build.wait(), build.status().seconds)\n"
)


def builder() -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", BUILD], env=environment, stdout=subprocess.PIPE, text=True
    )


def test_two_processes_build_once(fresh):
    children = [builder() for _ in range(2)]
    said = [child.communicate(timeout=300)[0].split()[1] for child in children]
    assert said[0] == said[1]
    assert [child.returncode for child in children] == [0, 0]
    (folder,) = (fresh / "helper").iterdir()
    assert not list(folder.glob(".part-*"))


def test_a_killed_build_is_taken_up_by_the_next(fresh, newest):
    with builder() as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.4)
        child.send_signal(signal.SIGKILL)
    assert build.wait(newest).exists()
