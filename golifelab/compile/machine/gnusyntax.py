"""Instructions in GNU syntax, as objdump and gdb write them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from golifelab.compile.machine.code import Instruction
from golifelab.errors import FeatureUnavailable


def gnu_syntax(architecture: str, one: Instruction) -> str:
    """An instruction in GNU syntax, by capstone: AT&T's order on x86, ARM's own on arm64.

    Several, separated by "; ", where the assembler spelled one of Go's with more. "(bad)" for bytes
    that are no instruction; FeatureUnavailable for other processors.
    """
    found = [
        f"{i.mnemonic} {i.op_str}".strip()
        for i in disassembler(architecture).disasm(one.bytes, one.pc)
    ]
    return "; ".join(found) or "(bad)"


@lru_cache(maxsize=4)
def disassembler(architecture: str) -> Any:
    """Capstone, set up for a processor; FeatureUnavailable for one that it is not set up for."""
    import capstone

    modes = {
        "amd64": (capstone.CS_ARCH_X86, capstone.CS_MODE_64),
        "386": (capstone.CS_ARCH_X86, capstone.CS_MODE_32),
        "arm64": (capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM),
    }
    if architecture not in modes:
        raise FeatureUnavailable("GNU syntax", f"not set up for {architecture}")
    reader = capstone.Cs(*modes[architecture])
    if architecture != "arm64":
        reader.syntax = capstone.CS_OPT_SYNTAX_ATT
    return reader
