"""The exercises of section 4.1: what the kernel makes of the file, and which pages come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from golifelab.claims.own_memory import homes, touched
from golifelab.claims.workbench import Lab, workbench
from golifelab.course.exercise import Wrong, judge
from golifelab.course.judging import is_names, judge_rows
from golifelab.link.elf.structure import Segment
from golifelab.load.memory.maps import PAGE
from golifelab.load.syscalls.stage import SystemCalls
from golifelab.load.syscalls.ways import start_comparison
from golifelab.program import sample

WORDS = ("PROT_NONE", "PROT_EXEC", "MAP_FIXED", "MAP_DENYWRITE", "MAP_ANONYMOUS")
_KINDS = ("static", "pie", "dynamic")
_DESCRIPTOR = 4
_READ = "table: one number is read"


@judge(
    "4.1a",
    question=(
        "Which mappings does the kernel make of these program headers? Give (start, end,"
        " permissions) for each, by address."
    ),
    hints=(
        (
            "A mapping has whole pages: it begins at the page of the first byte and ends after that"
            " of the last one."
        ),
        (
            "The file's part of a segment is as long as file_size. What memory_size has more needs"
            " no file, and so has to be a mapping of its own."
        ),
        "start = address // 4096 * 4096; end = -(-(address + size) // 4096) * 4096.",
    ),
    answer=(
        "One for the file's part of each segment, and one more for zeroed variables:\n\n"
        "for one in load_headers():\n"
        "    start = one.address // 4096 * 4096\n"
        "    end = -(-(one.address + one.file_size) // 4096) * 4096\n"
        "    mappings.append((start, end, one.permissions))\n"
        "    rest = -(-(one.address + one.memory_size) // 4096) * 4096\n"
        "    if rest > end:\n"
        "        mappings.append((end, rest, one.permissions))"
    ),
)
def judge_mappings(answer: Any) -> str:
    """Compare the mappings with those that a process of the program reads of itself."""
    said, truth = _rows(answer), made_mappings()
    for number, (row, fact) in enumerate(zip(said, truth, strict=False)):
        if row[:2] != fact[:2] and (row[0] % PAGE or row[1] % PAGE):
            raise Wrong(f"mapping {number} does not begin and end at a page of {PAGE:,} bytes")
        if row != fact:
            same = sum(ours == theirs for ours, theirs in zip(row, fact, strict=True))
            raise Wrong(f"of mapping {number} {same} of 3 things are right")
    if len(said) < len(truth):
        raise Wrong(f"these {len(said)} are right, but there are more: who has the zeroes?")
    if len(said) > len(truth):
        raise Wrong(f"the process has {len(truth)} mappings of these segments, not {len(said)}")
    return f"the process itself reads these {len(truth)} in /proc/self/maps."


def load_headers() -> list[Segment]:
    """The program headers of homes that are to be loaded, as in its file."""
    return [one for one in sample("homes").link().segments if one.type == "LOAD"]


def made_mappings() -> list[tuple[int, int, str]]:
    """What a process of homes says was made of them: (start, end, permissions)."""
    _, rows = homes(Lab(workbench()))
    end = max(one.address + one.memory_size for one in load_headers())
    return [(row.start, row.end, row.permissions[:3]) for row in rows if row.start < end]


def _rows(answer: Any) -> list[tuple[int, int, str]]:
    if not isinstance(answer, Sequence) or isinstance(answer, str):
        raise Wrong("give a list of (start, end, permissions)")
    for row in answer:
        if not isinstance(row, Sequence) or len(row) != 3 or not isinstance(row[2], str):
            raise Wrong(f'{row!r} is not (start, end, permissions), such as (0x400000, …, "r-x")')
        if not all(isinstance(one, int) for one in row[:2]):
            raise Wrong(f"start and end of {row!r} are to be numbers")
    return [(row[0], row[1], row[2].removesuffix("p")) for row in answer]


@judge(
    "4.1c",
    question=(
        "The program faults has read one number. At this address, with one fault. From which"
        " address, and up to which, are there pages now that were not there before?"
    ),
    hints=(
        "The table in the page before says how many pages came: count them in bytes.",
        (
            "The kernel does not go to both sides alike. It takes the group in which the address"
            " lies, and groups begin at multiples of their size."
        ),
        "start = address // size * size; the end is size bytes further.",
    ),
    answer=(
        "The group of pages, aligned to its own size:\n\n"
        "size = 16 * 4096   # as many pages as came\n"
        "start = touched_address() // size * size\n"
        "came = (start, start + size)"
    ),
)
def judge_cluster(answer: Any) -> str:
    """Compare with the pages that the program saw coming."""
    start, end = _pair(answer)
    address, (first, last) = touched_address(), came()
    if not start <= address < end:
        raise Wrong(f"the page of {address:#x} itself must be among them")
    if (end - start) != last - first:
        raise Wrong(f"{(end - start) / PAGE:g} pages: the program counted another number")
    if (start, end) != (first, last):
        raise Wrong("as many, but others: a group begins at a multiple of its size")
    pages = (last - first) // PAGE
    return (
        f"one fault, {pages} pages. The kernel has them in memory already, and somebody who reads"
        " here will soon read there: so it maps its neighbours as well."
    )


def touched_address() -> int:
    """The address of the number that the sample faults reads: the middle of its table."""
    symbol = workbench_symbol()
    return symbol[0] + symbol[1] // 2


@cache
def workbench_symbol() -> tuple[int, int]:
    """Where the table of faults is, and how many bytes it has."""
    from golifelab.claims.images import built

    symbol = built(Lab(workbench()), "faults").symbol("main.table")
    assert symbol is not None
    return symbol.address, symbol.size


@cache
def came() -> tuple[int, int]:
    """The addresses from and to which pages came when the program read that number."""
    return touched(Lab(workbench()))[_READ].came


def _pair(answer: Any) -> tuple[int, int]:
    if (
        not isinstance(answer, Sequence)
        or len(answer) != 2
        or not all(isinstance(one, int) and not isinstance(one, bool) for one in answer)
    ):
        raise Wrong("give two addresses, (from, to)")
    return answer[0], answer[1]


@judge(
    "4.1b",
    question=(
        "How many of the mmap calls in each of these traces map a file? Give {kind of program:"
        " number}."
    ),
    hints=(
        "The fifth argument of mmap is the descriptor of a file. A mapping without a file has -1.",
        "`row.number(4)` is that argument, counted from 0, of a row that is called mmap.",
    ),
    answer=(
        "Count the calls whose fifth argument is a descriptor:\n\n"
        "{kind: sum(row.number(4) >= 0 for row in calls.named('mmap'))\n"
        " for kind, calls in traces().items()}"
    ),
)
def judge_file_mappings(answer: Any) -> str:
    """Compare with the traces, which are live where somebody may trace, and else recorded."""
    truth = {
        kind: sum(row.number(_DESCRIPTOR) >= 0 for row in calls.named("mmap"))
        for kind, calls in traces().items()
    }
    judge_rows(answer, truth, kind="kind → number of mmap calls with a file")
    return (
        "a static program maps no file at all: the kernel has done that, in execve, and no trace"
        " shows it. What you see in the others is the loader at work."
    )


@cache
def traces() -> Mapping[str, SystemCalls]:
    """The system calls of hello, linked in three ways; recorded ones where nobody may trace."""
    hello = sample("hello")
    found = start_comparison(hello.source, hello.target, _KINDS)
    return {row.kind: row.calls for row in found.rows if row.calls is not None}


@judge(
    "4.1d",
    question=(
        f"Which of these words never occur in the trace of a static Go program: {', '.join(WORDS)}?"
    ),
    hints=(
        "`row.flags` gives such words of a call.",
        (
            "Whoever maps no code needs no permission for it; and who would forbid to write to a"
            " file, if there is none?"
        ),
    ),
    answer=(
        "Take away all the words that occur:\n\n"
        "set(WORDS) - {flag for row in traces()['static'].rows for flag in row.flags}"
    ),
)
def judge_flags(answer: Any) -> str:
    """Compare with the words in the trace of hello."""
    if not is_names(answer):
        raise Wrong('give a collection of texts, such as ["MAP_FIXED"]')
    there = {flag for row in traces()["static"].rows for flag in row.flags}
    for one in answer:
        if one not in WORDS:
            raise Wrong(f"{one!r} was not asked")
        if one in there:
            raise Wrong(f"{one} occurs; search the trace for it")
    missing = set(WORDS) - there - set(answer)
    if missing:
        raise Wrong(f"right so far; {len(missing)} more never occur")
    return "both belong to somebody who loads a library, piece by piece."
