"""Every line that `go build` prints about packages of std is a remark, at the same place."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from golifelab.compile.remarks import remarks
from golifelab.compile.remarks.logged import read
from golifelab.compile.remarks.printed import read_text
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

PACKAGES = ("sort", "strconv", "encoding/json", "net/url")
# What only this package asks the compiler for; `go build` is not asked.
ELSEWHERE = re.compile(r"(generated|removed) nil check|Proved|Disproved|Induction|Inverted|Rewrote")


def spoken(found):
    """The compiler's sentences, as often as they were said."""
    said = Counter()
    for remark in found:
        for sentence in remark.said:
            said[remark.position, sentence] += remark.times
    return said


@pytest.mark.parametrize("path", PACKAGES)
def test_go_build_and_the_remarks_say_the_same(path, target, std_source):
    go = find_go(target.go)
    source = std_source(path, target)
    flags = "-gcflags=-m=2 -d=ssa/check_bce/debug=1"
    done = run([go.command, "build", flags, path], env=go.environment(target), cwd=go.root)
    assert done.returncode == 0, done.error_text
    told = Counter()
    for one in read_text(done.error_text)[0]:
        file = go.root / one.position.file
        if file.parent.resolve() == (go.root / "src" / path).resolve():
            at = type(one.position)(file.name, one.position.line, one.position.column)
            told[at, one.text] += 1
    ours = remarks(source, target)
    assert not ours.errors
    also = Counter({key: n for key, n in spoken(ours).items() if not ELSEWHERE.match(key[1])})
    assert also == told
    assert len(told) > 200


@pytest.mark.parametrize("path", PACKAGES)
def test_checks_are_those_the_compiler_names_by_itself(path, target, std_source):
    source = std_source(path, target)
    extra = ("-d=nil=1", "-d=ssa/prove/debug=1")
    done = compile_object(source, target, extra=extra)
    told = {
        (one.position, one.text)
        for one in read_text(done.stdout + done.stderr)[0]
        if one.position.file in source.names
    }
    ours = {key for key in spoken(remarks(source, target)) if ELSEWHERE.match(key[1])}
    assert ours == told


@pytest.mark.parametrize("path", PACKAGES)
def test_every_record_of_json_is_in_a_remark(path, target, std_source):
    source = std_source(path, target)
    extra = ("-json=0,file://{dir}/out",)
    done = compile_object(source, target, extra=extra, collect=("out/**/*.json",))
    ours = remarks(source, target)
    places = {(r.position, r.kind) for r in ours}
    figures = Counter({(r.position, r.cost): r.times for r in ours.of("can inline")})
    ways = Counter()
    for remark in ours.of("escape"):
        ways[remark.position, tuple(step.message for step in remark.steps)] += remark.times
    for content in done.side.values():
        for record in read(content.decode()):
            if record.position.file not in source.names:
                continue
            kind = "escape" if record.code == "escapes" else record.code
            assert (record.position, kind) in places or kind == "leak", record
            if kind == "canInlineFunction":
                cost = int(record.message.removeprefix("cost: "))
                assert figures[record.position, cost] > 0
            if record.steps:
                assert ways[record.position, tuple(step.message for step in record.steps)] > 0


@pytest.mark.parametrize("path", ["sort", "strconv"])
def test_every_remark_of_a_package_of_std_has_a_node(path, target, tier, std_source):
    source = std_source(path, target)
    found = remarks(source, target)
    pinned = [found.node(remark) for remark in found]
    assert None not in pinned
    calls = {n.kind for r, n in zip(found, pinned, strict=True) if r.outcome == "inlined"}
    judged = {
        node.kind
        for remark, node in zip(found, pinned, strict=True)
        if remark.outcome in ("can inline", "cannot inline")
    }
    assert judged <= {"FuncDecl", "FuncLit"}
    assert "CallExpr" in calls


def test_remarks_of_the_fallback_are_those_of_the_helper(target, std_source, monkeypatch):
    source = std_source("sort", target)
    with_helper = remarks(source, target)
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    without = remarks(source, target)
    assert with_helper == without
    assert [without.node(r) for r in without] == [with_helper.node(r) for r in with_helper]
