"""Which passes of the compiler can be switched off, asked of the compiler itself."""

from __future__ import annotations

import json
from dataclasses import dataclass

from golifelab.compile.front import Recent
from golifelab.compile.ssa.passlog import phase_names
from golifelab.target import Target
from golifelab.toolchain.cache import cache, digest
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

_REQUIRED = "Cannot disable required"


@dataclass(frozen=True, slots=True)
class PassEntry:
    """One pass of the compiler's table.

    `flag` is its name in -d=ssa/… ("generic_cse"). A `required` one can't be switched off: the
    compiler refuses, with the words in `refusal`.
    """

    flag: str
    required: bool
    refusal: str = ""

    @property
    def name(self) -> str:
        """Its name in dumps: "generic cse"."""
        return self.flag.replace("_", " ")


_recent: Recent[tuple[PassEntry, ...]] = Recent(8)


def pass_table(target: Target) -> tuple[PassEntry, ...]:
    """The passes in the compiler's order. Asked once a Go version, then kept in the cache."""
    return _recent.get((target.go, target.goarch), lambda: _kept(target))


def _kept(target: Target) -> tuple[PassEntry, ...]:
    go = find_go(target.go)
    key = digest("passtable", go.version, str(go.root), target.goarch)
    stored = cache().get(key)
    if stored is not None:
        return tuple(PassEntry(*row) for row in json.loads(stored))
    table = tuple(_asked(target, flag) for flag in phase_names(target))
    rows = [(entry.flag, entry.required, entry.refusal) for entry in table]
    cache().put(key, json.dumps(rows).encode())
    return table


def _asked(target: Target, flag: str) -> PassEntry:
    go = find_go(target.go)
    # Without a file to compile it only reads its flags, and complains about them first.
    done = run([go.tool("compile"), f"-d=ssa/{flag}/off"], env=go.environment(target))
    said = (done.text + done.error_text).splitlines()
    refusal = next((line for line in said if _REQUIRED in line), "")
    return PassEntry(flag, bool(refusal), refusal.removeprefix("compile: ").strip())
