"""What each mapping of a process is, for certain: from the file, the kernel, and Go's runtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from golifelab.load.memory.maps import Mapping
from golifelab.load.moments.regions import Region

# The kernel's own words for mappings (proc_pid_maps(5)), and what they are.
_KERNEL = {
    "[stack]": ("thread stack", "stack of the first thread"),
    "[vdso]": ("kernel", "vdso: the kernel's code for calls without a system call"),
    "[vvar]": ("kernel", "vvar: the kernel's clock data, for the vdso"),
    "[vvar_vclock]": ("kernel", "vvar: clock data of a virtual machine"),
    "[vsyscall]": ("kernel", "vsyscall: an old way to ask for the time"),
    "[uprobes]": ("kernel", "uprobes"),
    "[heap]": ("C heap", "the C library's heap (brk)"),
}
_FOREIGN = "not the runtime's own"
_UNKNOWN = "none of the runtime's variables has it: the program mapped it, or a library"
_MOST_NAMES = 3  # of parts; those of more are named by their kinds


def named(rows: Sequence[Mapping], regions: Sequence[Region], path: str) -> tuple[Mapping, ...]:
    """The mappings, each with its kind and a name. `rows` come from `describe`."""
    return tuple(
        replace(row, kind=kind, name=name, why=why)
        for row in rows
        for kind, name, why in [_meaning(row, regions, path)]
    )


def within(row: Mapping, regions: Sequence[Region]) -> tuple[Region, ...]:
    """The regions that share addresses with a mapping, cut to it, and what is between them."""
    found: list[Region] = []
    at = row.start
    for region in regions:
        start, end = max(region.start, row.start), min(region.end, row.end)
        if start >= end:
            continue
        if at < start:
            found.append(Region(at, start, "other", _FOREIGN, _UNKNOWN))
        found.append(replace(region, start=start, end=end))
        at = end
    if found and at < row.end:
        found.append(Region(at, row.end, "other", _FOREIGN, _UNKNOWN))
    return tuple(found)


def _meaning(row: Mapping, regions: Sequence[Region], path: str) -> tuple[str, str, str]:
    """(kind, name, why) of a mapping."""
    if row.path in _KERNEL:
        kind, name = _KERNEL[row.path]
        return kind, name, "the kernel's own word in maps"
    if row.file and row.path != path:
        return "library", row.path.rsplit("/", 1)[-1], "its file"
    parts = within(row, regions)
    if parts:
        return _of_runtime(row, parts)
    if row.path == path and not row.name:
        return "library", "the executable's file, mapped once more", "its file"
    if row.path == path or row.sections or row.name.startswith("segment"):
        return _of_file(row)
    if row.path.startswith("[anon:"):
        return "other", row.path[6:-1].strip(), "a note in maps by who mapped it"
    if row.permissions[:3] == "---":
        return "guard", "kept free: nothing may touch it", "it has no permissions"
    return "other", _FOREIGN if regions else "not known", _UNKNOWN if regions else "nothing tells"


def _of_runtime(row: Mapping, parts: Sequence[Region]) -> tuple[str, str, str]:
    most = max(parts, key=lambda part: part.size)
    known = [part for part in parts if part.kind != "other"]
    names = list(dict.fromkeys(part.name for part in known))
    if len(names) > _MOST_NAMES:
        names = list(dict.fromkeys(part.kind for part in known))
    name = ", ".join(names)
    why = "; ".join(dict.fromkeys(part.why for part in known))
    if row.permissions[:3] != "---" or most.kind == "guard":
        return most.kind, name, why
    kind = "heap reserve" if most.kind == "heap" else most.kind
    return kind, f"{name}: reserved", why


def _of_file(row: Mapping) -> tuple[str, str, str]:
    """A piece of the executable: by its permissions."""
    why = "the executable's segments and sections"
    if "x" in row.permissions:
        return "code", "code", why
    if not row.path:
        return "zeroed data", "zeroed data", why
    if "w" in row.permissions:
        return "data", "data", why
    once = ", made so once it was relocated" if row.name.endswith("now r--") else ""
    return "read-only data", f"read-only data{once}", why
