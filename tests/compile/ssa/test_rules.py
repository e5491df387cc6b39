"""Rewrites by rules: every step of every pass, and the rules that can have made it."""

from __future__ import annotations

import pytest

from golifelab.compile.ssa.passes import Value
from golifelab.compile.ssa.rules import debugtext, rewrites
from golifelab.compile.ssa.rules.matching import candidates
from golifelab.compile.ssa.rules.rulefile import expand, parse, read_pattern, rule_lines, rules_of
from golifelab.errors import CompileFailed, GolifelabError
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go

SUM = """package main

func sum(values []int) int {
	total := 0
	for i := range values {
		total += values[i]
	}
	return total
}

func main() { println(sum([]int{1, 2, 3})) }
"""


# With its rewrites printed, the compiler says of getField: "rewrite cycle detected".
CYCLE = """package main

import "reflect"

func getField(v reflect.Value, i int) reflect.Value {
	val := v.Field(i)
	if val.Kind() == reflect.Interface && !val.IsNil() {
		val = val.Elem()
	}
	return val
}

//go:noinline
func tiny(a int) int { return a * 8 }

func main() {
	println(getField(reflect.ValueOf(struct{ A any }{1}), tiny(0)).Kind())
	println(len(reflect.ValueOf(1).String()), tiny(1), tiny(2), tiny(3), reflect.ValueOf(2).Kind())
}
"""


@pytest.fixture(params=["amd64", "arm64"])
def made(request, target):
    return rewrites(Source.from_text(SUM), target.with_(goarch=request.param), "sum")


def test_steps_follow_each_other_and_every_rule_is_found(made):
    by_rule = [step for step in made if step.kind == "rule"]
    assert by_rule
    assert [step.index for step in made] == list(range(len(made)))
    assert all(step.rules for step in by_rule)
    assert not any(step.rules for step in made if step.kind != "rule")
    assert {step.pass_name for step in made} <= set(made.passes)
    for step in made:
        # What a value is made of stands as the steps before have left it.
        earlier = [one for one in made.of(step.pass_name) if one.index < step.index]
        changed = {one.name: one.after.partition(" (")[0] for one in earlier}
        for value in step.operands:
            wanted = changed.get(value.name, value.text).partition(" (")[0]
            assert value.text.partition(" (")[0] == wanted
    assert any(step.operands for step in made)
    standing: dict[str, str] = {}
    for step in made.of("lower"):
        if step.value >= 0:
            # Names of variables may be listed after a value, and change without a rewrite.
            before = step.before.partition(" (")[0]
            assert standing.get(step.name, before) == before
            standing[step.name] = step.after.partition(" (")[0]


def test_a_load_is_lowered_by_the_rule_of_its_architecture(made, target):
    arm = "arm64" in made.command
    loads = [step for step in made.of("lower") if " = Load <int> " in step.before]
    assert loads
    for step in loads:
        assert step.rule is not None
        assert step.rule.file == ("ARM64.rules" if arm else "AMD64.rules")
        assert ("MOVDload" if arm else "MOVQload") in step.rule.text
        root = find_go(target.go).root / "src/cmd/compile/internal/ssa/_gen" / step.rule.file
        assert "(Load <t> ptr mem)" in root.read_text().splitlines()[step.rule.line - 1]
        assert step.position is None or step.position.line == 6


def test_as_data(made):
    frame, plain = made.frame(), made.to_json()
    assert len(frame) == len(made) == len(plain["steps"])
    assert plain["stage"] == "rewrites"
    assert plain["function"] == "main.sum"
    step = next(step for step in made if step.value >= 0)
    assert step in made.of_value(step.name)
    assert made.of_value("nonsense") == ()


def test_both_tiers_give_the_same_steps(target, tier):
    made = rewrites(Source.from_text(SUM), target, "sum")
    assert made.tier == tier
    shown = [(s.kind, s.before, s.after, s.rules) for s in made if s.pass_name == "opt"]
    assert shown
    assert all(s.position is None or s.position.file == "main.go" for s in made)


def test_rounds_are_counted_where_go_prints_them(made, target):
    known = find_go(target.go).release >= (1, 26)
    assert all((step.iteration >= 0) == known for step in made)


def test_a_compiler_that_gives_up_over_a_cycle_loses_little(target):
    source = Source.from_text(CYCLE)
    # It prints in one pass of getField what it does; tiny comes after it, main before.
    for name, missing in (("getField", 1), ("tiny", 1), ("main", 0)):
        made = rewrites(source, target, name)
        assert len(made.incomplete) == missing
        assert "lower" in {step.pass_name for step in made}
        assert [step.index for step in made] == list(range(len(made)))
    cut_short = rewrites(source, target, "getField")
    assert set(cut_short.incomplete) & {step.pass_name for step in cut_short}


def test_errors(target):
    with pytest.raises(GolifelabError, match="sun"):
        rewrites(Source.from_text(SUM), target, "sun")
    with pytest.raises(CompileFailed):
        rewrites(Source.from_text(SUM.replace("total := 0", "")), target, "sum")


def test_what_the_lines_about_one_value_mean():
    a, b, c = "v3 = Add64 <int> v1 v2", "v3 = Add64 <int> v9 v2", "v3 = Const64 <int> [0]"
    lines = [
        "opt: rewriting for f",
        "opt: iter 0",
        "opt: consider v1 = Arg <int> {a}",
        f"rewriting {a}  ->  {b}",
        f"rewriting {a}  ->  {b}",
        "opt: iter 1",
        f"rewriting {a}  ->  {b}",
        f"rewriting {a}  ->  {c}",
        "something new",
        f"rewriting {b}  ->  {c}",
    ]
    events = list(debugtext.read(lines))
    assert events == [
        debugtext.Seen("v1 = Arg <int> {a}"),
        debugtext.Change(0, "copies", a, b),
        debugtext.Change(1, "copies", a, b),
        debugtext.Change(1, "rule", b, c),
        debugtext.Change(1, "rule", b, c),
    ]


def test_rules_are_read_as_the_generator_reads_them():
    text = (
        "// a comment\n"
        "(Add(64|32) x (Const(64|32) [0])) => x // another\n"
        "(Less64 x y) && (a|b) != 0 =>\n"
        "   (ConstBool [true])\n"
        "(Sub64 x x) => (Const64 [0])\n"
        "(Mul64 ...) => (MULQ ...)\n"
    )
    assert [line.line for line in rule_lines(text, "x.rules")] == [2, 3, 5, 6]
    rules = list(parse(text, "x.rules"))
    assert [(rule.pattern.op, rule.result, rule.constant) for rule in rules] == [
        ("Add64", "Copy", ""),
        ("Add32", "Copy", ""),
        ("Less64", "ConstBool", "true"),
        ("Sub64", "Const64", "0"),
        ("Mul64", "MULQ", ""),
    ]
    assert expand("(A(x|y) [c|d]) => (B(1|2))") == ["(Ax [c|d]) => (B1)", "(Ay [c|d]) => (B2)"]
    assert read_pattern("nothing").op == ""


def test_only_rules_that_fit_are_candidates():
    rules = list(
        parse(
            "(Add64 (Const64 [0]) x) => x\n"
            "(Add64 (Const64 [1]) x) => x\n"
            "(Add64 x x) => x\n"
            "(Add64 (Mul64 x y) (Mul64 x z)) => y\n"
            "(Add64 x y) && whatever(x) => {anything(v)}\n",
            "x.rules",
        )
    )
    zero = Value(2, "Const64", "int", "[0]")
    before = Value(3, "Add64", "int", "", (1, 2))
    after = Value(3, "Copy", "int", "", (1,))
    known = {2: zero, 1: Value(1, "Arg", "int")}
    assert [rule.line for rule in candidates(rules, before, after, known)] == [1, 5]
    # What is not known of a value may be anything: only "x x" is out of the question.
    assert [rule.line for rule in candidates(rules, before, after, {})] == [1, 2, 4, 5]
    # (7*8) + (9*7): the shared argument stands first in one product and second in the other.
    products = {1: Value(1, "Mul64", "int", "", (7, 8)), 2: Value(2, "Mul64", "int", "", (9, 7))}
    assert 4 in [rule.line for rule in candidates(rules, before, after, products)]


def test_conditions_that_need_no_program_are_settled():
    text = (
        "(A x) && config.PtrSize == 4 && x.Op != OpB => x\n(A x) && config.PtrSize == 8 => x\n"
        '(A x) && v.Block.Func.pass.name != "opt" => x\n'
        "(A x) && (config.PtrSize == 4 || x.Uses == 1) => x\n(A x) => x\n"
    )
    rules = list(parse(text, "x.rules"))
    assert [rule.written.line for rule in rules if rule.can_apply("opt", 8)] == [2, 4, 5]
    assert [rule.written.line for rule in rules if rule.can_apply("late opt", 4)] == [1, 3, 4, 5]


def test_every_line_with_an_arrow_is_read(target):
    folder = find_go(target.go).root / "src/cmd/compile/internal/ssa/_gen"
    for path in sorted(folder.glob("*.rules")):
        text = path.read_text()
        arrows = sum("=>" in line.partition("//")[0] for line in text.splitlines())
        assert len(list(rule_lines(text, path.name))) == arrows, path.name
        assert sum(1 for _ in parse(text, path.name)) >= arrows


def test_a_missing_file_of_rules_means_no_rules(tmp_path):
    assert rules_of(tmp_path, "generic") == {}


@pytest.mark.slow
def test_every_rule_step_of_a_package_has_a_rule(observed, std_source):
    source = std_source("sort", observed)
    for name in ("insertionSort", "heapSort", "pdqsort", "SearchInts", "stable"):
        steps = [step for step in rewrites(source, observed, name) if step.kind == "rule"]
        assert steps
        assert not [step for step in steps if not step.rules]


def test_positions_are_the_readers_own(observed):
    made = rewrites(Source.from_text(SUM), Target(go=observed.go), "sum")
    assert Position("main.go", 6, 18) in {step.position for step in made}
