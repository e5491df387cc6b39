"""Long work beside the edit loop: the newest wins, and what it makes useless is killed."""

from __future__ import annotations

import threading
import time

from golifelab.errors import FeatureUnavailable
from golifelab.toolchain.run import run
from golifelab.widgets.work import Work


def test_newer_work_kills_the_tools_of_the_older():
    work, said, ended = Work(), [], []
    begun = threading.Event()

    def slow():
        begun.set()
        run(["sleep", "60"])
        ended.append("slow")

    work.start(slow, said.append)
    assert begun.wait(10)
    work.start(lambda: ended.append("quick"), said.append)
    older = [thread for thread in threading.enumerate() if thread.name == "golifelab work"]
    for thread in older:
        thread.join(20)
        assert not thread.is_alive()
    assert work.wait(20)
    assert ended == ["quick"]
    assert said == [], "work that was given up has nothing to say"


def test_work_is_stopped_and_says_whether_there_was_any():
    work, said = Work(), []
    assert not work.stop()
    assert work.wait(0)
    work.start(lambda: run(["sleep", "60"]), said.append)
    deadline = time.monotonic() + 20
    assert work.stop()
    assert work.wait(deadline - time.monotonic())
    assert not work.stop()
    assert said == []


def test_why_work_failed_is_said():
    work, said = Work(), []

    def unavailable():
        raise FeatureUnavailable("timing", "there is no clock")

    def mistaken():
        raise ZeroDivisionError("of mine")

    for job in (unavailable, mistaken):
        work.start(job, said.append)
        assert work.wait(20)
    assert "there is no clock" in said[0]
    assert said[1] == "ZeroDivisionError: of mine"
