"""Views in a notebook that nobody looks at."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient


@pytest.fixture(scope="module")
def outputs():
    cells = [
        "from golifelab import sample, show\nfrom golifelab.widgets import Life, Rail",
        "life = Life(sample('add'), 'add')\nlife",
        "life.source = life.source.replace('a + b', 'a * b')\nprint(life.wait(), life.failure)",
        "Rail(life.value, at='8:12')",
        "show(sample('add').tokens)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3", store_widget_state=False).execute()
    return [cell.outputs for cell in notebook.cells]


def test_nothing_waits_for_a_browser(outputs):
    assert outputs[2][0]["text"].split() == ["True"]


@pytest.mark.parametrize("cell", [1, 3])
def test_the_twin_tells_the_whole_life(outputs, cell):
    data = outputs[cell][0]["data"]
    assert "application/vnd.jupyter.widget-view+json" in data
    for station in ("tokens", "SSA", "machine code", "executable", "process"):
        assert station in data["text/html"]
    assert "<script" not in data["text/html"]
    assert "<svg" not in data["text/html"]


def test_the_twin_is_of_the_program_as_it_is_now(outputs):
    assert "MULQ" in outputs[3][0]["data"]["text/html"]
    assert "MULQ" not in outputs[1][0]["data"]["text/html"]
