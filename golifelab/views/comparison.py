"""Two states of a function compared, as what the browser gets: who is who, and what differs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from golifelab.compile.ssa import notation
from golifelab.compile.ssa.pairing import pairing
from golifelab.compile.ssa.stage import SSA
from golifelab.source import Source

Edited = tuple[Source, Source] | None


def comparison_payload(
    left: SSA,
    right: SSA,
    left_pass: int | str | None,
    right_pass: int | str,
    edited: Edited = None,
) -> dict[str, Any]:
    """Compare a function after a pass with its like in another program or for another target.

    `left_pass` None means the pass that is the same as the one on the right; `edited` are the texts
    of both, where they differ. The payload has

    - `left` and `right`: function, pass, index, `lines` of the state on each side,
    - `values`: [name left, name right, what differs, the evidence], in the words of ValuePair,
    - `added`, `removed`: names; `blocks`: [left, right, what differs]; `blocks_added`,
      `blocks_removed`,
    - `counts`: values "same", "changed", "added", "removed"; blocks the same with "blocks " before.
    """
    pair = pairing(left, right, edited)
    found = pair.at(left_pass, right_pass)
    one = pair.same(right_pass) if left_pass is None else left_pass
    counts = Counter(
        {
            "changed": len(found.changed),
            "same": len(found.pairs) - len(found.changed),
            "added": len(found.added),
            "removed": len(found.removed),
            "blocks changed": len(found.blocks_changed),
            "blocks same": len(found.blocks) - len(found.blocks_changed),
            "blocks added": len(found.blocks_added),
            "blocks removed": len(found.blocks_removed),
        }
    )
    return {
        "left": _side(left, one),
        "right": _side(right, right_pass),
        "values": [[p.before.name, p.after.name, list(p.changes), p.by] for p in found.pairs],
        "added": [value.name for value in found.added],
        "removed": [value.name for value in found.removed],
        "blocks": [[p.before.name, p.after.name, list(p.changes)] for p in found.blocks],
        "blocks_added": [block.name for block in found.blocks_added],
        "blocks_removed": [block.name for block in found.blocks_removed],
        "counts": dict(counts),
    }


def _side(ssa: SSA, which: int | str) -> dict[str, Any]:
    step = ssa[which]
    lines = list(notation.lines(step.snapshot))
    return {
        "function": ssa.function.symbol,
        "pass": step.name,
        "index": step.index,
        "lines": lines,
    }


def partners(left: SSA, right: SSA, edited: Edited = None, shown: str = "") -> dict[str, str]:
    """Names of values and blocks on the left, and what they are called on the right.

    What is pinned or selected stays so over an edit, and has its like in the pane beside. `shown`
    is the pass that the reader looks at: the names mean first what they mean there.
    """
    return pairing(left, right, edited).partners(shown)
