"""Chapter 4, what is where in a process: claims c4.13 to c4.15 and c4.21 to c4.25."""

from __future__ import annotations

import re
from collections import Counter

from golifelab.claims.backend import listed
from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.held import held_anyhow, status
from golifelab.claims.images import built, built_if_possible, counted
from golifelab.claims.own_memory import homes, mapping_of
from golifelab.claims.workbench import Lab
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.load.hold.process import Process
from golifelab.load.memory.maps import PAGE, Mapping

# The article's command: which lines it keeps, and how many of them.
FILTER = re.compile(r"(r-xp|rwxp|rw-p)")
FIRST = 5
_VARIABLES = ("filled", "pointer", "empty", "nowhere")
_SEVERAL = 2_000_000  # bytes: the least that "several MB" can mean
_TABLES = (".gopclntab", ".rodata")


def decide_more_than_the_file(facts: Facts) -> Ruling:
    """c4.13: whether a process has more memory than what its file says."""
    return settle(
        facts["mapped"] > facts["of the file"] > 0,
        f"the file's segments are {facts['of the file'] >> 10:,} KiB of {facts['mapped'] >> 10:,}"
        f" KiB that are mapped, in {facts['mappings']} mappings; {facts['no access']} of them may"
        f" not be touched yet, and {facts['resident'] >> 10:,} KiB are in memory",
        f"all {facts['mapped'] >> 10:,} KiB that are mapped come from the file",
    )


@experiment("c4.13", decide_more_than_the_file)
def measure_more_than_the_file(lab: Lab) -> Facts:
    """Hold hello in main, and add up its mappings."""
    with _held(lab, "hello", "main.main") as process:
        rows = tuple(process.maps)
        resident = status(process).get("VmRSS", 0)
        loads = [one for one in process.executable.segments if one.type == "LOAD"]
        lab.note("grep -E 'VmSize|VmRSS' /proc/$(pidof hello)/status", _status_lines(process))
    return {
        "mapped": sum(row.size for row in rows),
        "of the file": sum(one.memory_size for one in loads),
        "mappings": len(rows),
        "no access": sum(row.permissions == "---p" for row in rows),
        "resident": resident,
    }


def _held(lab: Lab, build: str, where: str) -> Process:
    """A process held there or later; FeatureUnavailable where none can be held."""
    lab.bench.need_processes()
    process = held_anyhow(lab, build, where)
    if process is None:
        raise FeatureUnavailable("a look at a live process", "none can be held here")
    return process


def _status_lines(process: Process) -> str:
    sizes = status(process)
    return "\n".join(f"{name}: {sizes[name] >> 10} kB" for name in ("VmSize", "VmRSS"))


def decide_metadata_apart(facts: Facts) -> Ruling:
    """c4.14: whether the tables about functions are part of the code's memory."""
    tables, code = facts["tables"], facts["code"]
    apart = [
        f"{name} in a segment {permissions}"
        for name, permissions in tables.items()
        if permissions != code
    ]
    return settle(
        not apart,
        f"{' and '.join(tables)} are in the same segment as .text, {code}",
        f".text is in a segment {code}; {listed(apart)}: to be read, not to be executed",
    )


@experiment("c4.14", decide_metadata_apart)
def measure_metadata_apart(lab: Lab) -> Facts:
    """See which segment has the code, and which the tables about it."""
    hello = built(lab, "hello")
    found = {}
    for name in (".text", *_TABLES):
        section = next(one for one in hello.sections if one.name == name)
        segment = hello.segment_at(section.address)
        found[name] = segment.permissions if segment else ""
    lab.note("readelf -lW hello", "\n".join(f"{name:11} {what}" for name, what in found.items()))
    return {"code": found.pop(".text"), "tables": found}


def decide_variables(facts: Facts) -> Ruling:
    """c4.15: whether variables lie where the linker put them, by what they hold, and stay so."""
    sections = facts["sections"]
    by_value = [name for name in _VARIABLES if "bss" not in sections[name]]
    grown = facts["grown"]
    still = "" if grown is None else "; in a process their mappings end where the segment ends"
    return settle(
        by_value == list(_VARIABLES[:2]) and not grown,
        "with a value of its own: "
        + ", ".join(f"{name} in {sections[name]}" for name in _VARIABLES[:2])
        + "; without: "
        + ", ".join(f"{name} in {sections[name]}" for name in _VARIABLES[2:])
        + f". Those without pointers stand apart{still}",
        f"the variables are in {', '.join(sections.values())}, and grew by {grown or 0} bytes",
    )


@experiment("c4.15", decide_variables)
def measure_variables(lab: Lab) -> Facts:
    """Look up four variables' sections; in a process, see where the mappings of variables end."""
    binary = built(lab, "homes")
    symbols = [binary.symbol(f"main.{name}") for name in _VARIABLES]
    sections = {
        name: one.section for name, one in zip(_VARIABLES, symbols, strict=True) if one is not None
    }
    lab.note(
        "go tool nm -size homes | grep ' main\\.'",
        "\n".join(
            f"{one.address:x} {one.size:5} {one.name} {one.section}" for one in symbols if one
        ),
    )
    segment = next(one for one in binary.segments if one.type == "LOAD" and "w" in one.permissions)
    end = segment.address + segment.memory_size
    try:
        _, rows = homes(lab)
    except FeatureUnavailable:
        return {"sections": sections, "grown": None}
    last = mapping_of(rows, end - 1)
    return {"sections": sections, "grown": (last.end if last else 0) - -(-end // PAGE) * PAGE}


def decide_filter(facts: Facts) -> Ruling:
    """c4.21: whether the command with its filter shows the layout."""
    return settle(
        not facts["hidden"],
        f"all {facts['mappings']} mappings are shown",
        f"of {facts['mappings']} mappings ({counted(facts['by permissions'])}) the filter drops"
        f" {len(facts['hidden'])} and head {facts['cut off']} more. Dropped are"
        f" {listed(facts['hidden and of the file'])}, {facts['bytes of it'] >> 10:,} KiB of the"
        f" file beside {facts['bytes of code'] >> 10:,} KiB of code; cut off:"
        f" {listed(facts['lost'])}",
    )


@experiment("c4.21", decide_filter)
def measure_filter(lab: Lab) -> Facts:
    """Give the article's command what a program reads of itself; count what gets lost."""
    places, rows = homes(lab)
    binary = built(lab, "homes")
    path = str(binary.path.resolve())
    kept = [row for row in rows if FILTER.search(row.permissions)]
    hidden = [row for row in rows if not FILTER.search(row.permissions)]
    lab.note(
        f"grep -E '{FILTER.pattern}' /proc/$(pidof homes)/maps | head -{FIRST}",
        "\n".join(_line(row) for row in kept[:FIRST]),
    )
    dropped = [row for row in hidden if row.path == path]
    code = mapping_of(rows, places["code"])
    return {
        "mappings": len(rows),
        "by permissions": dict(Counter(row.permissions for row in rows)),
        "hidden": [row.permissions for row in hidden],
        "cut off": len(kept[FIRST:]),
        "hidden and of the file": sorted(
            section.name
            for row in dropped
            for section in binary.sections
            if section.loaded and row.start <= section.address < row.end and section.name in _TABLES
        ),
        "bytes of it": sum(row.size for row in dropped),
        "bytes of code": code.size if code else 0,
        "lost": [row.path for row in kept[FIRST:] if row.path],
    }


def _line(row: Mapping) -> str:
    name = row.path.rsplit("/", 1)[-1]
    return f"{row.start:x}-{row.end:x} {row.permissions} {row.offset:08x} {name}".rstrip()


def decide_what_is_where(facts: Facts) -> Ruling:
    """c4.22: whether r-x is code, and rw- variables and heap."""
    found = facts["permissions"]
    variables = [name for name in (*_VARIABLES, "allocated") if found.get(name) == "rw-p"]
    return settle(
        found.get("code") == "r-xp" and len(variables) == len(_VARIABLES) + 1,
        f"code is in r-xp; {', '.join(variables)} are in rw-p. So is a goroutine's stack"
        f" ({found.get('local', '')})",
        "; ".join(f"{name} is in {permissions}" for name, permissions in found.items()),
    )


@experiment("c4.22", decide_what_is_where)
def measure_what_is_where(lab: Lab) -> Facts:
    """Look up the mappings of code, variables, what was allocated, and a local variable."""
    places, rows = homes(lab)
    found = {name: mapping_of(rows, address) for name, address in places.items()}
    return {"permissions": {name: row.permissions if row else "" for name, row in found.items()}}


def decide_never_both(facts: Facts) -> Ruling:
    """c4.23: whether a Go process has memory that may be written and executed."""
    both = [name for name, number in facts["writable and executable"].items() if number]
    return settle(
        bool(both),
        f"{listed(both)} have such a mapping",
        f"none of {', '.join(facts['writable and executable'])} has one: what may be written may"
        " not be executed",
    )


@experiment("c4.23", decide_never_both)
def measure_never_both(lab: Lab) -> Facts:
    """Hold programs that were built in several ways, and count their rwx mappings."""
    counts = {}
    for name in ("hello", "hello pie", "net", "own cgo"):
        if built_if_possible(lab, name) is None:
            continue
        with _held(lab, name, "main.main") as process:
            rows = tuple(process.maps)
        counts[name] = sum({"w", "x"} <= set(row.permissions) for row in rows)
        shown = f"grep -c rwx /proc/$(pidof {name.replace(' ', '-')})/maps"
        lab.note(shown, str(counts[name]))
    return {"writable and executable": counts}


def decide_authoritative(facts: Facts) -> Ruling:
    """c4.24: whether what maps says is so: what it lists is there, and nothing beside it."""
    wrong = [*facts["listed but not there"], *facts["there but not listed"]]
    named = facts["named by the runtime"]
    return settle(
        not wrong,
        f"{facts['listed']} ranges that it lists could be read, {facts['between']} addresses"
        " between them could not. It says what is mapped, not what is in memory: that is in smaps"
        " and pagemap. "
        + (f"The runtime named {named} of its own" if named else "None has a name by the runtime"),
        f"maps and memory differ at {', '.join(hex(one) for one in wrong)}",
    )


@experiment("c4.24", decide_authoritative)
def measure_authoritative(lab: Lab) -> Facts:
    """Read the first byte of every readable mapping, and the one behind each."""
    with _held(lab, "homes", "main.main") as process:
        rows = [row for row in process.maps if row.path not in _SPECIAL]
        readable = [row for row in rows if row.permissions[0] == "r"]
        absent = [row.start for row in readable if not _read(process, row.start)]
        starts = {row.start for row in process.maps}
        behind = [row.end for row in rows if row.end not in starts]
        beside = [address for address in behind if _read(process, address)]
    lab.note(
        "dd if=/proc/$(pidof homes)/mem bs=1 count=1 skip=ADDRESS   # for each",
        f"{len(readable) - len(absent)} of {len(readable)} that are listed, {len(beside)} of"
        f" {len(behind)} that are not",
    )
    return {
        "listed": len(readable),
        "between": len(behind),
        "listed but not there": absent,
        "there but not listed": beside,
        "named by the runtime": sum(row.path.startswith("[anon: Go") for row in rows),
    }


# What the kernel itself keeps in a process: not to be read from outside, or not really mapped.
_SPECIAL = frozenset({"[vvar]", "[vvar_vclock]", "[vsyscall]", "[stack]"})


def _read(process: Process, address: int) -> bool:
    try:
        return len(process.memory(address, 1)) == 1
    except GolifelabError:
        return False


def decide_text_size(facts: Facts) -> Ruling:
    """c4.25: whether code takes several megabytes."""
    sizes = facts["bytes of code"]
    return settle(
        sizes["hello"] >= _SEVERAL,
        f"hello has {sizes['hello']:,} bytes of code",
        "the linker made it and nothing grows it, but it is smaller. Bytes of code: "
        + ", ".join(f"{name} {size:,}" for name, size in sizes.items())
        + f". Of hello's {facts['bytes of hello']:,} bytes {facts['for debuggers']:,} are for"
        " debuggers",
    )


@experiment("c4.25", decide_text_size)
def measure_text_size(lab: Lab) -> Facts:
    """Read the size of .text in several programs."""
    binaries = {name: built(lab, name) for name in ("hello", "empty", "net")}
    sizes = {
        name: next(one.size for one in binary.sections if one.name == ".text")
        for name, binary in binaries.items()
    }
    hello = binaries["hello"]
    lab.note(
        "readelf -SW hello | grep -w .text   # and of others",
        "\n".join(f"{name:6} {size:,}" for name, size in sizes.items()),
    )
    return {
        "bytes of code": sizes,
        "bytes of hello": hello.size,
        "for debuggers": sum(
            one.file_size for one in hello.sections if one.name.startswith((".debug", ".zdebug"))
        ),
    }
