"""The mode matrix for the page: every build, the questions that decide, and whose C comes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from golifelab.link.cgo import CPackages
from golifelab.link.modes import Build, ModeMatrix, Way
from golifelab.link.modes.tree import Decision, Leaf, decision_tree
from golifelab.link.modes.way import SETTINGS as VALUES
from golifelab.program import Program
from golifelab.views import modeswords as words

Payload = dict[str, Any]


def matrix_payload(matrix: ModeMatrix) -> Payload:
    """A matrix that stands alone."""
    return builds_payload(matrix.rows, of=len(matrix.rows))


def builds_payload(rows: Sequence[Build], *, of: int, c: Iterable[CPackages] = ()) -> Payload:
    """Builds that are there, `of` how many are on their way; `c` is what a program is made of."""
    numbers = {id(row): number for number, row in enumerate(rows)}
    return {
        "settings": [_setting(name) for name in VALUES],
        "programs": list(dict.fromkeys(row.program for row in rows)),
        "rows": [_row(row) for row in rows],
        "tree": _tree(decision_tree(rows), numbers),
        "of": of,
        "missing": list(dict.fromkeys(row.missing for row in rows if row.missing)),
        "c": [c_payload(one) for one in c],
    }


def c_payload(packages: CPackages) -> Payload:
    """Whose C is in a program, and the imports that lead to it."""
    return {
        "cgo": packages.cgo,
        "tags": list(packages.tags),
        "uses_c": packages.uses_c,
        "left_out": list(packages.left_out),
        "chains": [list(chain) for chain in packages.chains],
        "packages": len(packages.packages),
        "command": packages.command,
        "error": packages.error,
    }


def import_places(program: Program) -> dict[str, Payload]:
    """Where the imports of a program's first file stand, by their paths; the offsets are bytes."""
    syntax, places = program.syntax, {}
    for node in syntax:
        path = node.kind == "BasicLit" and syntax[node.parent].kind == "ImportDecl"
        if path and node.file == syntax.files[0]:
            at = node.position
            place = {"line": at.line, "column": at.column, "start": node.start, "end": node.end}
            places[node.text.strip('"`')] = place
    return places


def way_of(asked: Mapping[str, Any]) -> Way:
    """The way that the page asks for; settings that do not exist are taken as not made."""
    chosen: dict[str, Any] = {}
    for name, values in VALUES.items():
        wanted = asked.get(name)
        wanted = tuple(wanted) if isinstance(wanted, list) else wanted
        if wanted in values and type(wanted) is type(values[0]):
            chosen[name] = wanted
    return Way(**chosen)


def way_payload(way: Way) -> Payload:
    """A way as the page knows it."""
    return {name: _plain(getattr(way, name)) for name in VALUES}


def _setting(name: str) -> Payload:
    flag, known = words.SETTINGS[name]
    return {
        "id": name,
        "flag": flag,
        "options": [{"value": _plain(one), "label": _label(one, known)} for one in VALUES[name]],
    }


def _label(value: object, known: Mapping[str, str]) -> str:
    text = ",".join(value) if isinstance(value, tuple) else str(value)
    return known.get(text.lower() if isinstance(value, bool) else text, text)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _row(row: Build) -> Payload:
    return {
        "program": row.program,
        "way": way_payload(row.way),
        "name": row.way.name,
        "command": row.command,
        "outcome": row.outcome,
        "kind": row.kind,
        "linker": words.linked_by(row),
        "interpreter": row.interpreter,
        "needed": list(row.needed),
        "entry": row.entry_symbol,
        "size": row.size,
        "c": list(row.c),
        "warnings": list(row.warnings),
        "story": words.story(row),
        "silence": words.silence(row),
        "missing": row.missing,
    }


def _tree(tree: Decision, numbers: Mapping[int, int]) -> Payload:
    if isinstance(tree, Leaf):
        return {
            "says": words.leaf_words(tree),
            "outcome": tree.outcomes[0].outcome if len(tree.outcomes) == 1 else "",
            "rows": [numbers[id(row)] for row in tree.rows],
        }
    return {
        "question": words.question_words(tree.question),
        "branches": [
            {
                "answer": words.answer_words(tree.question, branch.answers),
                "to": _tree(branch.to, numbers),
            }
            for branch in tree.branches
        ],
    }
