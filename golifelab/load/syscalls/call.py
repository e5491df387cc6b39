"""One system call, as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_NUMBER = re.compile(r"0x[0-9a-f]+|-?\d+")
_OPEN, _CLOSE = "([{", ")]}"
_PAGE = 4096
# Where a call says which memory it is about: its name → the numbers of the arguments.
_MEMORY = {"mmap": (0, 1), "munmap": (0, 1), "mprotect": (0, 1), "madvise": (0, 1)}


@dataclass(frozen=True, slots=True)
class SystemCall:
    """One call: which thread, its name, arguments as strace prints them, result, error name.

    `result` is None for a call that does not return (exit_group, or one cut short by the end). `at`
    is in microseconds since the first call, -1 where nobody looked at a clock. `address` is just
    behind the instruction that made the call, 0 where that is not known; `function` is the
    program's function it is in, "" for a library's, a loader's, or one that is not known. `asked`
    is the function that wanted the memory or the thread, several calls further up: only our own
    tracing looks there.
    """

    thread: int
    name: str
    arguments: str
    result: int | None
    error: str = ""
    at: float = -1.0
    address: int = 0
    function: str = ""
    asked: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The arguments one by one: a structure or a string is one."""
        return split_arguments(self.arguments)

    @property
    def flags(self) -> tuple[str, ...]:
        """All names of constants in the arguments ("PROT_READ", "MAP_PRIVATE", "O_RDONLY")."""
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", self.arguments)
        return tuple(re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", bare))

    @property
    def span(self) -> tuple[int, int] | None:
        """The memory [start, end) that a call of mmap, munmap, mprotect or madvise is about.

        In whole pages. None for other calls, and for one that failed.
        """
        places = _MEMORY.get(self.name)
        if places is None or self.error or self.result is None:
            return None
        start = self.result if self.name == "mmap" else self.number(places[0])
        return start, start + -(-self.number(places[1]) // _PAGE) * _PAGE

    def number(self, index: int) -> int:
        """An argument as a number; NULL is 0, and -1 stands for what is none."""
        words = self.words
        word = words[index] if index < len(words) else ""
        if word == "NULL":
            return 0
        found = _NUMBER.match(word)
        return int(found[0], 0 if found[0].startswith("0x") else 10) if found else -1

    def text(self, index: int) -> str:
        """An argument that is a string, without its quotes and as it was written; else ""."""
        words = self.words
        word = words[index] if index < len(words) else ""
        return word.removesuffix("...")[1:-1] if word.startswith('"') else ""

    def line(self) -> str:
        """The call as strace prints it, without thread and clock."""
        result = "?" if self.result is None else shown_result(self.name, self.result)
        return f"{self.name}({self.arguments}) = {f'-1 {self.error}' if self.error else result}"

    def to_json(self) -> dict[str, Any]:
        """The call as plain data."""
        return {
            "thread": self.thread,
            "name": self.name,
            "arguments": self.arguments,
            "result": self.result,
            "error": self.error,
            "at": self.at,
            "address": self.address,
            "function": self.function,
            "asked": self.asked,
        }


def shown_result(name: str, result: int) -> str:
    """A result as strace prints it: addresses are in hexadecimal."""
    return f"{result:#x}" if name in ("mmap", "brk", "mremap") else str(result)


def split_arguments(text: str) -> tuple[str, ...]:
    """The arguments in a line of strace, one by one."""
    found: list[str] = []
    depth, start, at = 0, 0, 0
    while at < len(text):
        character = text[at]
        if character == '"':
            at = _string_end(text, at)
        elif character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth -= 1
        elif character == "," and depth <= 0:
            found.append(text[start:at].strip())
            start = at + 1
        at += 1
    last = text[start:].strip()
    return (*found, last) if last or found else ()


def _string_end(text: str, start: int) -> int:
    at = start + 1
    while at < len(text) and text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return at
