"""What the matrix of types and interfaces is about: Go text, and where it means something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from golifelab.compile.check.ask import Question, one_line, refused
from golifelab.compile.check.methods import MethodSets, NamedType
from golifelab.compile.syntax import Node, Syntax, syntax
from golifelab.compile.text import SourceText
from golifelab.compile.types import types
from golifelab.position import Diagnostic
from golifelab.source import Source
from golifelab.target import Target

_CONSTRAINT = "MisplacedConstraintIface"


@dataclass(frozen=True, slots=True)
class Subject:
    """A type or an interface to ask about.

    `name` is what it is called in the matrix, `text` how Go writes it. `parameters` are the type
    parameters that the text needs ("P any"). A type that is declared in a function can be used from
    `offset` in `file` on. `constraint`: no variable can have this type. `trouble` is why it can't
    be asked about, `suspect` an error in its own declaration: the checker is silent about much that
    follows from it.
    """

    name: str
    text: str
    parameters: str = ""
    file: str = ""
    offset: int = -1
    constraint: bool = False
    trouble: str = ""
    suspect: str = ""


def subjects(
    source: Source,
    target: Target,
    sets: MethodSets,
    texts: Iterable[str] | None,
    *,
    interfaces: bool,
) -> tuple[Subject, ...]:
    """The rows or columns of the matrix; without `texts` all that the program has."""
    known = {one.name: one for one in sets.named_types}
    tree = syntax(source, target)
    wanted = _default(source, target, sets, interfaces=interfaces) if texts is None else texts
    names = list(dict.fromkeys(name if name in known else one_line(name) for name in wanted))
    strangers = [name for name in names if name.removeprefix("*") not in known]
    wrong = refused(source, target, strangers) if strangers else {}
    if texts is None:
        # An instance inside of a generic function has the function's own parameters.
        names = [name for name in names if name not in wrong]
    made = []
    for name in names:
        bare = name.removeprefix("*")
        if bare in known:
            made.append(_declared(known[bare], name, sets.errors, tree, source))
        else:
            made.append(_stranger(name, wrong.get(name)))
    return tuple(made)


def _default(
    source: Source, target: Target, sets: MethodSets, *, interfaces: bool
) -> Iterator[str]:
    instances: dict[str, list[str]] = {}
    # An instance of a type without an end has none either: see _declared.
    endless = any("Cycle" in error.code for error in sets.errors)
    for one in () if endless else types(source, target).instances:
        if one.type.startswith(f"{one.name}["):
            instances.setdefault(one.name, []).append(one.type)
    for named in sets.named_types:
        if named.interface != interfaces:
            continue
        made = instances.get(named.name.partition("[")[0], []) if named.parameters else []
        if not interfaces:
            yield from (named.name, f"*{named.name}")
            yield from (text for instance in made for text in (instance, f"*{instance}"))
        elif made:
            yield from made
        else:
            yield named.name


def _declared(
    named: NamedType,
    name: str,
    errors: Sequence[Diagnostic],
    tree: Syntax,
    source: Source,
) -> Subject:
    text = name.partition(" (")[0]
    if named.interface and named.parameters:
        why = f"{text} is generic: name it with type arguments, such as [int]"
        return Subject(name, text, constraint=named.constraint, trouble=why)
    declaration = _declaration(named, tree)
    wrong = [error for error in errors if _inside(error, declaration, source)]
    # A type without an end is not asked about: the checker's answer might have none either.
    trouble = next((error.message for error in wrong if "Cycle" in error.code), "")
    suspect = trouble or next((error.message for error in wrong), "")
    file, offset = "", -1
    if named.local and declaration:
        statement = tree[declaration.parent]
        file, offset = declaration.file, max(declaration.end, statement.end)
    return Subject(name, text, named.parameters, file, offset, named.constraint, trouble, suspect)


def _declaration(named: NamedType, tree: Syntax) -> Node | None:
    if named.position is None:
        return None
    for node in tree.exact(named.position):
        if node.field == "Name" and tree[node.parent].kind == "TypeDecl":
            return tree[node.parent]
    return None


def _inside(error: Diagnostic, node: Node | None, source: Source) -> bool:
    if node is None or error.position.file != node.file:
        return False
    text = SourceText.of(source)[source.names.index(node.file)]
    return node.start <= text.offset(error.position.line, error.position.column) < node.end


def _stranger(text: str, error: Diagnostic | None) -> Subject:
    if error is None:
        return Subject(text, text)
    if error.code == _CONSTRAINT:
        return Subject(text, text, constraint=True)
    return Subject(text, text, trouble=error.message)


def question(number: int, subject: Subject, interface: Subject) -> Question | str:
    """What to ask about a type and an interface, or why it can't be asked."""
    if trouble := subject.trouble or interface.trouble:
        return trouble
    if subject.constraint:
        return f"{subject.name} is a constraint: no value has this type"
    before = ""
    if interface.constraint:
        if interface.offset >= 0:
            return f"{interface.name} is declared in a function, where nothing can be generic"
        before = f"func _ask{number}[_ {interface.text}]() {{}}"
        text = f"_ = _ask{number}[{subject.text}]"
    else:
        text = f"var _ {interface.text} = *new({subject.text})"
    if subject.parameters:
        if interface.offset >= 0:
            return f"{interface.name} is declared in a function, where nothing can be generic"
        return Question(f"func _[{subject.parameters}]() {{ {text} }}", before)
    if interface.constraint and subject.offset < 0:
        text = f"var {text}"
    later = max(subject, interface, key=lambda one: one.offset)
    if min(subject.offset, interface.offset) > -1 and subject.file != interface.file:
        return f"{subject.name} and {interface.name} are declared in different functions"
    return Question(text, before, later.file, later.offset)
