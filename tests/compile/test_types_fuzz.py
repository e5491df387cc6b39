"""Programs that nobody wrote: Go's own broken programs, broken further. Nothing raises."""

from __future__ import annotations

import json
import random
import re

import pytest

from golifelab.compile.check.methods import method_sets
from golifelab.compile.check.satisfaction import satisfaction
from golifelab.compile.check.trace import check_trace
from golifelab.compile.types import types
from golifelab.errors import LimitExceeded
from golifelab.source import Source
from golifelab.toolchain.go import find_go

PROGRAMS = 250
MAX_BYTES = 6000


def broken_further(text, other, chance):
    """One accident: a line lost, foreign lines, a bracket gone, a name for another."""
    lines = text.splitlines() or [""]
    at = chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[at]
        case 1:
            foreign = other.splitlines() or [""]
            start = chance.randrange(len(foreign))
            lines[at:at] = foreign[start : start + 5]
        case 2:
            lines[at] = lines[at].replace(
                chance.choice("(){}[],*"), chance.choice(["", "(", "*"]), 1
            )
        case _:
            words = re.findall(r"\b\w+\b", text) or ["x"]
            one, another = chance.choice(words), chance.choice(words)
            return re.sub(rf"\b{one}\b", another, text, count=chance.randrange(1, 4))
    return "\n".join(lines) + "\n"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_broken_programs_are_values(seed, tier, observed):
    chance = random.Random(f"{seed} {tier}")
    folder = find_go(observed.go).root / "src" / "internal" / "types" / "testdata"
    texts = [
        path.read_bytes().decode(errors="surrogateescape")
        for path in sorted(folder.rglob("*.go"))
        if path.stat().st_size < MAX_BYTES and path.name != "issue78346.go"
    ]
    checked = 0
    for _ in range(PROGRAMS):
        text = broken_further(chance.choice(texts), chance.choice(texts), chance)
        source = Source.from_text(text, package="p")
        try:
            found = types(source, observed)
        except LimitExceeded:
            continue  # Go itself comes to no end with a few
        checked += 1
        trace = check_trace(source, observed)
        expected = [str(error) for error in found.errors if error.phase != "internal"]
        assert sorted(map(str, trace.errors)) == sorted(expected), text
        phases = {phase.name for phase in trace}
        assert all(finding.phase in phases for finding in trace.findings), text
        for stage in (found, trace, method_sets(source, observed), satisfaction(source, observed)):
            json.dumps(stage.to_json(), ensure_ascii=True)
    assert checked > PROGRAMS * 0.9
