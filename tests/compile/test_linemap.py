"""Lines of one text found again in another."""

from __future__ import annotations

import random

import pytest

from golifelab.compile.remarks.linemap import line_map


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb\nc", "a\nb\nc", (1, 2, 3)),
        ("a\nb\nc", "x\na\nb\nc", (2, 3, 4)),
        ("a\nb\nc", "a\nc", (1, 2, 2)),
        ("f(x)\n}\ng(x)\n}", "f(x)\n}\nh(y)\n}\ng(x)\n}", (1, 2, 5, 6)),
        ("", "", (1,)),
        ("a\nb", "", (1, 1)),
        ("", "a\nb", (1,)),
    ],
)
def test_lines_are_found(before, after, expected):
    assert line_map(before, after) == expected


def test_an_edited_line_is_found_among_new_ones():
    before = "one\n\treturn list[i]\nend"
    after = "one\n\tif i < len(list) {\n\t\treturn list[i]\n\t}\n\treturn 0\nend"
    assert line_map(before, after) == (1, 3, 6)


@pytest.mark.parametrize("seed", range(60))
def test_every_line_has_a_place(seed):
    chance = random.Random(seed)
    lines = [chance.choice(["}", "", "return", f"x{n}", f"y{n % 7}"]) for n in range(80)]
    edited = [line for line in lines if chance.random() < 0.8]
    for _ in range(chance.randrange(10)):
        edited.insert(chance.randrange(len(edited) + 1), chance.choice(["}", "", "new"]))
    found = line_map("\n".join(lines), "\n".join(edited))
    assert len(found) == len(lines)
    assert all(1 <= number <= max(1, len(edited)) for number in found)
    once = [line for line in lines if lines.count(line) == edited.count(line) == 1]
    places = [(found[lines.index(line)], edited.index(line) + 1) for line in once]
    assert all(place == there for place, there in places)


def test_texts_of_many_equal_lines_take_no_time_to_speak_of():
    one = "\n".join(f"func x{n}() {{\n\treturn\n}}\n" for n in range(5_000))
    other = "\n".join(f"func y{n}() {{\n\treturn\n}}\n" for n in range(5_000))
    found = line_map(one, other)
    assert found == tuple(range(1, 20_001))
