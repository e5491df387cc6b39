from __future__ import annotations

import re

import pytest

from golifelab.program import sample
from golifelab.views.twin import twin

ANSWERS = {
    "stack map": lambda p: p.link().stack_map("main.walk", p.link().function("main.walk").address),
    "coverage": lambda p: p.link().coverage(".text"),
    "dropped": lambda p: p.reach.without("main.leaf"),
    "fields": lambda p: p.object.fields,
    "symbols of the object": lambda p: p.object.symbols,
    "symbols": lambda p: p.link().symbols,
    "functions": lambda p: p.link().pclntab,
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_shows_its_beginning_as_a_table(answer):
    value = ANSWERS[answer](sample("walk"))
    html = str(twin(value))
    assert html.count("<table>") >= 1
    assert 2 < html.count("<tr>") < 120
    assert len(html) < 60_000
    if answer != "stack map":
        # What is counted in the caption is the whole, whatever is shown of it.
        count = len(value.symbols) if answer == "dropped" else len(value)
        assert re.search(rf">{count:,} \w+", html)


def test_a_stack_map_names_what_is_alive():
    maps = sample("walk").stack_maps("main.walk")
    found = maps.at(maps.function.entry)
    html = str(twin(found))
    assert "101" in html
    assert ">a, b<" in html
