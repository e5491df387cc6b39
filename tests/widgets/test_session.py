"""The edit loop in the kernel: one thread, the latest edit wins."""

from __future__ import annotations

import threading
import time

import pytest

from golifelab import Position
from golifelab.errors import GolifelabError, Superseded
from golifelab.toolchain.run import run
from golifelab.widgets.session import Session

AT = Position("main.go", 1, 1)


class Recorder:
    """A session and what it showed."""

    def __init__(self, pictures):
        self.shown: list[tuple[str, object]] = []
        self.threads: set[str] = set()
        self.failures: list[str] = []
        self.session = Session(pictures, self._show, self.failures.append)

    def _show(self, picture, wanted):
        self.threads.add(threading.current_thread().name)
        self.shown.append((wanted.source, picture["n"]))


def test_pictures_come_in_order_from_one_thread():
    recorder = Recorder(lambda *_: ({"n": n} for n in range(3)))
    recorder.session.ask("a", 1, AT)
    assert recorder.session.wait(10)
    recorder.session.ask("b", 2, AT)
    assert recorder.session.wait(10)
    assert recorder.shown == [(text, n) for text in "ab" for n in range(3)]
    assert recorder.threads == {"golifelab"}


def test_the_latest_edit_wins_and_the_others_are_dropped():
    started, release = threading.Event(), threading.Event()

    def pictures(source, _):
        yield {"n": 0}
        if source == "a":
            started.set()
            release.wait(10)
        yield {"n": 1}

    recorder = Recorder(pictures)
    recorder.session.ask("a", 1, AT)
    assert started.wait(10)
    for number, text in enumerate("bcd", 2):
        recorder.session.ask(text, number, AT)
    release.set()
    assert recorder.session.wait(10)
    assert recorder.shown == [("a", 0), ("d", 0), ("d", 1)]


def test_the_children_of_a_superseded_edit_are_killed():
    started = threading.Event()

    def pictures(source, _):
        if source == "slow":
            started.set()
            run(["sleep", "30"])
        yield {"n": 0}

    recorder = Recorder(pictures)
    recorder.session.ask("slow", 1, AT)
    assert started.wait(10)
    begin = time.monotonic()
    recorder.session.ask("next", 2, AT)
    assert recorder.session.wait(10)
    assert time.monotonic() - begin < 5
    assert recorder.shown == [("next", 0)]
    assert not any(recorder.failures)


def test_a_new_position_lets_the_tools_finish():
    started, release = threading.Event(), threading.Event()
    finished: list[float] = []

    def pictures(_, position):
        if position == AT:
            started.set()
            release.wait(10)
            finished.append(run(["true"]).returncode)
        yield {"n": position.line}

    recorder = Recorder(pictures)
    recorder.session.ask("a", 1, AT)
    assert started.wait(10)
    recorder.session.ask("a", 1, Position("main.go", 7, 1))
    release.set()
    assert recorder.session.wait(10)
    assert finished == [0]
    assert recorder.shown == [("a", 7)]


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (GolifelabError("no Go here"), "no Go here"),
        (ZeroDivisionError("a mistake"), "ZeroDivisionError: a mistake"),
        (Superseded(), ""),
    ],
)
def test_a_failure_is_said_and_the_thread_lives_on(raised, said):
    def pictures(source, _):
        if source == "bad":
            raise raised
        yield {"n": 0}

    recorder = Recorder(pictures)
    recorder.session.ask("bad", 1, AT)
    assert recorder.session.wait(10)
    assert "".join(recorder.failures) == said
    recorder.session.ask("good", 2, AT)
    assert recorder.session.wait(10)
    assert recorder.shown == [("good", 0)]
    assert recorder.failures[-1] == "", "and taken back"


def test_waiting_ends():
    recorder = Recorder(lambda *_: time.sleep(0.5) or [])
    recorder.session.ask("a", 1, AT)
    assert not recorder.session.wait(0.05)
    assert recorder.session.wait(10)
