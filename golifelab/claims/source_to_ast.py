"""Chapter 1, from source to object file: claims c1.01 to c1.06, and c1.22 of the summary table."""

from __future__ import annotations

import re

from golifelab.claims.experiment import Facts, Ruling, experiment
from golifelab.claims.ledger import Verdict
from golifelab.claims.listing import instructions, ssa_values
from golifelab.claims.workbench import Lab
from golifelab.link.elf.image import Image

_COMPILER_PHASE = re.compile(
    r"^BenchmarkCompile:main:(?:fe|be):(?!subtotal)([\w-]+)\s+1\s+(\d+) ns/op", re.MULTILINE
)
_LINKER_PHASE = re.compile(r"^Benchmark(\w+?)_GC 1 (\d+) ns/op", re.MULTILINE)
# The stations the claim names, and the phases of the real tools in which they happen.
_STATIONS = {
    "lexing and parsing": "parse",
    "optimisation and machine code": "compilefuncs",
    "object": "dumpobj",
}


def decide_outline(facts: Facts) -> Ruling:
    """c1.01: whether every named station occurs, and the chain ends in a file the kernel starts."""
    missing = [name for name, phase in _STATIONS.items() if phase not in facts["compiler phases"]]
    if missing or not facts["rejects a type error"] or facts["interpreter"] or not facts["runs"]:
        return Ruling(
            Verdict.CORRECTED,
            f"not every station was found: missing {missing}, type errors are rejected: "
            f"{facts['rejects a type error']}, interpreter: {facts['interpreter'] or 'none'}",
        )
    return Ruling(
        Verdict.CONFIRMED,
        f"every station named is there, among {len(facts['compiler phases'])} phases of the"
        f" compiler and {facts['linker phases']} of the linker that the outline leaves out",
    )


@experiment("c1.01", decide_outline)
def measure_outline(lab: Lab) -> Facts:
    """Time the phases of both tools, and check where the chain ends."""
    bench = lab.bench
    report = bench.directory / "bench.txt"
    report.unlink(missing_ok=True)  # the compiler appends
    lab.compile("hello", f"-bench={report}")
    phases = {name: int(ns) for name, ns in _COMPILER_PHASE.findall(report.read_text())}
    lab.note("cat bench.txt", report.read_text())
    linked = lab.link("-benchmark=mem", shown="hello main.o", keep="^Benchmark")
    refused = lab.compile_text('package main\n\nfunc main() { var n int = "text"; _ = n }\n')
    bench.need_processes()
    hello = bench.build("hello")
    ran = lab.run([hello], "./hello")
    return {
        "compiler phases": phases,
        "linker phases": len(_LINKER_PHASE.findall(linked.text + linked.error_text)),
        "rejects a type error": refused.returncode != 0,
        "interpreter": Image(hello).interpreter,
        "runs": ran.returncode == 0,
    }


def decide_assembly_is_ssa(facts: Facts) -> Ruling:
    """c1.02: whether -S prints SSA values, and whether the bare command works at all."""
    if facts["ssa values"] and facts["bare command works"]:
        return Ruling(
            Verdict.CONFIRMED, f"-S printed {facts['ssa values']} SSA values, with the bare command"
        )
    works = (
        "works" if facts["bare command works"] else "fails: it does not find the imported package"
    )
    return Ruling(
        Verdict.CORRECTED,
        f"-S prints {facts['instructions']} machine instructions and {facts['ssa values']} SSA"
        f" values; the bare command {works}",
    )


@experiment("c1.02", decide_assembly_is_ssa)
def measure_assembly_is_ssa(lab: Lab) -> Facts:
    """Run the command as claimed, then with the compiled packages at hand, and count SSA values."""
    bench = lab.bench
    bare = lab.run(
        [bench.go.tool("compile"), "-S", "-o", bench.directory / "bare.o", bench.source("hello")],
        "go tool compile -S main.go",
    )
    listing = lab.compile("hello", "-S", keep=r"^main\.|\tCALL|\tRET").text
    return {
        "bare command works": bare.returncode == 0,
        "instructions": len(instructions(listing)),
        "ssa values": ssa_values(listing),
    }


def decide_dump_flag(facts: Facts) -> Ruling:
    """c1.03: whether the flag exists."""
    if facts["-dump=ssa works"]:
        return Ruling(Verdict.CONFIRMED, "the compiler takes -dump=ssa")
    return Ruling(
        Verdict.CORRECTED,
        f"there is no flag -dump; -d=ssa/all/dump=add writes {facts['dump files']} files, one a"
        " pass",
    )


@experiment("c1.03", decide_dump_flag)
def measure_dump_flag(lab: Lab) -> Facts:
    """Try the flag, then the one that exists."""
    bench = lab.bench
    wrong = lab.run(
        [bench.go.tool("compile"), "-dump=ssa", "-o", bench.directory / "d.o", bench.source("add")],
        "go tool compile -dump=ssa main.go",
        keep="not defined",
    )
    for old in bench.directory.glob("add_*.dump"):
        old.unlink()
    lab.compile("add", "-d=ssa/all/dump=add", keep="^$")
    files = sorted(path.name for path in bench.directory.glob("add_*.dump"))
    lab.note("ls add_*.dump", "\n".join([*files[:2], "…", *files[-2:], f"{len(files)} files"]))
    return {"-dump=ssa works": wrong.returncode == 0, "dump files": len(files)}


def decide_no_object_files(facts: Facts) -> Ruling:
    """c1.04: whether there is an object file after compiling."""
    if not facts["object bytes"]:
        return Ruling(Verdict.CONFIRMED, "compiling left no object file")
    return Ruling(
        Verdict.CORRECTED,
        f"compiling wrote an object file of {facts['object bytes']:,} bytes that starts with "
        f"{facts['archive']!r} and holds {', '.join(facts['members'])}; its own format begins with "
        f"{facts['magic']!r}",
    )


@experiment("c1.04", decide_no_object_files)
def measure_no_object_files(lab: Lab) -> Facts:
    """Compile with no -o and look at what lies in the folder."""
    bench = lab.bench
    folder = bench.directory / "plain"
    folder.mkdir(exist_ok=True)
    (folder / "main.go").write_text(bench.source("hello").read_text())
    lab.run(
        [bench.go.tool("compile"), "-p", "main", "-importcfg", bench.importcfg, "main.go"],
        "go tool compile -p main -importcfg importcfg main.go",
        cwd=folder,
    )
    made = folder / "main.o"
    content = made.read_bytes() if made.exists() else b""
    members = [name.decode() for name in re.findall(rb"(__\.PKGDEF|_go_\.o) +\d", content)]
    magic = re.search(rb"\x00go1\d\dld", content)
    lab.note(
        "ls -s main.o; head -c 8 main.o; ar t main.o", f"{len(content)} {content[:7]!r} {members}"
    )
    return {
        "object bytes": len(content),
        "archive": content[:7].decode("latin-1"),
        "members": members,
        "magic": magic[0].decode("latin-1") if magic else "",
    }


def decide_one_unit(facts: Facts) -> Ruling:
    """c1.05: whether each package is one run of the compiler, with all of its files."""
    if facts["compile runs"] == facts["packages"] and facts["files together"] == facts["files"]:
        return Ruling(
            Verdict.CONFIRMED,
            f"{facts['packages']} packages, {facts['compile runs']} runs of the compiler; the "
            f"{facts['files']} files of the sample were given to one run",
        )
    return Ruling(
        Verdict.CORRECTED,
        f"{facts['packages']} packages took {facts['compile runs']} runs of the compiler; "
        f"{facts['files together']} of {facts['files']} files went together",
    )


@experiment("c1.05", decide_one_unit)
def measure_one_unit(lab: Lab) -> Facts:
    """Let the go command say what it would run for a package of three files."""
    bench = lab.bench
    files = bench.files("greeting")
    plan = lab.run(
        [bench.go.command, "build", "-a", "-n", *files],
        "go build -a -n .",
        keep=r"/compile .* -p main ",
    )
    runs = [line for line in (plan.text + plan.error_text).splitlines() if "/compile " in line]
    ours = [line for line in runs if " -p main " in line]
    packages = lab.packages("greeting")
    together = [sum(file.name in line for file in files) for line in ours]
    return {
        "compile runs": len(runs),
        "packages": len(packages),
        "files": len(files),
        "files together": max(together, default=0),
    }


def decide_no_linker_needed(facts: Facts) -> Ruling:
    """c1.06: whether the absence of object files is what makes the binary free of dependencies."""
    if not facts["object bytes"] and facts["works without other programs"]:
        return Ruling(Verdict.CONFIRMED, "there is no object file, and no other linker was needed")
    if facts["works without other programs"] and facts["system call instructions"]:
        return Ruling(
            Verdict.CORRECTED,
            f"an object file of {facts['object bytes']:,} bytes exists. No other linker is needed "
            "because Go brings its own, and no library because the program holds the system call "
            "instruction itself",
        )
    return Ruling(
        Verdict.CORRECTED, "an object file exists, and Go's tools alone did not build the program"
    )


@experiment("c1.06", decide_no_linker_needed)
def measure_no_linker_needed(lab: Lab) -> Facts:
    """Compile, link and run by hand with an empty PATH: no C compiler or linker can be found."""
    bench = lab.bench
    bench.need_processes()
    alone = bench.environment(PATH="")
    lab.compile("hello")
    size = (bench.directory / "main.o").stat().st_size
    lab.link(shown="hello main.o", env=alone)
    ran = lab.run([bench.directory / "linked"], "PATH= ./hello", env=alone)
    listing = lab.objdump(
        "^internal/runtime/syscall.*Syscall6", bench.build("hello"), keep="SYSCALL"
    )
    return {
        "object bytes": size,
        "works without other programs": ran.returncode == 0,
        "system call instructions": listing.count("\tSYSCALL"),
    }


def decide_no_intermediate_objects(facts: Facts) -> Ruling:
    """c1.22: whether the linker reads objects that the compiler left."""
    if facts["objects the linker reads"] == 0:
        return Ruling(Verdict.CONFIRMED, "the linker was given no object files")
    return Ruling(
        Verdict.CORRECTED,
        f"the compiler ran {facts['compile runs']} times and left an object each time; the linker"
        f" was given {facts['objects the linker reads']} of them",
    )


@experiment("c1.22", decide_no_intermediate_objects)
def measure_no_intermediate_objects(lab: Lab) -> Facts:
    """Read the plan of a build: what the compiler writes, and what the linker is given."""
    bench = lab.bench
    plan = lab.run(
        [bench.go.command, "build", "-a", "-n", bench.source("hello")],
        "go build -a -n . | grep importcfg.link",
        keep=r"importcfg\.link",
    )
    text = plan.text + plan.error_text
    # The plan writes importcfg.link as a here-document: its packagefile lines name the objects.
    part = text.split("importcfg.link << 'EOF'", 1)
    lines = part[1].split("\nEOF", 1)[0] if len(part) == 2 else ""
    objects = re.findall(r"^packagefile (\S+)=", lines, re.MULTILINE)
    lab.note("… what importcfg.link names", "\n".join(objects[:4]) + f"\n… {len(objects)} objects")
    return {
        "compile runs": sum("/compile " in line for line in text.splitlines()),
        "objects the linker reads": len(objects),
    }
