"""The object page's payload: bytes, fields, symbols and lines fit together; its twin."""

from __future__ import annotations

import base64

import pytest

from golifelab import Program
from golifelab.link.object.file import read_object
from golifelab.toolchain.exports import export_files
from golifelab.views import objectbytes
from golifelab.views.objectbytes import object_payload, object_payloads
from golifelab.views.objecttwin import object_html, object_panel_html, object_panel_text
from golifelab.views.stage import stage_html
from golifelab.widgets.view import pack


@pytest.fixture(scope="module")
def program(hello):
    return Program(hello)


@pytest.fixture(scope="module")
def payload(program):
    (made,) = object_payloads(program)
    return made


def test_bytes_and_fields_are_those_of_the_file(payload, program):
    file = program.object
    assert base64.b64decode(payload["content"]) == file.content
    fields, texts = payload["fields"], payload["texts"]
    assert len(fields["offset"]) == len(file.fields)
    for row in range(0, len(file.fields), 97):
        field = file.fields[row]
        assert (fields["offset"][row], fields["size"][row]) == (field.offset, field.size)
        assert fields["parent"][row] == field.parent
        assert texts[fields["value"][row]] == field.value
        assert texts[fields["meaning"][row]] == field.meaning
    assert len(pack(payload)) < 100_000


def test_symbols_and_their_places(payload, program):
    symbols = payload["symbols"]
    row = symbols["name"].index("main.add")
    add = program.object.symbol("main.add")
    assert symbols["offset"][row] == add.offset
    assert payload["functions"][0] == [add.offset, add.offset + add.size, "main.add"]


def test_lines_of_the_source_have_their_bytes(payload, program):
    add, main = (program.object.symbol(f"main.{name}") for name in ("add", "main"))
    of = {line: (start, end) for start, end, line in payload["lines"]}
    assert of[7] == (add.offset, add.offset + add.size)
    inside = [row for row in payload["lines"] if main.offset <= row[0] < main.offset + main.size]
    # Line 16 of main.go is its own func; what was inlined from print.go is no line of it.
    assert {16, 18, 20} <= {line for _, _, line in inside}
    assert max(line for _, _, line in inside) < 30


def test_instructions_stand_where_their_bytes_are(payload, program):
    code = {start: (size, text) for start, size, text in payload["instructions"]}
    main = program.object.symbol("main.main")
    for one in program.machine("main.main"):
        if one.size:
            assert code[main.offset + one.pc] == (one.size, one.text)
    starts = [start for start, _, _ in payload["instructions"]]
    assert starts == sorted(starts)


def test_a_program_that_does_not_compile(program):
    (made,) = object_payloads(program.edit("a + b", "a + c"))
    assert made["errors"] == 1
    assert "undefined: c" in made["problem"]
    assert "undefined: c" in object_panel_html(made)
    assert "undefined: c" in object_panel_text(made)
    assert "at work" in object_panel_html({})


def test_a_large_file_is_bounded(monkeypatch, newest):
    monkeypatch.setattr(objectbytes, "MAX_FIELDS", 1000)
    monkeypatch.setattr(objectbytes, "MAX_BYTES", 4096)
    monkeypatch.setattr(objectbytes, "MAX_SYMBOLS", 10)
    file = read_object(export_files(newest)["errors"].read_bytes())
    made = object_payload(file)
    assert len(made["fields"]["offset"]) <= 1000
    assert made["shallow"]
    assert made["more"] == file.size - 4096
    assert made["hidden"] == len(file.symbols) - 10
    assert made["fields"]["parent"][0] == -1
    assert all(parent < row for row, parent in enumerate(made["fields"]["parent"]))


def test_twins(payload, program):
    for html in (object_html(program.object), object_panel_html(payload)):
        assert "main.add" in html
        assert "names of referred symbols" in html
        assert "<script" not in html
    assert str(stage_html(program.object)).startswith(str(object_html(program.object))[:200])
    text = object_panel_text(payload)
    assert "__.PKGDEF" in text
    assert "relocations" in text


def test_hostile_names_are_escaped():
    source = 'package main\n\nvar x = "<script>alert(1)</script>"\n\nfunc main() { println(x) }\n'
    file = Program.from_text(source).object
    assert "<script>" not in object_html(file)
    assert "&lt;script&gt;" in object_html(file)
