"""Chapter 4, what execve makes of the file and when pages come: claims c4.01, c4.07 to c4.12."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.held import held
from golifelab.claims.images import built
from golifelab.claims.ledger import Verdict
from golifelab.claims.own_memory import homes, mapping_of, touched
from golifelab.claims.workbench import Lab
from golifelab.errors import FeatureUnavailable
from golifelab.load.memory.maps import PAGE

# The kernel's functions by what they do. Where there are two names, a kernel has one of them.
_MAP = {
    "reads the program headers": ("load_elf_binary",),
    "maps a segment": ("elf_load", "elf_map"),
    "makes a mapping": ("mmap_region",),
}
_FAULT = {
    "handles a fault": ("handle_mm_fault",),
    "gets a page of a file": ("filemap_fault",),
    "maps those around it": ("filemap_map_pages",),
    "gets a page of zeroes": ("do_anonymous_page",),
}
# The first instructions of a fault, on x86 and on arm64.
_ENTRIES = ("exc_page_fault", "do_mem_abort")
_ARTICLES = ("do_page_fault", "file_read_actor")


def decide_on_demand(facts: Facts) -> Ruling:
    """c4.01: whether pages of the file come only when they are touched."""
    before, after = facts["in memory before"], facts["in memory after"]
    present, mapped = facts["at exec"] or (0, 0)
    start = f"at exec {present} of the file's {mapped} mapped pages are in memory. "
    return settle(
        before < after <= facts["pages"] and present <= mapped,
        f"{start if mapped else ''}Reading one number of a table of {facts['pages']} pages brings"
        f" {after - before} of them, by {facts['faults for one']} fault: the kernel maps those"
        f" around it as well. The whole table took {facts['faults for all']} faults more",
        f"{before} of {facts['pages']} pages were in memory before they were touched",
    )


@experiment("c4.01", decide_on_demand)
def measure_on_demand(lab: Lab) -> Facts:
    """Let a program touch its own data and count pages; look at a process that has not begun."""
    seen = touched(lab)
    nothing, one, all_ = (
        seen[f"table: {what}"] for what in ("nothing", "one number is read", "all are read")
    )
    return {
        "pages": nothing.pages,
        "in memory before": nothing.present,
        "in memory after": one.present,
        "faults for one": one.faults,
        "faults for all": all_.faults,
        "at exec": _at_exec(lab),
    }


def _at_exec(lab: Lab) -> tuple[int, int] | None:
    """Pages of hello's file mappings before its first instruction: in memory, and all.

    None where it cannot be held there.
    """
    process = held(lab, "hello", "exec")
    if process is None:
        return None
    with process:
        path = str(process.executable.path.resolve())
        pages = [process.pages(row.start, row.end) for row in process.maps if row.path == path]
    present, mapped = sum(one.present for one in pages), sum(map(len, pages))
    lab.note(
        "gdb -ex starti -ex 'shell cat /proc/$(pidof hello)/smaps' hello",
        f"{present} of {mapped} pages of the file are in memory",
    )
    return present, mapped


def decide_text_mapping(facts: Facts) -> Ruling:
    """c4.07: whether code is a mapping of the file, to be read and executed."""
    copied = facts["file's own before"] - facts["file's own after"]
    note = "; a byte written from outside, as debuggers do, makes its page a private copy"
    return settle(
        facts["permissions"] == "r-xp" and facts["of the file"] and facts["at its place"],
        f"code is in {facts['permissions']}, a mapping of the file at the segment's own place"
        f"{note if copied == 1 else ''}",
        f"code is in a mapping {facts['permissions']}, which is"
        f" {'' if facts['of the file'] else 'not '}one of the file",
    )


@experiment("c4.07", decide_text_mapping)
def measure_text_mapping(lab: Lab) -> Facts:
    """Look up the mapping that a program's own code is in; then write a byte of code."""
    places, rows = homes(lab)
    row = mapping_of(rows, places["code"])
    segment = built(lab, "homes").segment_at(places["code"])
    seen = touched(lab)
    return {
        "permissions": row.permissions if row else "",
        "of the file": bool(row and row.file),
        "at its place": bool(
            row
            and segment
            and (row.start, row.offset)
            == (segment.address // PAGE * PAGE, segment.offset // PAGE * PAGE)
        ),
        "file's own before": seen["code: nothing"].own,
        "file's own after": seen["code: a byte is written from outside"].own,
    }


def decide_copy_on_write(facts: Facts) -> Ruling:
    """c4.08: whether the first write to a page of .data makes a copy of it."""
    copied = facts["file's own before"] - facts["file's own after"]
    return settle(
        facts["permissions"] == "rw-p" and facts["of the file"] and copied == 1,
        f"a variable of .data is in {facts['permissions']}, a mapping of the file. When it was"
        f" written to, as many pages were in memory as before, and {copied} of them was no longer"
        " the file's",
        f"a variable of .data is in {facts['permissions']}; writing to it changed the origin of"
        f" {copied} pages",
    )


@experiment("c4.08", decide_copy_on_write)
def measure_copy_on_write(lab: Lab) -> Facts:
    """Read a variable that has its value in the file, then write to it, and look at its page."""
    places, rows = homes(lab)
    row = mapping_of(rows, places["filled"])
    seen = touched(lab)
    return {
        "permissions": row.permissions if row else "",
        "of the file": bool(row and row.file),
        "file's own before": seen["table: one number is read"].own,
        "file's own after": seen["table: it is written"].own,
    }


def decide_zero_pages(facts: Facts) -> Ruling:
    """c4.09: whether .bss has no file behind it and gets its pages when they are touched."""
    return settle(
        not facts["of the file"] and facts["in memory after"] > facts["in memory before"],
        f"{facts['in memory before']} of {facts['pages']} pages were there, and one write brought"
        f" {facts['in memory after'] - facts['in memory before']} that no file has. One exception:"
        f" the first {facts['bytes in the file’s last page']:,} bytes after the file's part share"
        " its last page, where the kernel writes zeroes",
        f"zeroed variables are in a mapping of {facts['of the file'] or 'no file'}, with"
        f" {facts['in memory before']} pages there before they were touched",
    )


@experiment("c4.09", decide_zero_pages)
def measure_zero_pages(lab: Lab) -> Facts:
    """Write to a variable that has no bytes in the file, and look at its page."""
    places, rows = homes(lab)
    row = mapping_of(rows, places["empty"])
    image = built(lab, "homes").image
    data = next(one for one in image.segments if one.type == "LOAD" and "w" in one.permissions)
    seen = touched(lab)
    before, after = seen["zeroes: nothing"], seen["zeroes: one byte is written"]
    return {
        "of the file": row.path.rsplit("/", 1)[-1] if row else "",
        "pages": before.pages,
        "in memory before": before.present,
        "in memory after": after.present,
        "bytes in the file’s last page": -(data.address + data.file_size) % PAGE,
    }


def decide_segments_are_mapped(facts: Facts) -> Ruling:
    """c4.10: whether each PT_LOAD is a mapping."""
    segments, found = facts["segments"], facts["mapped alike"]
    return settle(
        bool(segments) and found == segments,
        f"{len(segments)} PT_LOAD headers, and each is a mapping of the file with its permissions"
        f" ({', '.join(segments)}); {facts['anonymous after them']} more without a file has the"
        " rest of the zeroed variables",
        f"of the PT_LOAD headers {', '.join(segments)}, mapped as they say are"
        f" {', '.join(found) or 'none'}",
    )


@experiment("c4.10", decide_segments_are_mapped)
def measure_segments_are_mapped(lab: Lab) -> Facts:
    """Compare the program headers with the mappings that the program itself reads."""
    _, rows = homes(lab)
    binary = built(lab, "homes")
    loads = [one for one in binary.segments if one.type == "LOAD"]
    path = str(binary.path.resolve())
    mapped = {(row.start, row.permissions[:3]) for row in rows if row.path == path}
    end = max(row.end for row in rows if row.path == path)
    lab.note(
        "readelf -lW homes | grep LOAD",
        "\n".join(
            f"LOAD {one.offset:#08x} {one.address:#018x} {one.file_size:#08x}"
            f" {one.memory_size:#08x} {one.permissions}"
            for one in loads
        ),
    )
    return {
        "segments": [one.permissions for one in loads],
        "mapped alike": [
            one.permissions
            for one in loads
            if (one.address // PAGE * PAGE, one.permissions) in mapped
        ],
        "anonymous after them": sum(row.start == end and not row.path for row in rows),
    }


def decide_kernel_ways(facts: Facts) -> Ruling:
    """c4.11: whether this kernel has mmap_region, and serves faults by a mapping's own function."""
    missing = [what for what, name in facts["functions"].items() if not name]
    named = "; ".join(f"{name} {what}" for what, name in facts["functions"].items())
    return settle(
        not missing,
        f"this kernel has them all: {named}",
        f"no function of this kernel {' or '.join(missing)}",
    )


@experiment("c4.11", decide_kernel_ways)
def measure_kernel_ways(lab: Lab) -> Facts:
    """Look for the functions among the kernel's names, which everybody may read."""
    return {"functions": _present(lab, {**_MAP, **_FAULT})}


def decide_old_names(facts: Facts) -> Ruling:
    """c4.12: whether faults run through do_page_fault, copy_from_user and file_read_actor."""
    there = facts["article's functions"]
    entry = facts["a fault enters at"]
    if all(there.values()):
        return Ruling(Verdict.CONFIRMED, f"this kernel has {' and '.join(there)}")
    gone = [name for name, found in there.items() if not found]
    return Ruling(
        Verdict.OBSOLETE,
        f"this kernel has no {' and no '.join(gone)}"
        + (f"; a fault enters at {entry}" if entry else "")
        + ". A page of a file is mapped, not copied: copy_from_user has no part in it",
    )


@experiment("c4.12", decide_old_names)
def measure_old_names(lab: Lab) -> Facts:
    """Look for the old and the new names in the kernel."""
    found = _present(lab, {name: (name,) for name in (*_ARTICLES, *_ENTRIES)})
    return {
        "article's functions": {name: bool(found[name]) for name in _ARTICLES},
        "a fault enters at": next((name for name in _ENTRIES if found[name]), ""),
    }


def _present(lab: Lab, wanted: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The first name of each group that the kernel has, "" where it has none of them."""
    known = kernel_names()
    found = {what: next((n for n in names if n in known), "") for what, names in wanted.items()}
    pattern = "|".join(name for names in wanted.values() for name in names)
    lab.note(
        f"grep -oE ' ({pattern})$' /proc/kallsyms",
        "\n".join(name for name in found.values() if name) or "(nothing)",
    )
    return found


@cache
def kernel_names() -> frozenset[str]:
    """The names of this kernel's functions; FeatureUnavailable where they are hidden.

    A suffix such as .isra.0 says what the kernel's compiler did to a function, and is left out.
    """
    path = Path("/proc/kallsyms")
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise FeatureUnavailable("the kernel's names", f"{path}: {error.strerror}") from error
    names = frozenset(line.split()[2].partition(".")[0] for line in text.splitlines() if line)
    if "handle_mm_fault" not in names:
        raise FeatureUnavailable("the kernel's names", f"{path} does not show them")
    return names
