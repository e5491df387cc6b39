from __future__ import annotations

from golifelab.program import sample
from golifelab.views.text import brief, text


def test_what_a_notebook_keeps_is_the_beginning_of_what_a_terminal_shows():
    """A placement has thousands of rows; a notebook that shows it must stay a small file."""
    program = sample("hello")
    placed = program.placement
    whole, short = text(placed).split("\n"), brief(placed).split("\n")
    assert len(whole) > 1000 > len(short)
    for line, part in zip(whole, short[:-1], strict=False):
        assert line.startswith(part.removesuffix(" …"))
    assert short[-1] == f"… and {len(whole) - len(short) + 1:,} more lines; .frame() has it all"
    assert sum(map(len, short)) < 20_000
    small = program.link()
    assert brief(small) == text(small)
