"""Whose every byte is: sums are exact, and `go tool nm` is the judge."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st

from golifelab import Program
from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable, executable, link
from golifelab.link.sizes import package_of, sizes, sizes_difference
from golifelab.link.sizes.pieces import Piece, divided
from golifelab.link.sizes.rows import NOBODY
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.link import Mode
from golifelab.toolchain.run import run


def test_every_byte_counts_once(program):
    made = sizes(program)
    assert made.file == program.size
    files, memories = Counter(), Counter()
    for row in made.rows:
        files[row.section] += row.file
        memories[row.section] += row.memory
    for section in program.sections:
        if section.name:
            assert files[section.name] == section.file_size, section.name
            assert memories[section.name] == (section.size if section.loaded else 0), section.name
    assert made.memory == sum(memories.values())
    for what in ("package", "section", "kind", "symbol"):
        assert sum(one.file for one in made.by(what)) == made.file
        assert sum(one.memory for one in made.by(what)) == made.memory


def test_symbols_have_the_size_that_nm_says(hello, target):
    as_nm_says(link(hello, target), find_go(target.go))


def as_nm_says(binary: Executable, go: Go) -> None:
    words = [go.command, "tool", "nm", "-size", "-sort", "none", str(binary.path)]
    told: Counter[str] = Counter()
    for line in run(words, env=go.environment(Target()), timeout=300).text.splitlines():
        columns = line.split(maxsplit=3)
        if len(columns) == 4 and columns[2] in "TtRrDdBb":
            told[columns[3].removesuffix(".abi0")] += int(columns[1])
    assert len(told) > 1000
    mine: Counter[str] = Counter()
    for row in sizes(binary).rows:
        if row.kind not in ("function tables", "padding"):
            mine[row.name] += row.memory
    # The linker's symbol over all function data is divided among the functions.
    differ = {n: (told[n], mine[n]) for n in told if told[n] != mine[n] and n != "go:func.*"}
    assert differ == {}


def test_a_function_has_code_and_tables(hello, target):
    binary = link(hello, target)
    made = sizes(binary)
    rows = {row.kind: row for row in made.of("main.add")}
    assert rows["code"].memory == binary.function("main.add").size
    assert rows["code"].package == "main"
    # At least its entry of eight bytes, its record, and its name.
    assert rows["function tables"].file > 8 + 44
    with_tables = {row.name for row in made.rows if row.kind == "function tables"}
    assert all(one.name in with_tables for one in binary.pclntab)
    tables = sum(row.file for row in made.rows if row.kind == "function tables")
    assert tables > 0.9 * binary.image.section(".gopclntab").size
    assert made.of("main.nobody") == ()
    assert made.package("main")[0].package == "main"


def test_stripping_takes_names_and_debug_info_only(hello, target):
    before = sizes(link(hello, target))
    after = sizes(link(hello, target, Mode(flags=("-s", "-w"))))
    made = sizes_difference(before, after)
    assert made.file == after.file - before.file < 0
    assert made.memory == 0
    kinds = {one.name: one.file for one in made.by("kind") if abs(one.file) > 200}
    assert set(kinds) == {"debug info", "symbol table"}
    assert sum(row.file for row in made.rows) == made.file
    # The padding between functions is found without the symbol table, too.
    code = [sum(r.file for r in value.rows if r.kind == "code") for value in (before, after)]
    assert code[0] == pytest.approx(code[1], rel=0.001)


def test_an_edit_is_seen(hello, newest):
    before = sizes(link(hello, newest))
    text = hello.text().replace("return a + b // the sum", "println(a, b)\n\treturn a + b")
    after = sizes(link(Source.from_text(text), newest))
    made = sizes_difference(before, after)
    grown = {(row.name, row.kind): row for row in made.changed}
    assert grown["main.add", "code"].state == "grown"
    assert grown["main.add", "code"].memory == (
        after.of("main.add")[0].memory - before.of("main.add")[0].memory
    )
    assert made.by("package")[0].file != 0
    same = sizes_difference(before, before)
    assert (same.changed, same.file, same.memory) == ((), 0, 0)
    assert len(made.frame()) == len(made.changed) == len(made.to_json()["rows"])
    assert len(before.frame()) == len(before.rows) == len(before.to_json()["rows"])


def test_what_is_new_and_what_is_gone(newest):
    text = 'package main\n\nimport "strings"\n\nfunc main() { println(strings.ToUpper("a")) }\n'
    one = sizes(link(Source.from_text(text), newest))
    other = sizes(link(Source.from_text("package main\n\nfunc main() { println(1) }\n"), newest))
    states = {row.name: row.state for row in sizes_difference(other, one).changed}
    assert states["strings.ToUpper"] == "new"
    states = {row.name: row.state for row in sizes_difference(one, other).changed}
    assert states["strings.ToUpper"] == "gone"


def test_a_program_that_is_not_gos():
    found = executable("/bin/sh")
    made = sizes(found)
    assert made.file == found.size
    with pytest.raises(GolifelabError, match=r"not told by colour\nthere are package, section"):
        made.by("colour")
    with pytest.raises(GolifelabError, match="not told by colour"):
        sizes_difference(made, made).by("colour")


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["compile", "link", "go"])
def test_the_tools_of_go_themselves(tool):
    go = find_go()
    binary = executable(go.root / "bin" / "go" if tool == "go" else go.tool(tool))
    test_every_byte_counts_once(binary)
    as_nm_says(binary, go)


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("main.main", "main"),
        ("net/http.(*Server).Serve", "net/http"),
        ("slices.SortFunc[go.shape.struct { net/url.x int }]", "slices"),
        ("main.(*pair[go.shape.string]).swap", "main"),
        ("gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml.v3"),
        ("crypto/internal/entropy/v1%2e0%2e0.Seed", "crypto/internal/entropy/v1.0.0"),
        ("type:*os.File", "os"),
        ("type:map[string]net/url.Values", "net/url"),
        ("type:.eq.[2]net/http.header", "net/http"),
        ("type:noalg.map[string]net/http.Handler", "net/http"),
        ("type:noalg.struct { F uintptr }", ""),
        ("type:*sync.Pool[go.shape.*net/url.URL]", "sync"),
        ("type:go.shape.*uint8", ""),
        ("type:noalg.map.group[string]bool", ""),
        ("type:noalg.map.group[string]net/url.Values", "net/url"),
        ("$f64.3ff0000000000000", ""),
        ("type:[]interface {}", ""),
        ("type:.namedata.Name-", ""),
        ("go:itab.*os.File,io.Writer", "os"),
        ("go:string.*", ""),
        ("_rt0_amd64_linux", ""),
        ("memeqbody", ""),
        ("", ""),
    ],
)
def test_the_package_in_a_name(name, package):
    assert package_of(name) == package


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 30)), max_size=12),
    st.integers(0, 10),
    st.integers(10, 50),
)
def test_pieces_tile_a_stretch(spans, start, end):
    symbols = [Piece(a, a + n, f"s{i}") for i, (a, n) in enumerate(spans)]
    made = list(divided(start, end, symbols))
    assert sum(one.size for one in made) == end - start
    assert all(one.size > 0 for one in made)
    here = start
    for one in made:
        assert one.start == here
        here = one.end
        covering = [s for s in symbols if s.start <= one.start and one.end <= s.end]
        assert bool(one.name) == bool(covering)
        if one.name:
            assert one.name in {s.name for s in covering}


def test_strings_and_types_have_names_where_they_were_placed(hello, target):
    program = Program(hello, target)
    binary = program.link()
    made = binary.sizes
    assert made.file == binary.size
    for section in binary.sections:
        rows = [row for row in made.rows if row.section == section.name]
        if section.loaded:
            assert sum(row.memory for row in rows) == section.size, section.name
    unknown = sum(row.memory for row in made.rows if row.name == NOBODY)
    before = sum(row.memory for row in sizes(binary).rows if row.name == NOBODY)
    assert unknown < 0.05 * before
    types = [row for row in made.rows if row.name.startswith("type:*os.")]
    assert {row.package for row in types} == {"os"}
    # What the runtime needs of a function counts to it in both.
    assert [row.memory for row in made.of("main.add")] == [
        row.memory for row in sizes(binary).of("main.add")
    ]
    stripped = program.link(Mode(flags=("-s", "-w")))
    assert not stripped.sizes.stripped
    assert stripped.sizes.of("runtime.mheap_")[0].memory == made.of("runtime.mheap_")[0].memory
