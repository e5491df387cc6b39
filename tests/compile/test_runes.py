"""Places of tokens in bytes, in runes, and as an editor counts."""

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
    start, end = found.utf16_span(by_text['"𝔊é"'])
    assert TEXT.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == '"𝔊é"'


def test_ascii_counts_alike(tier, rich, observed):
    found = tokens(Source.from_text("package p\n"), observed)
    assert [found.rune_span(t) for t in found] == [(t.start, t.end) for t in found]
    assert [found.utf16_span(t) for t in found] == [(t.start, t.end) for t in found]


@given(st.text(), st.data())
def test_counts_are_those_of_python_s_encoders(text, data):
    cut = data.draw(st.integers(0, len(text)))
    source = SourceText(text)
    offset = len(text[:cut].encode("utf-8", "surrogatepass")) if text.isascii() else None
    if offset is None:
        try:
            offset = len(text[:cut].encode())
            text.encode()
        except UnicodeEncodeError:
            return
    assert source.runes(offset) == cut
    assert source.units(offset) == len(text[:cut].encode("utf-16-le")) // 2
