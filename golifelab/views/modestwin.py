"""Static twins of ways to build: the decision tree, the matrix, whose C comes in, who resolves."""

from __future__ import annotations

from collections.abc import Sequence

from golifelab.errors import FeatureUnavailable
from golifelab.link.cgo import CPackages
from golifelab.link.modes import Build, ModeMatrix
from golifelab.link.modes.tree import Decision, Leaf
from golifelab.run.resolver import Resolution, ResolverTable
from golifelab.views import modeswords as words
from golifelab.views.drawing import svg
from golifelab.views.html import Markup, block, code, details, image, join, table, tag
from golifelab.views.modestree import tree_dot
from golifelab.views.resolver import who_answers

_HEADS = ("build", "what came of it", "linked by", "interpreter", "libraries", "entry", "bytes")


def mode_matrix_html(matrix: ModeMatrix) -> Markup:
    """The tree that the builds draw, then the builds; those with something to say first."""
    parts = [_drawn(matrix.tree)]
    parts += [
        details(
            f"{name}: {len(rows)} builds",
            builds_html(rows),
            opened=len(matrix.programs) == 1,
        )
        for name in matrix.programs
        if (rows := [row for row in matrix if row.program == name])
    ]
    parts += [tag("p", f"What is not possible here: {one}.") for one in matrix.missing]
    return join(parts)


def builds_html(rows: Sequence[Build]) -> Markup:
    """Builds as a table, and below it what was said, or was not."""
    cells = [
        (
            code(row.command),
            row.outcome if row.available else words.story(row),
            words.linked_by(row),
            code(row.interpreter) if row.interpreter else "",
            ", ".join(row.needed),
            code(row.entry_symbol) if row.entry_symbol else "",
            f"{row.size:,}" if row.size else "",
        )
        for row in rows
    ]
    notes = [
        tag("li", code(row.command), ": ", said)
        for row in rows
        for said in (*row.warnings, words.silence(row))
        if said
    ]
    told = [tag("p", "What was said all the same, and what was not:"), tag("ul", *notes)]
    return join([table(_HEADS, cells, numeric=(6,)), *(told if notes else [])])


def mode_matrix_text(matrix: ModeMatrix) -> str:
    """The same for a terminal: the tree, then a line for every build."""
    lines = [*_tree_lines(matrix.tree, ""), ""]
    for row in matrix:
        libraries = f", loads {', '.join(row.needed)}" if row.needed else ""
        lines.append(f"{row.program:8} {row.outcome:11} {row.command}{libraries}")
    return "\n".join(lines)


def c_packages_html(packages: CPackages) -> Markup:
    """The chains of imports that bring C in, and the files that take part."""
    rows = [
        (" → ".join(chain), ", ".join(packages.package(chain[-1]).cgo_files))
        for chain in packages.chains
    ]
    if not rows:
        return tag("p", _without_c(packages))
    caption = f"How C comes in: {len(rows)} of {len(packages.packages)} packages have it"
    return table(("imports", 'files that import "C"'), rows, caption=caption)


def c_packages_text(packages: CPackages) -> str:
    """The same for a terminal."""
    chains = [" → ".join(chain) for chain in packages.chains]
    return "\n".join(chains) or _without_c(packages)


def _without_c(packages: CPackages) -> str:
    if packages.left_out:
        return f'{", ".join(packages.left_out)}: left out, for it imports "C".'
    return f"None of {len(packages.packages)} packages has C in it."


def resolver_html(found: ResolverTable) -> Markup:
    """Who answers, by build and setting, with the files that were read."""
    rows = [
        (
            code(row.build),
            code(f"netdns={row.netdns}" if row.netdns else "(not set)"),
            who_answers(row),
            row.order,
            ", ".join((*row.files, *row.called)) or row.untraced,
        )
        for row in found.rows
    ]
    heads = ("build", "GODEBUG", "who answers", "in which order", "what was read and called")
    return table(heads, rows)


def resolution_html(row: Resolution) -> Markup:
    """One look-up: package net's words, then what was opened."""
    opened = [(one.call, code(one.path), one.error) for one in row.opened]
    return join(
        [
            block("\n".join(row.words)),
            tag("p", f"{who_answers(row)}: {row.answer}"),
            table(("call", "file or address", "error"), opened)
            if opened
            else tag("p", row.untraced),
        ]
    )


def _drawn(tree: Decision) -> Markup:
    lines = _tree_lines(tree, "")
    try:
        return image(svg(tree_dot(tree)), "\n".join(lines))
    except (FeatureUnavailable, ImportError):
        return block("\n".join(lines))


def _tree_lines(tree: Decision, indent: str) -> list[str]:
    if isinstance(tree, Leaf):
        return [f"{indent}→ {words.leaf_words(tree)}"]
    found = [f"{indent}{words.question_words(tree.question)}"]
    for branch in tree.branches:
        told = words.answer_words(tree.question, branch.answers)
        below = _tree_lines(branch.to, f"{indent}    ")
        if isinstance(branch.to, Leaf):
            found.append(f"{indent}  {told} {below[0].strip()}")
        else:
            found += [f"{indent}  {told}:", *below]
    return found
