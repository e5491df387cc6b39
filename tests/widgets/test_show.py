"""`show` finds a view for what can be seen, and says which there are."""

from __future__ import annotations

import pytest

from golifelab import sample, show
from golifelab.errors import GolifelabError
from golifelab.widgets import Checks, Interfaces, Life, Rail, RemarksLane, Ribbon, Trees

VIEWS = {
    "": Life,
    "life": Life,
    "rail": Rail,
    "tokens": Ribbon,
    "trees": Trees,
    "checks": Checks,
    "interfaces": Interfaces,
    "remarks": RemarksLane,
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_of_a_program_by_its_word(name):
    made = show(sample("decisions"), view=name)
    assert isinstance(made, VIEWS[name])
    assert made.wait()
    twin = made._repr_mimebundle_()[0]
    assert "<table" in twin["text/html"]
    assert twin["text/plain"].strip()


def test_an_unknown_view_names_those_there_are():
    with pytest.raises(GolifelabError, match="no view 'tree'") as caught:
        show(sample("add"), view="tree")
    assert "trees" in caught.value.remedy


def test_what_has_no_view_says_so():
    with pytest.raises(GolifelabError, match="a int has no picture"):
        show(3)
