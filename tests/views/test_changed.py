"""The changed compiler in a page: nothing is lost, and no text is taken for HTML."""

from __future__ import annotations

from golifelab.compile.changed.checked import Checked
from golifelab.compile.changed.laundering import laundering
from golifelab.compile.changed.patch import Edit, Patch
from golifelab.position import Diagnostic, Position
from golifelab.run.notices import COLUMNS, Cell, Notices
from golifelab.views.changed import diff_html, patch_html
from golifelab.views.stage import stage_html
from golifelab.views.text import text

NASTY = '<b onclick="x">&'


def notices(building: bool = False) -> Notices:
    noticed = {column: column == "parser" for column in COLUMNS}
    cells = tuple(
        Cell(NASTY, column, answer, NASTY if answer else "", position=Position(NASTY, 1, 2))
        for column, answer in noticed.items()
    )
    skipped = tuple(Cell("two", column, None, why=f"{NASTY} why") for column in COLUMNS)
    return Notices(
        programs=(NASTY, "two"), cells=cells + skipped, building=building, command=f"go vet {NASTY}"
    )


def test_notices_tell_who_says_what_and_who_was_not_asked():
    made = stage_html(notices())
    assert "<b" not in made
    assert made.count("✔") == 2  # one mark, one legend
    assert "&lt;b onclick=&quot;x&quot;&gt;&amp;:1:2: &lt;b" in made
    assert made.count("why") >= len(COLUMNS)
    assert "still being built" not in made
    assert "still being built" in stage_html(notices(building=True))


def test_a_terminal_gets_the_table_and_the_words():
    lines = text(notices()).splitlines()
    assert [lines[1].split(NASTY)[1].split().index("yes"), COLUMNS.index("parser")] == [1, 1]
    assert f"{NASTY}, parser: {NASTY}" in lines
    assert f"two, vet: {NASTY} why" in lines
    found = (Diagnostic(Position("main.go", 3, 1), "words"),)
    refused = Checked(tool="linter", diagnostics=found, accepted=False, output="", command="lint")
    assert text(refused) == "linter: refused\nmain.go:3:1: words"


def test_an_answer_shows_its_diagnostics_or_that_there_are_none():
    found = (Diagnostic(Position("main.go", 3, 1), NASTY),)
    refused = Checked(tool="linter", diagnostics=found, accepted=False, output="", command="lint")
    assert "refuses" in stage_html(refused)
    assert "<b" not in stage_html(refused)
    good = Checked(tool="linter", diagnostics=(), accepted=True, output="", command="lint")
    assert "The linter accepts this program." in stage_html(good)
    failed = Checked(tool="vet", diagnostics=(), accepted=False, output=NASTY, command="go vet")
    assert "failed" in stage_html(failed)
    assert "<b" not in stage_html(failed)


def test_a_diff_shows_file_by_file():
    made = diff_html(laundering(NASTY).diff())
    assert made.count("<details") == 3
    assert made.count("<details open") == 1
    assert "expr.go: +8 −0 lines" in made
    assert made.count("a new file") == 2
    assert "&lt;b onclick=" in made
    assert diff_html("") == "<p>No change.</p>"


def test_a_patch_that_does_not_fit_shows_in_words():
    made = patch_html(Patch("mine", (Edit("cmd/compile/main.go", NASTY, ""),)))
    assert "does not fit" in made
    assert "<b" not in made
