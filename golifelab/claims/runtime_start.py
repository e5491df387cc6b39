"""Chapter 1, the runtime takes over: claims c1.19 to c1.21, and c1.25 of the summary table."""

from __future__ import annotations

import re

from golifelab.claims.experiment import Facts, Ruling, experiment
from golifelab.claims.ledger import Verdict
from golifelab.claims.loading import calls
from golifelab.claims.stacks import parse_stacks
from golifelab.claims.workbench import Lab

_WORDS_OF_THE_START = ("execve", "_rt0", "rt0_go", "main.main", "kernel")


def decide_main_makes_goroutine(facts: Facts) -> Ruling:
    """c1.19: whether runtime.main creates the goroutine that runs main.main."""
    stack = facts["goroutine 1"]
    outermost = [name for name in stack if name != "runtime.goexit"][-1:]
    if outermost == ["runtime.main"] and facts["rt0_go calls newproc"]:
        how = "an indirect call" if facts["calls main.main indirectly"] else "a call"
        return Ruling(
            Verdict.CORRECTED,
            "runtime.main is itself the outermost function of goroutine 1: rt0_go had newproc"
            f" create that goroutine before. runtime.main then enters main.main by {how}",
        )
    return Ruling(
        Verdict.CONFIRMED,
        f"the outermost function of goroutine 1 is {outermost or 'unknown'}, not runtime.main",
    )


@experiment("c1.19", decide_main_makes_goroutine)
def measure_main_makes_goroutine(lab: Lab) -> Facts:
    """Look at goroutine 1 from within, and at who calls newproc at the start."""
    stacks = _stacks_at_main(lab)
    hello = lab.bench.build("hello")
    boot = calls(lab.objdump("^runtime.rt0_go", hello, keep="newproc|mainPC"))
    body = lab.objdump("^runtime.main$", hello, keep=r"CALL \w+\s*$")
    return {
        "goroutine 1": list(stacks.get(1, ())),
        "rt0_go calls newproc": "runtime.newproc" in boot,
        "calls main.main indirectly": bool(re.search(r"CALL [A-Z]\w*\s*$", body, re.MULTILINE)),
    }


def _stacks_at_main(lab: Lab) -> dict[int, tuple[str, ...]]:
    """The functions of every goroutine in the first statements of main, runtime's own included."""
    bench = lab.bench
    bench.need_processes()
    env = bench.environment(GOTRACEBACK="system")
    ran = lab.run(
        [bench.build("scheduler")],
        "GOTRACEBACK=system ./scheduler",
        env=env,
        keep=r"^\w.*\bmain|^threads|^a new|^goroutine|^runtime\.(main|goexit|bg|forcegc|runFin)",
    )
    return {stack.goroutine: stack.functions for stack in parse_stacks(ran.error_text)}


def decide_scheduler_works(facts: Facts) -> Ruling:
    """c1.20: whether the scheduler is at work when main.main begins."""
    others = facts["goroutines of the runtime"]
    if facts["a new goroutine ran"] and others and facts["threads"] > 1:
        return Ruling(
            Verdict.CONFIRMED,
            f"in the first statements of main there are {facts['threads']} threads and, besides"
            f" main's, {others} goroutines of the runtime; a new goroutine runs at once",
        )
    return Ruling(
        Verdict.CORRECTED,
        f"{facts['threads']} threads, {others} goroutines of the runtime, and a new goroutine "
        + ("ran" if facts["a new goroutine ran"] else "did not run"),
    )


@experiment("c1.20", decide_scheduler_works)
def measure_scheduler_works(lab: Lab) -> Facts:
    """Let main count threads, start a goroutine, and list all goroutines."""
    stacks = _stacks_at_main(lab)
    text = lab.evidence[-1].output
    threads = re.search(r"^threads (\d+)", text, re.MULTILINE)
    return {
        "threads": int(threads[1]) if threads else 0,
        "a new goroutine ran": "a new goroutine ran" in text,
        "goroutines of the runtime": len(stacks) - 1 if stacks else 0,
    }


def decide_schedtrace(facts: Facts) -> Ruling:
    """c1.21: whether schedtrace=1000 shows every second, and the hand-over from the kernel."""
    if facts["lines of hello"] > 1 and facts["speaks of the start"]:
        return Ruling(
            Verdict.CONFIRMED,
            "a short program gives several lines, and they name the start's steps",
        )
    return Ruling(
        Verdict.CORRECTED,
        f"hello is over before the first second: {facts['lines of hello']} line. A second of work,"
        f" asked every 200 ms, gives {facts['lines of busy']}. They count Ps, threads and run"
        " queues and say nothing of the hand-over",
    )


@experiment("c1.21", decide_schedtrace)
def measure_schedtrace(lab: Lab) -> Facts:
    """Trace the scheduler of a short program and of one that works for a second."""
    bench = lab.bench
    bench.need_processes()
    lines = {}
    for name, period in (("hello", 1000), ("busy", 200)):
        env = bench.environment(GODEBUG=f"schedtrace={period}")
        shown = f"GODEBUG=schedtrace={period} ./{name}"
        ran = lab.run([bench.build(name)], shown, env=env, keep="^SCHED")
        lines[name] = re.findall(r"^SCHED .*", ran.error_text, re.MULTILINE)
    everything = "\n".join(lines["hello"] + lines["busy"])
    return {
        "lines of hello": len(lines["hello"]),
        "lines of busy": len(lines["busy"]),
        "speaks of the start": any(word in everything for word in _WORDS_OF_THE_START),
    }


def decide_preemption_in_rt0(facts: Facts) -> Ruling:
    """c1.25: whether preemption is prepared by rt0_go itself."""
    boot = facts["rt0_go calls"]
    if "runtime.initsig" in boot and "runtime.main" not in facts["sysmon is started by"]:
        return Ruling(
            Verdict.CONFIRMED, "rt0_go sets up the signals, and runtime.main is not needed"
        )
    return Ruling(
        Verdict.CORRECTED,
        "rt0_go sets up stack, m0 and g0. The signal handlers that preempt come later, by"
        f" {' and '.join(facts['initsig is called by']) or 'nobody'}, and the thread sysmon that"
        " asks for preemption is started by"
        f" {' and '.join(facts['sysmon is started by']) or 'nobody'}",
    )


@experiment("c1.25", decide_preemption_in_rt0)
def measure_preemption_in_rt0(lab: Lab) -> Facts:
    """Ask the linker's graph of dependencies who reaches initsig and sysmon."""
    bench = lab.bench
    boot = calls(lab.objdump("^runtime.rt0_go", bench.build("hello"), keep="CALL"))
    lab.compile("hello")
    graph = lab.link(
        "-dumpdep",
        shown="hello main.o | grep -e initsig -e sysmon",
        keep=r"-> runtime\.(initsig|sysmon|sysmon·f|mstartm0)\b",
    )
    edges = re.findall(r"^(\S+) -> (\S+)", graph.text + graph.error_text, re.MULTILINE)
    started = {source for source, target in edges if target.startswith("runtime.sysmon")}
    return {
        "rt0_go calls": boot,
        "initsig is called by": sorted(s for s, target in edges if target == "runtime.initsig"),
        # A closure belongs to the function that holds it: runtime.main.func1 to runtime.main.
        "sysmon is started by": sorted(
            {
                re.sub(r"\.func\d+(·f)?$", "", s)
                for s in started
                if not s.startswith("runtime.sysmon")
            }
        ),
    }
