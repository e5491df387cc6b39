"""Chapter 1, static linking and symbols: claims c1.07 to c1.11, and c1.23 of the summary table."""

from __future__ import annotations

import re

from golifelab.claims.experiment import Facts, Ruling, experiment
from golifelab.claims.ledger import Verdict
from golifelab.claims.stacks import write_chain
from golifelab.claims.workbench import BUILDS, Lab
from golifelab.errors import GolifelabError
from golifelab.link.elf.image import Image
from golifelab.link.executable import linker_of

# The functions that lead from Go to C and back: cgo's stubs, its C helpers, and what cgo generates.
_BRIDGE = re.compile(r"^x?_cgo_|^crosscall2$|_Cfunc_")
# How Go's write reaches the kernel, outermost first, whatever lies between.
_CHAIN = ("fmt.Println", "fmt.Fprintln", "os.(*File).Write", "syscall.write")


def _first_lines(text: str) -> str:
    return "\n".join(text.splitlines()[:3])


def describe(lab: Lab, name: str) -> Image:
    """Build a program in one way and write down how it wants to be started."""
    build = BUILDS[name]
    image = Image(lab.bench.build(name))
    words = (
        f"interpreter {image.interpreter or 'none'}, libraries {', '.join(image.needed) or 'none'}"
    )
    lab.note(build.command, f"{words}, entry {image.entry_symbol or hex(image.entry)}")
    return image


def describe_if_possible(lab: Lab, name: str) -> Image | None:
    """As `describe`; None, with a note, where this build is not possible."""
    try:
        return describe(lab, name)
    except GolifelabError as error:
        lab.note(BUILDS[name].command, error.message)
        return None


def decide_static_by_default(facts: Facts) -> Ruling:
    """c1.07: whether every program is static when no flag asks for anything."""
    dynamic = sorted(name for name, is_dynamic in facts["dynamic"].items() if is_dynamic)
    if not dynamic:
        return Ruling(Verdict.CONFIRMED, "every program was static")
    return Ruling(
        Verdict.CORRECTED,
        f"{', '.join(dynamic)} came out dynamic though no flag asked for it: what counts is whether"
        " a package that uses C is imported",
    )


@experiment("c1.07", decide_static_by_default)
def measure_static_by_default(lab: Lab) -> Facts:
    """Build without any flag: with fmt; with net, without C and with C allowed as gcc makes it."""
    names = ("hello", "net", "net cgo")
    return {"dynamic": {name: bool(describe(lab, name).interpreter) for name in names}}


def decide_external_is_dynamic(facts: Facts) -> Ruling:
    """c1.08: whether -linkmode decides between static and dynamic."""
    corners = {(linker, dynamic) for linker, dynamic in facts["builds"].values()}
    if len(corners) == 4:
        return Ruling(
            Verdict.CORRECTED,
            "all four combinations exist: internal and external, each static and dynamic. -linkmode"
            " chooses who links, not how the program is started",
        )
    if {("internal", False), ("external", True)} == corners:
        return Ruling(Verdict.CONFIRMED, "internal was always static and external always dynamic")
    return Ruling(Verdict.CORRECTED, f"found {sorted(corners)}: the two do not go together")


@experiment("c1.08", decide_external_is_dynamic)
def measure_external_is_dynamic(lab: Lab) -> Facts:
    """Build the four corners."""
    names = ("hello", "net cgo", "hello external", "hello external static")
    builds = {}
    for name in names:
        image = describe(lab, name)
        builds[name] = (linker_of(image), bool(image.interpreter))
    return {"builds": builds}


def decide_merged_sections(facts: Facts) -> Ruling:
    """c1.09: whether the objects' code and data end up in .text, .data and .bss."""
    missing = [name for name in (".text", ".data", ".bss") if name not in facts["sections"]]
    if missing or facts["objects"] < 2 or not facts["reachable"] < facts["symbols"]:
        return Ruling(Verdict.CORRECTED, f"missing from the executable: {missing}")
    return Ruling(
        Verdict.CONFIRMED,
        f"the symbols of {facts['objects']} objects are merged ({facts['reachable']:,} of"
        f" {facts['symbols']:,} are kept), into .text, .data, .bss and {facts['others']} other"
        " sections",
    )


@experiment("c1.09", decide_merged_sections)
def measure_merged_sections(lab: Lab) -> Facts:
    """Let the linker count its symbols, and list the sections it made."""
    bench = lab.bench
    lab.compile("hello")
    linked = lab.link("-v", shown="hello main.o")
    text = linked.text + linked.error_text
    counted = re.search(r"(\d+) symbols, (\d+) reachable", text)
    image = Image(bench.build("hello"))
    sections = {section.name: section.size for section in image.sections if section.name}
    lab.note(
        "readelf -S hello", "\n".join(f"{name:24}{size:>10,}" for name, size in sections.items())
    )
    packages = lab.packages("hello")
    return {
        "sections": sections,
        "others": len(sections) - 3,
        "symbols": int(counted[1]) if counted else 0,
        "reachable": int(counted[2]) if counted else 0,
        "objects": len(packages),
    }


def decide_printlock(facts: Facts) -> Ruling:
    """c1.10: whether runtime.printlock is on the way from fmt.Println to the system call."""
    chain = facts["chain"]
    ends_in_write = bool(chain) and "syscall" in chain[0]
    if "runtime.printlock" in chain and ends_in_write:
        return Ruling(Verdict.CONFIRMED, "runtime.printlock is on the live stack of fmt.Println")
    if not ends_in_write or any(name not in chain for name in _CHAIN):
        return Ruling(Verdict.CORRECTED, "the live stack is another one: " + " < ".join(chain))
    where = (
        "The builtin println calls it"
        if facts["builtin calls printlock"]
        else "Nothing here calls it"
    )
    return Ruling(
        Verdict.CORRECTED,
        f"the {len(chain)} functions on the live stack do not include runtime.printlock. {where}",
    )


@experiment("c1.10", decide_printlock)
def measure_printlock(lab: Lab) -> Facts:
    """Take the stack of a program that is inside the write system call."""
    bench = lab.bench
    bench.need_processes()
    chain = write_chain(bench.build("blocked"), bench.environment())
    lab.note("GOTRACEBACK=system ./blocked | sleep 9 &  kill -QUIT $!", "\n".join(chain))
    listing = lab.compile("println", "-S", keep=r"CALL\truntime\.print").text
    return {
        "chain": list(chain),
        "builtin calls printlock": "CALL\truntime.printlock" in listing,
    }


def decide_injected(facts: Facts) -> Ruling:
    """c1.11: whether the boot code is put in by the linker, or reached like everything else."""
    if facts["root"] == facts["entry"] and facts["rt0_go is in runtime's object"]:
        return Ruling(
            Verdict.CORRECTED,
            f"the linker starts at {facts['root']} and keeps what can be reached; rt0_go is"
            f" ordinary code of package runtime. Even an empty main keeps {facts['functions']:,}"
            " functions",
        )
    return Ruling(
        Verdict.CONFIRMED,
        "the boot code is not in package runtime's object, and reachability starts at"
        f" {facts['root']}",
    )


@experiment("c1.11", decide_injected)
def measure_injected(lab: Lab) -> Facts:
    """Ask the linker for its graph of dependencies, and package runtime's object for rt0_go."""
    bench = lab.bench
    lab.compile("empty")
    graph = lab.link("-dumpdep", shown="empty main.o | head -3", keep=_first_lines)
    edges = [line for line in (graph.text + graph.error_text).splitlines() if " -> " in line]
    image = Image(bench.build("empty"))
    runtime = bench.runtime_object.read_bytes()
    held = b"runtime.rt0_go" in runtime
    lab.note("strings runtime.a | grep -c runtime.rt0_go", str(runtime.count(b"runtime.rt0_go")))
    ours = [one.name for one in image.functions if one.name.startswith("runtime.")]
    lab.note("nm empty | grep -c ' T runtime\\.'", f"{len(ours)}")
    return {
        "root": edges[0].split(" -> ")[1].split(" ")[0] if edges else "",
        "entry": image.entry_symbol,
        "rt0_go is in runtime's object": held,
        "functions": len(ours),
    }


def decide_c_wrappers(facts: Facts) -> Ruling:
    """c1.23: whether a default program holds functions that lead to C."""
    if facts["c functions in hello"]:
        names = ", ".join(facts["c functions in hello"][:5])
        return Ruling(
            Verdict.CONFIRMED, f"a default program holds functions that lead to C: {names}"
        )
    return Ruling(
        Verdict.CORRECTED,
        f"a default program holds no function that leads to C. Its {facts['hooks']} names with"
        " _cgo_ are variables, and they are nil unless a package that uses C is linked in",
    )


@experiment("c1.23", decide_c_wrappers)
def measure_c_wrappers(lab: Lab) -> Facts:
    """Look for functions and variables of cgo in the default program."""
    image = Image(lab.bench.build("hello"))
    from_c = sorted(one.name for one in image.functions if _BRIDGE.search(one.name))
    data = (one for one in image.symbols if one.type != "FUNC" and one.section)
    hooks = {one.name: one.section for one in data if "_cgo_" in one.name}
    lab.note(
        "nm hello | grep _cgo_",
        "\n".join(f"{section:12}{name}" for name, section in sorted(hooks.items())),
    )
    in_data = [name for name, section in hooks.items() if "bss" not in section]
    return {
        "c functions in hello": from_c,
        "hooks": len(hooks),
        "hooks with a value": in_data,
    }
