"""Byte offsets become the browser's UTF-16 offsets."""

from __future__ import annotations

from hypothesis import given, strategies as st

from golifelab import Program
from golifelab.views.editor import Units, marks, squiggles


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_units_agree_with_python_s_own_encoders(text: str) -> None:
    units = Units(text)
    for end in range(len(text) + 1):
        head = text[:end]
        assert units.at(len(head.encode())) == len(head.encode("utf-16-le")) // 2


def test_marks_cover_the_words_behind_wide_characters() -> None:
    program = Program.from_text('package main\n\nvar s = "𝄞é" // ← here\n\nfunc main() {}\n')
    found = marks(program.tokens, program.text, "main.go")
    raw = program.text.encode("utf-16-le")
    words = [
        raw[2 * a : 2 * b].decode("utf-16-le")
        for a, b in zip(found["from"], found["to"], strict=True)
    ]
    assert '"𝄞é"' in words
    assert "// ← here" in words
    assert "func" in words
    by_word = dict(zip(words, found["class"], strict=True))
    assert by_word["func"] == "keyword"
    assert by_word['"𝄞é"'] == "string"


def test_squiggles_stand_under_the_word() -> None:
    program = Program.from_text("package main\n\nfunc main() { missing() }\n")
    (found,) = squiggles(program.errors, program.text, "main.go")
    assert program.text[found["from"] : found["to"]] == "missing"
