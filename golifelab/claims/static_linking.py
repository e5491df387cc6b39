"""Chapter 3, making a program static: claims c3.30 to c3.32, c3.36 and c3.37."""

from __future__ import annotations

import re
import shutil

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.ways import attempt, build, image, path
from golifelab.claims.workbench import Lab
from golifelab.link.elf.image import Image
from golifelab.link.modes import Way
from golifelab.link.modes.way import STATIC

_STRIPPED = Way(strip=True)
_DEBUG = re.compile(r"^\.z?debug_")
_SYMBOLS = (".symtab", ".strtab")
_PHRASE = "not a dynamic executable"


def shares(before: Image, after: Image) -> dict[str, int]:
    """The bytes of a file that stripping takes away, by what they were, and those that stay."""
    kept = {one.name for one in after.sections}
    gone = {one.name: one.size for one in before.sections if one.name not in kept}
    debug = sum(size for name, size in gone.items() if _DEBUG.match(name))
    symbols = sum(size for name, size in gone.items() if name in _SYMBOLS)
    return {
        "debug information": debug,
        "symbol table": symbols,
        "headers and padding": before.size - after.size - debug - symbols,
        "what stays": after.size,
    }


def decide_command(facts: Facts) -> Ruling:
    """c3.30: whether it takes -a and -s -w to make a program static."""
    plain = facts["interpreter"]["CGO_ENABLED=0 go build"]
    before, after = facts["bytes"].values()
    return settle(
        bool(plain) and not facts["interpreter"]["with -s -w"],
        "without the further flags the program is dynamic",
        f"CGO_ENABLED=0 alone makes it static. -s -w only takes away {1 - after / before:.1%} of"
        f" the file ({facts['shares']['debug information']:,} bytes of debug information,"
        f" {facts['shares']['symbol table']:,} of symbols), and -a builds again what the cache has:"
        " it keeps what is built with C apart from what is built without",
    )


@experiment("c3.30", decide_command)
def measure_command(lab: Lab) -> Facts:
    """Build without any flag, and with -s -w; see what the flags take away."""
    plain, stripped = build(lab, "hello", Way()), build(lab, "hello", _STRIPPED)
    found = shares(image(lab, "hello", Way()), image(lab, "hello", _STRIPPED))
    rows = "\n".join(f"{size:10,} {name}" for name, size in found.items())
    lab.note("readelf -SW hello hello-stripped   # bytes", rows)
    listed = {}
    for cgo in (False, True):
        done = lab.run(
            [lab.bench.go.command, "list", "-f", "{{.Stale}} {{.CgoFiles}}", "net"],
            f"CGO_ENABLED={int(cgo)} go list -f '{{{{.Stale}}}} {{{{.CgoFiles}}}}' net",
            env=lab.bench.environment(cgo=cgo),
        )
        listed[cgo] = done.text.strip()
    return {
        "interpreter": {
            "CGO_ENABLED=0 go build": plain.interpreter,
            "with -s -w": stripped.interpreter,
        },
        "bytes": {"plain": plain.size, "with -s -w": stripped.size},
        "shares": found,
        "net is told apart": listed[False] != listed[True],
    }


def decide_musl(facts: Facts) -> Ruling:
    """c3.31: whether external static linking needs musl's compiler."""
    warned = "; ".join(facts["warnings"])
    return settle(
        facts["compiler"].startswith("musl"),
        f"it was {facts['compiler']} that did it",
        f"{facts['compiler']} did it with the static library of this machine's C. What the linker"
        f" said about it: “{warned or 'nothing'}”. musl is a choice, no condition",
    )


@experiment("c3.31", decide_musl)
def measure_musl(lab: Lab) -> Facts:
    """Let this machine's C compiler link a program of net statically."""
    row = build(lab, "netapp", Way(cgo=True, linkmode="external", extldflags=STATIC))
    found = shutil.which("musl-gcc")
    lab.note("which musl-gcc", found or "(there is none here)")
    return {
        "static": row.static,
        "compiler": row.linker,
        "warnings": list(row.warnings),
        "musl-gcc is installed": bool(found),
    }


def decide_ldd(facts: Facts) -> Ruling:
    """c3.32: whether ldd says of a static program that it is no dynamic one."""
    return settle(
        _PHRASE in facts["ldd says"],
        f"ldd says “{facts['ldd says']}”, with exit status {facts['exit status']}",
        f"ldd says “{facts['ldd says']}”",
    )


@experiment("c3.32", decide_ldd)
def measure_ldd(lab: Lab) -> Facts:
    """Ask ldd about a program that was built without C."""
    tool = lab.bench.need("ldd")
    build(lab, "netapp", Way())
    env = {**lab.bench.environment(), "LC_ALL": "C"}
    asked = lab.run([tool, path(lab, "netapp", Way())], "ldd ./netapp", env=env)
    return {
        "ldd says": (asked.text + asked.error_text).strip(),
        "exit status": asked.returncode,
        "on the error stream": bool(asked.error_text.strip()),
    }


def decide_stripping(facts: Facts) -> Ruling:
    """c3.36: whether -s -w leaves what a program asks for as it is."""
    before, after = facts["libraries"].values()
    return settle(
        before == after and facts["interpreter is the same"],
        f"{', '.join(after)} before and after. {len(facts['sections gone'])} sections go"
        f" ({', '.join(facts['sections gone'][:3])} …), .gopclntab stays",
        f"{before} became {after}",
    )


@experiment("c3.36", decide_stripping)
def measure_stripping(lab: Lab) -> Facts:
    """Compare a program with C before and after stripping: libraries, and sections."""
    ways = {"plain": Way(cgo=True), "with -s -w": Way(cgo=True, strip=True)}
    rows = {name: build(lab, "netapp", way) for name, way in ways.items()}
    named = {
        name: [one.name for one in image(lab, "netapp", way).sections if one.name]
        for name, way in ways.items()
    }
    for name, sections in named.items():
        lab.note(f"readelf -SW netapp   # {name}", " ".join(sections))
    kept = set(named["with -s -w"])
    return {
        "libraries": {name: list(row.needed) for name, row in rows.items()},
        "interpreter is the same": len({row.interpreter for row in rows.values()}) == 1,
        "sections gone": [name for name in named["plain"] if name not in kept],
        "pclntab stays": any("gopclntab" in name for name in kept),
    }


def decide_mixed(facts: Facts) -> Ruling:
    """c3.37: whether -extldflags "-static" is enough, whatever C is in the program."""
    dynamic = {name: needed for name, needed in facts["libraries with the flag"].items() if needed}
    return settle(
        not dynamic,
        "with the flag no program asks for libraries",
        f"{' and '.join(dynamic)} still asks for {', '.join(next(iter(dynamic.values()), []))}, and"
        f" {_said(facts['words about it'])} was said: where Go's own packages bring the only C, Go"
        " links by itself, and the flag is for the C compiler. With C of its own a program is"
        " linked by the C compiler, and the flag works; else -linkmode=external is needed as well",
    )


@experiment("c3.37", decide_mixed)
def measure_mixed(lab: Lab) -> Facts:
    """Build a program of net and one with C of its own with the same flag, then force the first."""
    flag = Way(cgo=True, extldflags=STATIC)
    rows = {name: build(lab, name, flag) for name in ("netapp", "cgoapp")}
    forced = attempt(lab, "netapp", Way(cgo=True, linkmode="external", extldflags=STATIC))
    return {
        "libraries with the flag": {name: list(row.needed) for name, row in rows.items()},
        "linked by": {name: row.linker for name, row in rows.items()},
        "words about it": list(rows["netapp"].warnings),
        "static with -linkmode=external": forced.available and forced.static,
    }


def _said(words: list[str]) -> str:
    return f"“{'; '.join(words)}”" if words else "nothing"
