"""What instructions read and write, also what their text does not name: by capstone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from golifelab.errors import FeatureUnavailable

# The processors' names for the flags that a comparison sets.
FLAGS = frozenset({"rflags", "nzcv"})


@dataclass(frozen=True, slots=True)
class Effects:
    """One instruction and the registers it touches, by the processor's own names ("rax", "x0").

    `text` is written as Intel or Arm write it, the destination first. `reads` and `writes` are all
    registers, the flags among them ("rflags", "nzcv"); `named` are those that the text names.
    `operands` counts the operands of the text.
    """

    text: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    named: tuple[str, ...]
    operands: int

    @property
    def mnemonic(self) -> str:
        """The instruction's name: "imul"."""
        return self.text.partition(" ")[0]

    @property
    def silent(self) -> tuple[str, ...]:
        """The registers that it writes without naming them; the flags are not counted."""
        return tuple(one for one in self.writes if one not in self.named and one not in FLAGS)


def effects(architecture: str, code: bytes, pc: int = 0) -> tuple[Effects, ...]:
    """The instructions in `code` and what each touches; it ends at bytes that are no instruction.

    `pc` is the address of the first: the targets of jumps are told from there.
    FeatureUnavailable for processors other than amd64 and arm64.
    """
    return tuple(_effects(one) for one in _reader(architecture).disasm(code, pc))


def _effects(one: Any) -> Effects:
    reads, writes = one.regs_access()
    named: list[int] = []
    for operand in one.operands:
        if operand.type == _kinds()[0]:
            named.append(operand.reg)
        elif operand.type == _kinds()[1]:
            named += [operand.mem.base, operand.mem.index]
    return Effects(
        text=f"{one.mnemonic} {one.op_str}".strip(),
        reads=tuple(sorted(one.reg_name(number) for number in reads)),
        writes=tuple(sorted(one.reg_name(number) for number in writes)),
        named=tuple(dict.fromkeys(one.reg_name(number) for number in named if number)),
        operands=len(one.operands),
    )


@lru_cache(maxsize=1)
def _kinds() -> tuple[int, int]:
    """Capstone's numbers for an operand that is a register, and for one in memory."""
    import capstone

    return capstone.CS_OP_REG, capstone.CS_OP_MEM


@lru_cache(maxsize=2)
def _reader(architecture: str) -> Any:
    import capstone

    modes = {
        "amd64": (capstone.CS_ARCH_X86, capstone.CS_MODE_64),
        "arm64": (capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM),
    }
    if architecture not in modes:
        raise FeatureUnavailable("registers read and written", f"not set up for {architecture}")
    reader = capstone.Cs(*modes[architecture])
    reader.detail = True
    return reader
