"""The readers of the compiler's text: all of std's forms, and hostile lines."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, strategies as st

from golifelab.compile.fallback import asmtext, ssatext
from golifelab.compile.irtext import read
from golifelab.errors import ParseError
from golifelab.position import Position

LINES = [
    "    (?) v1 = InitMem <mem>",
    "    (+6) v13 = Add64 <int> v7 v8 (a[int])",
    "    (-6) v7 = ArgIntReg <int> {a+0} [0] : AX (a[int], b[func(int, int) bool]) DEAD",
    '    (6) v9 = Addr <*uint8> {go:string."}] <x"} v3',
    "    (6) v9 = StaticLECall <int,mem> {AuxCall{main.sum}} [24] v1 v2",
    "    (6) v9 = FlagConstant <flags>[N!ZC!V]",
    "    (6) v9 = LoweredPanicBoundsCC <mem>[auxtype=22 AuxInt=4 Aux={1 0}] v1",
    "    (7) v9 = BFXIL <uint64> [lsb=8,width=4] v1 v2 : R3",
    "    (7) v9 = SelectN <mem> [1] v1 : <AX,BX>",
    "    (7) v9 = MOVQstoreconst <mem> {.autotmp_34} [val=1,off=0] v2 v1 tmp=CX",
    "    (7) v9 = StoreReg <int> v1 : .autotmp_96[int]",
    '    (7) v9 = Load <struct { a int "json:\\"a>b\\"" }> v1 v2',
]


@pytest.mark.parametrize("line", LINES)
def test_values_are_read_and_written_back(line):
    from golifelab.compile.ssa.notation import value_line

    value = ssatext.read_value(line, 1, lambda number: Position("main.go", number))
    assert value_line(value) == line


def test_blocks_are_read_and_written_back():
    from golifelab.compile.ssa.notation import lines

    text = [
        "  b1: <- b2 b3",
        "    (6) v1 = InitMem <mem>",
        "    If v1 -> b2 b3 (likely)",
        "  b2: DEAD",
        "    JumpTable {main.f.jump3} v1 v2 -> b4 b5",
        "  b3:",
        "    TBNZ [63] v1 -> b1 b2 (unlikely)",
        "name a[int]: [v1 v2]",
        "name b[int]: []",
    ]
    assert list(lines(ssatext.read_function(text, lambda n: Position("main.go", n)))) == text


@pytest.mark.parametrize(
    "line",
    [
        "    (6) v9 = Add64 <int v1",
        "    (6) v9 = Add64 <int> {a",
        '    (6) v9 = Add64 <int> {"a}',
        "    (6) v9 = Add64 <int> what",
        "    (6) v9",
        "nonsense",
    ],
)
def test_unknown_lines_are_parse_errors(line):
    with pytest.raises(ParseError):
        ssatext.read_function([line], lambda n: Position("main.go", n))


@given(st.text(max_size=200))
def test_no_text_breaks_the_readers(text):
    for record in ssatext.split(text):
        assert record.name in text
    for listing in asmtext.split(text):
        asmtext.machine(listing)
    read(text)
    with contextlib.suppress(ParseError):
        ssatext.read_value(f"    (6) v9 = Add64 <{text}", 1, lambda n: Position("main.go", n))


@given(
    st.lists(
        st.sampled_from(
            [
                "\tf STEXT size=9",
                "f STEXT size=4 args=0x0",
                "\t0x0000 00 48",
                "\t0x0000 00000 (a.go:1)\tNOP",
                "\t0x0003 00003 (a.go:1)\tRET",
                "\trel 1+4 t=R_CALL f+0",
                "\t0x0009 48 49  H",
            ]
        )
    )
)
def test_listings_in_any_order(lines):
    for listing in asmtext.split("\n".join(lines)):
        try:
            made = asmtext.machine(listing, 4)
        except ParseError:
            continue
        assert len(made.code) == listing.size


def test_ir_forms():
    lines = [
        ".   CALLFUNC Walked int tc(1) # +a.go:3:4 b.go:5:6",
        ".   CALLFUNC-Args",
        '.   .   LITERAL-"a # b \\" c" string tc(1) # a.go:3:9',
        ".   .   DOT main.n int tc(1) # a.go:3:10",
        ".   LABEL main..i0 # a.go:4:1",
        ".   INDEX Bounded map[string]interface {} tc(1)",
    ]
    call, literal, dot, label, index = read("\n".join(lines))
    assert call.position == Position("b.go", 5, 6)
    assert [p.line for p in call.stack] == [3, 5]
    assert (literal.parent, literal.role, literal.op) == (0, "Args", 'LITERAL-"a # b \\" c"')
    assert (dot.attributes, dot.type) == (("main.n",), "int")
    assert (label.attributes, label.type) == (("main..i0",), "")
    assert (index.attributes, index.type) == (("Bounded",), "map[string]interface {}")
    assert index.position is None
