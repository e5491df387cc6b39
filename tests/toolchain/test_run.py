"""The bounded runner: whatever a child does, it ends, and so does all it started."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from golifelab.errors import FeatureUnavailable, LimitExceeded, Superseded
from golifelab.toolchain.run import Cancellation, cancellable, kill_group, run, spawn
from tests.ending import gone

PYTHON = sys.executable


def python(code: str, **options):
    return run([PYTHON, "-c", code], **options)


def test_output_status_and_command():
    done = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (done.returncode, done.text, done.error_text) == (3, "out\n", "err\n")
    assert done.seconds > 0
    assert done.command.startswith(PYTHON)


def test_standard_input_is_closed_unless_given():
    code = "import sys; print(len(sys.stdin.buffer.read()))"
    assert python(code).text == "0\n"
    assert python(code, input=b"x" * (3 << 20)).text == f"{3 << 20}\n"


def test_a_child_that_ignores_its_input_does_not_block():
    assert python("print(1)", input=b"x" * (8 << 20)).text == "1\n"


def test_the_time_limit_ends_the_whole_group(tmp_path):
    note = tmp_path / "pid"
    code = (
        "import subprocess, sys, time\n"
        f"p = subprocess.Popen([{PYTHON!r}, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(note)!r}, 'w').write(str(p.pid))\n"
        "time.sleep(60)\n"
    )
    started = time.monotonic()
    with pytest.raises(LimitExceeded, match="python"):
        python(code, timeout=1.5)
    assert time.monotonic() - started < 10
    assert gone(int(note.read_text()))


def test_a_grandchild_that_holds_the_pipes_ends_too(tmp_path):
    note = tmp_path / "pid"
    code = (
        "import subprocess\n"
        f"p = subprocess.Popen([{PYTHON!r}, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(note)!r}, 'w').write(str(p.pid))\n"
    )
    with pytest.raises(LimitExceeded):
        python(code, timeout=1.5)
    assert gone(int(note.read_text()))


def test_the_output_limit():
    started = time.monotonic()
    with pytest.raises(LimitExceeded, match="output"):
        python("while True: print('x' * 4096)", max_output=1 << 20, timeout=30)
    assert time.monotonic() - started < 20


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
def test_the_memory_limit():
    done = python("x = bytearray(3 << 30); print('got it')", max_memory=1 << 30)
    assert done.returncode != 0
    assert "MemoryError" in done.error_text


def test_what_can_not_start_is_unavailable(tmp_path):
    with pytest.raises(FeatureUnavailable, match="No such file"):
        run([tmp_path / "missing"])


def test_newer_work_ends_the_children_of_older_work():
    cancellation = Cancellation()
    ended: list[BaseException] = []

    def work() -> None:
        with cancellable(cancellation):
            try:
                python("import time; time.sleep(60)")
            except Superseded as error:
                ended.append(error)

    thread = threading.Thread(target=work)
    started = time.monotonic()
    thread.start()
    time.sleep(0.3)
    cancellation.cancel()
    thread.join(10)
    assert ended
    assert time.monotonic() - started < 10
    with cancellable(cancellation), pytest.raises(Superseded):
        python("print(1)")


def test_cancelling_leaves_other_work_alone():
    with cancellable(Cancellation()):
        Cancellation().cancel()
        assert python("print(1)").text == "1\n"


def test_a_child_is_the_leader_of_its_own_group():
    child = spawn([PYTHON, "-c", "import time; time.sleep(60)"])
    try:
        assert os.getpgid(child.pid) == child.pid
    finally:
        kill_group(child)
        kill_group(child)
    assert isinstance(child, subprocess.Popen)
    for stream in (child.stdout, child.stderr):
        assert stream is not None
        stream.close()
    assert gone(child.pid)
