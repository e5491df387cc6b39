"""The boot page's payload and its tables, of the start that comes with the course."""

from __future__ import annotations

from dataclasses import replace

from golifelab.run.boot.recorded import recorded_boot
from golifelab.views.boot import MAX_STOPS, boot_payload
from golifelab.views.boottwin import page_html, page_text, puzzle_html, puzzle_text
from golifelab.views.bootwords import STEPS, WRONG, words_for
from golifelab.views.stage import stage_html
from golifelab.views.text import text


def test_every_event_is_sent_once_and_in_order():
    boot = recorded_boot()
    shown = boot_payload(boot)
    columns = (shown["stops"], shown["calls"], shown["inits"])
    assert len({len(column) for column in columns[0].values()}) == 1
    times = [columns[kind]["at"][index] for kind, index in shown["events"]]
    assert times == sorted(times)
    assert len(set(map(tuple, shown["events"]))) == len(shown["events"])
    assert sum(shown["calls"]["count"]) == len(boot.calls)
    assert shown["hidden"] == {"stops": 0, "calls": 0, "inits": 0}
    # The many calls for signals are one mark.
    assert max(shown["calls"]["count"]) > 50
    firsts = [
        shown["names"][name]
        for name, first in zip(shown["stops"]["name"], shown["stops"]["first"], strict=True)
        if first
    ]
    assert tuple(firsts) == boot.order
    used = [base - sp for base, sp in zip(*(columns[0][n] for n in ("base", "sp")), strict=True)]
    assert min(used) >= 0
    assert max(used) < 64 << 10


def test_words_and_the_exercise():
    boot = recorded_boot()
    shown = boot_payload(boot)
    assert all(words_for(name) for name in boot.order)
    assert set(WRONG) < set(STEPS)
    assert shown["wrong"] == list(WRONG)
    # It is wrong, and what is right is what was seen.
    assert [name for name in boot.order if name in WRONG] != list(WRONG)
    assert shown["steps"] == [name for name in boot.order if name in STEPS]
    # Without script too the answer is not the first that one sees.
    asked, answer = str(puzzle_html(shown)).split("<summary>the answer</summary>")
    places = [asked.index(f"<code>{name}</code>") for name in WRONG]
    assert places == sorted(places)
    assert "stack pointer" not in asked + puzzle_text(shown)
    assert "stack pointer" in answer


def test_more_arrivals_than_a_page_shows_are_counted():
    boot = recorded_boot()
    many = replace(boot, stops=boot.stops * (MAX_STOPS // len(boot.stops) + 1))
    shown = boot_payload(many)
    assert len(shown["stops"]["name"]) == MAX_STOPS
    assert shown["hidden"]["stops"] == len(many.stops) - MAX_STOPS


def test_the_twin_tells_the_same_and_escapes():
    boot = recorded_boot()
    told, page = text(boot), str(stage_html(boot))
    for name in boot.order:
        assert name in told
        assert name in page
    assert "recorded with" in told
    assert "runtime.goexit0" in page
    named = replace(boot, stops=(replace(boot.stops[0], name="<script>"),))
    assert "<script>" not in page_html(boot_payload(named))
    assert page_text({"failed": "undefined: x"}) == "undefined: x"
    assert "being run" in page_text({})
