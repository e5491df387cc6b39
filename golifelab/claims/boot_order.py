"""Chapter 4, the scheduler at the start and the order of it all: claims c4.50 to c4.55."""

from __future__ import annotations

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.started import in_order, started
from golifelab.claims.workbench import Lab

_LEAVING = """package main

import "runtime"

func main() { runtime.Goexit() }
"""
_DEADLOCK = "no goroutines (main called runtime.Goexit) - deadlock!"


def short(names: list[str] | tuple[str, ...]) -> str:
    """Functions as a way: "newproc > mstart > …"."""
    return " > ".join(name.removeprefix("runtime.") for name in names)


def decide_from_g0(facts: Facts) -> Ruling:
    """c4.50: whether g0 makes the first goroutine."""
    made = facts["newproc runs on"]
    return settle(
        made == "system" and facts["goid at newproc"] == 0 and facts["goid of runtime.main"] == 1,
        "newproc runs on g0, the system stack of the first thread; what it makes is goroutine"
        f" {facts['goid of runtime.main']}, which begins with runtime.main",
        f"newproc runs on a {made} stack, as goroutine {facts['goid at newproc']}",
    )


@experiment("c4.50", decide_from_g0)
def measure_from_g0(lab: Lab) -> Facts:
    """Look at which stack, and as which goroutine, newproc and runtime.main begin."""
    seen = started(lab)
    made, begun = seen.milestone("runtime.newproc"), seen.milestone("runtime.main")
    return {
        "newproc runs on": made.stack,
        "goid at newproc": made.goid,
        "goid of runtime.main": begun.goid,
        "another g": made.g != begun.g,
    }


def decide_mstart_schedules(facts: Facts) -> Ruling:
    """c4.51: whether mstart leads to schedule, on a g0 with bounds."""
    below, size = facts["below schedule"], facts["bytes of g0's stack"]
    return settle(
        below[:1] == ["runtime.mstart1"] and size > 0,
        f"below schedule are {short(below)}; g0 has a stack of {size:,} bytes then",
        f"schedule is called by {below[0] if below else 'nobody'}",
    )


@experiment("c4.51", decide_mstart_schedules)
def measure_mstart_schedules(lab: Lab) -> Facts:
    """Look at the stack when schedule is first called."""
    first = started(lab).milestone("runtime.schedule")
    lab.note("gdb -ex 'break runtime.schedule' -ex run -ex backtrace hello", "\n".join(first.chain))
    return {"below schedule": list(first.chain), "bytes of g0's stack": first.hi - first.lo}


def decide_switch(facts: Facts) -> Ruling:
    """c4.52: whether schedule leads to runtime.main on another stack."""
    order = facts["order"]
    return settle(
        in_order(order, "runtime.schedule", "runtime.execute", "runtime.main")
        and facts["stack of runtime.main"] == "goroutine",
        f"{short(order)}: the stack pointer is {facts['sp before']:#x}, on the thread's own stack,"
        f" and then {facts['sp in runtime.main']:#x}, within goroutine 1's",
        f"the order was {short(order)}, and runtime.main began on the"
        f" {facts['stack of runtime.main']} stack",
    )


@experiment("c4.52", decide_switch)
def measure_switch(lab: Lab) -> Facts:
    """Compare the stack pointers before and after the switch to goroutine 1."""
    seen = started(lab)
    order = list(seen.order)
    first, last = order.index("runtime.schedule"), order.index("runtime.main")
    before, main = seen.milestone(order[last - 1]), seen.milestone("runtime.main")
    inside = main.lo <= main.sp < main.hi and not main.lo <= before.sp < main.hi
    return {
        "order": order[first : last + 1],
        "sp before": before.sp,
        "sp in runtime.main": main.sp,
        "stack of runtime.main": main.stack if inside else "same",
    }


def decide_goexit(facts: Facts) -> Ruling:
    """c4.53: whether goexit takes part in calling main.main."""
    counts = facts["counts"]
    ran = counts.get("runtime.goexit1", 0) + counts.get("runtime.goexit0", 0)
    return settle(
        ran > 0,
        "goexit ran",
        f"arrivals: main.main {counts.get('main.main', 0)}, goexit1 {ran}, runtime.exit"
        f" {counts.get('runtime.exit', 0)}, where runtime.main ends. goexit is the return address"
        " below runtime.main, nothing more; where main does leave by Goexit, the program dies: "
        + facts["with Goexit in main"],
    )


@experiment("c4.53", decide_goexit)
def measure_goexit(lab: Lab) -> Facts:
    """Count who is come to; then let main leave by runtime.Goexit."""
    seen = started(lab)
    wanted = ("main.main", "runtime.goexit0", "runtime.goexit1", "runtime.exit")
    counts = {name: seen.counts[name] for name in wanted if name in seen.counts}
    lab.note("gdb: hits of breakpoints", "\n".join(f"{name} {n}" for name, n in counts.items()))
    left = lab.run_text(_LEAVING, keep="fatal error").error_text
    return {
        "counts": counts,
        "below runtime.main": list(seen.milestone("runtime.main").chain),
        "with Goexit in main": _DEADLOCK if _DEADLOCK in left else left[:200],
    }


def decide_call_table(facts: Facts) -> Ruling:
    """c4.54: whether the order is runtime.main, mstart, schedule, goexit, main.main."""
    order = facts["order"]
    claimed = ("runtime.main", "runtime.mstart", "runtime.schedule", "runtime.goexit1", "main.main")
    return settle(in_order(order, *claimed), "this was the order", f"the order was {short(order)}")


@experiment("c4.54", decide_call_table)
def measure_call_table(lab: Lab) -> Facts:
    """Note in which order functions are come to first."""
    return {"order": _from_newproc(lab)}


def decide_diagram(facts: Facts) -> Ruling:
    """c4.55: whether runtime.main comes before newproc, and so on."""
    order = facts["order"]
    claimed = ("main", "newproc", "mstart", "schedule", "execute")
    return settle(
        in_order(order, *(f"runtime.{name}" for name in claimed), "main.main"),
        "the diagram is in order",
        f"runtime.main comes after execute, newproc before it: {short(order)}",
    )


@experiment("c4.55", decide_diagram)
def measure_diagram(lab: Lab) -> Facts:
    """As for the call table: the same trace answers."""
    return {"order": _from_newproc(lab)}


def _from_newproc(lab: Lab) -> list[str]:
    order = list(started(lab).order)
    return order[order.index("runtime.newproc") :]
