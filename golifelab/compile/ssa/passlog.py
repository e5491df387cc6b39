"""What the passes of the compiler say while they work on one function, with their debug flags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from golifelab.compile.fallback.dump import dump_variable
from golifelab.compile.front import Recent
from golifelab.compile.functions import Function
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.compile import Compiled, compile_object, require_object
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

_BEGIN = re.compile(r"  pass (.*) begin$")
_END = re.compile(r"  pass (.*) end \[\d+ ns\]$")
_PHASES = re.compile(r"- <phase> is one of:\n(?P<names>.*?)\n\n", re.DOTALL)
_CRASH = re.compile(r"internal compiler error: '[^']*': rewrite cycle detected")
# What stands in the help's list and is no pass of the table: switches of the compiler itself.
_SWITCHES = frozenset({"check", "all", "build", "intrinsics", "genssa"})


@dataclass(frozen=True, slots=True)
class PassLog:
    """What was printed during one pass over one function, line by line."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassLogs:
    """The logs of one run, in the order of the passes; those that said nothing are left out.

    `incomplete` names passes whose log is cut short, or missing, because the compiler gave up.
    """

    logs: tuple[PassLog, ...]
    compiled: Compiled
    command: str
    incomplete: tuple[str, ...] = ()


def flag_of(name: str) -> str:
    """A pass as -d=ssa/… names it: "late opt" is "late_opt"."""
    return name.replace(" ", "_")


_phases: Recent[tuple[str, ...]] = Recent(8)


def phase_names(target: Target) -> tuple[str, ...]:
    """The compiler's own list of its passes, in order, as -d=ssa/… names them ("late_opt")."""

    def make() -> tuple[str, ...]:
        go = find_go(target.go)
        done = run([go.tool("compile"), "-d=ssa/help"], env=go.environment(target))
        found = _PHASES.search(done.text + done.error_text)
        names = re.split(r"[,\s]+", found["names"].strip()) if found else []
        return tuple(name for name in names if name and name not in _SWITCHES)

    return _phases.get((target.go, target.goarch), make)


def pass_logs(
    source: Source, target: Target, function: Function, levels: Mapping[str, int]
) -> PassLogs:
    """Compile with `levels` of debugging, by flag name of the pass, and cut out one function's log.

    While it prints rewrites the compiler looks for cycles of them, and gives up over one, in
    whichever function it is; otherwise it takes no offence. It is asked again then without that
    pass. CompileFailed for a program that Go refuses.
    """
    number = 0 if function.abi == "ABI0" else 1
    wanted = dict(levels)
    found: list[PassLog] = []
    incomplete: list[str] = []
    while True:
        done = _compiled(source, target, function, number, wanted)
        records, unfinished = cut(done.stdout.split("\n"))
        logs = next((logs for abi, logs in records if abi in (number, -1)), None)
        if logs is not None or done.object:
            found += logs or ()
            break
        guilty = _guilty(done.stdout)
        if wanted.pop(flag_of(guilty), 0) == 0:
            require_object(done, source)
        if unfinished is not None:  # only the function that is asked for says where its passes end
            found.append(unfinished)
        incomplete.append(guilty)
    order = {name: place for place, name in enumerate(phase_names(target))}
    found.sort(key=lambda log: order.get(flag_of(log.name), len(order)))
    command = f"{dump_variable(function)} {done.command}"
    return PassLogs(tuple(found), done, command, tuple(incomplete))


def _guilty(text: str) -> str:
    """The pass that gave up over a cycle: the last one that began to rewrite. Empty if none did."""
    crash = _CRASH.search(text)
    end = crash.start() if crash else 0
    start = text.rfind(": rewriting for ", 0, end)
    return text[text.rfind("\n", 0, start) + 1 : start] if start >= 0 else ""


def _compiled(
    source: Source, target: Target, function: Function, number: int, levels: Mapping[str, int]
) -> Compiled:
    debug = ",".join(f"ssa/{name}/debug={level}" for name, level in levels.items())
    # -m makes the compiler print each message when it has it; otherwise it sorts them at the end.
    # -c=1 keeps functions that are compiled at the same time from printing into each other.
    flags = ("-c=1", "-m", *([f"-d={debug}"] if debug else []))
    variable = f"{function.name},{number}+"
    return compile_object(
        source, target, extra=flags, environment={"GOSSAFUNC": variable, "GOSSADIR": "{dir}"}
    )


def cut(
    lines: Iterable[str],
) -> tuple[tuple[tuple[int, tuple[PassLog, ...]], ...], PassLog | None]:
    """The logs in a dump: for each function its ABI (-1 when not said) and what its passes said.

    And the log of the pass in whose midst the dump ends; None where it ends well.
    """
    records: list[tuple[int, tuple[PassLog, ...]]] = []
    logs: list[PassLog] = []
    name = ""
    said: list[str] = []
    for line in lines:
        if begin := _BEGIN.match(line):
            name, said = begin[1], []
        elif _END.match(line):
            if said:
                logs.append(PassLog(name, tuple(said)))
            name = ""
        elif name:
            said.append(line)
        elif line.startswith("dumped SSA for "):
            abi = line.rpartition(" to ")[0].rpartition(",")[2]
            records.append((int(abi) if abi.isdecimal() else -1, tuple(logs)))
            logs = []
    return tuple(records), PassLog(name, tuple(said)) if name else None
