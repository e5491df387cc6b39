"""What stages share: a reply, a run, a built server; and what happens when none can be built."""

from __future__ import annotations

import threading
import time

import pytest

from golifelab.compile.dump import begin
from golifelab.compile.fallback import front as standard
from golifelab.compile.front import Recent, front, tier_of
from golifelab.compile.ir import ir
from golifelab.compile.ssa.stage import ssa
from golifelab.compile.tokens import tokens
from golifelab.errors import CompileFailed, FeatureUnavailable, Superseded
from golifelab.toolchain.cache import cache
from golifelab.toolchain.run import Cancellation, cancellable


def test_two_threads_make_a_value_once():
    recent: Recent[int] = Recent(2)
    made = []

    def make():
        made.append(1)
        time.sleep(0.05)
        return len(made)

    threads = [threading.Thread(target=recent.get, args=("key", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
    assert recent.get("other", lambda: 7) == 7
    assert recent.get("third", lambda: 8) == 8
    assert recent.get("key", lambda: 9) == 9  # the oldest had to go


def test_a_failure_is_not_kept():
    recent: Recent[int] = Recent(2)
    with pytest.raises(ZeroDivisionError):
        recent.get("key", lambda: 1 // 0)
    assert recent.get("key", lambda: 5) == 5


def test_a_new_tier_is_a_new_reply(rich, observed, monkeypatch):
    assert tier_of(observed) == "helper"
    before = front(rich, observed)
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    assert tier_of(observed) == "fallback"
    assert front(rich, observed) is not before
    assert tokens(rich, observed).tier == "fallback"
    monkeypatch.delenv("GOLIFELAB_HELPER")
    assert front(rich, observed) is before


def test_a_server_that_cannot_be_built(rich, observed, monkeypatch, tmp_path):
    (tmp_path / "main.go").write_text("package main\nfunc main() { broken }\n")
    monkeypatch.setattr(standard, "_SOURCES", tmp_path)
    standard._server.cache_clear()
    try:
        with pytest.raises(FeatureUnavailable) as caught:
            standard.standard_front(rich, observed)
        assert "broken" in str(caught.value)
        assert caught.value.remedy
    finally:
        standard._server.cache_clear()


def test_the_built_server_is_kept(rich, observed, monkeypatch):
    standard.standard_front(rich, observed)
    standard._server.cache_clear()
    monkeypatch.setattr(standard, "_BUILD_SECONDS", 0.001)  # no time to build another
    assert len(standard.standard_front(rich, observed).tokens)
    assert (cache().root / "executables").is_dir()


def _edited(rich, mark):
    return rich.with_text(f"{rich.text()}\n// {mark} {time.time_ns()}\n", "")


def test_what_was_begun_is_what_is_asked_for(tier, rich, observed):
    begun, asked = _edited(rich, "begun"), _edited(rich, "asked")
    begin(begun, observed, "main.main")
    assert begin(begun, observed, "main.main").ready(60)
    one, other = (ssa(source, observed, "main.main") for source in (begun, asked))
    assert [one.text(i) for i in range(len(one))] == [other.text(i) for i in range(len(other))]
    assert ir(begun, observed, "main.main").text == ir(asked, observed, "main.main").text


def test_what_was_begun_ends_with_the_work_around_it(rich, observed):
    edited, cancellation = _edited(rich, "cancelled"), Cancellation()
    with cancellable(cancellation):
        cancellation.cancel()
        begin(edited, observed, "main.main")
        with pytest.raises(Superseded):
            ssa(edited, observed, "main.main")
    assert ssa(edited, observed, "main.main").passes, "asked again, it runs again"


def test_what_was_begun_says_what_is_wrong(rich, observed):
    wrong = rich.with_text("package main\n\nfunc main() { broken }\n", "")
    begin(wrong, observed, "main.main")
    with pytest.raises(CompileFailed, match="broken"):
        ssa(wrong, observed, "main.main")
