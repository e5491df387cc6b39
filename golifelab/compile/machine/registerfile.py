"""The registers of a processor as the compiler sees them, read from the reader's own GOROOT."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.target import Target
from golifelab.toolchain.go import find_go

_TABLE = "src/cmd/compile/internal/ssa/opGen.go"
_SUFFIXES = {
    "386": "386",
    "amd64": "AMD64",
    "arm": "ARM",
    "arm64": "ARM64",
    "loong64": "LOONG64",
    "ppc64": "PPC64",
    "ppc64le": "PPC64",
    "riscv64": "RISCV64",
    "s390x": "S390X",
}
_REGISTER = re.compile(r'\{(\d+), [\w.]+, (?:-?\d+, )?"(\w+)"\}')


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """The registers of an architecture, by the names that dumps and Go's assembler use.

    `names` are all of them in the compiler's order. The register allocator may use those of
    `general` for integers and pointers and those of `floating` for floating point and vectors; the
    stack pointer, the current goroutine and the frame pointer are not among them. `link` is
    where a call leaves its return address ("" where that goes on the stack): a function that calls
    nothing must not use it. `integer_arguments` and `floating_arguments` carry a function's
    arguments and results, in that order.
    """

    names: tuple[str, ...]
    general: tuple[str, ...]
    floating: tuple[str, ...]
    integer_arguments: tuple[str, ...]
    floating_arguments: tuple[str, ...]
    link: str = ""

    @property
    def allocatable(self) -> tuple[str, ...]:
        """All that the register allocator may use, the general ones first."""
        return self.general + self.floating


def register_file(target: Target) -> RegisterFile:
    """The registers of a target's processor.

    FeatureUnavailable for processors whose tables are not read, and for a Go that came without the
    source of its compiler; ParseError when that source is not as known.
    """
    if target.goarch not in _SUFFIXES:
        raise FeatureUnavailable("registers", f"the tables of {target.goarch} are not read")
    return _read(find_go(target.go).root / _TABLE, _SUFFIXES[target.goarch])


@lru_cache(maxsize=16)
def _read(path: Path, suffix: str) -> RegisterFile:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise FeatureUnavailable(
            "registers",
            "this Go has no source of its compiler",
            remedy="use a full Go distribution",
        ) from error
    start = text.find(f"var registers{suffix} = ")
    end = text.find(f"var linkReg{suffix} = ")
    if start < 0 or end < 0:
        raise ParseError("opGen.go", f"no registers of {suffix}")
    part = text[start : text.index("\n", end)]
    names = tuple(name for _, name in _REGISTER.findall(part))
    kept = {"SP", "SB", "g", "ZERO", _one(part, names, "framepointerReg", suffix)}
    general = _mask(part, names, "gpRegMask", suffix)
    return RegisterFile(
        names=names,
        general=tuple(name for name in general if name not in kept),
        floating=_mask(part, names, "fpRegMask", suffix),
        integer_arguments=_list(part, names, "paramIntReg", suffix),
        floating_arguments=_list(part, names, "paramFloatReg", suffix),
        link=_one(part, names, "linkReg", suffix),
    )


def _mask(part: str, names: tuple[str, ...], name: str, suffix: str) -> tuple[str, ...]:
    # One number; from Go 1.27 on two, as there may be more than 64 registers.
    match = re.search(
        rf"var {name}{suffix} = regMask[({{](?:v1: )?(\d+)(?:, v2: (\d+))?[)}}]", part
    )
    if not match:
        raise ParseError("opGen.go", f"no {name}{suffix}")
    bits = int(match[1]) | int(match[2] or 0) << 64
    return tuple(register for at, register in enumerate(names) if bits >> at & 1)


def _list(part: str, names: tuple[str, ...], name: str, suffix: str) -> tuple[str, ...]:
    match = re.search(
        rf"var {name}{suffix} = \[\]int8\(nil\)|var {name}{suffix} = \[\]int8{{(.*)}}", part
    )
    if not match:
        raise ParseError("opGen.go", f"no {name}{suffix}")
    return tuple(names[int(number)] for number in (match[1] or "").split(",") if number.strip())


def _one(part: str, names: tuple[str, ...], name: str, suffix: str) -> str:
    match = re.search(rf"var {name}{suffix} = int8\((-?\d+)\)", part)
    if not match:
        raise ParseError("opGen.go", f"no {name}{suffix}")
    return names[int(match[1])] if int(match[1]) >= 0 else ""
