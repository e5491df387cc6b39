"""The exercises of section 3.1: holes in code, and names that are gone or shown to the loader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from golifelab.claims.workbench import workbench
from golifelab.course.exercise import Wrong, called, judge
from golifelab.course.judging import is_names
from golifelab.link.elf.image import Image
from golifelab.link.executable import Executable
from golifelab.link.metadata.functables import function_tables
from golifelab.program import Program, sample

# The first call of the one function in the other is what is asked for.
_CALLER, _CALLED = "main.walk", "main.leaf"
_WANTED = 3
# What the learner's function is tried on: calls, addresses of data, and of what has no name.
_TRIED = (
    ("hello", "main.main"),
    ("walk", "main.walk"),
    ("walk", "main.main"),
    ("add", "main.main"),
)


@dataclass(frozen=True, slots=True)
class Hole:
    """Bytes of a function that the linker fills in.

    They begin at `offset` in the function and are `size` bytes. What is meant lies at the address
    `target`, `addend` bytes further.
    """

    offset: int
    size: int
    target: int
    addend: int = 0


@dataclass(frozen=True, slots=True)
class Patchwork:
    """A function as the compiler left it, and all that is needed to finish it.

    `code` are its bytes in the object file, `base` is the address that the linker gave it.
    """

    code: bytes
    base: int
    holes: tuple[Hole, ...]


def patchwork(program: Program, function: str) -> Patchwork:
    """A function with its holes, and the addresses of all that they stand for."""
    symbol = program.object.symbol(function)
    found = program.relocations(function)
    base = next(one.place - one.offset for one in found if one.place is not None)
    holes = (
        Hole(one.offset, one.size, one.target_address, one.addend)
        for one in found
        if one.size and one.target_address is not None
    )
    return Patchwork(symbol.data, base, tuple(holes))


@judge(
    "3.1a",
    question=f"{_CALLER} calls {_CALLED}. Which four bytes does the linker write there?",
    hints=(
        (
            "The processor counts from the instruction after the call. That one begins 4 bytes"
            " after the first byte of the hole."
        ),
        "distance = target - (place + 4). It is negative: leaf lies below walk.",
        'In Python: distance.to_bytes(4, "little", signed=True)',
    ),
    answer=(
        "From the end of the hole to the target, lowest byte first:\n\n"
        'place, target = asked_call()\n(target - (place + 4)).to_bytes(4, "little", signed=True)'
    ),
)
def judge_displacement(answer: Any) -> str:
    """Compare four bytes, their hex text or the number with what stands in the executable."""
    place, _ = asked_call()
    truth = sample("walk").link().bytes_at(place, 4)
    distance = int.from_bytes(truth, "little", signed=True)
    given = _as_bytes(answer)
    if given == truth:
        return f"{truth.hex(' ')} is {distance:,}: so far away, and before this place."
    if given == truth[::-1]:
        raise Wrong("the right number, but the lowest byte stands first")
    off = int.from_bytes(given, "little", signed=True) - distance
    if 0 < off <= len("e8") + 4:
        raise Wrong(f"it is {off} too far: from where does the processor count?")
    if int.from_bytes(given, "little", signed=True) == -distance:
        raise Wrong("that leads away from the target: where is it, before or after?")
    raise Wrong("compute target minus the address of the next instruction")


def asked_call() -> tuple[int, int]:
    """The address of the hole that exercise 3.1a is about, and that of the function it is for."""
    program = sample("walk")
    holes = program.object.symbol(_CALLER).relocations
    offset = next(hole.offset for hole in holes if hole.symbol == _CALLED)
    binary = program.link()
    caller, called_function = binary.function(_CALLER), binary.function(_CALLED)
    assert caller is not None
    assert called_function is not None
    return caller.address + offset, called_function.address


def _as_bytes(answer: Any) -> bytes:
    try:
        if isinstance(answer, bytes | bytearray):
            given = bytes(answer)
        elif isinstance(answer, str):
            given = bytes.fromhex(answer.replace("0x", ""))
        elif isinstance(answer, int) and not isinstance(answer, bool):
            given = answer.to_bytes(4, "little", signed=answer < 1 << 31)
        else:
            raise Wrong("give four bytes, such as bytes.fromhex('00 00 00 00')")
    except (ValueError, OverflowError) as error:
        raise Wrong(f"these are no four bytes: {error}") from error
    if len(given) != len(b"\0\0\0\0"):
        raise Wrong(f"there is room for four bytes, not for {len(given)}")
    return given


@judge(
    "3.1b",
    question=(
        "Name three functions of the runtime whose code runs in hello, though hello has no such"
        " function."
    ),
    hints=(
        (
            "A small function is copied to where it is called. If that is done at every call,"
            " nobody needs the function itself any more."
        ),
        (
            "The tables of each function say what was copied into it:"
            ' function_tables(binary, "runtime.mallocgc").inlined'
        ),
        "Compare with the names in binary.functions. One of them is in claim c3.05.",
    ),
    answer=(
        "Collect what was copied into the runtime's functions, and leave out what is there as a"
        " function, too:\n\nsorted(inlined_away())[:3]"
    ),
)
def judge_inlined_away(answer: Any) -> str:
    """Compare names with those of the inline trees that have no function of their own."""
    if not is_names(answer):
        raise Wrong('give a list of three names, such as ["runtime.mallocgc", …]')
    binary, gone = sample("hello").link(), inlined_away()
    there = {one.name.removesuffix(".abi0") for one in binary.functions}
    names = [name if name.startswith("runtime.") else f"runtime.{name}" for name in answer]
    for name in names:
        if name in gone:
            continue
        if name in there:
            raise Wrong(f"{name} is in hello as a function")
        raise Wrong(f"{name} was copied nowhere in hello: not even its code is there")
    if len(set(names)) < _WANTED:
        raise Wrong(f"{len(set(names))} of {_WANTED}: right so far, name more")
    return f"these are three of {len(gone)}. nm does not know them, and tracebacks do."


def inlined_away() -> frozenset[str]:
    """Functions of the runtime that were copied into hello's functions and are none there."""
    binary = sample("hello").link()
    return _inlined_away(binary)


@cache
def _inlined_away(binary: Executable) -> frozenset[str]:
    names = [function.name for function in binary.pclntab]
    runtime = [name for name in names if name.startswith("runtime.")]
    copied = {call.function for name in runtime for call in function_tables(binary, name).inlined}
    return frozenset(name for name in copied - set(names) if name.startswith("runtime."))


@judge(
    "3.1c",
    question=(
        "netapp, built with cgo, has a table .dynsym. Which symbols of its own does it show to the"
        " dynamic loader there?"
    ),
    hints=(
        "Most rows of the table are wishes: functions of libc. Those are defined nowhere here.",
        "binary.image.dynamic_symbols has the rows. An undefined one has no section.",
    ),
    answer=(
        "The rows that have a section. C calls back into Go through them:\n\n"
        "[one.name for one in binary.image.dynamic_symbols if one.section]"
    ),
)
def judge_exported(answer: Any) -> str:
    """Compare names with the symbols that netapp defines for the loader."""
    if not is_names(answer):
        raise Wrong("give a list of names")
    shown = exported()
    said = set(answer)
    for name in sorted(said - shown):
        raise Wrong(f"{name} is not among them")
    if missing := len(shown - said):
        raise Wrong(f"right so far, {missing} more")
    return f"of all its functions the loader sees {len(shown)}, none of them the runtime's."


def exported() -> frozenset[str]:
    """What netapp, built with cgo, defines in its dynamic symbol table. Needs gcc."""
    image = Image(workbench().build("net cgo"))
    return frozenset(one.name for one in image.dynamic_symbols if one.section)


@judge(
    "3.1d",
    takes_function=True,
    question=(
        "Be the linker: write relocate(code, base, holes), which gives a function's bytes with all"
        " holes filled in."
    ),
    hints=(
        "Work on bytearray(code). For each hole, what you put in is a distance, as in 3.1a.",
        "place = base + hole.offset; value = hole.target + hole.addend - (place + hole.size)",
        (
            'code[hole.offset : hole.offset + hole.size] = value.to_bytes(hole.size, "little",'
            " signed=True)"
        ),
    ),
    answer=(
        "One loop, and the arithmetic of 3.1a in it:\n\n"
        "def relocate(code, base, holes):\n"
        "    code = bytearray(code)\n"
        "    for hole in holes:\n"
        "        end = hole.offset + hole.size\n"
        "        value = hole.target + hole.addend - (base + end)\n"
        "        code[hole.offset : end] = value.to_bytes(hole.size, 'little', signed=True)\n"
        "    return bytes(code)"
    ),
)
def judge_relocate(answer: Any) -> str:
    """Give some functions to the learner's linker, and compare with Go's."""
    if not callable(answer):
        raise Wrong("give a function: def relocate(code, base, holes): …")
    total = 0
    for name, function in _TRIED:
        program = sample(name)
        work = patchwork(program, function)
        made = filled(answer, work)
        truth = program.link().bytes_at(work.base, len(work.code))
        if len(made) != len(truth):
            raise Wrong(f"{function} of {name} was {len(truth)} bytes long, and is {len(made)} now")
        for hole in work.holes:
            want = truth[hole.offset : hole.offset + hole.size]
            got = made[hole.offset : hole.offset + hole.size]
            if got != want:
                raise Wrong(
                    f"{function} of {name}, offset {hole.offset:#x}: you put in {got.hex(' ')},"
                    f" Go's linker {want.hex(' ')}"
                )
        if made != truth:
            raise Wrong(f"in {function} of {name} bytes have changed that are in no hole")
        total += len(work.holes)
    return f"{total} holes in {len(_TRIED)} functions, every byte as Go's linker has it."


def filled(relocate: Callable[[bytes, int, Sequence[Hole]], Any], work: Patchwork) -> bytes:
    """What a learner's function makes of a function; Wrong when it is not bytes."""
    made = called(relocate, work.code, work.base, work.holes)
    if not isinstance(made, bytes | bytearray):
        raise Wrong(f"the function gives {type(made).__name__}, not bytes")
    return bytes(made)
