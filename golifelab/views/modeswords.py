"""What builds come to, in words: the questions of the decision tree, outcomes, their reasons."""

from __future__ import annotations

from pathlib import PurePosixPath

from golifelab.link.modes import Build
from golifelab.link.modes.tree import Leaf, Outcome

# Each question of the tree, and what its answers mean to a reader.
QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "c": (
        "Whose C is in the build?",
        {
            "none": "nobody's",
            "std": "only that of Go's own packages",
            "own": "the program's own",
            "left out": "the program's, left out by CGO_ENABLED=0",
        },
    ),
    "buildmode": (
        "What is to be made?",
        {
            "exe": "a program",
            "pie": "a position-independent program",
            "c-shared": "a shared library for C",
            "c-archive": "an archive for C",
            "plugin": "a plugin for Go",
        },
    ),
    "linkmode": (
        "Who is to link?",
        {"": "Go decides", "internal": "Go's linker", "external": "the C compiler"},
    ),
    "cgo": ("Is C allowed?", {"no": "no: CGO_ENABLED=0", "yes": "yes: CGO_ENABLED=1"}),
    "extldflags": ("What is the C compiler told?", {"": "nothing more"}),
    "tags": ("With which tags?", {"": "none"}),
    "strip": ("Are symbols and debug information left out?", {"no": "no", "yes": "yes: -s -w"}),
}

# The settings of a way: the flag as one types it, and what its values are called on a switch.
SETTINGS: dict[str, tuple[str, dict[str, str]]] = {
    "cgo": ("CGO_ENABLED", {"false": "0", "true": "1"}),
    "buildmode": ("-buildmode", {}),
    "tags": ("-tags", {"": "none"}),
    "linkmode": ("-linkmode", {"": "Go decides"}),
    "extldflags": ("-extldflags", {"": "none"}),
    "strip": ("-s -w", {"false": "no", "true": "yes"}),
}

_ENDS = {
    "archive": "an archive, which nobody has linked yet",
    "refused": "Go refuses",
    "unavailable": "not possible on this machine",
}


def question_words(question: str) -> str:
    """A question of the tree as a sentence."""
    return QUESTIONS[question][0]


def answer_words(question: str, answers: tuple[str, ...]) -> str:
    """Answers that lead to the same, as one phrase."""
    known = QUESTIONS[question][1]
    return ", or ".join(known.get(one, one) for one in answers)


def outcome_words(one: Outcome) -> str:
    """What came of a build, in a few words."""
    if one.outcome in _ENDS:
        return _ENDS[one.outcome]
    by = "by Go's linker" if one.linker == "Go" else "by the C compiler"
    if one.outcome == "library":
        return f"a {one.kind}, {by}"
    independent = " and position-independent" if one.kind.startswith("position") else ""
    return f"{one.outcome}{independent}, {by}"


def leaf_words(leaf: Leaf) -> str:
    """An end of the tree in a few words."""
    return " or ".join(map(outcome_words, leaf.outcomes)) or "nothing was measured"


def linked_by(row: Build) -> str:
    """Who wrote the file."""
    if not row.available or row.kind == "archive":
        return ""
    return "Go's linker" if row.linker == "internal" else row.linker


def story(row: Build) -> str:
    """What came of a build, in a sentence or two."""
    if not row.available:
        return f"Not possible on this machine: {row.reason}." if row.missing else _refusal(row)
    if row.kind == "archive":
        return (
            "An archive for a C compiler to link into a program of C's. Whether that one will be"
            " static is not decided yet."
        )
    who = linked_by(row)
    who = who if row.linker == "internal" else f"{who}, called by Go's linker,"
    if row.outcome == "library":
        libraries = f" and asks for {_list(row.needed)}" if row.needed else ""
        return (
            f"{who} made a {row.kind}: another program loads it{libraries}."
            " Nothing starts it by itself."
        )
    if row.static:
        moved = " It moves itself to its place." if row.kind.startswith("position") else ""
        return f"{who} made it. The kernel starts it directly, and no library is loaded.{moved}"
    loader = PurePosixPath(row.interpreter).name
    if row.needed:
        return f"{who} made it. The kernel starts {loader}, which loads {_list(row.needed)} first."
    return (
        f"{who} made it. It needs no library, and yet the kernel starts {loader} first: the loader"
        " moves it to its place."
    )


def _refusal(row: Build) -> str:
    if row.left_out:
        files = _list(row.left_out)
        return (
            f'Go refuses: {row.reason}. A file that imports "C" is left out as a whole without'
            f" cgo, and {files} {'does' if len(row.left_out) == 1 else 'do'}."
        )
    return f"Go refuses: {row.reason}."


def silence(row: Build) -> str:
    """What was asked for and not heard, though nobody said so; "" where all was heard."""
    told = {
        "extldflags": (
            f'-extldflags "{row.way.extldflags}" had no effect, and nobody said so: it is for the C'
            " compiler, and Go's own linker did the linking."
        ),
        "buildmode": (
            f'-buildmode=pie had no effect, and nobody said so: "{row.way.extldflags}" told the C'
            " compiler to make a program with a fixed place. -static-pie asks for both."
        ),
    }
    return " ".join(told[one] for one in row.ignored)


def _list(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
