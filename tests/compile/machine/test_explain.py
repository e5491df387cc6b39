"""What instructions do, in words: known for all that the compiler emits, and true of registers."""

from __future__ import annotations

import re

import pytest

from golifelab.compile import dump
from golifelab.compile.machine.code import Instruction
from golifelab.compile.machine.explain import explain
from golifelab.compile.machine.explain.operands import split, words
from golifelab.compile.machine.stage import machine
from golifelab.views.stage import stage_html

ARCHITECTURES = ("amd64", "arm64")
SAID = {
    "amd64": {
        "ADDQ BX, AX": "add: AX = AX + BX",
        "CMPQ SP, 16(R14)": "compare SP with memory at R14+16: sets the flags",
        "MOVQ AX, main..autotmp_3+8(SP)": "store: .autotmp_3 on the stack = AX",
        "MOVQ main.total(SB), AX": "load: AX = memory at main.total",
        "MOVL $5, AX": "copy: AX = 5 (32 bits)",
        "LEAQ (BX)(CX*2), CX": "compute an address: CX = BX + CX×2",
        "XORL AX, AX": "set to zero: AX = 0",
        "JLS 30": "jump to 30 if below or the same (unsigned)",
        "CALL main.(*T).Inc(SB)": "call main.(*T).Inc",
        "MOVBLZX (AX), DX": "load: DX = memory at AX (8 bits; zeros fill the rest)",
        "VFMADD231SD X2, X1, X0": ("multiply and add, rounded once: X0 = X0 + X1 * X2 (float64)"),
        "RET": "return to the caller",
    },
    "arm64": {
        "ADD R1, R0, R0": "add: R0 = R0 + R1",
        "SUB $8, RSP, R29": "subtract: R29 = RSP - 8",
        "MADD R1, R0, R2, R3": "multiply and add: R3 = R0 + R2 * R1",
        "MOVD.W R30, -16(RSP)": "store: memory at RSP-16 = R30; RSP becomes that address",
        "MOVD.P 16(RSP), R30": "load: R30 = memory at RSP; then RSP = RSP + 16",
        "MOVW R0, 8(RSP)": "store: memory at RSP+8 = R0 (32 bits)",
        "CSEL NE, R2, R3, R1": "R1 = R2 if not equal, else R3",
        "CMP R16, RSP": "compare RSP with R16: sets the flags",
        "STP (R1, R2), (R25)": "store two: memory at R25 = (R1, R2)",
        "MOVD $main.total(SB), R0": "copy: R0 = the address of main.total",
    },
}


def instruction(text):
    return Instruction(0, 0, 1, b"", text, text.partition(" ")[0])


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_what_is_said(architecture):
    for text, said in SAID[architecture].items():
        found = explain(instruction(text), architecture)
        assert (found.text, found.known) == (said, True)


def test_what_has_no_words_says_so():
    for architecture in (*ARCHITECTURES, "s390x"):
        found = explain(instruction("FROBNICATE AX, BX"), architecture)
        assert not found.known
        assert "FROBNICATE" in found.text
    assert explain(instruction("ADDQ"), "amd64").text == "add"


def test_operands_are_told_apart():
    assert split("STP (R1, R2), 8(RSP)") == ("STP", ("(R1, R2)", "8(RSP)"))
    assert split('LEAQ go:string."a, (b"(SB), AX') == ("LEAQ", ('go:string."a, (b"(SB)', "AX"))
    assert split("RET") == ("RET", ())
    assert words("(DX)(AX*8)") == "memory at DX + AX×8"
    assert words("$-2") == "-2"


def test_a_machine_explains(tier, rich, observed):
    code = machine(rich, observed.with_(goarch="amd64"), "add")
    assert [code.explain(one.index) for one in code] == [
        "add: AX = AX + BX",
        "return to the caller",
    ]
    assert "add: AX = AX + BX" in stage_html(code)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    "package",
    [
        "path",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("strconv", "math", "fmt", "sync/atomic", "math/bits", "hash/crc32")
        ),
    ],
)
def test_the_processor_agrees(
    package, architecture, observed, std_source, registers_of, monkeypatch
):
    """Every instruction has words, and a register that they say is written is the one that is."""
    monkeypatch.setattr(dump, "_WHOLE", 1 << 30)
    target = observed.with_(goarch=architecture)
    code = dump.HelperCode(std_source(package, target), target)
    told = 0
    for function in code.functions:
        for one in code.machine(function).instructions:
            found = explain(one, architecture)
            assert found.known, f"{package}: {one.text}"
            goal = re.search(r"(?:^|: )([RFX]\d+|[ABCD]X|[SD]I|BP) = (.*)", found.text)
            if not goal or one.opcode in ("NOP", "XCHGL"):
                continue
            read, written = registers_of(architecture, [one])
            assert goal[1] in written, f"{one.text}: {found.text}"
            source = re.sub(r"the address of \S+|memory at [a-z]\S+|\S+ on the stack", "", goal[2])
            named = set(re.findall(r"\b(?:[RFX]\d+|[ABCD]X|[SD]I|BP)\b", source.partition(";")[0]))
            assert named <= read | {"R28"}, f"{one.text}: {found.text}"
            told += 1
    assert told > 50
