"""Which symbol is which, as the linker sees it; and export data's head."""

from __future__ import annotations

import hashlib

import pytest

from golifelab.errors import ParseError
from golifelab.link.object.export import export_header
from golifelab.link.object.file import object_file, read_object
from golifelab.source import Source
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import find_go

_AREA = "package shapes\n\nfunc Area(a, b int) int { return a * b }\n"
LIBRARY = Source((("shapes.go", _AREA),), "shapes")


@pytest.fixture(scope="module")
def made(hello, target):
    return object_file(hello, target)


def archive(name, target):
    return read_object(export_files(target)[name].read_bytes(), find_go(target.go).root)


def test_the_four_ways_to_be_known(made):
    main = made.symbol("main.main")
    assert (main.id.how, main.id.package, main.id.index) == ("package", "main", main.index)
    shared = next(s for s in made.symbols if s.name == "type:func()")
    assert (shared.id.how, shared.id.name, shared.id.abi) == ("name", "type:func()", "ABI0")
    one = made.symbol('go:string."one"')
    # A short one is known by its content itself.
    assert (one.id.how, one.id.digest) == ("short hash", b"one".ljust(8, b"\0"))
    assert {s.id.how for s in made.symbols} == {"package", "name", "short hash", "hash"}
    # Equal content is one symbol, and so are its definitions.
    rest = [s for s in made.symbols if s.id.how not in ("hash", "short hash")]
    assert len({s.id for s in rest}) == len(rest)
    assert len({s.id for s in made.symbols}) < len(made.symbols)


def test_references_have_the_identity_of_what_they_mean(made, target):
    own = {symbol.name: symbol.id for symbol in made.symbols}
    fmt, runtime = archive("fmt", target), archive("runtime", target)
    targets = {r.symbol: r.target for s in made.symbols for r in s.relocations if r.target}
    assert targets["main.add"] == own["main.add"]
    assert targets["fmt.Fprintln"] == fmt.symbol("fmt.Fprintln").id
    builtin = targets["runtime.morestack_noctxt"]
    assert (builtin.how, builtin.abi) == ("builtin", "ABI0")
    assert runtime.symbol("runtime.morestack_noctxt", "ABI0").name == builtin.name
    note = next(r for s in made.symbols for r in s.relocations if not r.symbol)
    assert note.target is None or not note.target.name


def test_equal_content_is_one_symbol_in_all_packages(made, target):
    fmt = archive("fmt", target)
    ours = {s.id: s for s in made.symbols if s.id.how == "hash" and s.data_size}
    theirs = {s.id: s for s in fmt.symbols if s.id.how == "hash" and s.data_size}
    both = ours.keys() & theirs.keys()
    assert both
    assert all(ours[one].data == theirs[one].data for one in both)


def test_what_kind_of_hash_it_is_is_what_go_says(target):
    text = (find_go(target.go).root / "src/cmd/internal/goobj/objfile.go").read_text()
    assert "HashSize = 16 // truncated SHA256" in text
    assert len(hashlib.sha256(b"").digest()[:16]) == 16


def test_packages_are_named_after_their_symbols(target):
    for name in ("fmt", "internal/bytealg", "errors", "sync/atomic", "math/rand/v2"):
        assert archive(name, target).package == name


def test_a_library_that_is_no_program(target):
    file = object_file(LIBRARY, target)
    assert file.package == "shapes"
    assert file.symbol("shapes.Area").id.package == "shapes"
    assert file.export.elements > 3
    member = next(m for m in file.members if m.kind == "export data")
    content = file.content[member.offset : member.offset + member.size]
    assert "Area" in file.export.strings(content)


def test_export_data_fills_its_member(target):
    names = ("String", "Meta", "PosBase", "Pkg", "Name", "Type", "Obj", "ObjExt", "ObjDict", "Body")
    for package in ("fmt", "sort", "unsafe", "internal/abi"):
        path = export_files(target).get(package)
        if path is None:
            continue
        file = read_object(path.read_bytes(), find_go(target.go).root)
        head = file.export
        assert tuple(section.name for section in head.sections) == names
        assert head.sections[1].elements == 2
        assert head.fingerprint == file.parts[0].fingerprint
        ends = [end for section in head.sections for end in section.ends]
        assert ends == sorted(ends)
        assert head.unread


def test_the_version_is_the_one_of_gos_sources(target):
    writer = find_go(target.go).root / "src/cmd/compile/internal/noder/unified.go"
    assert f"pkgbits.V{archive('fmt', target).export.version}\n" in writer.read_text()


@pytest.mark.parametrize(
    "content",
    [b"", b"go object \n$$B\n", b"go object \n$$B\ni\0\0\0\0\n$$\n", b"go object \n$$B\nu\1\n$$\n"],
)
def test_damaged_export_data_is_refused(content):
    with pytest.raises(ParseError, match="export data"):
        export_header(content, ("String", "Meta"))
