"""A compiler of the reader's own: built, used, and held against the rule outside of it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from golifelab.compile.changed import compiler
from golifelab.compile.changed.cases import cases
from golifelab.compile.changed.laundering import CODE, laundering
from golifelab.compile.changed.linter import lint
from golifelab.compile.changed.patch import Patch
from golifelab.compile.changed.tracing import VARIABLE, trace
from golifelab.compile.changed.verdicts import build_folder, compile_with, judge_condition
from golifelab.compile.changed.vetcheck import vet, vet_check
from golifelab.errors import CompileFailed, FeatureUnavailable, GolifelabError
from golifelab.link.executable import link
from golifelab.run.program import run_program
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

WORDS = 'a {from} is "no" {to},\nnot 100%; panic("x") //'
EXTENDED = "IsInterface(to) && to.Underlying().(*Interface).Empty()"
LAUNDERED = Source.from_text("package main\n\nfunc main() {\n\t_ = any(`a`).(int)\n}\n")
# The rule looks at what any means, not at how it is spelled.
SHADOWED = """package main

type any interface{ Name() string }

type celsius float64

func (celsius) Name() string { return "celsius" }

type kelvin float64

func (kelvin) Name() string { return "kelvin" }

func main() { _ = any(celsius(1)).(kelvin) }
"""
MANY = 'package main\n\nimport "time"\n\nfunc main() {\n%s}\n' % (
    "\t_ = any(time.Second).(time.Month)\n" * 15
)


@pytest.fixture(scope="module")
def changed(newest):
    return compiler.wait(laundering(), newest)


def agree(made, source: Source, target: Target, **text: str):
    """The diagnostics of the rule, after all three forms gave the same ones."""
    answers = [
        compile_with(made, source, target),
        lint(source, target, **text),
        vet_check(source, target, **text),
    ]
    told = [[(at.position, at.message) for at in answer.of()] for answer in answers]
    assert told[0] == told[1] == told[2]
    assert [len(answer.diagnostics) for answer in answers] == [len(told[0])] * 3
    assert {answer.accepted for answer in answers} == {not told[0]}
    return answers[0].of()


def judge(made, target: Target) -> None:
    for case in cases():
        found = agree(made, case.source, target)
        assert bool(found) is case.flagged, case.name
        assert vet(case.source, target).accepted, case.name


def test_three_forms_of_the_rule_agree_on_every_case(changed, newest):
    judge(changed, newest)
    assert not agree(changed, Source.from_text(SHADOWED), newest)
    found = agree(changed, Source.from_text(MANY), newest)
    assert len(found) == 15
    assert (
        found[0].message
        == f"{CODE}: laundering time.Duration through any into time.Month always panics"
    )
    assert (found[0].position.line, found[0].position.column) == (6, 6)


@pytest.mark.slow
def test_three_forms_of_the_rule_agree_on_every_go(target):
    judge(compiler.wait(laundering(), target), target)


def test_what_is_reported_does_panic(newest):
    for case in cases():
        output = run_program(link(case.source, newest))
        panicked = "interface conversion" in output.error_text
        assert (output.returncode != 0) is panicked is case.panics, case.name
        assert case.panics or not case.extended
        assert case.extended or not case.flagged


def test_a_program_without_fault_is_compiled_as_by_the_compiler_that_ships(changed, hello, newest):
    ours = compile_object(hello, newest, compiler=changed.path)
    assert ours.object
    assert ours.object == compile_object(hello, newest).object


@pytest.fixture(scope="module")
def new_words():
    # A text that no build cache knows: of a compiler made before, Go would compile nothing again.
    return f"{WORDS} {time.time_ns()}"


@pytest.fixture(scope="module")
def reworded(new_words, newest):
    return compiler.wait(laundering(new_words) + trace(), newest)


def test_the_readers_words_and_the_trace(new_words, reworded, newest):
    made, moment = reworded, new_words.split()[-1]
    (found,) = agree(made, LAUNDERED, newest, text=new_words)
    assert found.message == f'{CODE}: a string is "no" int,\n\tnot 100%; panic("x") // {moment}'
    assert "== " not in compile_with(made, LAUNDERED).output
    traced = compile_with(made, LAUNDERED, environment={VARIABLE: "1"})
    assert "== collectObjects ==" in traced.output
    assert f"{VARIABLE}=1" in traced.command
    assert traced.of() == (found,)
    assert list(traced.frame()["code"]) == [CODE]


def test_go_build_takes_it_for_its_own(changed, newest, tmp_path):
    refused = build_folder(changed, LAUNDERED, newest)
    assert not refused.accepted
    assert [str(at.position) for at in refused.of()] == ["main.go:4:6"]
    good = LAUNDERED.with_text(LAUNDERED.text().replace("int", "string"))
    good.write(tmp_path)
    accepted = build_folder(changed, tmp_path, newest)
    assert (accepted.accepted, accepted.output) == (True, "")
    assert "-toolexec" in accepted.command
    assert str(tmp_path) in accepted.command
    # The store of the compiler that ships knows nothing of it.
    assert vet(LAUNDERED, newest).accepted
    with pytest.raises(GolifelabError, match="is no folder"):
        build_folder(changed, tmp_path / "nothing", newest)


def test_a_condition_is_judged_by_programs(newest):
    results = judge_condition(EXTENDED, newest)
    assert all(result.right for result in results)
    assert sum(result.flagged for result in results) > sum(case.flagged for case in cases())


def test_a_condition_that_go_refuses_is_told_with_its_place(newest):
    with pytest.raises(CompileFailed) as caught:
        compiler.wait(laundering(condition="to ==\n  noSuchThing // what"), newest)
    (found,) = caught.value.diagnostics
    assert str(found.position) == "condition.go:2:3"
    assert "undefined: noSuchThing" in found.message


def test_a_compiler_that_does_not_start_says_why(newest):
    with pytest.raises(FeatureUnavailable, match="it says: panic: no"):
        compiler.wait(laundering(condition='false }; func init() { panic("no")'), newest)


def test_a_patch_that_does_not_compile_says_what_go_says(newest):
    bad = Patch("bad", (), (("cmd/compile/internal/types2/golifelab_bad.go", "package main\n"),))
    with pytest.raises(
        FeatureUnavailable, match=r"found packages|package main; expected"
    ) as caught:
        compiler.wait(bad, newest)
    assert "patch" in caught.value.remedy
    assert compiler.ready(bad, newest) is None


def test_a_compiler_knows_how_it_was_made(reworded):
    assert reworded.packages > 0
    assert reworded.seconds > 0
    assert "-overlay" in reworded.command
    assert "laundering" in str(reworded)
    assert find_go().version in compiler.status(reworded.patch).message


def test_a_full_disk_is_told_before_anything_is_built(newest, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    patch = laundering(f"no room {time.time_ns()}")
    with pytest.raises(FeatureUnavailable, match="1 MiB left") as caught:
        compiler.wait(patch, newest)
    assert "GOLIFELAB_CACHE" in caught.value.reason + str(caught.value)


def test_a_killed_build_leaves_nothing_but_its_reason(newest):
    patch = laundering(f"killed {time.time_ns()}")
    compiler.start(patch, newest)
    while not (children := go_builds()):
        assert compiler.status(patch, newest).state == "building"
        time.sleep(0.01)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    while (now := compiler.status(patch, newest)).state == "building":
        time.sleep(0.01)
    assert now.state == "failed"
    assert "-9" in now.message
    assert now.path is None


def go_builds() -> list[int]:
    """The go commands that this process has started."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = entry.read_text().rsplit(")", 1)[1].split()
            command = (entry.parent / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(words[1]) == os.getpid() and b"-overlay" in command:
            found.append(int(entry.parent.name))
    return found


def test_the_lines_for_a_terminal_say_the_same(changed, newest, tmp_path):
    go = find_go()
    answers = [
        compile_with(changed, LAUNDERED, newest),
        lint(LAUNDERED, newest),
        vet_check(LAUNDERED, newest),
        build_folder(changed, LAUNDERED, newest),
    ]
    environment = go.environment(newest)
    environment["PATH"] = f"{go.root / 'bin'}{os.pathsep}{environment['PATH']}"
    LAUNDERED.write(tmp_path)
    (tmp_path / "go.mod").write_text("module lab\n\ngo 1.24\n")
    for answer in answers:
        done = run(["bash", "-c", answer.command], env=environment, cwd=tmp_path, timeout=300)
        assert done.returncode, answer.tool
        (found,) = answer.of()
        assert f"{found.position}: {found.message}" in done.text + done.error_text
