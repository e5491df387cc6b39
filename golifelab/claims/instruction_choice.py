"""Chapter 2, which instructions are chosen: claims c2.47, c2.48 and c2.50 to c2.52."""

from __future__ import annotations

from golifelab.claims.backend import code, listed, note_machine, program, touched
from golifelab.claims.ccode import c_instructions
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.workbench import Lab
from golifelab.compile.machine.effects import FLAGS, Effects, effects

_MAC = "long mac(long a, long b, long c) { return a + b * c; }\n"
# Where arm64's madd says what is added, and the number that means zero there.
_ADDED, _ZERO = 10, 31
_MOVES = ("mov", "movabs", "ret", "cmp", "test", "b", "cbnz", "cbz")


def work(lab: Lab, goarch: str, *functions: str) -> list[Effects]:
    """The instructions of functions of the sample that compute something; evidence is written."""
    studied = program(lab, "selection", *functions, goarch=goarch)
    machines = [studied.machine(name) for name in functions]
    note_machine(lab, *machines)
    found = (one for machine in machines for one in touched(machine))
    return [one for one in found if one.mnemonic not in _MOVES]


def effect(one: Effects) -> str:
    """An instruction with what it reads and writes, as a line."""
    return f"{one.text:28} reads {listed(one.reads):20} writes {listed(one.writes)}"


def note_effects(lab: Lab, *rows: Effects) -> None:
    """Write down what instructions read and write."""
    lab.note("capstone: registers read and written", "\n".join(map(effect, rows)))


def decide_arm64_forms(facts: Facts) -> Ruling:
    """c2.47: whether arm64 code has three operands and selects without a jump."""
    return settle(
        not facts["with two operands"] and "csel" in facts["the choice"],
        f"all {len(facts['with three operands or more'])} instructions that compute name three"
        f" registers or more, such as {facts['with three operands or more'][0]}; the choice is"
        f" {facts['the choice']}",
        f"with two operands: {code(facts['with two operands'])}; the choice is"
        f" {facts['the choice']}",
    )


@experiment("c2.47", decide_arm64_forms)
def measure_arm64_forms(lab: Lab) -> Facts:
    """Compile short functions for arm64, and count operands."""
    made = work(lab, "arm64", "mac", "mul", "mul9", "sel")
    return {
        "with three operands or more": [one.text for one in made if one.operands >= 3],
        "with two operands": [one.text for one in made if one.operands < 3],
        "the choice": made[-1].text,
    }


def decide_contrast(facts: Facts) -> Ruling:
    """c2.48: whether amd64 differs by two operands and by reading flags."""
    both = facts["cmov reads flags"] and facts["csel reads flags"]
    return settle(
        not both and not facts["three operands on amd64"],
        "only amd64's choice reads flags, and it has two operands everywhere",
        f"{'both' if both else 'one'} of cmov and csel read flags, so that is no contrast; and on"
        f" amd64 Go uses three operands, too: {code(facts['three operands on amd64'])}",
    )


@experiment("c2.48", decide_contrast)
def measure_contrast(lab: Lab) -> Facts:
    """Ask capstone what both choices read, and look for three operands in amd64 code."""
    amd64 = work(lab, "amd64", "macC", "mul9", "mul100", "sel")
    cmov = next(one for one in amd64 if one.mnemonic.startswith("cmov"))
    csel = work(lab, "arm64", "sel")[-1]
    # lea adds two registers, one of them scaled: its operands are written as an address.
    three = [
        one
        for one in amd64
        if (one.operands >= 3 or one.mnemonic == "lea") and not set(one.writes) & set(one.reads)
    ]
    note_effects(lab, cmov, csel, *three)
    return {
        "cmov reads flags": bool(FLAGS & set(cmov.reads)),
        "csel reads flags": bool(FLAGS & set(csel.reads)),
        "three operands on amd64": list(dict.fromkeys(one.text for one in three)),
    }


def decide_mul_then_add(facts: Facts) -> Ruling:
    """c2.50: whether arm64 multiplies and then adds."""
    names = [text.partition(" ")[0] for text in facts["a + b*c"]]
    return settle(
        names == ["mul", "add"],
        f"two instructions: {code(facts['a + b*c'])}",
        f"one instruction: {code(facts['a + b*c'])}. mul is no other: with register 31, which is"
        f" zero here, as what is added, the same word reads {facts['with zero added']}",
    )


@experiment("c2.50", decide_mul_then_add)
def measure_mul_then_add(lab: Lab) -> Facts:
    """Compile a + b*c for arm64, then write zero into the field of what is added."""
    made = work(lab, "arm64", "mac", "mul")[:-1]
    word = int.from_bytes(
        program(lab, "selection", goarch="arm64").machine("mac")[0].bytes, "little"
    )
    changed = word | _ZERO << _ADDED
    zero = effects("arm64", changed.to_bytes(4, "little"))
    lab.note(
        "the field of what is added, bits 10 to 14, made 31",
        f"{word:#010x}  {made[0].text}\n{changed:#010x}  {listed(one.text for one in zero)}",
    )
    return {
        "a + b*c": [one.text for one in made],
        "with zero added": listed(one.text for one in zero),
    }


def decide_imul(facts: Facts) -> Ruling:
    """c2.51: whether imul with two operands destroys something it does not name."""
    two, one = facts["two operands"], facts["one operand"]
    return settle(
        bool(facts["written without being named, by two operands"]),
        f"{two} also writes {listed(facts['written without being named, by two operands'])}",
        f"{two} writes {listed(facts['written by two operands'])}: the register it names first, and"
        f" the flags. It is the form with one operand, {one}, that writes registers it does not"
        f" name: {listed(facts['written without being named, by one operand'])}",
    )


@experiment("c2.51", decide_imul)
def measure_imul(lab: Lab) -> Facts:
    """Ask capstone what both forms write; Go uses both."""
    made = [one for one in work(lab, "amd64", "mac", "div7") if one.mnemonic == "imul"]
    two = next(one for one in made if one.operands == 2)
    one = next(one for one in made if one.operands == 1)
    note_effects(lab, two, one)
    return {
        "two operands": two.text,
        "written by two operands": list(two.writes),
        "written without being named, by two operands": list(two.silent),
        "one operand": one.text,
        "written without being named, by one operand": list(one.silent),
    }


def decide_mac_registers(facts: Facts) -> Ruling:
    """c2.52: whether Go's code works on the registers of the C convention."""
    other = f". gcc makes this of the same in C: {code(facts['gcc'])}" if facts["gcc"] else ""
    return settle(
        set(facts["registers"]) == {"rdi", "rsi", "rdx"},
        "it works on rdi, rsi and rdx",
        f"it works on {listed(facts['registers'])}, where Go passes a, b and c:"
        f" {code(facts['Go'])} ({facts['bytes']} bytes){other}",
    )


@experiment("c2.52", decide_mac_registers)
def measure_mac_registers(lab: Lab) -> Facts:
    """Compile a + b*c for amd64 with Go, and the same in C with gcc where there is one."""
    made = work(lab, "amd64", "mac")
    studied = program(lab, "selection", goarch="amd64")
    machine, convention = studied.machine("mac"), studied.abi("mac")
    lab.note(
        "registers of func mac(a, b, c int) int",
        "\n".join(
            f"{one.role} {one.name}: {' '.join(one.registers)}" for one in convention.assignments
        ),
    )
    named = dict.fromkeys(name for one in made for name in one.named)
    return {
        "registers": sorted(named),
        "Go": [one.text for one in touched(machine)],
        "bytes": len(machine.code),
        "gcc": list(c_instructions(lab, _MAC, "mac")),
    }
