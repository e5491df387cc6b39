"""Chapter 4, the stacks that are no goroutine's: claims c4.17 and c4.18."""

from __future__ import annotations

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.held import held, held_anyhow, words, words_of
from golifelab.claims.images import built_if_possible
from golifelab.claims.loading import calls
from golifelab.claims.workbench import Lab
from golifelab.load.hold.process import Process
from golifelab.load.memory.maps import Mapping

_CLAIMED = 2 << 20  # what the article says the main thread's stack has
_STACK = "[stack]"


def g0_bounds(process: Process, m: int) -> tuple[int, int]:
    """From where to where the stack of a thread's g0 is: an m begins with g0, and a g with it."""
    (g0,) = words(process, m, 1)
    low, high = words(process, g0, 2)
    return low, high


def kernels_stack(process: Process) -> Mapping | None:
    """The mapping in which the kernel started the first thread."""
    return next((row for row in process.maps if row.path == _STACK), None)


def decide_fixed_stack(facts: Facts) -> Ruling:
    """c4.17: whether the first thread's stack is fixed, of 2 MB."""
    sizes = "; ".join(
        f"{name}: {', '.join(f'{who} {size:,}' for who, size in stacks.items())}"
        for name, stacks in facts["g0 stacks"].items()
    )
    limit = facts["limit"]
    return settle(
        facts["mapped"] == limit == _CLAIMED,
        f"{limit:,} bytes are mapped, and that is the limit",
        f"the limit is {f'{limit:,} bytes' if limit > 0 else 'none'}, and {facts['mapped']:,} are"
        f" mapped so far: it grows when it is used. Bytes of g0's stacks: {sizes}",
    )


@experiment("c4.17", decide_fixed_stack)
def measure_fixed_stack(lab: Lab) -> Facts:
    """Read the limit, the mapping, and the bounds of g0's stack of the first and newest thread."""
    import resource

    lab.bench.need_processes()
    limit, _ = resource.getrlimit(resource.RLIMIT_STACK)
    lab.note("ulimit -s", "unlimited" if limit < 0 else str(limit >> 10))
    stacks: dict[str, dict[str, int]] = {}
    mapped = 0
    for name in ("hello", "own cgo"):
        process = held_anyhow(lab, name, "main.main") if built_if_possible(lab, name) else None
        if process is None:
            continue
        with process:
            row = kernels_stack(process)
            mapped = mapped or (row.size if row else 0)
            stacks[name] = _sizes(process)
        shown = "-ex 'p runtime.m0.g0.stack' -ex 'p runtime.allm.g0.stack'"
        lab.note(
            f"gdb {shown} ./{lab.bench.build(name).name}",
            "\n".join(f"{who}: {size:,} bytes" for who, size in stacks[name].items()),
        )
    return {"limit": limit, "mapped": mapped, "g0 stacks": stacks}


def _sizes(process: Process) -> dict[str, int]:
    """The sizes of g0's stacks, of the first thread and of the one that was made last."""
    found = {}
    symbol = process.executable.symbol("runtime.m0")
    newest = words_of(process, "runtime.allm", 1)
    threads = {"first thread": symbol.address + process.bias} if symbol else {}
    if newest and newest[0]:
        threads["newest thread"] = newest[0]
    for who, m in threads.items():
        low, high = g0_bounds(process, m)
        found[who] = high - low
    return found


def decide_used_at_start(facts: Facts) -> Ruling:
    """c4.18: whether the runtime starts on the stack that the kernel made."""
    live = facts["live"]
    seen = "".join(
        f"; at {where} the stack pointer is in it" for where in live.get("is in it at", [])
    )
    return settle(
        facts["calls schedinit"]
        and live.get("g0 is in the kernel's stack", True)
        and not live.get("is not in it at"),
        "rt0_go makes a piece of the kernel's stack g0's and calls schedinit on it"
        + (f": g0 has {live['bytes']:,} bytes of that mapping" if live else "")
        + seen,
        f"g0's stack is elsewhere, or at {', '.join(live.get('is not in it at', []))} another one"
        " is used",
    )


@experiment("c4.18", decide_used_at_start)
def measure_used_at_start(lab: Lab) -> Facts:
    """Disassemble rt0_go; see where g0's stack is and, in a held process, the stack pointer."""
    listing = lab.objdump(
        "^runtime.rt0_go", lab.bench.build("hello"), keep=r"runtime\.[gm]0|schedinit|\(SP\), BX"
    )
    return {
        "calls schedinit": "runtime.schedinit" in calls(listing),
        "live": _live(lab),
    }


def _live(lab: Lab) -> dict[str, object]:
    """What a live process shows of the first stack; {} where none can be held."""
    process = held_anyhow(lab, "hello", "main.main")
    if process is None:
        return {}
    with process:
        row, symbol = kernels_stack(process), process.executable.symbol("runtime.m0")
        if row is None or symbol is None:
            return {}
        low, high = g0_bounds(process, symbol.address + process.bias)
    found: dict[str, object] = {
        "g0 is in the kernel's stack": row.start <= high <= row.end,
        "bytes": high - low,
        "is in it at": [],
        "is not in it at": [],
    }
    return found | _pointers(lab)


def _pointers(lab: Lab) -> dict[str, object]:
    """Whether the stack pointer is in the kernel's stack at some functions; {} if unknown."""
    process = held(lab, "hello", "runtime.schedinit")
    if process is None:
        return {}
    inside: dict[bool, list[str]] = {True: [], False: []}
    with process:
        for where in ("runtime.schedinit", "runtime.schedule"):
            if process.held_at != where and not process.run_to(where):
                break
            row = kernels_stack(process)
            registers = process.registers()
            pointer = registers.get("rsp", registers.get("sp", 0))
            inside[bool(row and row.start <= pointer < row.end)].append(where)
            lab.note(f"gdb -ex 'break {where}' -ex run -ex 'p $sp' hello", f"{pointer:#x}")
    return {"is in it at": inside[True], "is not in it at": inside[False]}
