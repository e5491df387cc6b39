"""Which line of a text is which line of another: the same, moved, or edited."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

# From here on two lines count as one line, edited.
_ALIKE = 0.4
# Pairs of lines of rewritten pieces that are compared, and how much of each; beyond, lines are
# taken in order.
_MOST_COMPARED = 2_500
_WIDEST = 200

# Lines [start, end) of the text before and of the one after, and whether they are equal.
Piece = tuple[int, int, int, int, bool]


def line_map(before: str, after: str) -> tuple[int, ...]:
    """For each line of the text before, its number in the one after, from 1.

    A line that is gone has the number of the place where it stood. The time is about proportional
    to the length of the texts, whatever they are.
    """
    old, new = before.split("\n"), after.split("\n")
    now: list[int] = []
    left = _MOST_COMPARED
    for old_from, old_to, new_from, new_to, equal in _pieces(old, new):
        count = old_to - old_from
        if equal:
            now.extend(range(new_from + 1, new_to + 1))
            continue
        pairs = count * (new_to - new_from)
        if pairs <= left:
            left -= pairs
            places = _edited(old[old_from:old_to], new[new_from:new_to])
        else:
            places = [min(at, max(new_to - new_from - 1, 0)) for at in range(count)]
        now.extend(min(new_from + 1 + at, len(new)) for at in places)
    return tuple(now)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    """The texts in pieces, in order: lines that occur once in both hold them together."""
    last, there = 0, 0
    for at, to in [*_anchors(old, new), (len(old), len(new))]:
        start = _common(old[last:at], new[there:to])
        end = _common(old[last + start : at][::-1], new[there + start : to][::-1])
        yield last, last + start, there, there + start, True
        yield last + start, at - end, there + start, to - end, False
        yield at - end, at, to - end, to, True
        if at < len(old):
            yield at, at + 1, to, to + 1, True
        last, there = at + 1, to + 1


def _anchors(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The longest row of lines that occur once in each text, in the same order in both."""
    once = {line for line, count in Counter(new).items() if count == 1}
    once &= {line for line, count in Counter(old).items() if count == 1}
    places = {line: number for number, line in enumerate(new) if line in once}
    pairs = [(number, places[line]) for number, line in enumerate(old) if line in once]
    # The classic way: piles by the last place, and behind each card the top of the pile before.
    tops: list[int] = []
    cards: list[int] = []
    behind: list[int] = []
    for card, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        behind.append(cards[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [place]
        cards[pile : pile + 1] = [card]
    found = []
    card = cards[-1] if cards else -1
    while card >= 0:
        found.append(pairs[card])
        card = behind[card]
    return found[::-1]


def _edited(old: list[str], new: list[str]) -> list[int]:
    """For each line of a piece that was rewritten, which line of the new piece it became.

    The most alike one, in order; without one, the line after the last that was found.
    """
    found: list[int] = []
    free = 0
    for line in old:
        words = line.strip()[:_WIDEST]
        alike = [
            (SequenceMatcher(None, words, new[at].strip()[:_WIDEST]).quick_ratio(), -at)
            for at in range(free, len(new))
        ]
        ratio, at = max(alike, default=(0.0, 0))
        if ratio > _ALIKE:
            found.append(-at)
            free = -at + 1
        else:
            found.append(max(0, min(free, len(new) - 1)))
    return found


def _common(old: list[str], new: list[str]) -> int:
    """How many lines two texts have in common at their beginning."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count
