from __future__ import annotations

import re

import pytest

from golifelab.claims.gosource import NODER, SYNTAX, go_file, search
from golifelab.claims.listing import instructions, ssa_values, tree_lines
from golifelab.claims.workbench import Lab, workbench
from golifelab.errors import GolifelabError
from golifelab.toolchain.go import find_go


@pytest.fixture(params=["helper", "fallback"])
def tier(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    go_file.cache_clear()
    yield
    go_file.cache_clear()


def text_of(path, target):
    return (find_go(target.go).root / "src" / path).read_text()


def test_methods_and_fields_are_those_of_the_text(tier, target):
    path = f"{SYNTAX}/scanner.go"
    scanner, text = go_file(path, target), text_of(path, target)
    assert list(scanner.methods("scanner")) == re.findall(
        r"^func \(\w+ \*scanner\) (\w+)\(", text, re.MULTILINE
    )
    assert scanner.header("scanner.next") == "func (s *scanner) next()"
    assert scanner.fields("scanner")[:2] == ("source", "mode")
    assert {"line", "col", "tok", "lit"} <= set(scanner.fields("scanner"))
    assert go_file(f"{SYNTAX}/tokens.go", target).underlying("Token") == "uint"


def test_types_and_their_declarations(tier, target):
    nodes = go_file(f"{SYNTAX}/nodes.go", target)
    assert nodes.underlying("File") == "struct"
    assert nodes.declaration("File").startswith("type File struct {")
    assert {"File", "CallExpr", "Operation"} <= set(nodes.structs())
    assert nodes.fields("ImportDecl")
    assert nodes.fields("Node") == ()


def test_what_is_not_there_is_said(target):
    nodes = go_file(f"{SYNTAX}/nodes.go", target)
    with pytest.raises(GolifelabError, match="no type Files"):
        nodes.fields("Files")
    with pytest.raises(GolifelabError, match="no function nowhere"):
        nodes.function("nowhere")


def test_a_search_leaves_tests_out_and_notes_what_it_found(target):
    lab = Lab(workbench(target))
    hits = search(lab, r"^func LoadPackage\(", NODER)
    assert [hit.file for hit in hits] == [f"{NODER}/noder.go"]
    line = text_of(hits[0].file, target).splitlines()[hits[0].line - 1]
    assert line.strip() == hits[0].text
    assert hits[0].text in lab.evidence[-1].output
    assert search(lab, "nobody writes this", SYNTAX) == ()
    assert lab.evidence[-1].output == "(nothing)"


def test_what_a_listing_is_made_of():
    listing = "\t0x0000 00000 (/x/main.go:3)\tTEXT\tmain\n\t0x0001 00001 (a.go:4)\tPCDATA\t$0\n"
    assert instructions(listing) == ["main.go:3"]
    assert ssa_values("v13 = Add64 v7 v8\nb1:\n") == 1
    assert tree_lines("before walk main\n.   AS tc(1)\n.   .   LITERAL-43 int\n") == 2
