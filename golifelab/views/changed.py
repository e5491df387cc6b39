"""Static twins of the changed compiler: who notices what, a tool's answer, the diff of a patch."""

from __future__ import annotations

from golifelab.compile.changed.checked import Checked
from golifelab.compile.changed.compiler import ChangedCompiler
from golifelab.compile.changed.patch import Patch
from golifelab.errors import GolifelabError
from golifelab.run.notices import Cell, Notices
from golifelab.target import Target
from golifelab.views.html import Markup, block, code, details, join, table, tag

_NAMES = {
    "patched compiler": "the changed compiler",
    "go build": "go build with the changed compiler",
    "linter": "the linter",
    "vet": "go vet",
    "vet check": "go vet with the check",
}
_MARKS = {True: "✔", False: "·", None: "–"}


def notices_html(notices: Notices) -> Markup:
    """A table of programs and those who might notice; below it, in what words they do."""
    rows = [
        (name, *(_MARKS[notices.cell(name, column).noticed] for column in notices.columns))
        for name in notices.programs
    ]
    caption = "✔ notices something; · lets it pass; – was not asked"
    parts = [table(("program", *notices.columns), rows, caption=caption)]
    if notices.building:
        parts.append(tag("p", "The patched compiler is still being built: run this cell again."))
    said = [_words(notices, name) for name in notices.programs if notices.first(name)]
    parts.append(details("what they say", table(("program", "who", "message"), _flat(said))))
    unasked = _unasked(notices)
    if unasked:
        heads = ("program", "not asked", "why")
        parts.append(details("who was not asked, and why", table(heads, unasked)))
    return join(parts)


def checked_html(checked: Checked) -> Markup:
    """What a tool said against a program, or that it accepts it; and how the tool was made."""
    made = tag("p", f"This is {checked.made}.") if checked.made else Markup("")
    name = _NAMES.get(checked.tool, checked.tool)
    name = name[:1].upper() + name[1:]
    if not checked.diagnostics:
        if checked.accepted:
            return join([tag("p", f"{name} accepts this program."), made])
        return join([tag("p", f"{name} failed:"), block(checked.output), made])
    rows = [(str(at.position), code(at.message)) for at in checked.diagnostics]
    caption = f"{name} {'accepts' if checked.accepted else 'refuses'} this program"
    return join([table(("position", "message"), rows, caption=caption), made])


def compiler_html(compiler: ChangedCompiler) -> Markup:
    """A changed compiler: what its build took, its patch as a diff, and how to build it oneself."""
    return join(
        [
            tag("p", f"This is {compiler}."),
            details("the patch", patch_html(compiler.patch, compiler.target)),
            details("the same in a terminal", block(compiler.command)),
        ]
    )


def patch_html(patch: Patch, target: Target | None = None) -> Markup:
    """A patch against the reader's own sources of Go; in words where it does not fit them."""
    try:
        return diff_html(patch.diff(target))
    except GolifelabError as error:
        return block(str(error))


def diff_html(diff: str) -> Markup:
    """A unified diff, file by file: what changes Go's own text is open, added files are folded."""
    files = [part for part in ("\n" + diff).split("\n--- ") if part.strip()]
    return join(_file(f"--- {part}") for part in files) if files else tag("p", "No change.")


def _file(part: str) -> Markup:
    lines = part.splitlines()
    name = lines[1].removeprefix("+++ b/") if len(lines) > 1 else lines[0]
    added = sum(line.startswith("+") for line in lines[2:])
    gone = sum(line.startswith("-") for line in lines[2:])
    new = lines[0] == "--- /dev/null"
    what = f"{name}: a new file, {added} lines" if new else f"{name}: +{added} −{gone} lines"
    return details(what, block(part.expandtabs(4)), opened=not new)


def _words(notices: Notices, program: str) -> list[tuple[str, str, Markup]]:
    """Who says what about a program; the same words of several are told once."""
    speakers: dict[str, list[str]] = {}
    for column in notices.columns:
        cell = notices.cell(program, column)
        if cell.noticed:
            speakers.setdefault(_message(cell), []).append(column)
    return [(program, ", ".join(who), code(words)) for words, who in speakers.items()]


def _message(cell: Cell) -> str:
    return f"{cell.position}: {cell.message}" if cell.position else cell.message


def _flat(groups: list[list[tuple[str, str, Markup]]]) -> list[tuple[str, str, Markup]]:
    return [row for group in groups for row in group]


def _unasked(notices: Notices) -> list[tuple[str, str, str]]:
    """Programs and parties by reason; a party that was asked for no program at all is told once."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for cell in notices.cells:
        if cell.noticed is None:
            reasons.setdefault((cell.column, cell.why), []).append(cell.program)
    every = len(notices.programs)
    return [
        ("all of them" if len(programs) == every else ", ".join(programs), column, why)
        for (column, why), programs in reasons.items()
    ]
