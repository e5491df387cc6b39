"""System calls for the page: a list to walk through, what they do to addresses, and open files."""

from __future__ import annotations

from typing import Any

from golifelab.load.syscalls.call import SystemCall, shown_result
from golifelab.load.syscalls.stage import SystemCalls
from golifelab.load.syscalls.ways import StartComparison, figures

Payload = dict[str, Any]

# More rows than that say nothing new, and weigh too much for a page.
MAX_CALLS = 20_000
# What a call is about. A call that is in no group is in "rest".
GROUPS: dict[str, tuple[str, ...]] = {
    "memory": ("execve", "mmap", "munmap", "mremap", "mprotect", "brk", "madvise", "mincore"),
    "files": (
        *("openat", "open", "close", "read", "write", "pread64", "newfstatat", "fstat", "fstatfs"),
        *("access", "faccessat", "fcntl", "readlink", "readlinkat", "lseek", "getdents64"),
    ),
    "threads": (
        *("clone", "clone3", "futex", "gettid", "getpid", "set_tid_address", "set_robust_list"),
        *("rseq", "sched_getaffinity", "sched_yield", "nanosleep", "exit", "exit_group"),
    ),
    "signals": ("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "tgkill"),
}
_GROUP = {name: group for group, names in GROUPS.items() for name in names}


def calls_payload(calls: SystemCalls, name: str = "") -> Payload:
    """One trace: rows of [thread, name, arguments, result, µs, function, group, asked].

    Functions, those that asked for a call too, and groups are numbers of what `functions` and
    `groups` list. `steps` are the effects
    on addresses: [call, kind, start, end, bytes reserved, bytes committed]. `files` are
    descriptors: [number, path, opened, closed, calls, maps].
    """
    rows = calls.rows[:MAX_CALLS]
    functions = list(dict.fromkeys(name for row in rows for name in (row.function, row.asked)))
    places = {function: at for at, function in enumerate(functions)}
    groups = [*GROUPS, "rest"]
    threads = list(calls.threads)
    return {
        "name": name or calls.program,
        "how": str(calls.recorded) if calls.recorded else f"seen by {_WHO[calls.how]}",
        "command": calls.command,
        "cut": calls.cut,
        "dropped": len(calls.rows) - len(rows),
        "output": calls.output[:2000],
        "threads": threads,
        "functions": functions,
        "groups": groups,
        "calls": [
            [
                threads.index(row.thread),
                row.name,
                row.arguments,
                result_text(row),
                round(row.at),
                places[row.function],
                groups.index(_GROUP.get(row.name, "rest")),
                places[row.asked],
            ]
            for row in rows
        ],
        "steps": [
            [step.call, step.kind, f"{step.start:#x}", step.size, step.reserved, step.committed]
            for step in calls.space.steps
            if step.call < len(rows)
        ],
        "files": [
            [one.number, one.path, one.opened, one.closed, len(one.calls), len(one.maps)]
            for one in calls.descriptors
        ],
    }


_WHO = {
    "strace": "strace",
    "ptrace": "our own tracing",
    "loop": "our own means, without ptrace",
    "recording": "a recording",
}


def starts_payload(compared: StartComparison) -> Payload:
    """The starts of one program: a trace each, and why one is missing."""
    return {
        "traces": [
            {**calls_payload(row.calls, row.label), "build": row.command, "reason": row.reason}
            for row in compared.rows
            if row.calls
        ],
        "missing": [[row.label, row.reason] for row in compared.rows if row.reason],
        "figures": [
            [
                name,
                *(
                    figure_text(name, figures(row.calls)[name])
                    for row in compared.rows
                    if row.calls
                ),
            ]
            for name in figures(None)
        ],
    }


def figure_text(name: str, value: int | None) -> str:
    """A figure of a start as one says it; "" where there is none."""
    if value is None:
        return ""
    return bytes_text(value) if name.startswith("bytes ") else f"{value:,}"


def result_text(row: SystemCall) -> str:
    """A call's result in the page: a number, the name of an error, "?" for one without."""
    if row.error:
        return f"-1 {row.error}"
    return "?" if row.result is None else shown_result(row.name, row.result)


def bytes_text(count: int) -> str:
    """A number of bytes as one says it: "512 MiB", "4 KiB"."""
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:.3g} {unit}" if count % size else f"{count // size} {unit}"
    return f"{count} bytes"
