"""The instructions of amd64 that the compiler emits, in Go's names; {a} the source, {d} the goal.

Go names the width in the last letter: B, W, L and Q are 8, 16, 32 and 64 bits. An operation on 32
bits of a register clears its upper half.
"""

from __future__ import annotations

from collections.abc import Iterator

_BITS = {"B": 8, "W": 16, "L": 32, "Q": 64}

_WIDE = {
    "MOV": "copy: {d} = {a}",
    "ADD": "add: {d} = {d} + {a}",
    "SUB": "subtract: {d} = {d} - {a}",
    "ADC": "add with carry: {d} = {d} + {a} + carry",
    "SBB": "subtract with borrow: {d} = {d} - {a} - carry",
    "AND": "and: {d} = {d} & {a}",
    "OR": "or: {d} = {d} | {a}",
    "XOR": "exclusive or: {d} = {d} ^ {a}",
    "NEG": "negate: {d} = -{d}",
    "NOT": "invert all bits: {d} = ^{d}",
    "INC": "add one: {d} = {d} + 1",
    "DEC": "subtract one: {d} = {d} - 1",
    "CMP": "compare {a} with {d}: sets the flags",
    "TEST": "test the bits {a} & {d}: sets the flags",
    "SHL": "shift left: {d} = {d} << {a}",
    "SHR": "shift right, zeros come in: {d} = {d} >> {a}",
    "SAR": "shift right, the sign stays: {d} = {d} >> {a}",
    "ROL": "rotate left: {d} by {a} bits",
    "ROR": "rotate right: {d} by {a} bits",
    "RCR": "rotate right through the carry: {d} by {a} bits",
    "IMUL": "multiply: {d} = {d} * {a}",
    "IMUL3": "multiply: {d} = {b} * {a}",
    "MUL": "multiply, unsigned: the product AX * {a}; upper half in DX, lower in AX",
    "DIV": "divide, unsigned: DX:AX by {a}; quotient in AX, remainder in DX",
    "IDIV": "divide: DX:AX by {a}; quotient in AX, remainder in DX",
    "LEA": "compute an address: {d} = {at}",
    "BSR": "find the highest set bit: {d} = its number in {a}",
    "BSF": "find the lowest set bit: {d} = its number in {a}",
    "LZCNT": "count the leading zero bits: {d} = their number in {a}",
    "TZCNT": "count the trailing zero bits: {d} = their number in {a}",
    "POPCNT": "count the set bits: {d} = their number in {a}",
    "BSWAP": "reverse the bytes of {d}",
    "MOVBE": "copy, with the bytes reversed: {d} = {a}",
    "BT": "test bit {a} of {d}: its value becomes the carry",
    "BTS": "set bit {a} of {d}",
    "BTR": "clear bit {a} of {d}",
    "BTC": "flip bit {a} of {d}",
    "XCHG": "exchange {a} and {d}, as one indivisible step",
    "XADD": "exchange and add: {d} = {d} + {a}, and {a} gets what {d} was",
    "CMPXCHG": "compare and exchange: if {d} equals AX, it becomes {a}; AX gets what it was",
    "PUSH": "push {a} onto the stack",
    "POP": "pop {d} off the stack",
    "ANDN": "and not: {d} = {a} &^ {b}",
    "BLSR": "clear the lowest set bit: {d} = {a} & ({a} - 1)",
    "BLSI": "keep the lowest set bit only: {d} = {a} & -{a}",
    "BLSMSK": "make a mask up to the lowest set bit: {d} = {a} ^ ({a} - 1)",
    "SHLX": "shift left: {d} = {b} << {a}",
    "SHRX": "shift right, zeros come in: {d} = {b} >> {a}",
    "SARX": "shift right, the sign stays: {d} = {b} >> {a}",
    "RORX": "rotate right: {d} = {b} rotated by {a} bits",
}

_CONDITIONS = {
    "EQ": "equal",
    "NE": "not equal",
    "LT": "less",
    "LE": "less or equal",
    "GT": "greater",
    "GE": "greater or equal",
    "CS": "below (unsigned), or carry",
    "CC": "above or the same (unsigned), or no carry",
    "LS": "below or the same (unsigned)",
    "HI": "above (unsigned)",
    "MI": "negative",
    "PL": "not negative",
    "OS": "overflow",
    "OC": "no overflow",
    "PS": "not comparable (a NaN), or even parity",
    "PC": "comparable (no NaN), or odd parity",
}
# Jumps on the carry have a second name.
_JUMPS = _CONDITIONS | {"LO": _CONDITIONS["CS"], "HS": _CONDITIONS["CC"]}

_FLOATS = {
    "ADD": "add: {d} = {d} + {a}",
    "SUB": "subtract: {d} = {d} - {a}",
    "MUL": "multiply: {d} = {d} * {a}",
    "DIV": "divide: {d} = {d} / {a}",
    "SQRT": "square root: {d} = √{a}",
    "MIN": "smaller one: {d} = min({d}, {a})",
    "MAX": "greater one: {d} = max({d}, {a})",
    "MOV": "copy: {d} = {a}",
    "UCOMI": "compare {d} with {a}: sets the flags",
    "COMI": "compare {d} with {a}: sets the flags",
    "ROUND": "round to a whole number: {d} = {b} rounded in way {a}",
    "VFMADD231": "multiply and add, rounded once: {d} = {d} + {b} * {a}",
}
_FLOAT_KINDS = {"SS": "float32", "SD": "float64"}

_VECTOR = {
    "MOVUPS": "copy: {d} = {a} (16 bytes)",
    "MOVUPD": "copy: {d} = {a} (16 bytes)",
    "MOVOU": "copy: {d} = {a} (16 bytes)",
    "MOVAPS": "copy: {d} = {a} (16 bytes)",
    "VMOVDQU": "copy: {d} = {a} (32 bytes)",
    "XORPS": "exclusive or: {d} = {d} ^ {a} (16 bytes)",
    "PXOR": "exclusive or: {d} = {d} ^ {a} (16 bytes)",
    "ANDPS": "and: {d} = {d} & {a} (16 bytes)",
    "ANDPD": "and: {d} = {d} & {a} (16 bytes)",
    "ORPS": "or: {d} = {d} | {a} (16 bytes)",
    "ANDNPD": "and not: {d} = {a} &^ {d} (16 bytes)",
}

_SINGLE = {
    "CALL": "call {to}",
    "RET": "return to the caller",
    "JMP": "jump to {to}",
    "NOP": "nothing: it fills space, or carries a position",
    "LOCK": "the next instruction is one indivisible step for all processors",
    "CQO": "widen AX: its sign fills DX, for a division",
    "CDQ": "widen AX: its sign fills DX, for a division (32 bits)",
    "CWD": "widen AX: its sign fills DX, for a division (16 bits)",
    "UNDEF": "stop: this is never reached",
    "UD2": "stop: this is never reached",
    "INT": "stop with interrupt {a}",
    "REP": "repeat the next instruction CX times",
    "STOSQ": "store AX at DI, and move DI on by 8 bytes",
    "MOVSQ": "copy 8 bytes from SI to DI, and move both on",
    "DUFFZERO": "clear memory at DI: call into the middle of runtime.duffzero",
    "DUFFCOPY": "copy memory from SI to DI: call into the middle of runtime.duffcopy",
    "PREFETCHT0": "bring {at} near: it is soon needed",
    "PREFETCHNTA": "bring {at} near: it is needed once",
    "XGETBV": "read a control register of the processor",
    "CPUID": "ask the processor what it can do",
    "PAUSE": "wait a moment: this is a spinning loop",
}

_EXTENDS = {
    "MOVBLZX": (8, "zeros fill the rest"),
    "MOVBQZX": (8, "zeros fill the rest"),
    "MOVWLZX": (16, "zeros fill the rest"),
    "MOVWQZX": (16, "zeros fill the rest"),
    "MOVLQZX": (32, "zeros fill the rest"),
    "MOVBLSX": (8, "its sign fills the rest"),
    "MOVBQSX": (8, "its sign fills the rest"),
    "MOVWLSX": (16, "its sign fills the rest"),
    "MOVWQSX": (16, "its sign fills the rest"),
    "MOVLQSX": (32, "its sign fills the rest"),
}

_NUMBERS = {"SS": "float32", "SD": "float64", "SL": "int32", "SQ": "int64"}


def _rows() -> Iterator[tuple[str, str]]:
    for name, text in _WIDE.items():
        for letter, bits in _BITS.items():
            yield name + letter, text + ("" if bits == 64 else f" ({bits} bits)")
    for condition, meaning in _JUMPS.items():
        yield f"J{condition}", f"jump to {{to}} if {meaning}"
    for condition, meaning in _CONDITIONS.items():
        yield f"SET{condition}", f"set {{d}} to 1 if {meaning}, else to 0"
        for letter, bits in _BITS.items():
            said = f"copy {{a}} to {{d}} if {meaning}"
            yield f"CMOV{letter}{condition}", said + ("" if bits == 64 else f" ({bits} bits)")
    for name, text in _FLOATS.items():
        for letters, kind in _FLOAT_KINDS.items():
            yield name + letters, f"{text} ({kind})"
    for name, (bits, rest) in _EXTENDS.items():
        yield name, f"copy: {{d}} = {{a}} ({bits} bits; {rest})"
    for one, first in _NUMBERS.items():
        for two, second in _NUMBERS.items():
            yield f"CVT{one}2{two}", f"convert: {{d}} = {second}({{a}}), from {first}"
            yield f"CVTT{one}2{two}", f"convert: {{d}} = {second}({{a}}), from {first}, cut off"
    yield from _VECTOR.items()
    yield from _SINGLE.items()


TABLE = dict(_rows())

# What means something else with one register twice.
SAME = {
    "XORL": "set to zero: {d} = 0",
    "XORQ": "set to zero: {d} = 0",
    "XORPS": "set to zero: {d} = 0 (16 bytes)",
    "PXOR": "set to zero: {d} = 0 (16 bytes)",
    "SBBL": "spread the carry: {d} = -1 if carry, else 0 (32 bits)",
    "SBBQ": "spread the carry: {d} = -1 if carry, else 0",
    "TESTB": "test {d} for zero and sign: sets the flags (8 bits)",
    "TESTW": "test {d} for zero and sign: sets the flags (16 bits)",
    "TESTL": "test {d} for zero and sign: sets the flags (32 bits)",
    "TESTQ": "test {d} for zero and sign: sets the flags",
    "XCHGL": "nothing: it carries a position",
}

# What means something else with one operand.
ALONE = {
    name + letter: text + ("" if bits == 64 else f" ({bits} bits)")
    for letter, bits in _BITS.items()
    for name, text in (
        ("IMUL", "multiply: the product AX * {a}; upper half in DX, lower in AX"),
        ("SHL", "shift left by one: {d} = {d} << 1"),
        ("SHR", "shift right by one, zeros come in: {d} = {d} >> 1"),
        ("SAR", "shift right by one, the sign stays: {d} = {d} >> 1"),
    )
}
