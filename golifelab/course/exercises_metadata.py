"""The exercises of section 3.2: bitmaps of stacks, and the way from an address to a function."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from golifelab.course.exercise import Wrong, called, judge
from golifelab.course.judging import is_names, judge_rows
from golifelab.course.trials import program_of
from golifelab.errors import GolifelabError
from golifelab.link.executable import Executable
from golifelab.link.metadata.findfunc import BUCKET, BUCKET_SIZE
from golifelab.link.metadata.moduledata import module_data
from golifelab.link.metadata.stackmaps import Bitmaps, bit_text, stack_maps
from golifelab.program import Program, sample
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

_COUNT, _BITS = 3, 5
WANTED_MAP = "110"
ADDRESSES = 20
# Three calls, and after each of them other pointers are still needed.
THREE = Program.from_text("""package main

type node struct{ value int }

//go:noinline
func leaf(p *node) int { return p.value }

//go:noinline
func three(a, b, c *node, k int) int {
	x := leaf(b)
	y := leaf(c)
	z := leaf(a)
	return x*k + y + z
}

func main() {
	println(three(&node{1}, &node{2}, &node{3}, 4))
}
""")
CALLS = ("leaf(b)", "leaf(c)", "leaf(a)")


@dataclass(frozen=True, slots=True)
class Record:
    """Stack maps of a function as they stand in the file: all their bytes."""

    function: str
    area: str
    data: bytes


@judge(
    "3.2a",
    question="These are the stack maps of one function. What do they say, bitmap by bitmap?",
    hints=(
        (
            "The first four bytes are how many bitmaps there are, the next four how many bits"
            " each has. The lowest byte stands first."
        ),
        "Each bitmap begins with a byte of its own, even if it needs only five bits.",
        "Word 0 is the lowest bit of the byte. Write it first: the byte 0x06 is 01100.",
    ),
    answer=(
        "Read the bits of each byte from the lowest one:\n\n"
        'data = record().data[8:]\n["".join(str(byte >> bit & 1) for bit in range(5)) for byte in'
        " data]"
    ),
)
def judge_record(answer: Any) -> str:
    """Compare texts of 0 and 1 with the bitmaps of a function of hello."""
    one, truth = record(), record_maps()
    if not is_names(answer) or isinstance(answer, set | frozenset):
        raise Wrong('give a list of texts, such as ["01100", …]')
    said = [text.strip() for text in answer]
    if said == [bits[::-1] for bits in truth] and said != truth:
        raise Wrong("the other way round: word 0 is the lowest bit, and is written first")
    if len(said) != len(truth):
        raise Wrong(f"the record says how many bitmaps there are: not {len(said)}")
    for number, (text, bits) in enumerate(zip(said, truth, strict=True)):
        if len(text) != len(bits):
            raise Wrong(f"a bitmap of it has not {len(text)} bits; the record says how many")
        if text != bits:
            raise Wrong(f"look at bitmap {number} again")
    return f"these are the {one.area} of {one.function}; each 1 is a word with a pointer in it."


def record() -> Record:
    """Stack maps of some function of hello, with three bitmaps of five bits that are different."""
    function, area, maps = _record()
    return Record(function, area, maps.header + maps.data)


def record_maps() -> list[str]:
    """The bitmaps of `record` as texts, word 0 first."""
    *_, maps = _record()
    return [bit_text(maps.pointers(index)) for index in range(maps.count)]


@cache
def _record() -> tuple[str, str, Bitmaps]:
    binary = sample("hello").link()
    for function in binary.pclntab:
        if not function.name.startswith("runtime."):
            continue
        maps = stack_maps(binary, function.name)
        for area, found in (("arguments", maps.arguments), ("locals", maps.locals)):
            texts = {bit_text(found.pointers(index)) for index in range(found.count)}
            if (found.count, found.bits, len(texts)) == (_COUNT, _BITS, _COUNT):
                return function.name, area, found
    raise GolifelabError("no function of hello has three different stack maps of five bits")


@judge(
    "3.2b",
    question=(
        "While three waits for each of its calls: which number has the stack map, and which of a, b"
        " and c does it say are live?"
    ),
    hints=(
        (
            "A word is live if the function still needs it after the call. What it was used for"
            " before does not count."
        ),
        "The words are a, b, c in this order. k has no bit: a map ends with the last pointer.",
        "Map 0 holds at the entry, where all three pointers are live. Each call brings a new one.",
    ),
    answer=(
        "a and c are needed after the first call, a after the second, none after the third. From"
        " the file:\n\nlive_words()"
    ),
)
def judge_live_words(answer: Any) -> str:
    """Compare {call: (number, bits)} with the tables of the linked program."""
    truth = live_words()
    judge_rows(
        answer,
        truth,
        kind='call → (number, bits), such as (5, "010")',
        same=lambda said, fact: isinstance(said, list | tuple) and tuple(said) == fact,
    )
    return "as the arguments die one after the other, their bits go out."


def live_words() -> dict[str, tuple[int, str]]:
    """For each call in three: the number of the stack map there, and the bits of the arguments."""
    binary = THREE.link()
    maps = stack_maps(binary, "main.three")
    calls = [
        one.offset
        for one in THREE.object.symbol("main.three").relocations
        if one.symbol == "main.leaf"
    ]
    found = [maps.at(maps.function.entry + offset) for offset in calls]
    return {
        call: (one.index, bit_text(one.arguments)) for call, one in zip(CALLS, found, strict=True)
    }


@judge(
    "3.2c",
    question=f"Write a function f whose first stack map of its arguments is {WANTED_MAP}.",
    hints=(
        (
            "Two pointers and a number give 11: the bits end with the last pointer. So the third"
            " word has to be a pointer as well, and a dead one."
        ),
        "The first map holds at the entry. What is not live even there?",
        "A parameter that f never uses.",
    ),
    answer=(
        "Three pointers, and the last one is never used:\n\n"
        "func f(a, b, c *int) int {\n\treturn *a + *b\n}"
    ),
)
def judge_first_map(answer: Any) -> str:
    """Compile the function and read the stack maps in its object."""
    maps = argument_maps(program_of(answer, "f"))
    if not maps:
        raise Wrong("f has no pointers among its arguments, so it needs no map")
    if maps[0] != WANTED_MAP:
        raise Wrong(f"the first map of this f is {maps[0]}, of {len(maps)}: {', '.join(maps)}")
    return f"{', '.join(maps)}: {WANTED_MAP} it is."


def argument_maps(program: Program, function: str = "main.f") -> list[str]:
    """The stack maps of a function's arguments in the object file, as texts."""
    info = program.object.symbol(function).function
    data = next((one.data for one in info.funcdata if "Args" in one.name), b"") if info else b""
    count, bits = (int.from_bytes(data[at : at + 4], "little") for at in (0, 4))
    width = (bits + 7) // 8
    return [
        "".join(str(data[8 + index * width + bit // 8] >> bit % 8 & 1) for bit in range(bits))
        for index in range(count if bits else 0)
    ]


@dataclass(frozen=True, slots=True)
class FindTables:
    """The tables of findfunc. `low` is the address where the code begins.

    `buckets` have (number of a function, 16 numbers to add to it), one for each 4096 bytes of code.
    `starts` are the addresses where functions begin, in order.
    """

    low: int
    buckets: tuple[tuple[int, tuple[int, ...]], ...]
    starts: tuple[int, ...]


def find_tables(binary: Executable) -> FindTables:
    """The tables of findfunc in an executable for amd64."""
    module = module_data(binary.image)
    low, high = module.range("minpc", "maxpc")
    size = -(-(high - low) // BUCKET) * BUCKET_SIZE
    raw = binary.bytes_at(module["findfunctab"], size)
    rows = [raw[at : at + BUCKET_SIZE] for at in range(0, size, BUCKET_SIZE)]
    return FindTables(
        low,
        tuple((int.from_bytes(row[:4], "little"), tuple(row[4:])) for row in rows),
        tuple(function.entry for function in binary.pclntab),
    )


@judge(
    "3.2d",
    takes_function=True,
    question=(
        "Write find(pc, tables): the number of the function that an address lies in, found as the"
        " runtime does it."
    ),
    hints=(
        (
            "offset = pc - tables.low. One bucket is for 4096 bytes, one of its sixteen numbers for"
            " 256."
        ),
        (
            "first, shares = tables.buckets[offset // 4096]; number = first + shares[offset % 4096"
            " // 256]"
        ),
        "From there go forward, as long as the next function begins at pc or before it.",
    ),
    answer=(
        "Two steps through the index, and a short walk:\n\n"
        "def find(pc, tables):\n"
        "    offset = pc - tables.low\n"
        "    first, shares = tables.buckets[offset // 4096]\n"
        "    number = first + shares[offset % 4096 // 256]\n"
        "    while number + 1 < len(tables.starts) and tables.starts[number + 1] <= pc:\n"
        "        number += 1\n"
        "    return number"
    ),
)
def judge_find(answer: Any) -> str:
    """Try the learner's function on random addresses, and ask go tool addr2line about them."""
    if not callable(answer):
        raise Wrong("give a function: def find(pc, tables): …")
    binary = sample("hello").link()
    tables, names = find_tables(binary), [one.name for one in binary.pclntab]
    for pc, truth in functions_at(binary, random_addresses(binary)).items():
        number = called(answer, pc, tables)
        if not isinstance(number, int) or not 0 <= number < len(names):
            raise Wrong(f"for {pc:#x} it gives {number!r}, which is no number of a function")
        if _plain(names[number]) != truth:
            raise Wrong(f"for {pc:#x} it finds {names[number]}; addr2line says {truth}")
    return f"{ADDRESSES} of {ADDRESSES} random addresses, and go tool addr2line agrees."


def random_addresses(binary: Executable) -> list[int]:
    """Addresses in the code of as many functions, other ones each time."""
    chosen = random.sample(binary.pclntab, ADDRESSES)
    return [random.randrange(one.entry, one.end) for one in chosen]


def functions_at(binary: Executable, addresses: list[int]) -> Mapping[int, str]:
    """The function that `go tool addr2line` names for each address."""
    go = find_go()
    asked = "".join(f"{address:#x}\n" for address in addresses)
    done = run(
        [go.command, "tool", "addr2line", binary.path],
        env=go.environment(sample("hello").target),
        input=asked.encode(),
        timeout=120,
    )
    return dict(zip(addresses, map(_plain, done.text.splitlines()[::2]), strict=True))


def _plain(name: str) -> str:
    return name.removesuffix(".abi0")
