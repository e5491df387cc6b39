from __future__ import annotations

import pytest

from golifelab.claims.workbench import workbench
from golifelab.course.exercise import Exercise, State, Wrong, exercise, exercises
from golifelab.course.exercises_whole_life import matrix_row
from golifelab.course.progress import progress
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.modes import static_matrix
from golifelab.link.reachability import reachability
from golifelab.program import sample
from golifelab.target import Target
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run


def _judge(answer):
    if answer != 42:
        raise Wrong("look again")
    return "well done"


TOY = Exercise("t", "What is six times seven?", ("first", "second"), "It is:\n\n42", _judge)


@pytest.mark.parametrize("answer", [None, ..., "", " … ", "...", {}, [], {"a": ...}, [..., None]])
def test_what_is_not_attempted_is_not_wrong(answer):
    assert TOY.check(answer).state is State.NOT_ATTEMPTED
    assert TOY.check().state is State.NOT_ATTEMPTED


def test_right_and_wrong():
    assert TOY.check(42).state is State.CORRECT
    assert TOY.check(41).state is State.INCORRECT
    assert TOY.check(0).state is State.INCORRECT
    assert progress().record["exercises"] == {"t": "correct"}


def test_an_answer_may_be_a_function_and_may_break():
    assert TOY.check(lambda: 42).state is State.CORRECT
    broken = TOY.check(lambda: 1 // 0)
    assert broken.state is State.INCORRECT
    assert "ZeroDivisionError" in broken.message


def test_what_cannot_be_checked_is_not_wrong():
    def judge(_):
        raise FeatureUnavailable("gcc", "it is not installed", remedy="install gcc")

    result = Exercise("u", "?", ("h",), "a", judge).check(1)
    assert result.state is State.UNCHECKABLE
    assert "install gcc" in result.message


def test_hints_become_clearer_and_end():
    assert TOY.hint().startswith("first")
    assert TOY.hint(2).startswith("second")
    assert TOY.hint(9) == TOY.hint(2)
    assert "<pre>42</pre>" in TOY.solution().bundle()["text/html"]


def test_everything_shown_is_escaped():
    def judge(_):
        raise Wrong("<script>alert(1)</script>\n<b>")

    shown = Exercise("x", "<img src=x>", ("<i>",), "<u>\n\n<s>", judge)
    for value in (shown, shown.check(1), shown.hint(), shown.solution()):
        html = value.bundle()["text/html"]
        for word in ("<script", "<img", "<i>", "<u>", "<s>", "<b>"):
            assert word not in html


def test_every_exercise_has_all_its_parts():
    for one in exercises().values():
        assert one.question
        assert len(one.hints) >= 2
        assert one.answer


def test_an_unknown_exercise_lists_the_known_ones():
    with pytest.raises(GolifelabError, match="0a, 1a"):
        exercise("9z")


def _packages():
    bench = workbench()
    done = run([bench.go.command, "list", "-deps", bench.source("hello")], env=bench.environment())
    return len(done.text.split())


def test_0a_knows_the_release():
    one = exercise("0a")
    version = find_go().version
    assert one.check(version).state is State.CORRECT
    assert one.check(f"go{version}").state is State.CORRECT
    for wrong in ("1.2", "1.20.1", 1.27, "go"):
        assert one.check(wrong).state is State.INCORRECT, wrong


def test_1b_counts_what_this_toolchain_compiles():
    number = _packages() - 1
    assert exercise("1b").check(number).state is State.CORRECT
    for wrong in (number + 1, number - 1, 0, -5, "59", True, 58.5):
        assert exercise("1b").check(wrong).state is State.INCORRECT, wrong


def test_1a_finds_every_single_mistake():
    truth = {row.name: matrix_row(row) for row in static_matrix().rows if row.available}
    one = exercise("1a")
    assert one.check(truth).state is State.CORRECT
    spoken = {True: "Yes", False: "no"}
    words = {name: (a, spoken[b], spoken[c], d.upper()) for name, (a, b, c, d) in truth.items()}
    assert one.check(words).state is State.CORRECT
    other = {"internal": "gcc", "gcc": "internal", "_start": "main", "_rt0_amd64_linux": "_start"}
    for name, row in truth.items():
        for place, fact in enumerate(row):
            wrong = list(row)
            wrong[place] = not fact if isinstance(fact, bool) else other[fact]
            result = one.check({**truth, name: tuple(wrong)})
            assert result.state is State.INCORRECT
            assert name in result.message
    name = next(iter(truth))
    part = one.check({name: truth[name], "own cgo": ...})
    assert part.state is State.INCORRECT
    assert f"{len(truth) - 1} rows are still open" in part.message
    for malformed in ({name: ("internal",)}, {"nonsense": 1}, [1], "internal", {**truth, "x": 1}):
        assert one.check(malformed).state is State.INCORRECT, malformed


def test_1c_knows_the_loader():
    one = exercise("1c")
    for right in ("/lib64/ld-linux-x86-64.so.2", "ld-linux-x86-64.so.2", " ld.so "):
        assert one.check(right).state is State.CORRECT, right
    for wrong in ("hello", "_start", "crt1.o", "_rt0_amd64_linux", "libc.so.6", 7):
        assert one.check(wrong).state is State.INCORRECT, wrong


def test_1d_builds_what_it_is_given():
    one = exercise("1d")
    right = one.check('-linkmode external -extldflags "-static"')
    if right.state is State.UNCHECKABLE:
        pytest.skip(right.message)
    assert right.state is State.CORRECT
    for wrong in ("-linkmode external", '-extldflags "-static"', "-s -w", "-nonsense", 3):
        assert one.check(wrong).state is State.INCORRECT, wrong


def test_1e_follows_the_linker():
    source = sample("hello").source
    keeper = reachability(source, Target()).kept_by("runtime.printlock")[0]
    assert exercise("1e").check(keeper).state is State.CORRECT
    for wrong in ("main.main", "fmt.Println", "runtime.nonsense", 3):
        assert exercise("1e").check(wrong).state is State.INCORRECT, wrong


def test_1f_runs_the_program():
    message = "fatal error: no goroutines (main called runtime.Goexit) - deadlock!"
    one = exercise("1f")
    assert one.check(message).state is State.CORRECT
    assert one.check(message.removeprefix("fatal error: ")).state is State.CORRECT
    for wrong in ("deadlock", "exit status 2", "all goroutines are asleep - deadlock!", 2):
        assert one.check(wrong).state is State.INCORRECT, wrong


def test_without_gcc_1d_says_that_it_cannot_be_checked(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = exercise("1d").check('-linkmode external -extldflags "-static"')
    assert result.state is State.UNCHECKABLE
    assert "gcc" in result.message
