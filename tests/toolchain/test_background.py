"""Any program built in the background: cancelled, failed, alone, and swept away."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.toolchain.background import BackgroundBuild, BuildStatus, forget_unused
from golifelab.toolchain.run import run


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GOLIFELAB_CACHE", str(tmp_path / "cache"))


def building(folder: Path, make, **more) -> BackgroundBuild:
    return BackgroundBuild(
        folder / "program", make, what="a thing", feature="the thing", remedy="try this", **more
    )


def touch(made: Path) -> None:
    made.write_text("made")


def test_the_program_appears_whole_and_once(tmp_path):
    made: list[Path] = []

    def make(part: Path) -> None:
        made.append(part)
        touch(part)
        assert not (tmp_path / "one" / "program").exists()

    build = building(tmp_path / "one", make)
    assert build.status() == BuildStatus("absent", message="not built yet")
    assert build.wait().read_text() == "made"
    assert build.wait() == build.require() == build.status().path
    assert len(made) == 1
    assert not made[0].exists()


def test_a_cancelled_build_kills_its_child_and_can_begin_again(tmp_path):
    children: list[str] = []

    def make(part: Path) -> None:
        if children:
            return touch(part)
        children.append("asleep")
        run(["sh", "-c", f"echo $$ > {tmp_path}/pid; sleep 600 & wait"])
        return None

    build = building(tmp_path / "one", make)
    told: list[BuildStatus] = []
    build.start(told.append)
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        time.sleep(0.02)
    pid = int((tmp_path / "pid").read_text())
    build.cancel()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert build.status().state == "absent"
    assert told[-1].state == "absent"
    assert build.wait().exists()


def test_who_hears_of_the_end_finds_the_program(tmp_path):
    build = building(tmp_path / "one", touch)
    found: list[tuple[str, str]] = []
    build.wait(on_change=lambda now: found.append((now.state, build.status().state)))
    assert found[-1] == ("ready", "ready")


def test_a_failure_is_remembered_by_other_kernels_and_forgotten_by_those_who_wait(tmp_path):
    answers = iter([GolifelabError("no such thing"), None])

    def make(part: Path) -> None:
        error = next(answers)
        if error:
            raise error
        touch(part)

    build = building(tmp_path / "one", make)
    with pytest.raises(FeatureUnavailable, match="no such thing"):
        build.wait()
    assert (build.status().state, build.status().message) == ("failed", "no such thing")
    other = building(tmp_path / "one", make)
    with pytest.raises(FeatureUnavailable, match="no such thing") as caught:
        other.require()
    assert caught.value.remedy == "try this"
    assert other.wait().exists()


def test_a_full_disk_is_told_even_where_nothing_can_be_written(tmp_path, monkeypatch):
    def make(_: Path) -> None:
        # From now on not even the reason finds room.
        monkeypatch.setattr("golifelab.toolchain.cache.Cache._write", refuse)
        refuse()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    build = building(tmp_path / "one", make)
    with pytest.raises(FeatureUnavailable, match="No space left"):
        build.wait()
    assert build.status().state == "failed"


def test_heavy_builds_take_turns_and_light_ones_do_not_wait(tmp_path):
    go_on = threading.Event()
    log: list[str] = []

    def slow(part: Path) -> None:
        log.append("slow begins")
        assert go_on.wait(60)
        log.append("slow ends")
        touch(part)

    def quick(part: Path) -> None:
        log.append("quick")
        touch(part)

    first = building(tmp_path / "one", slow)
    first.start()
    while not log:
        time.sleep(0.01)
    second = building(tmp_path / "two", quick)
    second.start()
    while "waiting" not in second.status().message:
        assert second.status().state == "building"
        time.sleep(0.01)
    assert building(tmp_path / "three", touch, heavy=False).wait().exists()
    assert second.status().state == "building"
    go_on.set()
    second.wait()
    assert log == ["slow begins", "slow ends", "quick"]


def test_who_waits_for_a_turn_can_be_cancelled(tmp_path):
    begun, go_on = threading.Event(), threading.Event()

    def slow(part: Path) -> None:
        begun.set()
        assert go_on.wait(60)
        touch(part)

    first = building(tmp_path / "one", slow)
    first.start()
    assert begun.wait(60)
    second = building(tmp_path / "one", touch)
    second.start()
    while "another" not in second.status().message:
        assert second.status().state == "building"
        time.sleep(0.02)
    second.cancel()
    assert second.status().state == "absent"
    go_on.set()
    assert first.wait().exists()


def test_what_nobody_uses_is_forgotten(tmp_path):
    folders = [tmp_path / f"go1-{number}" for number in range(5)]
    for number, folder in enumerate(folders):
        folder.mkdir()
        (folder / "program").touch()
        then = time.time() - 1000 * (number + 1)
        os.utime(folder / "program", (then, then))
    (tmp_path / "go2-0").mkdir()
    forget_unused(folders[4], "go1-*", seconds=1500, keep=2)
    assert sorted(path.name for path in tmp_path.glob("go*")) == [
        "go1-0",
        "go1-1",
        "go1-4",
        "go2-0",
    ]
