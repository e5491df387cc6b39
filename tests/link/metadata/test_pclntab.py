"""Function tables, judged by `go tool addr2line` and by the runtime of a running program."""

from __future__ import annotations

import random
import re

import pytest

from golifelab.link.executable import link
from golifelab.source import Source
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import Mode
from golifelab.toolchain.run import run

# The runtime reads the same tables: give it addresses, and it says what it would print of them. Of
# inlined calls it tells the innermost only, but a stack of its own it tells completely.
ORACLE = """package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
)

func outer() { middle() }
func middle() { inner() }
func inner() { caught() }

//go:noinline
func caught() {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := frames.Next()
		fmt.Printf("%d|%s|%s|%d\\n", frame.PC, frame.Function, frame.File, frame.Line)
		if !more {
			return
		}
	}
}

func main() {
	if len(os.Args) > 1 {
		outer()
		return
	}
	in := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		pc, _ := strconv.ParseUint(in.Text(), 10, 64)
		frame, _ := runtime.CallersFrames([]uintptr{uintptr(pc) + 1}).Next()
		fmt.Fprintf(out, "%s|%s|%d\\n", frame.Function, frame.File, frame.Line)
	}
}
"""


def sample(table, count, seed=1):
    chosen = random.Random(seed)
    for _ in range(count):
        function = table[chosen.randrange(len(table))]
        yield chosen.randrange(function.entry, function.end)


# `go tool addr2line` does not read position-independent files right.
@pytest.mark.parametrize("program", ["hello", "stripped", "server", "external"], indirect=True)
def test_lines_are_those_of_addr2line(program, target):
    go = find_go(target.go)
    addresses = list(sample(program.pclntab, 300))
    done = run(
        [go.command, "tool", "addr2line", program.path],
        env=go.host_environment(),
        input="".join(f"{address:#x}\n" for address in addresses).encode(),
        timeout=120,
    )
    lines = done.text.splitlines()
    assert len(lines) == 2 * len(addresses), done.error_text
    for address, name, place in zip(addresses, lines[0::2], lines[1::2], strict=True):
        assert program.pclntab.find(address).name == name
        position = program.pclntab.position(address)
        assert place == str(position) or place == "?:0" or place.startswith(":-"), hex(address)


@pytest.mark.parametrize("flags", [(), ("-s", "-w")], ids=["full", "stripped"])
def test_innermost_calls_are_those_of_the_runtime(target, flags):
    program = link(Source.from_text(ORACLE), target, Mode(flags=flags))
    table = program.pclntab
    addresses = list(sample(table, 3000))
    text = "".join(f"{address}\n" for address in addresses)
    done = run([program.path], env={}, input=text.encode())
    inlined = 0
    for address, line in zip(addresses, done.text.splitlines(), strict=True):
        calls = table.calls(address)
        name, place = calls[-1].function, calls[-1].position
        if not place.line or address + 1 == table.find(address).end:
            continue  # padding, and what the runtime would take for the next function's entry
        # The runtime prints type arguments as "...".
        shown = re.sub(r"\[.*\]", "[...]", name)
        if line.startswith("|"):
            shown = ""  # the runtime takes the name at offset 0 of its table for none
        assert f"{shown}|{place.file}|{place.line}" == line, hex(address)
        inlined += len(calls) > 1
    assert inlined > 100


@pytest.mark.parametrize("flags", [(), ("-s", "-w")], ids=["full", "stripped"])
def test_a_stack_of_inlined_calls_is_the_runtimes(target, flags):
    program = link(Source.from_text(ORACLE), target, Mode(flags=flags))
    lines = run([program.path, "stack"], env={}).text.splitlines()
    theirs = [line.split("|") for line in lines]
    first = int(theirs[0][0])
    calls = program.pclntab.calls(first)
    assert [call.function for call in calls] == [
        "main.main",
        "main.outer",
        "main.middle",
        "main.inner",
    ]
    for call, (_, name, file, line) in zip(reversed(calls), theirs, strict=False):
        assert (call.function, call.position.file, call.position.line) == (name, file, int(line))


def test_a_stripped_file_tells_the_same(hello, target):
    full = link(hello, target, Mode("exe"))
    stripped = link(hello, target, Mode("exe", flags=("-s", "-w")))
    assert stripped.image.stripped
    assert len(full.pclntab) == len(stripped.pclntab)
    for address in sample(full.pclntab, 500):
        assert full.pclntab.calls(address) == stripped.pclntab.calls(address)


@pytest.mark.parametrize("program", ["hello", "pie", "server", "arm64"], indirect=True)
def test_functions_are_those_of_the_symbol_table(program):
    table = program.pclntab
    named = {function.name.removesuffix(".abi0"): function for function in program.functions}
    known = 0
    for entry in table:
        assert entry.end > entry.entry
        symbol = named.get(entry.name)
        known += symbol is not None and symbol.address == entry.entry
    assert known > 0.9 * len(table)


def test_main(program):
    table = program.pclntab
    main = table.named("main.main")
    assert main.file == "main.go"
    assert main.start_line in (8, 16)  # the server's, and hello's
    assert table.find(main.entry) == main
    assert table.position(main.entry).file == "main.go"
    assert table.find(0) is None
    assert table.calls(0) == ()
    assert table.position(2**63) is None
    assert table.named("main.nobody") is None
    ranges = table.lines(main)
    assert ranges[0][0] == main.entry
    assert all(a < b for a, b, _ in ranges)
    assert {p.line for _, _, p in ranges if p.file == "main.go"} >= {main.start_line}
    assert table.frame_size(main.entry) == 0
    assert max(table.frame_size(pc) for pc in range(main.entry, main.end)) > 0


def test_columns(program):
    table = program.pclntab
    assert table.names == [function.name for function in table]
    assert table.starts.tolist() == [function.entry for function in table]
