"""Machine code against Go's own tools and the processor's: whole packages, and a linked program."""

from __future__ import annotations

import re

import pytest

from golifelab.compile import dump
from golifelab.compile.machine.gnusyntax import gnu_syntax
from golifelab.compile.machine.stage import machine
from golifelab.compile.ssa.stage import functions
from golifelab.errors import FeatureUnavailable
from golifelab.program import Program
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

ARCHITECTURES = ("amd64", "arm64")
ORIGINS = {"value", "block", "prologue", "epilogue", "tail", "mark"}
SLOW = ("strconv", "sort", "fmt", "regexp", "math", "net/url")
TEXT = re.compile(r"^TEXT (?P<symbol>\S+)\(SB\)")
LINE = re.compile(
    r"^\s+\S+:-?\d+\s+0x(?P<address>[0-9a-f]+)\s+(?P<bytes>[0-9a-f]+)\s+(?P<text>.*)$"
)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    "package", ["path", *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)
def test_every_instruction_is_classified(package, architecture, observed, std_source, monkeypatch):
    """None is left over, no byte lies between them, and its value or block exists."""
    monkeypatch.setattr(dump, "_WHOLE", 1 << 30)
    target = observed.with_(goarch=architecture)
    code = dump.HelperCode(std_source(package, target), target)
    for function in code.functions:
        last = code.passes(function)[-1]
        made = code.machine(function)
        end = 0
        for one in made.instructions:
            assert one.pc == end, f"{function.symbol}: bytes left over before {one.pc}"
            assert len(one.bytes) == one.size
            end = one.pc + one.size
            assert one.origin in ORIGINS, f"{function.symbol}: {one.text}"
            if one.origin == "value":
                assert last.value(one.origin_id) is not None
            elif one.origin == "block":
                assert last.block(one.origin_id) is not None
        assert end <= len(made.code)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_linked_code_is_what_objdump_shows(architecture, rich, observed):
    """Same addresses and bytes, but for the gaps that the linker fills."""
    program = Program(rich, observed.with_(goarch=architecture))
    shown = _objdump(program)
    compared = 0
    for function in functions(program.source, program.target):
        if function.abi == "ABI0" or function.symbol not in shown:
            continue
        lines = shown[function.symbol]
        start = lines[0][0]
        starts = {address - start for address, _ in lines}
        linked = b"".join(content for _, content in lines)
        code = machine(program.source, program.target, function.symbol)
        gaps = {at for gap in code.relocations for at in range(gap.offset, gap.offset + gap.size)}
        for one in code:
            assert one.pc in starts, f"{function.symbol}: no instruction at {one.pc}"
            for at, byte in enumerate(one.bytes, one.pc):
                assert at in gaps or linked[at] == byte, f"{function.symbol}+{at}: {one.text}"
            compared += 1
    assert compared > 150


def _objdump(program):
    """The instructions of package main in the executable, by symbol: (address, bytes)."""
    go = find_go(program.target.go)
    done = run(
        [go.command, "tool", "objdump", "-s", r"^main\.", program.link().path],
        env=go.host_environment(),
        cwd=go.root,
        timeout=120,
    )
    assert done.returncode == 0, done.error_text
    found = {}
    for line in done.text.splitlines():
        if match := TEXT.match(line):
            lines = found.setdefault(match["symbol"], [])
        elif match := LINE.match(line):
            content = bytes.fromhex(match["bytes"])
            if program.target.goarch == "arm64":
                content = content[::-1]  # shown as a word
            lines.append((int(match["address"], 16), content))
    return found


def test_gnu_syntax(tier, rich, observed):
    for architecture, said in (("amd64", "addq %rbx, %rax"), ("arm64", "add x0, x0, x1")):
        code = machine(rich, observed.with_(goarch=architecture), "add")
        assert code.gnu(0) == said
        every = machine(rich, observed.with_(goarch=architecture), "main")
        assert "(bad)" not in {every.gnu(one.index) for one in every}
    with pytest.raises(FeatureUnavailable):
        gnu_syntax("riscv64", code[0])
