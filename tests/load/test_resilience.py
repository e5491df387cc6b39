"""Held processes where things go wrong: nothing is left behind, and the reader is told in words."""

from __future__ import annotations

import errno
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded
from golifelab.link.executable import link
from golifelab.load.hold.entering import entrance
from golifelab.load.hold.overlay.building import overlaid
from golifelab.load.hold.start import start
from golifelab.source import Source
from golifelab.toolchain.cache import cache_root
from tests.ending import children, gone

OURS = Path(__file__).parents[2]
TIERS = ("ptrace", "loop", "pipe")
EVERY_TIER = (*TIERS, "overlay")


@pytest.fixture(scope="module")
def waiting(hello, newest):
    """A program that every tier can hold, by the quick entrance."""
    entrance(wait=True)
    return overlaid(hello, newest)


@pytest.fixture(scope="module")
def endless_waiting(newest):
    text = "package main\n\nvar n int\n\nfunc main() { for n = 0; n >= 0; n &= 255 { n++ } }\n"
    return overlaid(Source.from_text(text), newest)


def possessions(threads: int = 0) -> dict[str, Any]:
    """What a start might leave behind: processes, descriptors, threads, files.

    A thread that has done its work takes a moment to be gone: down to `threads` are waited for.
    """
    gc.collect()
    deadline = time.monotonic() + 2
    while threads < (now := len(list(Path("/proc/self/task").iterdir()))):
        if not threads or time.monotonic() > deadline:
            break
        time.sleep(0.01)
    temporary = Path(tempfile.gettempdir()).glob(f"golifelab-{os.getpid()}-*")
    return {
        "processes": children(),
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "threads": now,
        "files": set(temporary),
    }


def many_starts(program, tier: str, count: int) -> None:
    def once(number: int) -> None:
        """Held early or late; ended by us, at its own end, or forgotten."""
        process = start(program, hold=("exec", "first init", "main.main")[number % 3], tier=tier)
        assert len(process.maps) > 5
        if number % 4 == 0:
            assert process.resume().returncode == 0
        if number % 5:
            process.close()
            process.close()

    once(1)
    before = possessions()
    for number in range(count):
        once(number)
    assert possessions(before["threads"]) == before


@pytest.mark.parametrize("tier", TIERS)
def test_starts_leave_nothing(waiting, tier):
    many_starts(waiting, tier, 30)


@pytest.mark.slow
@pytest.mark.parametrize("tier", EVERY_TIER)
def test_500_starts_leave_nothing(waiting, tier):
    many_starts(waiting, tier, 500)


@pytest.mark.parametrize("tier", EVERY_TIER)
def test_failed_starts_leave_nothing(endless_waiting, newest, tier):
    silent = overlaid(Source.from_text("package main\n\nfunc main() {}\n"), newest)
    never = {"pipe": "main.main", "overlay": "runtime.goexit1"}.get(tier, "runtime.throw")

    def fail() -> None:
        with pytest.raises(GolifelabError):
            start(silent, hold="main.nobody" if tier != "pipe" else never, tier=tier)
        with pytest.raises(GolifelabError):
            start(silent, hold=never, tier=tier)
        with pytest.raises(LimitExceeded):
            start(endless_waiting, hold=never, tier=tier, timeout=0.3)

    fail()
    before = possessions()
    fail()
    assert possessions(before["threads"]) == before


@pytest.mark.parametrize("tier", TIERS)
def test_a_process_that_somebody_kills(waiting, tier):
    before = possessions()
    with start(waiting, hold="first init", tier=tier) as process:
        os.kill(process.pid, signal.SIGKILL)
        finished = process.resume(timeout=5)
        assert finished.returncode == -signal.SIGKILL
        assert not process.alive
        with pytest.raises(GolifelabError, match="has ended"):
            _ = process.maps
    del process
    assert possessions(before["threads"]) == before


HOLDER = """
import sys, time
from golifelab.load.hold.start import start
process = start(sys.argv[1], hold=sys.argv[3], tier=sys.argv[2])
print(process.pid, flush=True)
time.sleep(60)
"""


def python(*words: str, **options) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": str(OURS)} | options.pop("env", {})
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(words, env=env, text=True, **pipes, **options)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("hold", ["first init", "main.main"])
def test_nothing_survives_the_death_of_its_parent(waiting, tier, hold):
    child = python(sys.executable, "-c", HOLDER, str(waiting.path), tier, hold)
    pid = int(child.stdout.readline())
    assert not gone(pid, 0.05)
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=10)
    assert gone(pid)


# A core that others keep busy may leave a thread that has been let go waiting for many seconds.
EACH_TIER = """
import json, sys
from golifelab.errors import GolifelabError
from golifelab.load.hold.start import start
told = {}
for tier in ("ptrace", "loop", "pipe", "overlay", "auto"):
    try:
        with start(sys.argv[1], hold="main.main", tier=tier, timeout=60) as process:
            address = process.executable.function("main.main").address
            mapping = process.maps.at(address)
            told[tier] = [process.how, ".text" in mapping.sections, process.resume(60).returncode]
    except GolifelabError as error:
        told[tier] = str(error)
print(json.dumps(told))
"""
ALL_WELL = {tier: [tier, True, 0] for tier in EVERY_TIER} | {"auto": ["ptrace", True, 0]}


def each_tier(program, *before: str, env: dict[str, str] | None = None) -> dict[str, object]:
    """What each tier says in an interpreter of its own, started by the words `before`."""
    child = python(*before, sys.executable, "-c", EACH_TIER, str(program.path), env=env or {})
    output, errors = child.communicate(timeout=300)
    assert output, errors
    told: dict[str, object] = json.loads(output)
    return told


def test_where_ptrace_is_refused_a_loop_takes_over(waiting, deny_ptrace):
    told = each_tier(waiting, str(deny_ptrace))
    assert "SYS_PTRACE" in str(told["ptrace"])
    assert told == ALL_WELL | {"ptrace": told["ptrace"], "auto": ["loop", True, 0]}


def test_two_gigabytes_and_one_core(waiting):
    prlimit, taskset = shutil.which("prlimit"), shutil.which("taskset")
    if not prlimit or not taskset:
        pytest.skip("prlimit or taskset is not installed")
    core = min(os.sched_getaffinity(0))
    told = each_tier(waiting, prlimit, f"--as={2 << 30}", taskset, "-c", str(core))
    assert told == ALL_WELL


@pytest.fixture
def open_cache(waiting, tmp_path):
    """A cache that anybody may write, with the entrance and the program that are there already."""
    shutil.copytree(cache_root() / "entrance", tmp_path / "entrance")
    return tmp_path


def test_another_user_than_root(waiting, open_cache):
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or setpriv is None:
        pytest.skip("these tests run as such a user already, or there is no setpriv")
    # The interpreter and the toolchain may lie in root's folders: reading is allowed, no more.
    may = "+dac_read_search"
    words = (setpriv, "--reuid=65534", "--regid=65534", "--clear-groups")
    caps = (f"--inh-caps=-all,{may}", f"--ambient-caps=-all,{may}", f"--bounding-set=-all,{may}")
    for path in (open_cache, *open_cache.rglob("*")):
        os.chown(path, 65534, 65534)
    told = each_tier(waiting, *words, *caps, env={"GOLIFELAB_CACHE": str(open_cache)})
    assert told == ALL_WELL


def test_a_disk_that_takes_nothing(waiting, tmp_path):
    """The cache can't be made: a slower entrance serves, and held processes are as ever."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert each_tier(waiting, env={"GOLIFELAB_CACHE": str(blocked / "cache")}) == ALL_WELL


@pytest.mark.parametrize("tier", TIERS)
def test_no_place_for_temporary_files(waiting, monkeypatch, tmp_path, tier):
    """What it prints is kept in memory."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with start(waiting, hold="main.main", tier=tier) as process:
        assert process.resume().output.splitlines()[0] == "0 two 0"


@pytest.mark.parametrize("tier", ["ptrace", "loop"])
def test_no_descriptor_for_its_output(waiting, monkeypatch, tier):
    def refuse(*_arguments: object) -> int:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    before = possessions()
    monkeypatch.setattr(os, "memfd_create", refuse)
    with pytest.raises(FeatureUnavailable, match="no place for its output"):
        start(waiting, tier=tier)
    monkeypatch.undo()
    assert possessions(before["threads"]) == before


def test_no_room_for_a_changed_runtime(newest, monkeypatch):
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil's own
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1 << 30, 1 << 30, 1 << 20))
    text = "package main\n\nfunc main() { println(1 + 1) }\n\nvar unlike = 20261124\n"
    with pytest.raises(FeatureUnavailable, match="1 MiB left"):
        overlaid(Source.from_text(f"{text}\nvar now = {time.time_ns()}\n"), newest)


def test_without_the_quick_entrance(hello, newest, monkeypatch):
    """An interpreter enters in its place, with the same environment and arguments."""
    from golifelab.load.hold import entering

    text = (
        'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\n'
        "func main() { fmt.Println(os.Environ(), os.Args[1:]) }\n"
    )
    program = link(Source.from_text(text), newest)
    monkeypatch.setattr(entering, "_built", lambda: None)
    for tier in ("ptrace", "loop", "pipe"):
        with start(program, argv=["x y"], environment={"A": "1"}, tier=tier) as process:
            assert process.resume().output == "[A=1] [x y]\n"
    assert start(link(hello, newest), hold="exec", tier="ptrace").held_at == "exec"
