"""One reply of the front end a program: tokens, syntax and types are three views of it."""

from __future__ import annotations

import contextlib
import dataclasses
import shlex
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from golifelab.columns import Table
from golifelab.compile.fallback.front import standard_front, standard_tables
from golifelab.errors import FeatureUnavailable, LimitExceeded
from golifelab.position import Diagnostic
from golifelab.source import Source
from golifelab.stage import Tier
from golifelab.target import Target
from golifelab.toolchain.helper import build
from golifelab.toolchain.helper.front import FrontReply, diagnostics_of, front as helper_front

_Made = TypeVar("_Made")


class Recent(Generic[_Made]):
    """The last few values made, by key. Two threads that ask for one key make it once.

    The value is made outside the lock of the whole: other keys need not wait.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, _Made] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """The value of a key, made now if it is not among the last few."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            turn = self._making.setdefault(key, threading.Lock())
        try:
            with turn:
                with self._lock:
                    if key in self._values:
                        return self._values[key]
                made = make()
                with self._lock:
                    self._values[key] = made
                    while len(self._values) > self._size:
                        self._values.popitem(last=False)
                return made
        finally:
            with self._lock:
                self._making.pop(key, None)


_recent: Recent[FrontReply] = Recent(16)
_SECONDS = 20.0


def tier_of(target: Target) -> Tier:
    """Which tier answers now. Asking begins the build of the helper where there is none."""
    try:
        return "helper" if build.ready(target) else "fallback"
    except FeatureUnavailable:
        return "fallback"


def front(source: Source, target: Target, only: str = "") -> FrontReply:
    """The front end's reply for a program, from the helper or else from Go's standard packages.

    `only` asks for other tables: "checks", "found" (checks without a trace), "methods", "errors".
    """
    tier = tier_of(target)
    return _recent.get((tier, only, source, target), lambda: _front(tier, source, target, only))


def _front(tier: Tier, source: Source, target: Target, only: str) -> FrontReply:
    begun = time.monotonic()
    if tier == "helper":
        # The helper may be gone since we looked. And the compiler's own front end overflows its
        # stack on brackets nested a million deep, where Go's standard parser stops with an error.
        with contextlib.suppress(FeatureUnavailable, LimitExceeded):
            return helper_front(source, target, only=only, timeout=_SECONDS)
    if time.monotonic() - begun < _SECONDS:
        with contextlib.suppress(LimitExceeded):
            return standard_front(source, target, only=only, timeout=_SECONDS)
    # There are programs that Go's type checkers don't come to an end with. They have tokens and
    # trees all the same; LimitExceeded for one that the parser does not come to an end with.
    said = "the types are unknown: Go's type checkers come to no end with this program"
    return standard_front(source, target, only=only, untyped=said)


@dataclass(frozen=True, slots=True)
class GoReply:
    """What go/scanner and go/parser say of a program, as tables; see the stages made of them."""

    tokens: Table
    nodes: Table
    marks: Table
    diagnostics: tuple[Diagnostic, ...]
    times: Mapping[str, int]


_recent_go: Recent[GoReply] = Recent(16)


def go_front(source: Source, target: Target) -> GoReply:
    """The reply of Go's standard packages in their own words: the same in both tiers.

    FeatureUnavailable when the server can't be built, LimitExceeded when the program is too much.
    """
    return _recent_go.get((source, target.go), lambda: _go_front(source, target))


def _go_front(source: Source, target: Target) -> GoReply:
    tables = standard_tables("go", target, source)
    times = tables["times"]
    return GoReply(
        tables["go_tokens"],
        tables["go_nodes"],
        tables["go_marks"],
        tuple(sorted(diagnostics_of(tables["errors"]), key=lambda error: error.position)),
        {name: times[name][0] for name in times.columns},
    )


def before_types(errors: Iterable[Diagnostic], tier: str) -> tuple[Diagnostic, ...]:
    """The errors that keep the type checker from beginning; its own are not there then.

    types2 begins all the same where no error is one of syntax: a character that Go does not know,
    or a label that nobody uses, leaves a tree to check. go/types begins after none.
    """
    return tuple(
        error
        for error in errors
        if error.phase in ("scan", "parse")
        and (tier == "fallback" or error.message.startswith("syntax error"))
    )


def python_line(source: Source | None, target: Target, *statements: str) -> str:
    """The command line that prints what the command golifelab has no words for.

    The statements may use `Program`, `Target`, `target`, and `program` where a source is given.
    """
    changed = (
        f"{one.name}={getattr(target, one.name)!r}"
        for one in dataclasses.fields(target)
        if getattr(target, one.name) != one.default
    )
    lines = ["from golifelab import Program, Target", f"target = Target({', '.join(changed)})"]
    if source is not None:
        several = len(source.files) > 1
        made = f"from_directory({str(source.directory or '.')!r}" if several else ""
        made = made or f"from_file({source.names[0]!r}"
        lines.append(f"program = Program.{made}, target=target)")
    code = "; ".join([*lines, *statements])
    # Python's own quotes are single ones: between double ones they can be read.
    return (
        f'python -c "{code}"' if not set('"$`\\!') & set(code) else f"python -c {shlex.quote(code)}"
    )


def show_line(stage: str, source: Source, target: Target, function: str = "") -> str:
    """The command line that prints a stage. Go itself has no command for the front end's stages."""
    words = ["golifelab", "show", stage]
    words += [str(source.directory or ".")] if len(source.files) > 1 else [source.names[0]]
    words += ["--func", f"'{function}'"] if function else []
    words += [f"--go {target.go}"] if target.go else []
    words += [f"--goarch {target.goarch}"] if target.goarch != "amd64" else []
    return " ".join(words)
