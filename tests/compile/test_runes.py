"""Places of tokens in bytes and in runes."""

from __future__ import annotations

from hypothesis import given, strategies as st

from golifelab.compile.text import SourceText
from golifelab.compile.tokens import tokens
from golifelab.source import Source

TEXT = 'package p\n\nvar größe, 日本 = "𝔊é", 2 // ü\n'


def test_tokens_know_their_runes(tier, observed):
    found = tokens(Source.from_text(TEXT), observed)
    by_text = {token.text: token for token in found}
    number = by_text["2"]
    line = TEXT.split("\n")[2]
    assert found.rune_column(number) == line.index("2") + 1
    assert number.column == len(line[: line.index("2")].encode()) + 1 > found.rune_column(number)
    for token in found:
        start, end = found.rune_span(token)
        if token.text:
            assert TEXT[start:end] == token.text


def test_ascii_counts_alike(tier, rich, observed):
    found = tokens(Source.from_text("package p\n"), observed)
    assert [found.rune_span(t) for t in found] == [(t.start, t.end) for t in found]


@given(st.text(st.characters(codec="utf-8")), st.data())
def test_runes_are_the_characters_of_the_text(text, data):
    cut = data.draw(st.integers(0, len(text)))
    assert SourceText(text).runes(len(text[:cut].encode())) == cut
