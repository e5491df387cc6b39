"""Columns that are kept narrow: what they give back is what was put in."""

from __future__ import annotations

import random

import numpy as np
import pytest

from golifelab.run.trace.narrow import Ends, Times


@pytest.mark.parametrize(
    "most", [3, 70_000, 1 << 33], ids=["two bytes", "many bases", "over four bytes"]
)
def test_times_are_those_that_were_given(most):
    chance, times, now = random.Random(most), [], 1 << 40
    column = Times()
    for _ in range(3000):
        now += chance.randint(1, most)
        times.append(now)
        column.append(now)
    assert column[:].tolist() == times
    assert (column[0], column[-1], len(column)) == (times[0], times[-1], 3000)
    some = np.array([5, 2999, 7, 1500])
    assert column[some].tolist() == [times[row] for row in some]
    assert column[column[:] > times[2990]].tolist() == times[2991:]
    with pytest.raises(OverflowError):
        column.append(1 << 63)
    assert len(column) == 3000


def test_times_take_two_bytes_where_they_are_close_and_four_where_not():
    near, far = Times(), Times()
    for number in range(100_000):
        near.append(number * 300)
        far.append(number * 20_000)
    assert near.itemsize == 2
    assert far.itemsize == 4


def test_the_end_of_a_state_may_be_far_away():
    ends = Ends()
    for _ in range(70_000):
        ends.append()
        ends.begin()
        if len(ends) in (3, 66_000, 70_000):
            ends.end(len(ends) - 2)
    ends.append()
    ends.end(0)
    ends.end(60_000)
    until = ends[:]
    assert (until[0], until[1], until[60_000], until[65_998]) == (70_000, 2, 70_000, 65_999)
    assert (until[2], until[70_000]) == (0, -1)
    assert ends[np.array([60_000, 70_000, 0])].tolist() == [70_000, -1, 70_000]
    assert ends.begun(slice(69_999, None)).tolist() == [True, False]
