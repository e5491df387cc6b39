from __future__ import annotations

import json

import nbformat
import pytest

from golifelab.course.build import main, notebook, notebooks_directory, stale
from golifelab.errors import ParseError

SOURCE = """# ---
# jupyter:
#   jupytext: {}
# ---

# %% [markdown]
# # A title

# %%
answer = ...

# %% tags=["solution"]
answer = 42

# %%
answer
"""


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "00_x.py"
    path.write_text(SOURCE)
    return path


def test_learner_and_solution_differ_by_the_solutions(source):
    learner = json.loads(notebook(source, solutions=False))
    full = json.loads(notebook(source, solutions=True))
    assert [cell["cell_type"] for cell in learner["cells"]] == ["markdown", "code", "code"]
    assert len(full["cells"]) == 4
    ids = {cell["id"] for cell in full["cells"]}
    assert {cell["id"] for cell in learner["cells"]} < ids, "shared cells have shared ids"


def test_the_notebook_is_valid_clean_and_deterministic(source):
    text = notebook(source, solutions=True)
    assert text == notebook(source, solutions=True)
    read = nbformat.reads(text, as_version=4)
    nbformat.validate(read)
    assert read.metadata["kernelspec"]["name"] == "python3"
    assert "version" not in text
    assert all(not cell.get("outputs") for cell in read.cells)


def test_unknown_tags_are_refused(source):
    source.write_text(SOURCE.replace('"solution"', '"solutoin"'))
    with pytest.raises(ParseError, match="solutoin"):
        notebook(source, solutions=True)


def test_the_committed_notebooks_are_what_their_sources_say():
    assert stale(notebooks_directory()) == []


def test_check_reports_stale_and_orphaned_notebooks(monkeypatch, tmp_path, source, capsys):
    from golifelab.course import build

    (tmp_path / "src").mkdir()
    source.rename(tmp_path / "src" / source.name)
    monkeypatch.setattr(build, "notebooks_directory", lambda: tmp_path)
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert main(["--check"]) == 0
    orphan = tmp_path / "99_gone.ipynb"
    orphan.write_text("{}")
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert not orphan.exists()
    assert "99_gone" in capsys.readouterr().out
