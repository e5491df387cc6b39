"""Chapter 1, from execve to the runtime's first instructions: claims c1.12 to c1.18, and c1.24."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from golifelab.claims.experiment import Facts, Ruling, experiment
from golifelab.claims.ledger import Verdict
from golifelab.claims.linking import describe, describe_if_possible
from golifelab.claims.workbench import Lab
from golifelab.errors import FeatureUnavailable
from golifelab.link.elf.image import Image

_CALL = re.compile(r"\b(?:CALL|JMP) (\S+?)(?:\.abi0)?\(SB\)")


def calls(listing: str) -> list[str]:
    """The functions a disassembly calls or jumps to, in order."""
    return _CALL.findall(listing)


def decide_interpreter_honoured(facts: Facts) -> Ruling:
    """c1.12: whether execve needs the program that PT_INTERP names."""
    if facts["runs"] and not facts["runs with a wrong interpreter"]:
        return Ruling(
            Verdict.CONFIRMED,
            f"the program names {facts['interpreter']} and runs; with one letter of that name"
            " changed the kernel refuses to start it",
        )
    return Ruling(
        Verdict.CORRECTED, "a program with a wrong interpreter name was started all the same"
    )


@experiment("c1.12", decide_interpreter_honoured)
def measure_interpreter_honoured(lab: Lab) -> Facts:
    """Start a program that names an interpreter; then change the name in a copy and try again."""
    bench = lab.bench
    bench.need_processes()
    good = bench.build("hello pie")
    name = Image(good).interpreter
    ran = lab.run([good], "./hello-pie")
    wrong = bench.directory / "wrong"
    wrong.write_bytes(good.read_bytes().replace(name.encode(), (name[:-1] + "?").encode(), 1))
    wrong.chmod(0o755)
    lab.note("readelf -l hello-pie | grep interpreter", f"[Requesting program interpreter: {name}]")
    return {
        "interpreter": name,
        "runs": ran.returncode == 0,
        "runs with a wrong interpreter": _starts(lab, wrong, f"sed s/{name[-4:]}/{name[-4:-1]}?/"),
    }


def _starts(lab: Lab, program: Path, how: str) -> bool:
    try:
        ran = lab.run([program], f"{how} hello-pie > wrong; ./wrong")
    except FeatureUnavailable as error:
        lab.note(f"{how} hello-pie > wrong; ./wrong", error.reason)
        return False
    return ran.returncode == 0


def decide_never_interpreter(facts: Facts) -> Ruling:
    """c1.13: whether no Go program has PT_INTERP."""
    named = sorted(name for name, interpreter in facts["interpreter"].items() if interpreter)
    if not named:
        return Ruling(Verdict.CONFIRMED, "none of the programs names an interpreter")
    return Ruling(Verdict.CORRECTED, f"these programs name one: {', '.join(named)}")


@experiment("c1.13", decide_never_interpreter)
def measure_never_interpreter(lab: Lab) -> Facts:
    """Build hello in several ways and read its program headers."""
    names = ("hello", "hello pie", "hello external", "net cgo")
    images = {name: describe_if_possible(lab, name) for name in names}
    return {"interpreter": {name: image.interpreter for name, image in images.items() if image}}


def decide_kernel_maps(facts: Facts) -> Ruling:
    """c1.14: whether every PT_LOAD is a mapping, with nobody but the kernel to make it."""
    if facts["interpreter"] or facts["loaders mapped"]:
        return Ruling(Verdict.CORRECTED, "a dynamic loader took part")
    if facts["segments"] == facts["mapped"] and facts["entry by the kernel"] == facts["entry"]:
        return Ruling(
            Verdict.CONFIRMED,
            f"{len(facts['segments'])} PT_LOAD segments, {len(facts['mapped'])} mappings of the"
            f" file at the same addresses, and the kernel was told to enter at {facts['entry']:#x}",
        )
    return Ruling(
        Verdict.CORRECTED,
        f"segments at {facts['segments']} but mappings at {facts['mapped']}, entry"
        f" {facts['entry']:#x} but the kernel's {facts['entry by the kernel']:#x}",
    )


@experiment("c1.14", decide_kernel_maps)
def measure_kernel_maps(lab: Lab) -> Facts:
    """Compare the program headers with the mappings and the entry that the process itself sees."""
    bench = lab.bench
    bench.need_processes()
    program = bench.build("mirror")
    image = Image(program)
    text = lab.run([program], "./mirror", keep=r"mirror|ld-|AT_ENTRY").text
    places = [line.split() for line in text.splitlines() if line.endswith("/mirror")]
    entry = re.search(r"AT_ENTRY (0x[0-9a-f]+)", text)
    return {
        "interpreter": image.interpreter,
        "segments": [
            segment.address & ~0xFFF
            for segment in image.segments
            if segment.type == "LOAD" and segment.file_size
        ],
        "mapped": sorted(int(words[0].split("-")[0], 16) for words in places),
        "loaders mapped": sum("/ld-" in line for line in text.splitlines()),
        "entry": image.entry,
        "entry by the kernel": int(entry[1], 16) if entry else 0,
    }


def decide_entry_is_start(facts: Facts) -> Ruling:
    """c1.15: whether the entry symbol is called _start."""
    if facts["entry symbol"] == "_start":
        return Ruling(Verdict.CONFIRMED, "the entry symbol is _start")
    held = "holds a _start elsewhere" if facts["has _start"] else "has no symbol _start at all"
    return Ruling(
        Verdict.CORRECTED,
        f"the entry address is {facts['entry symbol'] or 'without a symbol'}; the program {held}",
    )


@experiment("c1.15", decide_entry_is_start)
def measure_entry_is_start(lab: Lab) -> Facts:
    """Look the entry address up among the symbols."""
    image = describe(lab, "hello")
    return {
        "entry symbol": image.entry_symbol,
        "has _start": image.function("_start") is not None,
    }


def decide_start_by_runtime(facts: Facts) -> Ruling:
    """c1.16: whether package runtime defines _start."""
    if facts["runtime sources that define _start"]:
        where = ", ".join(facts["runtime sources that define _start"])
        return Ruling(Verdict.CONFIRMED, f"the runtime defines _start in {where}")
    origin = facts["crt1.o"]
    return Ruling(
        Verdict.CORRECTED,
        "no file of the runtime for this platform defines _start; "
        + (
            f"in an externally linked program it comes from the C library's {origin}"
            if origin
            else "a default program does without it"
        ),
    )


@experiment("c1.16", decide_start_by_runtime)
def measure_start_by_runtime(lab: Lab) -> Facts:
    """Search the runtime's assembly for _start; where gcc is, see which object it would bring."""
    bench = lab.bench
    sources = sorted((bench.go.root / "src" / "runtime").glob("*_linux_amd64.s"))
    sources.append(bench.go.root / "src" / "runtime" / "asm_amd64.s")
    define = re.compile(r"^TEXT\s+_start\b", re.MULTILINE)
    found = [path.name for path in sources if define.search(path.read_text())]
    lab.note("grep -l '^TEXT _start' $GOROOT/src/runtime/*amd64.s", "\n".join(found) or "(none)")
    origin = ""
    if shutil.which("gcc"):
        asked = lab.run(["gcc", "-print-file-name=crt1.o"], "gcc -print-file-name=crt1.o")
        path = Path(asked.text.strip())
        # gcc repeats the bare name when it has no such file.
        if path.is_absolute() and Image(path).function("_start"):
            origin = path.name
            lab.note("nm crt1.o | grep ' T _start'", "T _start")
            describe_if_possible(lab, "hello external")
    return {"runtime sources that define _start": found, "crt1.o": origin}


def decide_start_order(facts: Facts) -> Ruling:
    """c1.17: whether it is _start that calls rt0_go and then runtime.main."""
    order = facts["rt0_go calls"]
    if "runtime.rt0_go" in facts["entry calls"] and "runtime.main" in facts["entry calls"]:
        return Ruling(Verdict.CONFIRMED, "the entry symbol calls rt0_go, then runtime.main")
    if "runtime.main" in order:
        return Ruling(Verdict.CORRECTED, "rt0_go calls runtime.main directly")
    return Ruling(
        Verdict.CORRECTED,
        f"{facts['entry symbol']} jumps to {', '.join(facts['entry calls']) or 'nothing'}; rt0_go"
        f" calls {', '.join(name.removeprefix('runtime.') for name in order)}. Nothing calls"
        " runtime.main: newproc is handed its address",
    )


@experiment("c1.17", decide_start_order)
def measure_start_order(lab: Lab) -> Facts:
    """Disassemble the way from the entry symbol to the scheduler."""
    hello = lab.bench.build("hello")
    entry = Image(hello).entry_symbol
    first = calls(lab.objdump(f"^{entry}$", hello))
    boot = calls(lab.objdump("^runtime.rt0_go", hello))
    return {"entry symbol": entry, "entry calls": first, "rt0_go calls": boot}


def decide_rt0_sets_up(facts: Facts) -> Ruling:
    """c1.18: whether rt0_go sets up the stack, G, M and the scheduler."""
    missing = [name for name, there in facts["sets up"].items() if not there]
    if missing:
        return Ruling(Verdict.CORRECTED, f"not found in rt0_go: {', '.join(missing)}")
    return Ruling(
        Verdict.CONFIRMED,
        "rt0_go cuts a window of 64 KiB out of the kernel's stack for g0, ties m0 and g0 together"
        " and calls schedinit",
    )


@experiment("c1.18", decide_rt0_sets_up)
def measure_rt0_sets_up(lab: Lab) -> Facts:
    """Look for each of the four in the disassembly of rt0_go."""
    listing = lab.objdump(
        "^runtime.rt0_go",
        lab.bench.build("hello"),
        keep=r"LEAQ.*\(SP\), BX|runtime\.[gm]0|schedinit",
    )
    window = re.search(r"LEAQ (?:0xffff0000|-0x10000)\(SP\)", listing)
    return {
        "sets up": {
            "the stack": window is not None,
            "g0": "runtime.g0(SB)" in listing,
            "m0": "runtime.m0(SB)" in listing,
            "the scheduler": "runtime.schedinit" in calls(listing),
        }
    }


def decide_no_interpreter_takes_part(facts: Facts) -> Ruling:
    """c1.24: whether a default program is started without a dynamic loader."""
    if facts["interpreter"] or facts["starts with another program"] or facts["files opened"]:
        return Ruling(
            Verdict.CORRECTED, "a dynamic loader, or files it opens, took part in the start"
        )
    return Ruling(
        Verdict.CONFIRMED,
        "the program names no interpreter, ignores what only a dynamic loader obeys, and "
        + ("opens no library" if facts["traced"] else "maps nothing but itself"),
    )


@experiment("c1.24", decide_no_interpreter_takes_part)
def measure_no_interpreter_takes_part(lab: Lab) -> Facts:
    """Give an order that every dynamic loader obeys; where strace is, watch the files opened."""
    bench = lab.bench
    bench.need_processes()
    hello = bench.build("hello")
    env = bench.environment(LD_TRACE_LOADED_OBJECTS="1")
    ran = lab.run([hello], "LD_TRACE_LOADED_OBJECTS=1 ./hello", env=env)
    opened, traced = _files_opened(lab, hello)
    mapped = lab.run([bench.build("mirror")], "./mirror | grep -c '/ld-'", keep="/ld-").text
    return {
        "interpreter": Image(hello).interpreter,
        # The loader lists libraries in place of starting the program: then its greeting is missing.
        "starts with another program": "hello" not in ran.text or "/ld-" in mapped,
        "files opened": opened,
        "traced": traced,
    }


def _files_opened(lab: Lab, program: Path) -> tuple[list[str], bool]:
    """Libraries and loader files a program opens, and whether strace could watch it."""
    strace = shutil.which("strace")
    if strace is None:
        return [], False
    trace = lab.bench.directory / "trace.txt"
    trace.unlink(missing_ok=True)
    done = lab.run(
        [strace, "-f", "-o", trace, "-e", "trace=execve,openat,mmap", program],
        "strace -f -e trace=execve,openat,mmap ./hello",
        keep="^hello",
    )
    text = trace.read_text() if trace.exists() else ""
    if done.returncode or "execve(" not in text:
        return [], False  # ptrace is refused here
    lab.note(
        "grep -e execve -e openat trace.txt",
        "\n".join(re.findall(r".*(?:execve|openat)\(.*", text)),
    )
    return re.findall(r'openat\([^"]*"([^"]*(?:\.so|ld\.)[^"]*)"', text), True
