"""m0 and g0 in a program without symbols: by the code that makes them point at each other.

The first thing runtime.rt0_go does on every processor is to store the address of g0 in m0 and that
of m0 in g0: nothing else does that with two variables. The function table tells where rt0_go is.
"""

from __future__ import annotations

from golifelab.compile.machine.gnusyntax import disassembler
from golifelab.link.executable import Executable

_START = "runtime.rt0_go"
_READ = ("amd64", "arm64")
_MAX_BYTES = 1024  # real ones have half of that, and store both within the first 200
_WORD = (1 << 64) - 1


def boot_variables(executable: Executable) -> tuple[int, int] | None:
    """The addresses of m0 and g0; None where the code is not understood.

    Read for amd64 and arm64.
    """
    image = executable.image
    function = executable.pclntab.named(_START)
    if image.machine not in _READ or function is None:
        return None
    code = image.bytes_at(function.entry, min(function.end - function.entry, _MAX_BYTES))
    reader = disassembler(image.machine)
    known: dict[str, int] = {}  # registers that hold an address the code itself names
    stored: dict[tuple[int, int], int] = {}  # (variable, offset) → the address stored there
    step = _step_amd64 if image.machine == "amd64" else _step_arm64
    for address, size, mnemonic, operands in reader.disasm_lite(code, function.entry):
        step(known, stored, mnemonic, [part.strip() for part in _split(operands)], address + size)
        for (variable, offset), other in stored.items():
            # m's first field is its g0; g keeps its m further on.
            back = [place for (at, place), to in stored.items() if at == other and to == variable]
            if not offset and any(back):
                return variable, other
    return None


def _split(operands: str) -> list[str]:
    """Operands, without a cut inside brackets: "rax, 0x8(%rcx, %rdx)"."""
    parts, depth = [""], 0
    for letter in operands:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _step_amd64(
    known: dict[str, int],
    stored: dict[tuple[int, int], int],
    mnemonic: str,
    operands: list[str],
    following: int,
) -> None:
    """One instruction in AT&T's order: source, destination."""
    if len(operands) != 2:
        return
    source, target = operands
    offset, _, base = target.rstrip(")").partition("(")
    if mnemonic == "leaq" and source.endswith("(%rip)"):
        known[target] = following + int(source.partition("(")[0] or "0", 16) & _WORD
    elif mnemonic == "movq" and "(" in target and base in known and source in known:
        stored[known[base], int(offset or "0", 16)] = known[source]
    elif "(" not in target and not mnemonic.startswith(("cmp", "test")):
        known.pop(target, None)


def _step_arm64(
    known: dict[str, int],
    stored: dict[tuple[int, int], int],
    mnemonic: str,
    operands: list[str],
    following: int,
) -> None:
    """One instruction in ARM's order: destination first, but for stores."""
    del following
    if mnemonic in ("adr", "adrp"):
        known[operands[0]] = int(operands[1].lstrip("#"), 16)
    elif mnemonic == "add" and operands[1] in known and operands[-1].startswith("#"):
        known[operands[0]] = known[operands[1]] + int(operands[-1][1:], 0)
    elif mnemonic == "mov" and operands[1] in known:
        known[operands[0]] = known[operands[1]]
    elif mnemonic == "str" and len(operands) == 2 and operands[0] in known:
        base, _, offset = operands[1].strip("[]").partition(",")
        if base in known:
            stored[known[base], int(offset.strip().lstrip("#") or "0", 0)] = known[operands[0]]
    elif mnemonic != "str" and operands:
        known.pop(operands[0], None)
