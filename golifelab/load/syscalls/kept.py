"""System calls as they are kept in a recording: small, without what only this run can mean."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

from golifelab.errors import FeatureUnavailable, ParseError
from golifelab.link.executable import Executable
from golifelab.load.recorded.envelope import Recorded, recorded
from golifelab.load.syscalls.call import SystemCall
from golifelab.load.syscalls.stage import SystemCalls, system_calls

# A structure without another in it; strace prints the same ones over and over.
_STRUCTURE = re.compile(r"\{[^{}]*\}")
_REFERENCE = re.compile(r"\$(\d+)")
_OFTEN = 3
_FIRST_THREAD = 1000
_LEAST = 5  # what every row has
# What is left out at a row's end: two functions, and the name of an error.
_NOTHING: tuple[Any, ...] = (0, 0, "")
RECORDING = "syscalls-static"
# How long a program is watched for its start, in seconds.
_LONGEST = 3.0
# Which argument says where a link leads: for /proc/self/exe, where the program is.
_LEADS = {"readlink": 1, "readlinkat": 2}


def plain_calls(calls: SystemCalls, name: str = "program") -> SystemCalls:
    """The calls with threads numbered from 1000, and the program called by a name: "./program"."""
    numbers = {thread: _FIRST_THREAD + at for at, thread in enumerate(calls.threads)}
    known = {str(thread): str(number) for thread, number in numbers.items()}
    # A thread's number is a word of its own where it means the thread: no address or size is.
    words = re.compile(rf"(?<![\w.\"])({'|'.join(known)})(?![\w.\"])") if known else None
    path = next((row.text(0) for row in calls.rows if row.name == "execve"), "")
    rows = []
    for row in calls.rows:
        text, result = row.arguments, row.result
        if row.name == "execve":
            text = f'"./{name}", ["./{name}"], {text.rpartition("], ")[2]}'
        elif words is not None and row.name in _NAMES_THREADS:
            text = words.sub(lambda match: known[match[1]], text)
        elif row.name in _LEADS and path.startswith(row.text(_LEADS[row.name]) or "?"):
            text = text.replace(row.words[_LEADS[row.name]], f'"/{name}"')
        if row.name in _GIVES_THREAD and result is not None:
            result = numbers.get(result, result)
        rows.append(replace(row, thread=numbers[row.thread], arguments=text, result=result))
    return replace(calls, rows=tuple(rows), program=name)


_NAMES_THREADS = frozenset(("tgkill", "sched_getaffinity", "clone", "clone3"))
_GIVES_THREAD = frozenset(("gettid", "getpid", "clone", "clone3", "set_tid_address"))


def calls_content(calls: SystemCalls) -> dict[str, Any]:
    """The calls as plain data: a row each, structures that come often by number."""
    calls = plain_calls(calls, calls.program)
    counted = Counter(one for row in calls.rows for one in _STRUCTURE.findall(row.arguments))
    often = [one for one, count in counted.items() if count >= _OFTEN]
    places = {one: f"${at}" for at, one in enumerate(often)}
    # Function zero is none: what ends with it need not be written.
    named = (name for row in calls.rows for name in (row.function, row.asked) if name)
    functions = ["", *dict.fromkeys(named)]
    names = list(dict.fromkeys(row.name for row in calls.rows))
    return {
        "program": calls.program,
        "how": calls.how,
        "returncode": calls.returncode,
        "output": calls.output,
        "names": names,
        "functions": functions,
        "structures": often,
        "calls": [
            _short(
                row.thread,
                names.index(row.name),
                _STRUCTURE.sub(lambda match: places.get(match[0], match[0]), row.arguments),
                row.result,
                round(row.at),
                functions.index(row.function),
                functions.index(row.asked),
                row.error,
            )
            for row in calls.rows
        ],
    }


def _short(*words: Any) -> list[Any]:
    """A row without what is nothing at its end."""
    kept = list(words)
    while len(kept) > _LEAST and not kept[-1]:
        kept.pop()
    return kept


def calls_from(found: Recorded) -> SystemCalls:
    """The calls of a recording; ParseError when it is not one of calls."""
    content = found.content
    try:
        names, functions = content["names"], content["functions"]
        structures = content["structures"]
        rows = []
        for row in content["calls"]:
            thread, name, text, result, at = row[:_LEAST]
            function, asked, error = tuple(row[_LEAST:]) + _NOTHING[len(row) - _LEAST :]
            rows.append(
                SystemCall(
                    int(thread),
                    str(names[name]),
                    _REFERENCE.sub(lambda match: str(structures[int(match[1])]), text),
                    None if result is None else int(result),
                    str(error),
                    float(at),
                    0,  # where in memory the function is, is of no use without the process
                    str(functions[function]),
                    str(functions[asked]),
                )
            )
        return SystemCalls(
            rows=tuple(rows),
            how="recording",
            program=str(content["program"]),
            returncode=content["returncode"],
            output=str(content["output"]),
            command=found.recording.command,
            recorded=found.recording,
            tier="tool",
            precision="line",
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ParseError("a recording", f"not one of system calls: {error}") from error


def seen_calls(program: Executable) -> SystemCalls:
    """The system calls of a program; where nobody may trace it, recorded ones of another one."""
    try:
        return system_calls(program, asked=True, timeout=_LONGEST)
    except FeatureUnavailable:
        return calls_from(recorded(RECORDING))
