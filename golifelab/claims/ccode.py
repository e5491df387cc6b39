"""What a C compiler makes of the same few lines, to compare with Go's code. It may be missing."""

from __future__ import annotations

import re
import shutil

from golifelab.claims.workbench import Lab
from golifelab.toolchain.run import run

_INSTRUCTION = re.compile(r"^\t(?!\.)(.+)$", re.MULTILINE)


def c_instructions(lab: Lab, text: str, function: str) -> tuple[str, ...]:
    """The instructions that gcc makes of a function for this machine, in Intel's syntax on x86.

    What it printed is written down as evidence. Empty where gcc is missing or refuses: a claim
    about Go is settled without it, and the evidence says why there is nothing to see.
    """
    bench = lab.bench
    flags = ["-O2", "-S", "-fno-asynchronous-unwind-tables", "-fcf-protection=none", "-o", "-"]
    shown = "gcc -O2 -masm=intel -S -o - main.c"
    if shutil.which("gcc") is None:
        lab.note(shown, "gcc is not installed, so there is no code of C's to compare with")
        return ()
    source = bench.directory / "c" / "main.c"
    source.parent.mkdir(exist_ok=True)
    source.write_text(text)
    for syntax in (["-masm=intel"], []):
        # Processors other than x86 have one syntax only, and no flag for it.
        done = run(["gcc", *flags[:2], *syntax, *flags[2:], source], timeout=60)
        if not done.returncode:
            break
    if done.returncode:
        lab.note(shown, f"gcc does not make code of it: {done.error_text.strip()[:300]}")
        return ()
    body = done.text.partition(f"\n{function}:\n")[2]
    found = tuple(" ".join(line.split()) for line in _INSTRUCTION.findall(body))
    lab.note("cat main.c", text)
    lab.note(shown, "\n".join(found))
    return found
