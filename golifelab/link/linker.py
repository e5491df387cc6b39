"""Run Go's linker for what it says, not for what it writes."""

from __future__ import annotations

import json
from dataclasses import dataclass

from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest, scratch
from golifelab.toolchain.compile import compile_object, require_object
from golifelab.toolchain.exports import importcfg_for
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import refusal
from golifelab.toolchain.run import run
from golifelab.toolchain.shell import link_line

_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class LinkerReport:
    """What the linker printed, how long it took, and the shell line that shows the same."""

    text: str
    seconds: float
    command: str


def linker_report(
    source: Source, target: Target, flags: tuple[str, ...], *, keep: bool
) -> LinkerReport:
    """Compile and link a program with further linker flags; the executable is thrown away.

    With `keep` the report is remembered, for reports that the same program always gives. Raises
    CompileFailed or LinkFailed.
    """
    compiled = compile_object(source, target)
    made = require_object(compiled, source)
    go = find_go(target.go)
    config = importcfg_for(source, target)
    command = f"{compiled.command} && {link_line(target, flags)}"
    key = digest("linker report", go.version, target.key(), str(config), *flags, made)
    known = cache().get(key) if keep else None
    if known is not None:
        kept = json.loads(known)
        return LinkerReport(kept["text"], kept["seconds"], command)
    with scratch() as directory:
        (directory / "main.o").write_bytes(made)
        done = run(
            [go.tool("link"), "-importcfg", config, *flags, "-o", "program", "main.o"],
            env=go.environment(target),
            cwd=directory,
            timeout=_TIMEOUT,
        )
    text = done.text + done.error_text
    if done.returncode:
        raise refusal(text, go)
    if keep:
        entry = {"text": text, "seconds": done.seconds}
        cache().put(key, json.dumps(entry).encode("utf-8", "surrogatepass"))
    return LinkerReport(text, done.seconds, command)
