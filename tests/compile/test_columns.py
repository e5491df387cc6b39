"""Tables of columns: what is read in one go is what is read cell by cell."""

from __future__ import annotations

from array import array

import pytest

from golifelab.columns import Strings, Table
from golifelab.errors import ParseError


def table(*cells):
    texts = Strings([3, 5], b"addor")
    return Table({"op": array("i", cells)}, texts, frozenset({"op"}))


def test_a_whole_column_is_its_cells():
    column = table(1, -1, 0, 1)
    assert column.whole("op") == ["or", "", "add", "or"]
    assert column.whole("op") == [column.text("op", row) for row in range(4)]
    assert table().whole("op") == []


def test_a_cell_that_names_no_string_is_refused():
    with pytest.raises(ParseError, match="names string 2"):
        table(0, 2).whole("op")
