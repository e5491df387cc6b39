"""What this machine can give to a child: memory and processors, within a container's share."""

from __future__ import annotations

import os
from pathlib import Path

_GROUP = Path("/sys/fs/cgroup")


def free_memory() -> int | None:
    """Bytes free on the machine, within the control group and this process's own limit.

    None where nothing of it can be read.
    """
    bounds = [
        int(line.split()[1]) << 10
        for line in _lines("/proc/meminfo")
        if line.startswith("MemAvailable:")
    ]
    limit, used = _number(_GROUP / "memory.max"), _number(_GROUP / "memory.current")
    if limit is not None and used is not None:
        bounds.append(max(limit - used, 0))
    allowed = _address_space()
    return min([*bounds, allowed] if allowed is not None else bounds, default=None)


def processors() -> float:
    """The processors this process may use."""
    cores = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0)
    cores = cores or float(os.cpu_count() or 1)
    for line in _lines("/sys/fs/cgroup/cpu.max"):
        quota, _, period = line.partition(" ")
        if quota.isdigit() and period.isdigit():
            cores = min(cores, round(int(quota) / int(period), 1))
    return cores


def _address_space() -> int | None:
    """The limit on this process's address space, which its children inherit; None for none."""
    try:
        import resource
    except ImportError:
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def _lines(path: str | Path) -> list[str]:
    try:
        return Path(path).read_text(encoding="ascii").splitlines()
    except OSError:
        return []


def _number(path: Path) -> int | None:
    lines = _lines(path)
    return int(lines[0]) if lines and lines[0].isdigit() else None
