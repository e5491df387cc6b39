"""What the helper records of a compilation, against what the stock compiler prints."""

from __future__ import annotations

import contextlib
import random
import re

import pytest

from golifelab.errors import ParseError
from golifelab.source import Source
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.helper import build, dump as dump_module
from golifelab.toolchain.helper.dump import dump
from golifelab.toolchain.helper.function import (
    ORIGIN_BLOCK,
    ORIGIN_VALUE,
    FunctionDump,
    Positions,
    read_index,
)
from golifelab.toolchain.helper.stream import split_dump

RICH = """package main

import (
	"errors"
	"os"
	"sort"
)

type shape interface{ area() float64 }

type square struct{ side float64 }

func (s square) area() float64 { return s.side * s.side }

func total(shapes []shape) (sum float64) {
	defer func() { recover() }()
	for _, s := range shapes {
		sum += s.area()
	}
	return sum
}

func words(s string) map[string]int {
	found := make(map[string]int)
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ', '\\t', '\\n':
			if start < i {
				found[s[start:i]]++
			}
			start = i + 1
		}
	}
	return found
}

func clamp(x, low, high int) int { return min(max(x, low), high) }

func read(name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

func main() {
	var keys []string
	for k := range words("a b a") {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	println(len(keys), clamp(len(os.Args), 1, 3), total([]shape{square{2}, square{3}}))
	_, _ = read(keys[0])
}
"""
FUNCTIONS = ["main", "total", "words", "clamp", "read", "total.func1"]
ROLES = {
    "value",
    "block",
    "prologue",
    "epilogue",
    "expansion",
    "tail",
    "deferreturn",
    "nop",
    "pseudo",
}


@pytest.fixture(scope="module")
def rich(target):
    return dump(Source.from_text(RICH), target, wait=True)


def stock_passes(target, function: str) -> dict[str, dict[int, str]]:
    """pass → value id → its line, as GOSSAFUNC prints them."""
    done = compile_object(
        Source.from_text(RICH),
        target,
        extra=("-c=1",),
        environment={"GOSSAFUNC": f"{function}+", "GOSSADIR": "{dir}"},
    )
    passes: dict[str, dict[int, str]] = {}
    current: dict[int, str] = {}
    for line in done.stdout.splitlines():
        if line.startswith("compiling "):
            current = passes.setdefault("start", {})
        elif match := re.match(r"  pass (.*) end \[", line):
            current = passes.setdefault(match[1], {})
        elif line.startswith("genssa "):
            break
        elif match := re.match(r"    \((?:\?|[+-]?\d+)\) (v(\d+) = .*)", line):
            current[int(match[2])] = match[1]
    return passes


def replayed(recorded):
    """After each pass: value id → its line as Go prints it, and the ids of all blocks."""
    lines: dict[int, str] = {}
    for record in recorded.passes:
        table = record.values
        for row in range(len(table)):
            number = table["id"][row]
            words = [f"v{number} = {table.text('op', row)} <{table.text('type', row)}>"]
            words += [table.text("aux", row)] * bool(table.text("aux", row))
            words += [f"v{argument}" for argument in record.arguments(row)]
            words += [f": {table.text('location', row)}"] * (table["location"][row] >= 0)
            words += [f"tmp={table.text('temporary', row)}"] * (table["temporary"][row] >= 0)
            lines[number] = " ".join(words)
        owners: dict[int, set[str]] = {}
        for slot, values in record.names:
            for value in values:
                owners.setdefault(value, set()).add(slot)
        now = {}
        for value in (value for _, values in record.order for value in values):
            held = f" ({', '.join(sorted(owners[value]))})" if value in owners else ""
            now[value] = lines[value] + held + " DEAD" * (value in record.dead)
        yield record, now


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_value_after_every_pass_is_what_gossafunc_prints(target, rich, function):
    printed = stock_passes(target, function)
    seen = []
    for record, now in replayed(rich.function(function)):
        seen.append(record.name)
        # Go prints the description of flags without a blank before it.
        told = {number: line.replace("> [", ">[") for number, line in now.items()}
        expected = {
            number: line.replace("> [", ">[") for number, line in printed[record.name].items()
        }
        assert told == expected, f"{function} after {record.name}"
    assert seen == list(printed)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_instructions_are_those_of_the_assembly_listing(target, rich, function):
    listing = compile_object(Source.from_text(RICH), target, extra=("-S", "-c=1")).stdout
    recorded = rich.function(function)
    head = re.escape(recorded.index.symbol) + " STEXT"
    body = re.split(rf"^{head}", listing, flags=re.MULTILINE)[1]
    lines = re.findall(r"^\t0x[0-9a-f]{4,} (\d{5}) \(.*?\)\t(.*)$", body, re.MULTILINE)
    table = recorded.instructions
    found = [(table["pc"][i], table.text("text", i)) for i in range(len(table))]
    wanted = []
    for pc, text in lines:
        if int(pc) == 0 and text.startswith("TEXT") and wanted:
            break
        wanted.append((int(pc), text))
    # The listing leaves out instructions that became nothing.
    found = [pair for pair in found if not pair[1].startswith("NOP") or pair in wanted]
    wanted = [pair for pair in wanted if pair in found or not pair[1].startswith("NOP")]
    assert found[: len(wanted)] == wanted[: len(found)]
    assert abs(len(found) - len(wanted)) == 0


def test_the_bytes_of_the_instructions_are_the_code(rich):
    for index in rich.functions:
        recorded = rich.function(index.symbol, index.abi)
        table = recorded.instructions
        end = 0
        for row in range(len(table)):
            assert table["pc"][row] >= end, (index.symbol, row)
            end = table["pc"][row] + table["size"][row]
        assert end <= len(recorded.code)
        assert recorded.code


def test_every_instruction_has_a_role_and_its_origin_exists(rich):
    for index in rich.functions:
        recorded = rich.function(index.symbol, index.abi)
        order = recorded.passes[-1].order
        blocks = {block for block, _ in order}
        values = {value for _, listed in order for value in listed}
        table = recorded.instructions
        for row in range(len(table)):
            role = table.text("role", row)
            assert role in ROLES
            origin = table["origin"][row]
            if table["origin_kind"][row] == ORIGIN_VALUE:
                assert origin in values
            elif table["origin_kind"][row] == ORIGIN_BLOCK:
                assert origin in blocks
            else:
                assert role not in ("value", "block", "expansion")


def test_roles_of_a_function_with_frame_and_defer(rich):
    table = rich.function("total").instructions
    roles = [table.text("role", row) for row in range(len(table)) if table["size"][row]]
    assert roles[0] == "prologue"
    assert roles[-1] == "tail"
    assert "deferreturn" in roles
    assert "epilogue" in roles


def test_arm64_roles_and_sizes(target):
    recorded = dump(
        Source.from_text(RICH), target.with_(goarch="arm64"), functions=["words"], wait=True
    ).function("words")
    table = recorded.instructions
    assert all(size % 4 == 0 for size in table["size"])
    roles = [table.text("role", row) for row in range(len(table)) if table["size"][row]]
    assert roles[0] == "prologue"
    assert roles[-1] == "tail"


def test_positions_have_columns_and_inline_stacks(target, hello):
    recorded = dump(hello, target, functions=["main.main"], wait=True)
    stacks = [recorded.positions.stack(row) for row in range(len(recorded.positions))]
    inlined = {
        tuple((str(frame.position), frame.function) for frame in stack)
        for stack in stacks
        if stack[-1].function == "main.twice"
    }
    # twice(i) in main, and the product inside of twice.
    assert (("main.go:20:33", ""), ("main.go:10:34", "main.twice")) in inlined
    deep = [stack for stack in stacks if stack[-1].function == "fmt.Println"]
    assert deep
    assert deep[0][-1].position.file.endswith("fmt/print.go")
    assert deep[0][-1].position.column


def test_line_directives_are_kept_apart(newest):
    text = (
        "package main\n\nfunc main() {\n\tx := 1\n//line gen.y:100\n"
        "\tprintln(x)\n/*line more.y:7:3*/println(x + 1)\n}\n"
    )
    recorded = dump(Source.from_text(text), newest, wait=True)
    positions = recorded.positions
    pairs = {
        (str(positions.position(row)), str(positions.relative(row)))
        for row in range(len(positions))
        if positions.position(row).file == "main.go"
    }
    assert ("main.go:6:9", "gen.y:100") in pairs
    assert any(a.startswith("main.go:7:") and b.startswith("more.y:7") for a, b in pairs)
    assert all(a.startswith("main.go") for a, _ in pairs)


def test_columns_beyond_the_compilers_reach_are_unknown(newest):
    text = f"package main\n\nfunc main() {{ x := 1; {' ' * 300} println(x) }}\n"
    positions = dump(Source.from_text(text), newest, wait=True).positions
    columns = {positions.position(row).column for row in range(len(positions))}
    assert 0 in columns
    assert max(columns) < 255


def test_only_the_functions_asked_for_are_recorded(newest):
    source = Source.from_text(RICH)
    recorded = dump(source, newest, functions=["clamp", "main.words"], wait=True)
    held = {f.symbol for f in recorded.functions if f.recorded}
    assert held == {"main.clamp", "main.words"}
    assert {"main.total", "main.read"} <= {f.symbol for f in recorded.functions}
    with pytest.raises(KeyError):
        recorded.function("total")
    assert recorded.function("clamp").index.type == "func(int, int, int) int"
    assert recorded.object == compile_object(source, newest).object


def test_without_passes_there_is_still_machine_code(newest, hello):
    recorded = dump(hello, newest, passes=False, wait=True).function("add")
    assert list(recorded.passes) == []
    assert recorded.code.hex() == "4801d8c3"
    assert "ADD int" in recorded.ir
    table = recorded.instructions
    plus = [table.text("text", r) for r in range(len(table)) if table.text("role", r) == "value"]
    assert plus == ["ADDQ\tBX, AX"]


def test_relocations_name_their_symbols(rich):
    recorded = rich.function("read")
    table = recorded.relocations
    calls = {
        table.text("symbol", row)
        for row in range(len(table))
        if table.text("kind", row) == "R_CALL"
    }
    assert "os.ReadFile" in calls
    assert all(recorded.addend(row) == 0 for row in range(len(table)) if row < 1)


def test_without_trees_all_else_is_there(newest, hello):
    recorded = dump(hello, newest, ir=False, wait=True).function("add")
    assert recorded.ir == ""
    assert len(recorded.passes) > 40
    assert recorded.code.hex() == "4801d8c3"


def test_a_refused_program_is_a_value(newest):
    refused = dump(Source.from_text("package main\n\nfunc main() { x }\n"), newest, wait=True)
    assert refused.object == b""
    assert refused.functions == ()
    assert "undefined: x" in str(refused.diagnostics[0])


def test_functions_before_a_late_error_are_kept(newest):
    # That a frame is too large is noticed only after SSA.
    text = (
        "package main\n\nfunc ok() int { return 1 }\n\nfunc main() { ok() }\n\n"
        "func huge(a [1 << 30]byte) byte { return a[1] }\n"
    )
    late = dump(Source.from_text(text), newest, wait=True)
    assert late.object == b""
    assert "stack frame too large" in late.diagnostics[0].message
    assert {f.symbol for f in late.functions} >= {"main.ok", "main.main"}


def test_a_stream_at_its_limit_goes_without_the_rest(newest, monkeypatch):
    monkeypatch.setattr(dump_module, "MAX_BYTES", 40_000)
    source = Source.from_text(RICH)
    cut = dump(source, newest, wait=True)
    assert cut.truncated
    held = [f.recorded for f in cut.functions]
    assert held[0]
    assert not held[-1]
    assert cut.object == compile_object(source, newest).object


@pytest.fixture(scope="module")
def stream(newest):
    """The bytes of a small dump."""
    done = compile_object(
        Source.from_text("package main\n\nfunc main() { println(1) }\n"),
        newest,
        compiler=build.wait(newest),
        extra=("-c=1",),
        environment={"GOLIFELAB": "dump", "GOLIFELAB_DUMP": "{dir}/d"},
        collect=("d",),
    )
    return done.side["d"]


def test_a_cut_stream_gives_what_it_holds(stream):
    assert not split_dump(stream).truncated
    for end in range(0, len(stream), 3):
        try:
            part = split_dump(stream[:end])
        except ParseError:
            continue
        assert part.truncated


def decode_everything(data: bytes) -> None:
    raw = split_dump(data)
    positions = Positions(raw.positions)
    for frame in raw.functions:
        index = read_index(frame, raw.strings, positions)
        recorded = FunctionDump(index, frame, raw.strings, positions, raw.pass_names)
        for part in (recorded.instructions, recorded.relocations):
            list(part.rows())
        for record in recorded.passes:
            list(record.values.rows())
            list(record.blocks.rows())
            for row in range(len(record.values)):
                record.arguments(row)
            for row in range(len(record.blocks)):
                record.controls(row), record.successors(row), record.predecessors(row)
            assert record.order is not None
            assert record.names is not None
        for row in recorded.instructions["position"]:
            positions.stack(row)
        assert recorded.ir or recorded.code or index


@pytest.mark.parametrize("seed", range(20))
def test_damaged_streams_are_parse_errors(stream, seed):
    chance = random.Random(seed)
    for _ in range(40):
        data = bytearray(stream)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data) // 4) * 4
            value = chance.choice(
                [0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, chance.getrandbits(32)]
            )
            data[at : at + 4] = value.to_bytes(4, "little")
        with contextlib.suppress(ParseError):
            decode_everything(bytes(data))


def test_trees_of_chosen_functions_only(newest, hello):
    recorded = dump(hello, newest, ir=["add"], wait=True)
    assert "ADD int" in recorded.function("add").ir
    assert recorded.function("main.twice").ir == ""


def test_no_function_at_all(newest, hello):
    recorded = dump(hello, newest, functions=[], wait=True)
    assert not any(f.recorded for f in recorded.functions)
    assert len(recorded.functions) > 3
