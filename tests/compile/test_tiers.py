"""The helper and the fallback say the same, as far as the fallback can."""

from __future__ import annotations

import random
import re

import pytest

from golifelab.compile import dump
from golifelab.compile.dump import HelperCode, function_of
from golifelab.compile.fallback.dump import TextCode
from golifelab.compile.fallback.front import standard_front
from golifelab.compile.functions import find
from golifelab.compile.ssa import notation
from golifelab.toolchain.helper.front import front

# The variables that a value holds, at the end of its line: "(a[int], b[func(int) bool])".
_NAMES = re.compile(r" \([^()]*(?:\([^()]*\)[^()]*)*\)( DEAD)?$")


def rows(table, columns):
    return [tuple(table.value(name, row) for name in columns) for row in range(len(table))]


@pytest.mark.parametrize("path", ["", "sort", "strconv"])
def test_tokens_nodes_and_types(path, rich, observed, std_source):
    target = observed.with_(gcflags=("-std",) if path else ())
    source = std_source(path, target) if path else rich
    ours, theirs = front(source, target), standard_front(source, target)
    assert theirs.tier == "fallback"
    assert rows(ours.tokens, ours.tokens.columns) == rows(theirs.tokens, theirs.tokens.columns)
    places = ["file", "line", "column", "kind", "field", "index", "text", "constant"]
    assert rows(ours.nodes, places) == rows(theirs.nodes, places)
    assert rows(ours.nodes, ["start", "end"]) == rows(theirs.nodes, ["start", "end"])
    types = zip(
        rows(ours.nodes, ["text", "type", "mode"]),
        rows(theirs.nodes, ["text", "type", "mode"]),
        strict=True,
    )
    # go/types leaves nil untyped; the compiler gives it the type it is used as.
    assert all(a == b for a, b in types if a[0] != "nil")
    known = ["kind", "name", "type", "exported", "flags"]
    assert set(rows(ours.objects, known)) == set(rows(theirs.objects, known))


PAIRS = ["rich", "rich arm64", "rich oldest", "sort", "strconv"]


@pytest.fixture(scope="module", params=PAIRS)
def pair(request, rich, newest, oldest, std_source):
    """One program, watched both ways."""
    name, _, how = request.param.partition(" ")
    target = (oldest if how == "oldest" else newest).with_(
        goarch="arm64" if how == "arm64" else "amd64",
        gcflags=() if name == "rich" else ("-std",),
    )
    source = rich if name == "rich" else std_source(name, target)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dump, "_WHOLE", 1 << 30)  # every function in one run
        yield HelperCode(source, target), TextCode(source, target)


def some(code, count=8):
    """A fixed choice of functions."""
    listed = sorted((f for f in code.functions if f.size), key=lambda f: f.symbol)
    return random.Random(1).sample(listed, min(count, len(listed)))


def test_functions_and_machine_code(pair):
    ours, theirs = pair
    assert {(f.symbol, f.name, f.abi, f.size) for f in ours.functions if f.size} == {
        (f.symbol, f.name, f.abi, f.size) for f in theirs.functions
    }
    for function in ours.functions:
        if not function.size:
            continue
        mine, text = ours.machine(function), theirs.machine(find(theirs.functions, function.symbol))
        assert mine.code == text.code
        assert mine.relocations == text.relocations
        assert (mine.frame_size, mine.arguments_size) == (text.frame_size, text.arguments_size)
        parts = [[(i.pc, i.size, i.text) for i in m.instructions] for m in (mine, text)]
        assert parts[0] == parts[1]
        lines = [[i.position and i.position.line for i in m.instructions] for m in (mine, text)]
        assert lines[0] == lines[1]


def test_ssa_line_by_line(pair):
    """Every value, block and branch of every pass: helper == text, and text == what Go printed."""
    ours, theirs = pair
    for function in some(ours):
        other = find(theirs.functions, function.symbol)
        printed = theirs._record(other).sections
        mine, text = ours.passes(function), theirs.passes(other)
        assert [p.name for p in mine] == [p.name for p in text] == [s.name for s in printed]
        for a, b, section in zip(mine, text, printed, strict=True):
            assert list(notation.lines(b.snapshot)) == section.lines
            assert stripped(notation.lines(a.snapshot)) == stripped(section.lines)
            assert a.statistics == b.statistics


WHOLE = ["strconv", "sort", "bufio", "path/filepath", "container/list", "text/tabwriter"]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("path", WHOLE)
def test_every_function_of_a_package(path, newest, std_source, monkeypatch):
    """Not one line that Go prints is left over, and the helper says the same."""
    monkeypatch.setattr(dump, "_WHOLE", 1 << 30)  # every function in one run
    target = newest.with_(gcflags=("-std",))
    source = std_source(path, target)
    ours, theirs = HelperCode(source, target), TextCode(source, target)
    observed = {(f.symbol, f.abi): f for f in ours.functions if f.size}
    assert {(f.symbol, f.abi) for f in theirs.functions} == set(observed)
    for function in theirs.functions:
        printed = theirs._record(function).sections
        mine = ours.passes(observed[function.symbol, function.abi])
        text = theirs.passes(function)
        assert [p.name for p in mine] == [p.name for p in text]
        for a, b, section in zip(mine, text, printed, strict=True):
            assert list(notation.lines(b.snapshot)) == section.lines
            assert stripped(notation.lines(a.snapshot)) == stripped(section.lines)
        theirs._records.clear()  # hundreds of megabytes otherwise
        ours._passes.clear()


def test_large_packages_are_watched_one_function_at_a_time(newest, std_source, monkeypatch):
    monkeypatch.setattr(dump, "_WHOLE", 4_000)
    target = newest.with_(gcflags=("-std",))
    code, function = function_of(std_source("sort", target), target, "heapSort_func")
    assert function.size > 0
    assert code.machine(function).code
    assert code.passes(function)[0].statistics[1] > 0
    other = find(code.functions, "Search")
    assert other.size == 0
    assert code.passes(other)[0].statistics[1] > 0
    assert code.ir(other)
    assert code.object.startswith(b"!<arch>")


def stripped(lines):
    """Lines without the variables they hold: Go prints some that it had dropped before."""
    return [_NAMES.sub(r"\1", x) if x.startswith("    (") else x for x in lines]


def test_oldest_ssa(rich, oldest):
    ours, theirs = HelperCode(rich, oldest), TextCode(rich, oldest)
    for name in ("main", "Map[go.shape.int,go.shape.string]", "(*counter).Inc"):
        a, b = find(ours.functions, name), find(theirs.functions, name)
        for mine, text in zip(ours.passes(a), theirs.passes(b), strict=True):
            assert stripped(notation.lines(mine.snapshot)) == stripped(
                notation.lines(text.snapshot)
            )
