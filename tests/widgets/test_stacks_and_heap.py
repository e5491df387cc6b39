"""The pages of stacks and of the heap on the real toolchain, without a browser."""

from __future__ import annotations

from golifelab import Program, sample, show
from golifelab.errors import FeatureUnavailable
from golifelab.run.stacks.comparison import growth_comparison
from golifelab.run.stacks.copies import Copy, StackCopies
from golifelab.views import heap as heap_view
from golifelab.views.heap import heap_payload
from golifelab.views.stackgrowth import comparison_payload
from golifelab.views.stackgrowthtwin import overflow_html
from golifelab.views.stage import stage_html
from golifelab.views.text import text
from golifelab.widgets import HeapPage, StackStaircase, heap as heap_page, stackgrowth as stack_page
from golifelab.widgets.view import View, unpack


def made(page):
    assert page.wait()
    assert page.failure == ""
    return unpack(page.payload)


def test_the_staircase_follows_the_editor(newest):
    program = sample("deep", target=newest)
    page = show(program, view="stacks", argument=3000)
    assert isinstance(page, StackStaircase)
    shown = made(page)
    assert [row["label"] for row in shown["rows"]] == ["as written", "//go:noinline"]
    assert [round(row["rate"]) for row in shown["rows"]] == [12, 24]
    assert shown["rows"][0]["edge"][0] == 512 << 20
    assert [one["name"] for one in shown["functions"]] == ["deep"]
    assert page.growth == program.stack_growth()
    assert page.argument == 3000
    plain = page._repr_mimebundle_()[0]["text/plain"]
    assert "12.0 bytes a level, in frames of 24 bytes with 2 levels each" in plain
    assert "1,398,017" in page.twin()


def test_an_edit_and_a_broken_one(newest, monkeypatch):
    monkeypatch.setattr(stack_page, "MOST", 1 << 18)
    monkeypatch.setattr(stack_page, "_QUICK", 1 << 16)
    text_ = sample("deep").text.replace("1 + deep(n-1)", "deep(n-1) + int(page[n%64])")
    text_ += "\nvar page [64]byte\n\nfunc flat(n int) int { return n }\n"
    page = show(Program.from_text(text_, target=newest), view="stacks", function="flat")
    shown = made(page)
    assert shown["function"] == "flat"
    assert "not seen to take a larger stack" in page.twin()
    page.source = page.source.replace("func flat(n int)", "func flat(n, m int)")
    shown = made(page)
    assert shown["function"] == "deep", "what can't be measured any more gives way"
    page.source = page.source.replace("int(page[n%64])", "page[n%64]")
    assert "mismatched types" in made(page)["failed"]
    page.source = "package main\n\nfunc main() {}\n"
    shown = made(page)
    assert "no function whose stack" in shown["failed"]
    assert "no function whose stack" in page.twin()


def test_where_nothing_runs_a_recording_is_shown(newest, monkeypatch):
    def refused(*_, **__):
        raise FeatureUnavailable("running the program", "this is no Linux")

    monkeypatch.setattr(stack_page, "stack_growth", refused)
    monkeypatch.setattr(heap_page, "heap", refused)
    for view in ("stacks", "heap"):
        page = show(sample("deep", target=newest), view=view)
        shown = made(page)
        assert "this is no Linux" in shown["note"]
        assert "recorded with go" in shown["note"]
        assert shown["recorded"].startswith("recorded with go")


def test_stages_of_stacks_show_themselves(newest):
    program = sample("deep", target=newest)
    both = growth_comparison(program.source, newest, most=1 << 16)
    assert len(comparison_payload(both)["rows"]) == 2
    assert isinstance(show(both), View)
    assert "//go:noinline, up to" in stage_html(both)
    assert "5377" in text(both)
    found = program.stack_overflow(limit=100_000)
    assert found.usable == 64 << 10
    assert f"({found.overflows:,}) ends the program" in overflow_html(found)
    moved = StackCopies(rows=(Copy(1, 2048, 4096, "main.<deep>"),), command="gdb")
    assert "main.&lt;deep&gt;" in stage_html(moved)
    assert list(moved.frame().columns) == ["goroutine", "old", "new", "function"]
    assert moved.to_json()["copies"][0]["new"] == 4096


def test_the_heap_page_follows_the_editor(newest):
    program = sample("keeper", target=newest)
    page = show(program, view="heap")
    assert isinstance(page, HeapPage)
    shown = made(page)
    names = [name for name, _ in shown["types"]]
    assert names[:2] == ["alloc_objects", "alloc_space"]
    for name in names:
        assert sum(shown["own"][names.index(name)]) == page.heap.profile.total(name)
    nodes = shown["nodes"]
    assert all(parent < row for row, parent in enumerate(nodes["parent"]))
    assert 5 < len(nodes["parent"]) < 400
    assert "main.garbage" in page.twin()
    assert "as main begins" in page.twin()
    plain = page._repr_mimebundle_()[0]["text/plain"]
    assert "objects of" in plain.splitlines()[0]
    assert "main.garbage" in plain.splitlines()[1]
    page.rate = 64 << 10
    assert made(page)["rate"] == 64 << 10
    page.source = page.source.replace("make([]byte, 1024+i%7)", "nil")
    shown = made(page)
    assert "main.garbage" not in shown["names"]
    page.source = "package main\n\nfunc main() { nothing() }\n"
    assert "undefined: nothing" in made(page)["failed"]
    assert "undefined: nothing" in page.twin()


def test_a_run_without_a_profile_has_the_rest(newest):
    killed = "syscall.Kill(syscall.Getpid(), syscall.SIGKILL)"
    source = f'package main\n\nimport "syscall"\n\nfunc main() {{\n\t{killed}\n}}\n'
    run = Program.from_text(source, target=newest).heap
    assert run.profile is None
    payload = heap_payload(run)
    assert payload["types"] == payload["nodes"]["parent"] == []
    assert "killed by signal 9" in stage_html(run)
    assert len(run.frame()) == 0


def test_a_heap_alone(newest, monkeypatch):
    run = sample("keeper", target=newest).heap
    whole = len(heap_payload(run)["nodes"]["parent"])
    monkeypatch.setattr(heap_view, "MAX_NODES", whole - 1)
    few = heap_payload(run)
    assert len(few["nodes"]["parent"]) < whole
    assert [sum(column) for column in few["own"]] == run.profile.values.sum(axis=0).tolist()
    assert isinstance(show(run), View)
    assert "who allocated" in stage_html(run)
    payload = heap_payload(run)
    assert len(payload["samples"]) <= 600
    assert payload["collections"][0][0] == 1
