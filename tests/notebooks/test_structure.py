from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

from golifelab.claims.experiment import experiments
from golifelab.course.exercise import exercises
from golifelab.course.quiz import quizzes
from golifelab.link.modes import BUILDS

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAMES = sorted(path.stem for path in (NOTEBOOKS / "src").glob("[0-9][0-9]_*.py"))
VARIANTS = [NOTEBOOKS, NOTEBOOKS / "solutions"]
FILES = [folder / f"{name}.ipynb" for folder in VARIANTS for name in NAMES]


def read(path):
    return nbformat.read(path, as_version=4)


def prose(path):
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def code(path):
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_is_valid_clean_and_small(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert path.stat().st_size < 150_000
    assert "widgets" not in notebook.metadata
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    for cell in notebook.cells:
        assert cell.source.strip(), "an empty cell"
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    raw = json.loads(path.read_text("utf-8"))
    assert set(raw["metadata"]) == {"kernelspec", "language_info"}
    assert set(raw["metadata"]["language_info"]) == {"name"}


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is_for_and_where_to_go(name):
    path = NOTEBOOKS / f"{name}.ipynb"
    first = next(cell for cell in read(path).cells if cell.cell_type == "markdown").source
    assert re.match(r"# \S", first)
    assert re.search(r"\*\*After this (lesson|page) you can\*\*\n\n- ", first)
    assert re.search(r"\*\*Time\*\* \d+ minutes", first)
    assert "**You need**" in first
    text = prose(path)
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert re.search(r"^## .*[Ii]n short$", text, re.MULTILINE)
    last = read(path).cells[-1].source
    assert "**Next:**" in last or "Next:" in last
    if name != NAMES[0]:
        assert "Previous:" in first
        assert "Previous:" in last


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_links_lead_somewhere_and_pictures_have_words(path):
    text = prose(path)
    # The solutions lie one folder deeper, and their links stay among themselves.
    for target in re.findall(r"\]\(([^)#]+\.ipynb)[^)]*\)", text):
        assert (path.parent / target).exists(), target
    for words in re.findall(r"!\[([^\]]*)\]", text):
        assert words.strip(), "a picture without alternative text"
    for image in re.findall(r"<img[^>]*>", text):
        assert re.search(r'alt="[^"]+"', image)
    assert "http://" not in text


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_is_asked_before_it_is_checked(name):
    path = NOTEBOOKS / f"{name}.ipynb"
    cells = read(path).cells
    asked: set[str] = set()
    for index, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            asked |= set(re.findall(r"\*\*Exercise ([\w.]+)\.\*\*", cell.source))
            continue
        for id_ in re.findall(r'exercise\("([\w.]+)"\)\.check\(', cell.source):
            assert id_ in asked
            before = cells[index - 1]
            assert before.metadata.get("tags") == ["answer"], "the answer stands just above"
            assert "..." in before.source
    solutions = read(NOTEBOOKS / "solutions" / f"{name}.ipynb").cells
    answers = sum(cell.metadata.get("tags") == ["answer"] for cell in cells)
    solved = sum(cell.metadata.get("tags") == ["solution"] for cell in solutions)
    assert answers == solved
    assert not any("solution" in cell.metadata.get("tags", []) for cell in cells)


def test_everything_the_course_has_is_used():
    text = "\n".join(code(NOTEBOOKS / f"{name}.ipynb") for name in NAMES)
    for id_ in exercises():
        assert f'exercise("{id_}").check(' in text
    for id_ in quizzes():
        assert f'quiz("{id_}")' in text
    for id_ in experiments():
        assert f'"{id_}"' in text, f"{id_} is never shown"


@pytest.mark.parametrize("name", NAMES)
def test_a_claim_is_shown_before_it_is_tried(name):
    text = code(NOTEBOOKS / f"{name}.ipynb")
    for match in re.finditer(r'claim\("(c\d\.\d\d)"\)(?:\.predict\([^)]*\))?\.run\(\)', text):
        assert f'claim("{match[1]}")\n' in text[: match.start()] + "\n", match[1]


def test_the_matrix_to_fill_names_the_real_builds():
    text = code(NOTEBOOKS / "01_whole_life.ipynb")
    matrix = ast.literal_eval(re.search(r"^matrix = (\{.*?^\})", text, re.DOTALL | re.MULTILINE)[1])
    assert list(matrix) == [build.name for build in BUILDS]


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_can_delete_a_device(name):
    # The compiler removes its output file on an error: given a device, it removes the device.
    assert not re.search(r"-o[= ]*/dev/", code(NOTEBOOKS / f"{name}.ipynb"))
