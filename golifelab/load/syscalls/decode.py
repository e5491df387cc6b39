"""The arguments of a system call in words, from six numbers and the process's memory.

The words are strace's, to the letter: our own tracer and strace give equal values.
"""

from __future__ import annotations

import struct

from golifelab.load.hold.architecture import host
from golifelab.load.syscalls import flags as known
from golifelab.load.syscalls.flags import bits, choice
from golifelab.load.syscalls.words import HANDED_BACK, WORDS, Raw, Read, c_string, pointer, quoted

_PR_SET_VMA_ANON_NAME = 0

# The arguments of each call, in order, by their kinds.
_CALLS = {
    "access": "path access",
    "arch_prctl": "arch address",
    "brk": "address",
    "close": "integer",
    "epoll_create1": "epoll",
    "epoll_ctl": "integer control integer event",
    "eventfd2": "decimal efd",
    "exit": "integer",
    "exit_group": "integer",
    "faccessat": "folder path access",
    "fstat": "integer status",
    "getpid": "",
    "getrandom": "random decimal grnd",
    "gettid": "",
    "getuid": "",
    "madvise": "address decimal advice",
    "mincore": "address decimal address",
    "mmap": "address decimal prot map integer hexadecimal",
    "mprotect": "address decimal prot",
    "munmap": "address decimal",
    "nanosleep": "time address",
    "newfstatat": "folder path status at",
    "openat": "folder path open mode",
    "pread64": "integer filled decimal decimal",
    "prlimit64": "integer limit limits limits",
    "read": "integer filled decimal",
    "readlink": "path filled decimal",
    "readlinkat": "folder path filled decimal",
    "rseq": "address hexadecimal decimal hexadecimal",
    "rt_sigaction": "signal action action decimal",
    "rt_sigprocmask": "how mask mask decimal",
    "rt_sigreturn": "mask",
    "sched_getaffinity": "integer decimal processors",
    "sched_yield": "",
    "set_robust_list": "address decimal",
    "set_tid_address": "address",
    "sigaltstack": "stack stack",
    "tgkill": "integer integer signal",
    "write": "integer taken decimal",
}

# Calls whose words are known in full only once they returned.
HANDS_BACK = frozenset(
    name for name, kinds in _CALLS.items() if HANDED_BACK & set(kinds.split())
) | {"clone", "clone3"}
# Of those, the ones of which a start has many, and that never wait: they are told once, then.
AT_ONCE = frozenset(["rt_sigaction", "rt_sigprocmask", "sigaltstack"])


def arguments_text(
    name: str, values: tuple[int, ...], read: Read, result: int | None = None
) -> str:
    """The arguments of a call as strace prints them; in hexadecimal for a call not known here.

    `values` are its six numbers, `read`(address, count) gives bytes of the process's memory, and
    `result` is what it returned, None before it did.
    """
    raw = Raw(values, result, read)
    if name in _ODD:
        return ", ".join(_ODD[name](raw))
    if name not in _CALLS:
        return ", ".join(f"{value:#x}" for value in values)
    return ", ".join(_plain(raw, name))


_IN_WORDS = {name: [WORDS[kind] for kind in kinds.split()] for name, kinds in _CALLS.items()}


def _plain(raw: Raw, name: str) -> list[str]:
    return [word(raw, index) for index, word in enumerate(_IN_WORDS[name])]


def _openat(raw: Raw) -> list[str]:
    made = raw.values[2] & known.OPEN["O_CREAT"]
    return _plain(raw, "openat")[: 4 if made else 3]


def _clone(raw: Raw) -> list[str]:
    flags, stack, parent, *rest = raw.values
    # The thread's storage is the last one on amd64, the one before it on arm64.
    child, storage = rest[:2] if host().name == "amd64" else rest[1::-1]
    words = [f"child_stack={pointer(stack)}", f"flags={_clone_flags(flags)}"]
    if flags & (known.CLONE["CLONE_PARENT_SETTID"] | known.CLONE["CLONE_PIDFD"]):
        told = int.from_bytes(raw.bytes(parent, 4), "little")
        words.append(f"parent_tid=[{told}]" if raw.good else f"parent_tid={pointer(parent)}")
    if flags & known.CLONE["CLONE_SETTLS"]:
        words.append(f"tls={pointer(storage)}")
    if flags & (known.CLONE["CLONE_CHILD_SETTID"] | known.CLONE["CLONE_CHILD_CLEARTID"]):
        words.append(f"child_tidptr={pointer(child)}")
    return words


def _clone_flags(flags: int) -> str:
    end = flags & 0xFF
    named = bits(flags & ~0xFF, known.CLONE)
    return f"{named}|SIG{known.SIGNALS[end]}" if 0 < end < len(known.SIGNALS) else named


def _clone3(raw: Raw) -> list[str]:
    data = raw.bytes(raw.values[0], 64)
    if len(data) < 64:
        return [pointer(raw.values[0]), str(raw.values[1])]
    flags, _, child, parent, end, stack, size, storage = struct.unpack("<8Q", data)
    words = [f"flags={_clone_flags(flags)}"]
    if flags & (known.CLONE["CLONE_CHILD_SETTID"] | known.CLONE["CLONE_CHILD_CLEARTID"]):
        words.append(f"child_tid={pointer(child)}")
    if flags & known.CLONE["CLONE_PARENT_SETTID"]:
        words.append(f"parent_tid={pointer(parent)}")
    signal = f"SIG{known.SIGNALS[end]}" if 0 < end < len(known.SIGNALS) else str(end)
    words += [f"exit_signal={signal}", f"stack={pointer(stack)}", f"stack_size={size:#x}"]
    if flags & known.CLONE["CLONE_SETTLS"]:
        words.append(f"tls={pointer(storage)}")
    text = f"{{{', '.join(words)}}}"
    if raw.good and flags & known.CLONE["CLONE_PARENT_SETTID"]:
        told = int.from_bytes(raw.bytes(parent, 4), "little")
        text += f" => {{parent_tid=[{told}]}}"
    return [text, str(raw.values[1])]


def _futex(raw: Raw) -> list[str]:
    operation, value = raw.values[1] & 0xFFFFFFFF, raw.values[2] & 0xFFFFFFFF
    base = operation & ~(known.FUTEX_PRIVATE | known.FUTEX_CLOCK)
    name = choice(base, known.FUTEX)
    if operation & known.FUTEX_PRIVATE:
        name += "_PRIVATE"
    if operation & known.FUTEX_CLOCK:
        name += "|FUTEX_CLOCK_REALTIME"
    words = [pointer(raw.values[0]), name, str(value)]
    if "WAKE" not in name:
        words.append(WORDS["time"](raw, 3))
    if "BITSET" in name:
        mask = raw.values[5] & 0xFFFFFFFF
        every = "FUTEX_BITSET_MATCH_ANY" if mask == 0xFFFFFFFF else f"{mask:#x}"
        words += ["NULL", every] if "WAIT" in name else [every]
    return words


def _prctl(raw: Raw) -> list[str]:
    option = choice(raw.values[0] & 0xFFFFFFFF, known.PRCTL)
    if option == "PR_SET_VMA" and raw.values[1] == _PR_SET_VMA_ANON_NAME:
        name = quoted(c_string(raw, raw.values[4])) if raw.values[4] else "NULL"
        place = [pointer(raw.values[2]), str(raw.values[3]), name]
        return [option, "PR_SET_VMA_ANON_NAME", *place]
    if option == "PR_SET_NAME":
        return [option, quoted(c_string(raw, raw.values[1]))]
    return [option, *(f"{value:#x}" for value in raw.values[1:5])]


def _fcntl(raw: Raw) -> list[str]:
    command = choice(raw.values[1] & 0xFFFFFFFF, known.FCNTL)
    words = [str(raw.integer(0)), command]
    if command == "F_SETFL":
        return [*words, WORDS["open"](raw, 2)]
    if command == "F_SETFD":
        return [*words, "FD_CLOEXEC" if raw.values[2] & 1 else "0"]
    return (
        words if command in ("F_GETFD", "F_GETFL", "F_GETOWN") else [*words, f"{raw.values[2]:#x}"]
    )


_ODD = {
    "openat": _openat,
    "clone": _clone,
    "clone3": _clone3,
    "futex": _futex,
    "prctl": _prctl,
    "fcntl": _fcntl,
}
