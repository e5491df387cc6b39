"""The front end's tables: what they hold, and what bad programs do to them."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from golifelab.compile.fallback.front import standard_front
from golifelab.errors import LimitExceeded, ParseError
from golifelab.source import Source
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.helper import build, front as front_module
from golifelab.toolchain.helper.front import FrontReply, front
from golifelab.toolchain.helper.stream import decode_reply
from golifelab.toolchain.run import run


def one(text: str) -> Source:
    return Source.from_text(text)


def row_of(reply, kind: str, text: str, nth: int = 0) -> int:
    nodes = reply.nodes
    rows = [
        row
        for row in range(len(nodes))
        if nodes.text("kind", row) == kind and nodes.text("text", row) == text
    ]
    return rows[nth]


def test_the_plus_of_add(target, hello):
    reply = front(hello, target, wait=True)
    row = row_of(reply, "Operation", "+")
    nodes = reply.nodes
    assert (nodes["line"][row], nodes["column"][row]) == (7, 11)
    assert hello.text()[nodes["start"][row] : nodes["end"][row]] == "a + b"
    assert nodes.text("type", row) == "int"
    parent = nodes["parent"][row]
    assert nodes.text("kind", parent) == "ReturnStmt"
    assert not len(reply.errors)
    assert reply.tier == "helper"


def test_tokens_show_automatic_semicolons_and_comments(newest):
    text = "package p // why\nvar x = 1"
    tokens = front(one(text), newest, wait=True).tokens
    told = [(tokens.text("kind", i), tokens.text("literal", i)) for i in range(len(tokens))]
    assert told == [
        ("package", ""),
        ("name", "p"),
        ("comment", "// why"),
        (";", "newline"),
        ("var", ""),
        ("name", "x"),
        ("=", ""),
        ("literal", "1"),
        (";", "EOF"),
        ("EOF", ""),
    ]


def test_offsets_count_bytes(newest):
    text = 'package p\n\nvar ü, s = "ä€", `\r\n`\n'
    reply = front(one(text), newest, wait=True)
    raw = text.encode()
    for row in range(len(reply.tokens)):
        literal = reply.tokens.text("literal", row)
        if reply.tokens.text("kind", row) in ("name", "literal"):
            piece = raw[reply.tokens["start"][row] : reply.tokens["end"][row]]
            assert piece.decode() == literal


def test_objects_join_uses_to_their_definition(target):
    reply = front(
        one("package p\n\nfunc f(n int) int {\n\tm := n\n\treturn m + n\n}\n"), target, wait=True
    )
    nodes, objects = reply.nodes, reply.objects
    uses = [nodes["object"][row_of(reply, "Name", "n", i)] for i in range(3)]
    assert len(set(uses)) == 1
    n = uses[0]
    assert objects.text("kind", n) == "Var"
    assert objects["flags"][n] & front_module.PARAMETER
    assert objects["node"][n] == row_of(reply, "Name", "n")
    scope = objects["parent"][n]
    assert nodes.text("kind", reply.scopes["node"][scope]) == "FuncType"
    m = nodes["object"][row_of(reply, "Name", "m")]
    assert not objects["flags"][m] & front_module.PARAMETER


def test_generics_selections_and_constants(target):
    text = """package p

import "strings"

type box[T any] struct{ inner }
type inner struct{ n int }

const big = 1 << 100 >> 98

func use() int {
	b := box[string]{}
	_ = strings.ToUpper("x")
	return b.n + big
}
"""
    reply = front(one(text), target, wait=True)
    assert not len(reply.errors)
    assert [reply.instances.text("arguments", i) for i in range(len(reply.instances))] == ["string"]
    selections = reply.selections
    assert [
        (selections.text("kind", i), selections.text("path", i)) for i in range(len(selections))
    ] == [("field", "0,0")]
    constant = reply.nodes["object"][row_of(reply, "Name", "big")]
    assert reply.objects.text("constant", constant) == "4"


def test_line_directives_do_not_move_positions(newest):
    text = "package p\n\n//line other.y:100\nvar x = nope\n"
    (found,) = front(one(text), newest, wait=True).diagnostics
    assert (found.position.file, found.position.line) == ("main.go", 4)


def test_fields_declared_together_share_one_type_row(newest):
    text = "package p\n\nfunc f(a, b int) {}\n"
    reply = front(one(text), newest, wait=True)
    names = [row_of(reply, "Name", "int", 0)]
    fields = [row for row in range(len(reply.nodes)) if reply.nodes.text("kind", row) == "Field"]
    assert len(fields) == 2
    assert reply.nodes["parent"][names[0]] == fields[0]
    spans = [text[reply.nodes["start"][f] : reply.nodes["end"][f]] for f in fields]
    assert spans == ["a, b int", "b int"]


BROKEN = {
    "undefined": "package main\n\nfunc main() { x := y; var s string = 1 }\n",
    "syntax": "package main\n\nfunc main() { if { }\n\tfor ;; {\n",
    "scan": "package main\n\nvar s = \"open\nvar c = ''\nvar n = 0x\n",
    "unused": 'package main\n\nimport ("fmt"; "os")\n\nfunc main() { a, b := 1, 2 }\n',
    "unused label": "package main\n\nfunc main() {\nL:\n\tgoto M\n}\n",
    "mismatch": 'package main\n\nfunc f(int) (x, y string)\n\nfunc main() { z := f("a"); _ = z }\n',
    "duplicate": "package main\n\ntype T struct{ a, a int }\n\nfunc f() {}\nfunc f() {}\n",
    "cycle": "package main\n\ntype T struct{ T }\n\nvar a, b = b, a\n",
    "return": "package main\n\nfunc f() int { for false {} }\n\nfunc main() {}\n",
    "generic": "package main\n\nfunc f[T int | string](T) {}\n\nfunc main() { f(1.5) }\n",
    "twice": "package main\n\nfunc main() { x(); x(); y(); x() }\n",
    "bytes": "package main\n\nvar x = \x00 @ 1\n",
    "empty": "",
}


@pytest.mark.parametrize("name", BROKEN)
def test_errors_are_those_the_compiler_prints(target, name):
    source = one(BROKEN[name])
    said = [str(d) for d in compile_object(source, target).diagnostics]
    found = [str(d) for d in front(source, target, wait=True).diagnostics]
    assert said
    assert found == said


def test_errors_of_several_files_and_the_language_version(target):
    source = Source(
        (
            ("z.go", "package main\n\nfunc main() { a(); for range 3 {} }\n"),
            ("a.go", "package main\n\nfunc b() { c() }\n"),
        )
    )
    old = target.with_(gcflags=("-lang=go1.20",))
    said = [str(d) for d in compile_object(source, old).diagnostics]
    found = [str(d) for d in front(source, old, wait=True).diagnostics]
    assert found == said
    assert any("-lang was set to go1.20" in text for text in found)


def test_error_codes_and_phases(newest):
    reply = front(one(BROKEN["undefined"]), newest, wait=True)
    codes = {d.code: d.phase for d in reply.diagnostics}
    assert codes["UndeclaredName"] == "types"
    assert reply.errors["soft"][-1] in (0, 1)
    phases = {d.phase for d in front(one(BROKEN["scan"]), newest, wait=True).diagnostics}
    assert "scan" in phases
    assert {d.phase for d in front(one(BROKEN["syntax"]), newest).diagnostics} == {"parse"}


def test_a_broken_program_still_has_types_where_it_can(newest):
    text = "package p\n\nfunc f(a int) int {\n\treturn a +\n}\n\nvar ok = 1 + 2\n"
    reply = front(one(text), newest, wait=True)
    assert {d.phase for d in reply.diagnostics} == {"parse"}
    assert reply.nodes.text("type", row_of(reply, "Operation", "+", 1)) == "int"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("no/such", "package no/such is not in std"),
        ("a.b/c", "no module provides package a.b/c"),
        ("C", "only cgo can make Go of it, and then go build compiles that"),
    ],
)
@pytest.mark.parametrize("ask", [front, standard_front])
def test_a_missing_import_is_an_error_row(ask, path, why, newest):
    build.wait(newest)
    text = f'package main\n\nimport "{path}"\n\nfunc main() {{}}\n'
    (found,) = ask(one(text), newest).diagnostics
    assert str(found) == f"main.go:3:8: could not import {path} ({why})"
    assert found.code == "BrokenImport"


def asked_for(source, target, goarch):
    """The reply for an architecture whose packages nobody wants to build for this test."""
    server = front_module._server(front_module.build.wait(target), front_module.find_go())
    header, blobs = front_module.request(source, target)
    reply, blob = server.request({**header, "goarch": goarch}, blobs)
    return FrontReply(decode_reply(reply, blob), source.names, "helper", 0)


def test_sizes_are_those_of_the_target(newest):
    text = 'package p\n\nimport "unsafe"\n\nconst n = unsafe.Sizeof(uintptr(0))\n'
    for goarch, size in (("amd64", "8"), ("arm64", "8"), ("386", "4")):
        reply = asked_for(one(text), newest, goarch)
        n = reply.nodes["object"][row_of(reply, "Name", "n")]
        assert reply.objects.text("constant", n) == size


def test_a_panic_of_the_front_end_is_an_error_row(newest):
    reply = asked_for(one("package p\n"), newest, "z80")
    assert [d.phase for d in reply.diagnostics] == ["internal"]
    assert len(reply.tokens) == 4
    assert len(reply.nodes) == 2


def test_every_prefix_of_a_program_is_survived(newest, hello):
    text = hello.text()
    pid = None
    for end in range(0, len(text), 7):
        reply = front(one(text[:end]), newest, wait=True)
        assert len(reply.tokens)
        server = front_module._server(front_module.build.wait(newest), front_module.find_go())
        pid = pid or server.pid
        assert server.pid == pid, "the server died"


def test_nesting_that_kills_the_compiler_is_a_limit_not_a_hang(newest):
    deep = "package p\n\nvar x = " + "(" * 3_000_000
    with pytest.raises(LimitExceeded):
        front(one(deep), newest, wait=True, timeout=60)
    assert not len(front(one("package p\n"), newest).errors)


def test_a_killed_server_is_started_again(newest, hello):
    front(hello, newest, wait=True)
    server = front_module._server(front_module.build.wait(newest), front_module.find_go())
    old = server.pid
    assert old is not None
    os.kill(old, signal.SIGKILL)
    time.sleep(0.05)
    front(hello, newest)
    assert server.pid not in (None, old)


def test_threads_share_one_server(newest, hello):
    wanted = len(front(hello, newest, wait=True).nodes)
    found: list[int] = []
    sources = [one(hello.text() + "\n" * i) for i in range(8)]
    threads = [
        threading.Thread(target=lambda s=s: found.append(len(front(s, newest).nodes)))
        for s in sources
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 8


def test_the_server_ends_with_its_parent(newest, tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, signal\n"
        "from golifelab.source import Source\n"
        "from golifelab.target import Target\n"
        "from golifelab.toolchain.go import find_go\n"
        "from golifelab.toolchain.helper import front as f\n"
        "f.front(Source.from_text('package p\\n'), Target(), wait=True)\n"
        "print(f._server(f.build.wait(Target()), find_go()).pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = run([sys.executable, script], env=environment, timeout=120)
    server = int(done.text)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _alive(server):
        time.sleep(0.05)
    assert not _alive(server)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_hello_takes_a_few_milliseconds(newest, hello):
    front(hello, newest, wait=True)
    times = []
    for _ in range(40):
        started = time.perf_counter()
        front(hello, newest)
        times.append(time.perf_counter() - started)
    # Some 1 ms on an idle machine; the bound only catches what went badly wrong.
    assert sorted(times)[len(times) // 2] < 0.02


def test_a_cell_that_names_no_string_is_damage_and_not_a_crash(newest):
    server = front_module._server(front_module.build.wait(newest), front_module.find_go())
    header, blobs = front_module.request(one("package p\n"), newest)
    reply, blob = server.request(header, blobs)
    damaged = bytearray(blob)
    kinds = reply["tables"][0]["columns"].index("kind") * reply["tables"][0]["rows"] * 4
    damaged[kinds : kinds + 4] = (1 << 20).to_bytes(4, "little")
    tokens = decode_reply(reply, memoryview(damaged))["tokens"]
    with pytest.raises(ParseError, match="column kind"):
        tokens.text("kind", 0)
    assert tokens.text("kind", 1) == "name"
    with pytest.raises(ParseError, match="announced"):
        decode_reply(reply, blob[:-1])
