"""The names of the bits and choices in arguments of system calls, as strace prints them.

Values: include/uapi/asm-generic and include/uapi/linux of the kernel's sources. They are the same
on amd64 and arm64, but for a few of openat's that no Go program's start has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def bits(value: int, names: Mapping[str, int], none: str = "0") -> str:
    """The bits of a value by name, in the order of the names; what has no name in hexadecimal."""
    found, left = [], value
    for name, bit in names.items():
        if bit and left & bit == bit:
            found.append(name)
            left &= ~bit
    if left:
        found.append(f"{left:#x}")
    return "|".join(found) or none


def choice(value: int, names: Mapping[str, int] | Sequence[str]) -> str:
    """The one name a value has, or the value in hexadecimal."""
    pairs = names if isinstance(names, Mapping) else {name: at for at, name in enumerate(names)}
    return next((name for name, number in pairs.items() if number == value), f"{value:#x}")


PROT = {"PROT_READ": 1, "PROT_WRITE": 2, "PROT_EXEC": 4}
MAP = {
    "MAP_SHARED": 0x1,
    "MAP_PRIVATE": 0x2,
    "MAP_FIXED": 0x10,
    "MAP_ANONYMOUS": 0x20,
    "MAP_GROWSDOWN": 0x100,
    "MAP_DENYWRITE": 0x800,
    "MAP_EXECUTABLE": 0x1000,
    "MAP_LOCKED": 0x2000,
    "MAP_NORESERVE": 0x4000,
    "MAP_POPULATE": 0x8000,
    "MAP_NONBLOCK": 0x10000,
    "MAP_STACK": 0x20000,
    "MAP_HUGETLB": 0x40000,
    "MAP_SYNC": 0x80000,
    "MAP_FIXED_NOREPLACE": 0x100000,
}
ADVICE = {
    "MADV_NORMAL": 0,
    "MADV_RANDOM": 1,
    "MADV_SEQUENTIAL": 2,
    "MADV_WILLNEED": 3,
    "MADV_DONTNEED": 4,
    "MADV_FREE": 8,
    "MADV_HUGEPAGE": 14,
    "MADV_NOHUGEPAGE": 15,
    "MADV_DONTDUMP": 16,
    "MADV_POPULATE_READ": 22,
    "MADV_POPULATE_WRITE": 23,
    "MADV_COLLAPSE": 25,
}
ACCESS_MODES = ("O_RDONLY", "O_WRONLY", "O_RDWR")
OPEN = {
    "O_CREAT": 0o100,
    "O_EXCL": 0o200,
    "O_NOCTTY": 0o400,
    "O_TRUNC": 0o1000,
    "O_APPEND": 0o2000,
    "O_NONBLOCK": 0o4000,
    "O_SYNC": 0o4010000,
    "O_DIRECT": 0o40000,
    "O_LARGEFILE": 0o100000,
    "O_DIRECTORY": 0o200000,
    "O_NOFOLLOW": 0o400000,
    "O_CLOEXEC": 0o2000000,
    "O_PATH": 0o10000000,
}
AT = {"AT_SYMLINK_NOFOLLOW": 0x100, "AT_NO_AUTOMOUNT": 0x800, "AT_EMPTY_PATH": 0x1000}
ACCESS = {"R_OK": 4, "W_OK": 2, "X_OK": 1}
CLONE = {
    "CLONE_VM": 0x100,
    "CLONE_FS": 0x200,
    "CLONE_FILES": 0x400,
    "CLONE_SIGHAND": 0x800,
    "CLONE_PIDFD": 0x1000,
    "CLONE_PTRACE": 0x2000,
    "CLONE_VFORK": 0x4000,
    "CLONE_PARENT": 0x8000,
    "CLONE_THREAD": 0x10000,
    "CLONE_NEWNS": 0x20000,
    "CLONE_SYSVSEM": 0x40000,
    "CLONE_SETTLS": 0x80000,
    "CLONE_PARENT_SETTID": 0x100000,
    "CLONE_CHILD_CLEARTID": 0x200000,
    "CLONE_DETACHED": 0x400000,
    "CLONE_UNTRACED": 0x800000,
    "CLONE_CHILD_SETTID": 0x1000000,
}
FUTEX = (
    "FUTEX_WAIT",
    "FUTEX_WAKE",
    "FUTEX_FD",
    "FUTEX_REQUEUE",
    "FUTEX_CMP_REQUEUE",
    "FUTEX_WAKE_OP",
    "FUTEX_LOCK_PI",
    "FUTEX_UNLOCK_PI",
    "FUTEX_TRYLOCK_PI",
    "FUTEX_WAIT_BITSET",
    "FUTEX_WAKE_BITSET",
)
FUTEX_PRIVATE, FUTEX_CLOCK = 128, 256
SIGNALS = (
    *("0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV"),
    *("USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU"),
    *("URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS", "RTMIN"),
    *(f"RT_{n}" for n in range(1, 33)),
)
HOW = ("SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK")
ACTION = {
    "SA_RESTORER": 0x04000000,
    "SA_ONSTACK": 0x08000000,
    "SA_RESTART": 0x10000000,
    "SA_NODEFER": 0x40000000,
    "SA_RESETHAND": 0x80000000,
    "SA_NOCLDSTOP": 1,
    "SA_NOCLDWAIT": 2,
    "SA_SIGINFO": 4,
}
ALTSTACK = {"SS_ONSTACK": 1, "SS_DISABLE": 2, "SS_AUTODISARM": 1 << 31}
LIMITS = (
    *("RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS"),
    *("RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS"),
    *("RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME"),
)
FCNTL = (
    *("F_DUPFD", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL", "F_GETLK", "F_SETLK", "F_SETLKW"),
    *("F_SETOWN", "F_GETOWN"),
)
ARCH_PRCTL = {"ARCH_SET_GS": 0x1001, "ARCH_SET_FS": 0x1002, "ARCH_GET_FS": 0x1003}
RANDOM = {"GRND_NONBLOCK": 1, "GRND_RANDOM": 2, "GRND_INSECURE": 4}
EVENTFD = {"EFD_SEMAPHORE": 1, "EFD_CLOEXEC": 0o2000000, "EFD_NONBLOCK": 0o4000}
EPOLL_CREATE = {"EPOLL_CLOEXEC": 0o2000000}
EPOLL_CONTROL = {"EPOLL_CTL_ADD": 1, "EPOLL_CTL_DEL": 2, "EPOLL_CTL_MOD": 3}
EPOLL = {
    "EPOLLIN": 1,
    "EPOLLPRI": 2,
    "EPOLLOUT": 4,
    "EPOLLERR": 8,
    "EPOLLHUP": 0x10,
    "EPOLLRDHUP": 0x2000,
    "EPOLLONESHOT": 1 << 30,
    "EPOLLET": 1 << 31,
}
FILE_KINDS = {
    "S_IFIFO": 0o010000,
    "S_IFCHR": 0o020000,
    "S_IFDIR": 0o040000,
    "S_IFBLK": 0o060000,
    "S_IFREG": 0o100000,
    "S_IFLNK": 0o120000,
    "S_IFSOCK": 0o140000,
}
PRCTL = {"PR_SET_NAME": 15, "PR_GET_NAME": 16, "PR_SET_VMA": 0x53564D41}
