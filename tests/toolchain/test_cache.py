"""The cache: shared by processes, and never wrong, whoever is killed when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from golifelab.errors import FeatureUnavailable
from golifelab.toolchain.cache import Cache, cache, digest, scratch, sweep_scratch


def test_what_is_put_is_got(tmp_path):
    store = Cache(tmp_path)
    key = digest("a", b"b")
    assert store.get(key) is None
    store.put(key, b"body")
    assert store.get(key) == b"body"
    store.put(key, b"")
    assert store.get(key) == b""


def test_borders_of_parts_count():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab") == digest(b"ab")


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_a_damaged_entry_is_a_miss(tmp_path, damage):
    store = Cache(tmp_path)
    key = digest("x")
    store.put(key, b"body" * 100)
    (path,) = (p for p in (tmp_path / "entries").rglob("*") if p.is_file())
    raw = path.read_bytes()
    bad = {"cut": raw[:-1], "flip": raw[:-1] + b"?", "empty": b""}[damage]
    path.write_bytes(bad)
    assert store.get(key) is None


def test_what_cannot_be_kept_costs_nothing_and_what_must_be_written_says_so(tmp_path):
    (tmp_path / "entries").write_text("where a folder should be")
    store = Cache(tmp_path)
    store.put(digest("x"), b"body")
    assert store.get(digest("x")) is None
    with pytest.raises(FeatureUnavailable, match="cannot write") as caught:
        store.write(tmp_path / "entries" / "file", b"body")
    assert "GOLIFELAB_CACHE" in caught.value.remedy


WRITER = """
import sys
from pathlib import Path
from golifelab.toolchain.cache import Cache, digest
store = Cache(Path(sys.argv[1]))
print("ready", flush=True)
for round in range(int(sys.argv[2])):
    for i in range(20):
        store.put(digest(str(i)), bytes([i]) * 200_000)
        body = store.get(digest(str(i)))
        assert body is None or body == bytes([i]) * 200_000, "a mixed entry"
"""


def writer(root, rounds: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root), str(rounds)],
        env=environment,
        stdout=subprocess.PIPE,
    )


def test_two_processes_at_once(tmp_path):
    children = [writer(tmp_path, 15) for _ in range(2)]
    for child in children:
        child.communicate(timeout=120)
        assert child.returncode == 0


def test_a_writer_killed_at_any_moment_leaves_no_half_entry(tmp_path):
    for delay in (0.0, 0.01, 0.03, 0.05):
        with writer(tmp_path, 10_000) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
        store = Cache(tmp_path)
        for i in range(20):
            assert store.get(digest(str(i))) in (None, bytes([i]) * 200_000)


def test_pruning_takes_the_longest_unused_and_what_killed_writers_left(tmp_path):
    store = Cache(tmp_path)
    for i in range(10):
        store.put(digest(str(i)), b"x" * 1000)
        (path,) = (tmp_path / "entries").rglob(digest(str(i)))
        os.utime(path, (i, i))
    stale = tmp_path / "entries" / ".part-old"
    stale.write_bytes(b"")
    os.utime(stale, (1, 1))
    store.prune(max_bytes=5 * 1032)
    assert not stale.exists()
    held = [i for i in range(10) if store.get(digest(str(i)))]
    assert held == [5, 6, 7, 8, 9]


def test_the_place_of_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GOLIFELAB_CACHE", str(tmp_path / "deep" / "cache"))
    assert cache().root == tmp_path / "deep" / "cache"
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("GOLIFELAB_CACHE", str(blocked / "cache"))
    with pytest.raises(FeatureUnavailable, match="cache"):
        cache()


def test_scratch_folders_go_away():
    with scratch() as folder:
        (folder / "file").write_text("")
    assert not folder.exists()


def test_scratch_of_the_dead_is_swept(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", "pass"]) as child:
        child.wait()
    dead = tmp_path / f"golifelab-{child.pid}-abc"
    mine = tmp_path / f"golifelab-{os.getpid()}-abc"
    dead.mkdir()
    mine.mkdir()
    sweep_scratch()
    assert not dead.exists()
    assert mine.exists()
