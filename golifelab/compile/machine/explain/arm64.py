"""The instructions of arm64 that the compiler emits, in Go's names. {d}, the last, is the goal.

Operations are on 64 bits, with a W at the end of the name on 32; MOVB, MOVH and MOVW copy 8, 16 and
32 bits, with a U where zeros fill the rest of a register and else its sign.
"""

from __future__ import annotations

from collections.abc import Iterator

_BOTH = {
    "ADD": "add: {d} = {b} + {a}",
    "SUB": "subtract: {d} = {b} - {a}",
    "ADDS": "add, and set the flags: {d} = {b} + {a}",
    "SUBS": "subtract, and set the flags: {d} = {b} - {a}",
    "ADC": "add with carry: {d} = {b} + {a} + carry",
    "ADCS": "add with carry, and set the flags: {d} = {b} + {a} + carry",
    "SBC": "subtract with borrow: {d} = {b} - {a} - borrow",
    "SBCS": "subtract with borrow, and set the flags: {d} = {b} - {a} - borrow",
    "NEG": "negate: {d} = -{a}",
    "NEGS": "negate, and set the flags: {d} = -{a}",
    "NGC": "negate with borrow: {d} = -{a} - borrow",
    "MVN": "invert all bits: {d} = ^{a}",
    "AND": "and: {d} = {b} & {a}",
    "ANDS": "and, and set the flags: {d} = {b} & {a}",
    "ORR": "or: {d} = {b} | {a}",
    "EOR": "exclusive or: {d} = {b} ^ {a}",
    "BIC": "and not: {d} = {b} &^ {a}",
    "ORN": "or not: {d} = {b} | ^{a}",
    "EON": "exclusive or not: {d} = {b} ^ ^{a}",
    "CMP": "compare {b} with {a}: sets the flags",
    "CMN": "compare {b} with -{a}: sets the flags",
    "TST": "test the bits {b} & {a}: sets the flags",
    "CCMP": "if {if}, compare {b} with {c}; else the flags become {d}",
    "LSL": "shift left: {d} = {b} << {a}",
    "LSR": "shift right, zeros come in: {d} = {b} >> {a}",
    "ASR": "shift right, the sign stays: {d} = {b} >> {a}",
    "ROR": "rotate right: {d} = {b} rotated by {a} bits",
    "EXTR": "cut out of two registers: {d} = {c}:{b} >> {a}",
    "MUL": "multiply: {d} = {b} * {a}",
    "MNEG": "multiply and negate: {d} = -({b} * {a})",
    "MADD": "multiply and add: {d} = {b} + {c} * {a}",
    "MSUB": "multiply and subtract: {d} = {b} - {c} * {a}",
    "UDIV": "divide, unsigned: {d} = {b} / {a}",
    "SDIV": "divide: {d} = {b} / {a}",
    "UREM": "remainder, unsigned: {d} = {b} % {a}",
    "REM": "remainder: {d} = {b} % {a}",
    "CLZ": "count the leading zero bits: {d} = their number in {a}",
    "CLS": "count the leading sign bits: {d} = their number in {a}",
    "RBIT": "reverse the bits: {d} = those of {a}",
    "REV": "reverse the bytes: {d} = those of {a}",
    "REV16": "reverse the bytes of each 16 bits: {d} = those of {a}",
    "CBZ": "jump to {to} if {a} is zero",
    "CBNZ": "jump to {to} if {a} is not zero",
    "CSET": "{d} = 1 if {if}, else 0",
    "CSETM": "{d} = -1 if {if}, else 0",
    "CSEL": "{d} = {b} if {if}, else {c}",
    "CSINC": "{d} = {b} if {if}, else {c} + 1",
    "CSINV": "{d} = {b} if {if}, else ^{c}",
    "CSNEG": "{d} = {b} if {if}, else -{c}",
    "CINC": "{d} = {b} + 1 if {if}, else {b}",
    "CNEG": "{d} = -{b} if {if}, else {b}",
    "UBFX": "cut out bits: {d} = {c} bits of {b} from bit {a}",
    "SBFX": "cut out bits, the sign stays: {d} = {c} bits of {b} from bit {a}",
    "UBFIZ": "put bits: {d} = the lowest {c} bits of {b}, at bit {a}; zeros around",
    "SBFIZ": "put bits, the sign stays: {d} = the lowest {c} bits of {b}, at bit {a}",
    "BFI": "put bits: the lowest {c} bits of {b} into {d}, at bit {a}",
    "BFXIL": "put bits: {c} bits of {b} from bit {a} into the lowest bits of {d}",
    "LDAR": "load, before all that follows: {d} = {a}",
    "STLR": "store, after all that came before: {d} = {a}",
    "LDAXR": "load and watch the place: {d} = {a}",
    "STLXR": "store {a} if nobody wrote {b} since it was loaded; {d} = 0 if so",
    "LDP": "load two: {d} = {a}",
    "STP": "store two: {d} = {a}",
    "MOVK": "put 16 bits into {d}: {a}",
}

_SINGLE = {
    "MOVD": "copy: {d} = {a}",
    "MOVW": "copy: {d} = {a} (32 bits; its sign fills the rest)",
    "MOVWU": "copy: {d} = {a} (32 bits; zeros fill the rest)",
    "MOVH": "copy: {d} = {a} (16 bits; its sign fills the rest)",
    "MOVHU": "copy: {d} = {a} (16 bits; zeros fill the rest)",
    "MOVB": "copy: {d} = {a} (8 bits; its sign fills the rest)",
    "MOVBU": "copy: {d} = {a} (8 bits; zeros fill the rest)",
    "FMOVQ": "copy: {d} = {a} (16 bytes)",
    "FLDPQ": "load two: {d} = {a} (16 bytes each)",
    "FSTPQ": "store two: {d} = {a} (16 bytes each)",
    "LDARB": "load, before all that follows: {d} = {a} (8 bits)",
    "STLRB": "store, after all that came before: {d} = {a} (8 bits)",
    "LDAXRB": "load and watch the place: {d} = {a} (8 bits)",
    "STLXRB": "store {a} if nobody wrote {b} since it was loaded; {d} = 0 if so (8 bits)",
    "UMULH": "multiply, unsigned: {d} = the upper half of {b} * {a}",
    "SMULH": "multiply: {d} = the upper half of {b} * {a}",
    "UMULL": "multiply 32 bits to 64, unsigned: {d} = {b} * {a}",
    "SMULL": "multiply 32 bits to 64: {d} = {b} * {a}",
    "SXTB": "widen: {d} = {a} (8 bits; its sign fills the rest)",
    "SXTH": "widen: {d} = {a} (16 bits; its sign fills the rest)",
    "SXTW": "widen: {d} = {a} (32 bits; its sign fills the rest)",
    "UXTB": "widen: {d} = {a} (8 bits; zeros fill the rest)",
    "UXTH": "widen: {d} = {a} (16 bits; zeros fill the rest)",
    "UXTW": "widen: {d} = {a} (32 bits; zeros fill the rest)",
    "TBZ": "jump to {to} if bit {a} of {b} is 0",
    "TBNZ": "jump to {to} if bit {a} of {b} is 1",
    "ADR": "compute the address of the instruction at {at}",
    "CALL": "call {to}",
    "RET": "return to the caller, whose address is in R30",
    "JMP": "jump to {to}",
    "NOP": "nothing: it fills space, or carries a position",
    "NOOP": "nothing: it fills space, or carries a position",
    "HINT": "nothing: it fills space, or carries a position",
    "UNDEF": "stop: this is never reached",
    "BRK": "stop: this is never reached",
    "DUFFZERO": "clear memory at R20: call into the middle of runtime.duffzero",
    "DUFFCOPY": "copy memory from R20 to R21: call into the middle of runtime.duffcopy",
    "PRFM": "bring {at} near: it is soon needed",
    "DMB": "wait until memory operations before it are seen by all processors",
    "YIELD": "wait a moment: this is a spinning loop",
    "VCNT": "count the set bits of each byte: {d} = those of {a}",
    "VUADDLV": "add up the parts of a vector: {d} = the sum of {a}",
}

_JUMPS = {
    "EQ": "equal",
    "NE": "not equal",
    "LT": "less",
    "LE": "less or equal",
    "GT": "greater",
    "GE": "greater or equal",
    "LO": "below (unsigned)",
    "CC": "below (unsigned)",
    "LS": "below or the same (unsigned)",
    "HI": "above (unsigned)",
    "HS": "above or the same (unsigned)",
    "CS": "above or the same (unsigned)",
    "MI": "negative; of floating point, less",
    "PL": "not negative; of floating point, not less",
    "VS": "overflow; of floating point, not comparable",
    "VC": "no overflow; of floating point, comparable",
}

_FLOATS = {
    "FMOV": "copy: {d} = {a}",
    "FADD": "add: {d} = {b} + {a}",
    "FSUB": "subtract: {d} = {b} - {a}",
    "FMUL": "multiply: {d} = {b} * {a}",
    "FNMUL": "multiply and negate: {d} = -({b} * {a})",
    "FDIV": "divide: {d} = {b} / {a}",
    "FMADD": "multiply and add, rounded once: {d} = {b} + {c} * {a}",
    "FMSUB": "multiply and subtract, rounded once: {d} = {b} - {c} * {a}",
    "FNMADD": "multiply and add, negated, rounded once: {d} = -{b} - {c} * {a}",
    "FNMSUB": "multiply and subtract, rounded once: {d} = {c} * {a} - {b}",
    "FNEG": "negate: {d} = -{a}",
    "FABS": "absolute value: {d} = |{a}|",
    "FSQRT": "square root: {d} = √{a}",
    "FCMP": "compare {b} with {a}: sets the flags",
    "FMIN": "smaller one: {d} = min({b}, {a})",
    "FMAX": "greater one: {d} = max({b}, {a})",
    "FRINTM": "round down: {d} = {a} rounded",
    "FRINTP": "round up: {d} = {a} rounded",
    "FRINTZ": "cut off the fraction: {d} = {a} rounded",
    "FRINTA": "round, halves away from zero: {d} = {a} rounded",
    "FRINTN": "round, halves to even: {d} = {a} rounded",
    "FLDP": "load two: {d} = {a}",
    "FSTP": "store two: {d} = {a}",
    "FCSEL": "{d} = {b} if {if}, else {c}",
}
_FLOAT_KINDS = {"S": "float32", "D": "float64"}

_ATOMIC = {
    "LDADDAL": "add as one indivisible step: {b} = {b} + {a}, and {d} gets what it was",
    "LDORAL": "or as one indivisible step: {b} = {b} | {a}, and {d} gets what it was",
    "LDCLRAL": "and not as one indivisible step: {b} = {b} &^ {a}, and {d} gets what it was",
    "LDEORAL": "exclusive or as one indivisible step: {b} = {b} ^ {a}, and {d} gets what it was",
    "SWPAL": "exchange as one indivisible step: {b} = {a}, and {d} gets what it was",
    "CASAL": "compare and exchange: if {b} equals {a}, it becomes {d}; {a} gets what it was",
}
_ATOMIC_BITS = {"D": 64, "W": 32, "H": 16, "B": 8}


def _rows() -> Iterator[tuple[str, str]]:
    for name, text in _BOTH.items():
        yield name, text
        yield f"{name}W", f"{text} (32 bits)"
    for condition, meaning in _JUMPS.items():
        yield f"B{condition}", f"jump to {{to}} if {meaning}"
    for name, text in _FLOATS.items():
        for letter, kind in _FLOAT_KINDS.items():
            yield name + letter, f"{text} ({kind})"
    for name, text in _ATOMIC.items():
        for letter, bits in _ATOMIC_BITS.items():
            yield name + letter, text + ("" if bits == 64 else f" ({bits} bits)")
    for letter, kind in _FLOAT_KINDS.items():
        for wide, bits in (("", 64), ("W", 32)):
            yield f"SCVTF{wide}{letter}", f"convert: {{d}} = {kind}({{a}}), from int{bits}"
            yield f"UCVTF{wide}{letter}", f"convert: {{d}} = {kind}({{a}}), from uint{bits}"
            yield (
                f"FCVTZS{letter}{wide}",
                f"convert: {{d}} = int{bits}({{a}}), from {kind}, cut off",
            )
            yield (
                f"FCVTZU{letter}{wide}",
                f"convert: {{d}} = uint{bits}({{a}}), from {kind}, cut off",
            )
    yield "FCVTSD", "convert: {d} = float64({a}), from float32"
    yield "FCVTDS", "convert: {d} = float32({a}), from float64"
    yield from _SINGLE.items()


TABLE = dict(_rows())
