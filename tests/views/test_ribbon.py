"""The ribbon's payload says what both scanners say, and nothing else."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given, settings, strategies as st

from golifelab import Program, Target, sample
from golifelab.compile.gotokens import pair
from golifelab.compile.numbering import numbering
from golifelab.errors import GolifelabError
from golifelab.toolchain.helper import build
from golifelab.views import ribbon
from golifelab.views.ribbon import ribbon_payload, ribbon_payloads
from golifelab.views.ribbontwin import cells, ribbon_html, ribbon_text
from golifelab.widgets.view import pack

WIDE = 'package main // größe\n\nvar 世界 = "𝄞é" + `a\nb` /* x\n*/\nvar y = 0x # 1\n'


def payload_of(text: str) -> dict:
    (payload,) = ribbon_payloads(Program.from_text(text))
    return payload


def rows(payload: dict) -> list[tuple]:
    """Start, compiler's kind and go/token's name of every cell."""
    columns, classes, go = payload["cells"], payload["classes"], payload["go_classes"]
    starts = accumulate(columns["start"])
    return [
        (start, classes[mine]["kind"] if mine >= 0 else "", go[other]["name"] if other >= 0 else "")
        for start, mine, other in zip(starts, columns["compiler"], columns["go"], strict=True)
    ]


@pytest.mark.parametrize("text", [sample("add").text, WIDE, "", "package", "\x00 é\n'"])
def test_cells_are_the_pairs_of_the_two_scanners(text):
    program = Program.from_text(text)
    expected = [
        ((mine or other).start, mine.kind if mine else "", other.name if other else "")
        for mine, other in pair(program.tokens, program.go_tokens, "main.go")
    ]
    assert rows(payload_of(text)) == expected


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="ab1+-*/\"'`(){};:=<>.,#é𝄞\n\t \x00", max_size=40))
def test_any_text_has_a_payload_and_a_twin(text):
    payload = payload_of(text)
    program = Program.from_text(text)
    counts = payload["counts"]
    assert counts["tokens"] == len(program.tokens)
    assert counts["automatic"] == sum(token.automatic for token in program.tokens)
    assert counts["go"] == len(program.go_tokens)
    raw = text.encode()
    typed = [cell.text for cell in cells(payload) if not cell.automatic]
    assert all(piece.encode() in raw for piece in typed)
    assert pack(payload)
    assert ribbon_html(payload)
    assert ribbon_text(payload)


def test_the_cells_cut_the_tokens_out_of_the_source():
    texts = [cell.text for cell in cells(payload_of(WIDE))]
    assert {"世界", '"𝄞é"', "`a\nb`", "// größe"} <= set(texts)
    assert [cell.position for cell in cells(payload_of(WIDE)) if cell.text == '"𝄞é"'] == ["3:14"]


def test_semicolons_that_nobody_typed_cover_nothing_and_say_why():
    found = [cell for cell in cells(payload_of("package main;\nvar x = 1")) if cell.compiler == ";"]
    assert [(cell.text, cell.automatic) for cell in found] == [(";", ""), ("", "EOF")]


def test_the_compilers_numbers_are_those_of_its_source():
    payload = payload_of("package main\n\nvar x = a + 1 // y\n")
    by_kind = {made["kind"]: made for made in payload["classes"]}
    plus = numbering(Program.from_text("").target).of("+")
    assert plus is not None
    made = by_kind["op"]
    assert (made["name"], made["number"]) == (plus.compiler_name, plus.compiler_number)
    assert (made["operator_name"], made["operator_number"]) == (
        plus.operator,
        plus.operator_number,
    )
    assert "number" not in by_kind["comment"], "the compiler has no token for comments"


def test_every_go_under_test_has_both_lanes_and_numbers(target, hello):
    (payload,) = ribbon_payloads(Program(hello, target))
    assert all(mine and other for _, mine, other in rows(payload))
    numbered = [made for made in payload["classes"] if "number" in made]
    assert {"_Name", "_Operator", "_Semi"} <= {made["name"] for made in numbered}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("package main\n\nfunc main() {}\n", None),
        ("package main\n\nvar x = '\n", "scan"),
        ("package main\n\nfunc main() {\n\tx := \n}\n", "parse"),
        ("package main\n\nfunc main() { x }\n", "types"),
        # These leave a tree to check; what types2 finds in it may stand above them.
        ("package main\n\nfunc main() { x := 08 }\n", "scan"),
        ("package main\n\nfunc main() {\n\tx := 1\nL:\n}\n", "parse"),
    ],
)
def test_the_light_tells_who_complained_first(text, first):
    build.wait(Target())
    payload = payload_of(text)
    program = Program.from_text(text)
    found = program.checks
    assert (payload["first"] or {}).get("phase") == first
    assert (first is None) == (found.first is None)
    assert found.first is None or first in (found.first.name, "types")
    told = {reader["who"]: reader["errors"] for reader in payload["readers"]}
    phases = [error.phase for error in program.errors]
    assert told["scanner"] == phases.count("scan")
    assert told["parser"] == phases.count("parse")
    # Nobody checks the types of a tree with syntax errors.
    assert told["types2"] == (phases.count("types") if found["initFiles"].ran else None)
    assert ("complained first" in ribbon_text(payload)) == (first is not None)


def test_one_is_told_as_one():
    assert ribbon_text(payload_of("")).startswith("1 token, 0 semicolons that nobody typed\n")


def test_the_topmost_error_is_not_called_the_first_one_found():
    """types2 finds the unused import last, and the name that nobody declared long before."""
    text = 'package main\n\nimport "os"\n\nfunc main() {}\n\nvar a gone\n'
    found = Program.from_text(text).checks.errors
    assert [error.position.line for error in found] == [7, 3]
    told = "\ntypes2 complained first, the topmost of 2 errors is at main.go:3:8: "
    assert told in ribbon_text(payload_of(text))
    one = ribbon_text(payload_of("package main\n\nvar a gone\n"))
    assert "\ntypes2 complained first, at main.go:3:7: undefined: gone\n" in one


def test_a_stage_alone_has_the_compilers_lane():
    tokens = sample("add").tokens
    payload = ribbon_payload(tokens, "main.go")
    assert "go_classes" not in payload
    assert "go" not in payload["cells"]
    assert payload["readers"][1]["errors"] is None, "only the scanner was asked"
    assert "<th" in ribbon_html(payload)


def test_an_unknown_file_is_refused():
    tokens = sample("add").tokens
    with pytest.raises(GolifelabError, match=r"no file other\.go"):
        ribbon_payload(tokens, "other.go")


def test_a_huge_file_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(ribbon, "MAX_CELLS", 10)
    payload = payload_of(sample("add").text)
    assert len(payload["cells"]["start"]) == 10
    assert payload["counts"]["hidden"] == payload["counts"]["tokens"] - 10


def test_the_twin_escapes_what_it_shows():
    html = ribbon_html(payload_of('package main\n\nvar x = "<script>" + <b>\n'))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "are being made" in ribbon_html({})
