"""The scheduler's page without a browser: what it sends, its tables, and its settings."""

from __future__ import annotations

from golifelab import Program, show
from golifelab.views.columns import unpacked
from golifelab.widgets.view import unpack

TEXT = """\
package main

func main() {
	done := make(chan bool)
	go func() { done <- true }()
	<-done
}
"""


def test_the_page_follows_the_text_and_the_settings():
    page = show(Program.from_text(TEXT), view="scheduler", processors=1)
    assert page.wait()
    sent = unpack(page.payload)
    assert (sent["processors"], sent["ended"], sent["async_preemption"]) == (1, "finished", True)
    own = [one for one in sent["goroutines"] if not one["system"]]
    assert [one["name"] for one in own] == ["main.main", "main.main.func1"]
    assert set(unpacked(sent["spans"]["processor"])) <= {-1, 0}
    twin = page._html()
    assert "main.main.func1" in twin
    assert "chan receive" in twin
    assert "<svg" not in twin
    assert "G1 main.main: running" in page._plain()
    first = page.scheduling
    page.source = TEXT.replace("<-done", "<-dome", 1)
    page._ask()
    assert page.wait()
    assert "undefined: dome" in page.panel["failed"]
    assert "undefined: dome" in page._html()
    assert page.scheduling is first
