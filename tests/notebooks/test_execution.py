from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from golifelab.course.exercise import State

NAMES = sorted(
    path.stem
    for path in (Path(__file__).resolve().parents[2] / "notebooks" / "src").glob("[0-9][0-9]_*.py")
)
RUNS = [(name, variant, "full") for name in NAMES for variant in ("learner", "solution")]
RUNS += [(name, "solution", machine) for name in NAMES for machine in ("bare", "no ptrace")]
LINUX = sys.platform == "linux"
# Made by the observer's build, which reports in the background: not part of what a cell says.
WIDGET = "application/vnd.jupyter.widget-view+json"


def outputs(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            yield cell, output


@pytest.mark.parametrize(("name", "variant", "machine"), RUNS)
def test_runs_from_top_to_bottom(executed, name, variant, machine):
    if machine == "no ptrace" and not LINUX:
        pytest.skip("seccomp is Linux's")
    notebook = executed(name, variant, machine)
    for cell, output in outputs(notebook):
        assert output.output_type != "error", cell.source
        if output.output_type == "stream":
            assert output.name == "stdout", f"{cell.source}\n{output.text}"


@pytest.mark.parametrize(("name", "variant", "machine"), RUNS)
def test_exercises_say_what_they_should(executed, name, variant, machine):
    if machine == "no ptrace" and not LINUX:
        pytest.skip("seccomp is Linux's")
    allowed = {"solution": {State.CORRECT.value}, "learner": {State.NOT_ATTEMPTED.value}}[variant]
    if machine == "bare":
        allowed |= {State.UNCHECKABLE.value}
    states = set()
    for cell, output in outputs(executed(name, variant, machine)):
        if ".check(" in cell.source:
            text = output.data["text/plain"]
            states.add(text.split(":")[0].lstrip("✔✘○– "))
            assert states <= allowed, f"{cell.source}\n{text}"
    assert states


@pytest.mark.parametrize("name", NAMES)
def test_verdicts_are_found_and_agree(executed, name):
    for cell, output in outputs(executed(name, "solution", "full")):
        if re.search(r"claim\(.*\.run\(\)", cell.source) and "data" in output:
            html = output.data["text/html"]
            assert re.search("confirmed|corrected|unavailable here", html), cell.source
            assert "yours differs" not in html
            assert "Evidence" in html or "unavailable here" in html


@pytest.mark.parametrize("name", NAMES)
def test_every_widget_has_a_static_twin(executed, name):
    seen = 0
    for cell, output in outputs(executed(name, "learner", "full")):
        if WIDGET in output.get("data", {}):
            seen += 1
            assert len(output.data.get("text/html", "")) > 40, cell.source
    assert seen, "no widget in this lesson"


@pytest.mark.parametrize("name", NAMES)
def test_the_exported_page_needs_no_network_and_shows_the_twins(executed, name):
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    notebook = executed(name, "solution", "full")
    # The exporter's own scripts (mathematics, diagrams) are switched off: the lessons use none.
    off = dict.fromkeys(("require_js_url", "mathjax_url", "jquery_url", "mermaid_js_url"), "")
    page, _ = HTMLExporter(config=Config({"HTMLExporter": off})).from_notebook_node(notebook)
    fetched = re.findall(
        r"<(?:script|img|link|iframe)[^>]*(?:src|href)=[\"'](https?:[^\"']+)", page
    )
    assert fetched == []
    assert WIDGET not in page
    for _, output in outputs(notebook):
        twin = output.get("data", {}).get("text/html", "")
        if WIDGET in output.get("data", {}):
            assert twin[:60] in page


@pytest.mark.parametrize("name", NAMES)
def test_outputs_show_no_folder_of_the_project(executed, name):
    home = str(Path(__file__).resolve().parents[2] / "golifelab")
    for cell, output in outputs(executed(name, "learner", "full")):
        text = output.get("text", "") or output.get("data", {}).get("text/plain", "")
        assert home not in text, cell.source
