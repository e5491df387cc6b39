"""The HTML writer lets nothing through unescaped."""

from __future__ import annotations

from hypothesis import given, strategies as st

from golifelab.views.html import block, details, image, join, table, tag


@given(st.text())
def test_text_is_escaped_everywhere(text: str) -> None:
    made = join([tag("p", text, title=text), table([text], [[text]]), block(text), details(text)])
    inner = made
    for known in ("p", "table", "thead", "tbody", "tr", "td", "th", "pre", "details", "summary"):
        inner = inner.replace(f"<{known}", "").replace(f"</{known}>", "")
    assert "<" not in inner


def test_long_tables_say_what_they_leave_out() -> None:
    made = table(["n"], ([n] for n in range(1000)), limit=10)
    assert "990 more rows" in made


def test_images_carry_their_words() -> None:
    assert 'alt="two &lt; three"' in image("<svg/>", "two < three")
