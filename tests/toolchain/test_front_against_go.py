"""What the helper's front end says is what go/scanner, go/parser and go/types say, over std."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from golifelab.source import Source
from golifelab.toolchain.exports import importcfg
from golifelab.toolchain.go import find_go
from golifelab.toolchain.helper.front import front
from golifelab.toolchain.helper.stream import decode_reply
from golifelab.toolchain.run import run
from golifelab.toolchain.server import Server

KINDS = {
    "Operation",
    "CallExpr",
    "IndexExpr",
    "SliceExpr",
    "SelectorExpr",
    "CompositeLit",
    "FuncLit",
    "AssertExpr",
    "StructType",
    "MapType",
}


@pytest.mark.sweep
def test_tokens_equal_go_scanners_over_all_of_std(target, judge):
    go = find_go(target.go)
    paths = [
        path
        for path in sorted((go.root / "src").rglob("*.go"))
        if "testdata" not in path.parts and path.relative_to(go.root / "src").parts[0] != "cmd"
    ]
    assert len(paths) > 4000
    server = Server([judge("tokens")], go.host_environment(), name="judge")
    count = 0
    for start in range(0, len(paths), 50):
        group = paths[start : start + 50]
        texts = [path.read_bytes().decode("utf-8", "surrogateescape") for path in group]
        source = Source(tuple((f"{i}.go", text) for i, text in enumerate(texts)))
        reply = front(source, target, only_tokens=True, wait=True)
        assert not len(reply.errors), reply.errors.row(0)
        blobs = [text.encode("utf-8", "surrogateescape") for text in texts]
        files = [{"name": "", "size": len(blob)} for blob in blobs]
        header, blob = server.request({"files": files}, blobs)
        assert not header["error"], header["error"]
        expected = decode_reply(header, blob)["tokens"]
        # Both number their strings in the order of appearance: equal columns and strings mean
        # equal tokens, down to the text of every comment.
        if expected.columns != reply.tokens.columns or raw(expected) != raw(reply.tokens):
            report_first_difference(reply.tokens, expected, group)
        count += len(expected)
    server.close()
    assert count > 5_000_000


def raw(table):
    return table.strings._ends, table.strings._bytes


def report_first_difference(got, expected, paths):
    for row in range(min(len(got), len(expected))):
        assert got.row(row) == expected.row(row), paths[got["file"][row]]
    assert len(got) == len(expected)


PACKAGES = ["strconv", "go/types", "encoding/json", "reflect", "net/http", "runtime"]


@pytest.mark.parametrize("package", PACKAGES)
def test_spans_and_types_of_expressions_equal_go_types(target, judge, package, tmp_path):
    go = find_go(target.go)
    listed = run(
        [go.command, "list", "-f", "{{.Dir}}{{range .GoFiles}}\n{{.}}{{end}}", package],
        env=go.environment(target),
    ).text.split()
    texts = {name: (Path(listed[0]) / name).read_text() for name in listed[1:]}
    # The go command maps std's own imports to its vendored packages; here the source says so.
    texts = {
        name: re.sub(r'(?<=[ \t]")golang\.org/', "vendor/golang.org/", text)
        for name, text in texts.items()
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    reply = front(Source(tuple(texts.items()), package=package), target, wait=True)
    assert [dict(row) for row in reply.errors.rows()] == []
    said = run(
        [judge("types"), importcfg(target), package, *(tmp_path / name for name in texts)],
        # What the compiler does in all versions, and go/types of itself since Go 1.27.
        env=go.host_environment() | {"GODEBUG": "gotypesalias=1"},
        timeout=120,
    ).text.splitlines()
    expected = {tuple(line.split(" ", 6)) for line in said}
    assert len(expected) > 300
    got = set(expressions(reply))
    # go/parser reads x.(type) and type parameters in other shapes; everything it says is there.
    missing = expected - got
    assert not missing, sorted(missing)[:5]
    # And both know of the same binary expressions, with the same types.
    binary = {line for line in got if line[1] == "Operation"}
    assert {line for line in expected if line[1] == "Operation"} == binary
    assert len(binary) > 100
    assert not any(line[6] in ("-", "invalid type") for line in binary)


def expressions(reply):
    nodes = reply.nodes
    children = [0] * len(nodes)
    for parent, kind in zip(nodes["parent"], nodes["kind"], strict=True):
        if parent >= 0 and nodes.strings[kind]:
            children[parent] += 1
    for row in range(len(nodes)):
        kind = nodes.text("kind", row)
        if kind not in KINDS or (kind == "Operation" and children[row] != 2):
            continue
        binary = kind == "Operation"
        yield (
            reply.files[nodes["file"][row]],
            kind,
            str(nodes["start"][row]),
            str(nodes["end"][row]),
            str(nodes["line"][row] if binary else 0),
            str(nodes["column"][row] if binary else 0),
            (nodes.text("type", row) or "-") if binary else "-",
        )
