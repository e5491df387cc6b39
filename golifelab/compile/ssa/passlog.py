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
# What stands in the help's list and is no pass of the table: switches of the compiler itself.
_SWITCHES = frozenset({"check", "all", "build", "intrinsics", "genssa"})


@dataclass(frozen=True, slots=True)
class PassLog:
    """What was printed during one pass over one function, line by line."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassLogs:
    """The logs of one run, in the order of the passes; those that said nothing are left out."""

    logs: tuple[PassLog, ...]
    compiled: Compiled
    command: str


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

    CompileFailed for a program that Go refuses.
    """
    number = 0 if function.abi == "ABI0" else 1
    wanted = ",".join(f"ssa/{name}/debug={level}" for name, level in levels.items())
    # -m makes the compiler print each message when it has it; otherwise it sorts them at the end.
    # -c=1 keeps functions that are compiled at the same time from printing into each other.
    flags = ("-c=1", "-m", f"-d={wanted}")
    variable = f"{function.name},{number}+"
    done = compile_object(
        source, target, extra=flags, environment={"GOSSAFUNC": variable, "GOSSADIR": "{dir}"}
    )
    require_object(done, source)
    records = cut(done.stdout.split("\n"))
    logs = next((logs for abi, logs in records if abi in (number, -1)), ())
    return PassLogs(logs, done, f"{dump_variable(function)} {done.command}")


def cut(lines: Iterable[str]) -> tuple[tuple[int, tuple[PassLog, ...]], ...]:
    """The logs in a dump: for each function its ABI (-1 when not said) and what its passes said."""
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
    return tuple(records)
