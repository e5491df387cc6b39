"""Two passes compared by the page's module, and by Python: the browser has no kernel to ask."""

from __future__ import annotations

import json
import os
import shutil
import sys
from itertools import pairwise
from pathlib import Path

from golifelab.compile.ssa import notation
from golifelab.compile.ssa.comparison import compare
from golifelab.program import Program
from golifelab.toolchain.run import run
from golifelab.widgets.assets import STATIC

TEXT = """package main

//go:noinline
func classify(s string, limit int) (n int) {
	for i, c := range s {
		if c > 'a' {
			n += i * 3
		} else {
			n -= int(c) % limit
		}
	}
	return n
}

func main() {
	println(classify("abc", 7))
}
"""
SCRIPT = """
import {{ readFileSync }} from "node:fs";
import {{ byNumber }} from "{folder}/lab/diffmodel.js";
import {{ readState }} from "{folder}/lab/diffstate.js";
const found = JSON.parse(readFileSync("{data}", "utf8")).map(([before, after]) => {{
  const who = byNumber(readState(before), readState(after));
  return [...who.names].map(([one, other]) => [one, other, who.changes.get(one) ?? []]);
}});
console.log(JSON.stringify(found));
"""


def test_numbers_and_changes_are_what_python_says(target, tmp_path: Path):
    passes = Program.from_text(TEXT, target=target).ssa("classify").passes
    steps = [(a, b) for a, b in pairwise(passes) if a.snapshot is not b.snapshot]
    lines = [[list(notation.lines(step.snapshot)) for step in pair] for pair in steps]
    data, script = tmp_path / "states.json", tmp_path / "ask.mjs"
    data.write_text(json.dumps(lines))
    script.write_text(SCRIPT.format(folder=STATIC.as_uri(), data=data.as_posix()))
    # Node is beside this Python, or on PATH.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    node = shutil.which("node", path=path)
    assert node is not None
    found = json.loads(run([node, str(script)], cwd=tmp_path).stdout)
    told = 0
    for (before, after), rows in zip(steps, found, strict=True):
        values = {row[0]: row for row in rows if row[0].startswith("v")}
        known = dict(numbered(before, after))
        assert {f"v{number}": f"v{other}" for number, other in known.items()} == {
            one: other for one, other, _ in values.values()
        }, after.name
        theirs = compare(before.blocks, after.blocks, (place, place), known)
        others = {pair.before.name for pair in theirs.pairs if pair.by != "number"}
        for pair in theirs.pairs:
            name = pair.before.name
            # Python pairs what has other numbers, too; the browser does not.
            if name not in others and others.isdisjoint(f"v{one}" for one in pair.before.args):
                assert set(values[name][2]) == set(pair.changes), (after.name, name)
                told += bool(pair.changes)
    assert told > 20


def numbered(before, after):
    """The values that keep their numbers, unless these were given to other values."""
    old, new = (
        {
            value.id: value
            for block in step.blocks
            if not block.dead
            for value in block.values
            if not value.dead
        }
        for step in (before, after)
    )
    for number in old.keys() & new.keys():
        one, other = old[number], new[number]
        if one.op == other.op or (one.type, place(one)) == (other.type, place(other)):
            yield number, number


def place(value):
    """Where a value comes from."""
    return value.stack or value.position
