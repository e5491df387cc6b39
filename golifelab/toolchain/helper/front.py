"""Ask the helper's server for tokens, syntax tree, types and errors of a program."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from golifelab.columns import Table
from golifelab.errors import CompileFailed, GolifelabError
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.stage import Tier
from golifelab.target import Target
from golifelab.toolchain.exports import importcfg, importcfg_for
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.helper import build
from golifelab.toolchain.helper.stream import decode_reply
from golifelab.toolchain.server import Server

# Bits of the column `mode` of table nodes.
VOID, TYPE, BUILTIN, VALUE, NIL, ADDRESSABLE, ASSIGNABLE, COMMA_OK = (1 << i for i in range(8))
CONSTANT, DEFINES, IMPLICIT = 256, 512, 1024
# Bits of the column `flags` of table objects.
FIELD, EMBEDDED, PARAMETER, ALIAS = 1, 2, 4, 8


@dataclass(frozen=True, slots=True)
class FrontReply:
    """What the front end knows of a program, as tables.

    `tokens`: file (index), start, end, line, column, end_line, end_column, kind, literal,
    literal_kind (0 int, 1 float, 2 imaginary, 3 rune, 4 string, -1 none), operator, precedence.
    `nodes`, in preorder: parent, kind, field, index, file, line, column (the node's own position),
    start, end (the bytes it spans), text, type, constant, object, mode (bits above).
    `objects`: kind, name, type, file (name), line, column, package, parent (scope), exported,
    constant, flags (bits above), node (that defines it).
    `scopes`: parent, node, file, start, end, names. `selections`: node, kind, receiver, path,
    indirect. `instances`: node, arguments, type. `errors`: file (name), line, column, message,
    code, phase, soft. `times`: nanoseconds of each step. All offsets and columns count bytes;
    positions are physical, //line is not applied.
    """

    tables: Mapping[str, Table]
    files: tuple[str, ...]
    tier: Tier
    seconds: float

    @property
    def tokens(self) -> Table:
        """Tokens and comments, file by file, in order."""
        return self.tables["tokens"]

    @property
    def nodes(self) -> Table:
        """Syntax nodes in preorder."""
        return self.tables["nodes"]

    @property
    def objects(self) -> Table:
        """What names denote, in the order of first mention."""
        return self.tables["objects"]

    @property
    def scopes(self) -> Table:
        """Scopes; row 0 is the universe, row 1 the package."""
        return self.tables["scopes"]

    @property
    def selections(self) -> Table:
        """Selector expressions that reach fields and methods."""
        return self.tables["selections"]

    @property
    def instances(self) -> Table:
        """Names of generic things where they get their type arguments."""
        return self.tables["instances"]

    @property
    def errors(self) -> Table:
        """Errors in the compiler's order and selection.

        Like the compiler, the front end says nothing about types while there are syntax errors.
        Unlike it, it goes on after ten.
        """
        return self.tables["errors"]

    @property
    def times(self) -> dict[str, int]:
        """Nanoseconds by step."""
        table = self.tables["times"]
        return {name: table[name][0] for name in table.columns}

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The errors with their positions."""
        return diagnostics_of(self.errors)


def diagnostics_of(errors: Table) -> tuple[Diagnostic, ...]:
    """The rows of a table `errors` as values."""
    return tuple(
        Diagnostic(
            Position(errors.text("file", row), errors["line"][row], errors["column"][row]),
            errors.text("message", row),
            code=errors.text("code", row),
            phase=errors.text("phase", row),
        )
        for row in range(len(errors))
    )


def front(
    source: Source,
    target: Target,
    *,
    only_tokens: bool = False,
    only: str = "",
    wait: bool = False,
    timeout: float = 20.0,
) -> FrontReply:
    """Scan, parse and check a program.

    A wrong program gives rows in `errors` and whatever could still be found out. With
    `only_tokens` the scanner alone does its part, and the other tables stay empty; `only` asks for
    other tables instead of the tree. "errors" gives none beside the errors. "found" gives `found`:
    the errors as they were found, with the checker's functions at work (`by`, outermost first).
    "checks" gives these and `trace`: the lines that the checker prints at work, places where an
    error was found (its row in `found`), and how many lines were left out (`dropped`). "methods"
    gives `named` and `methods`: named types and the methods of them (`of_value`) and of pointers
    to them (`of_pointer`). Raises FeatureUnavailable while the helper is not ready (with `wait`,
    builds it first) and LimitExceeded when the program is too much for the front end.
    """
    helper = build.wait(target) if wait else build.require(target)
    started = time.perf_counter()
    header, blobs = request(source, target)
    header["only"] = "tokens" if only_tokens else only
    reply, blob = _server(helper, find_go(target.go)).request(header, blobs, timeout=timeout)
    if reply.get("error"):
        raise GolifelabError(f"the helper refused the request: {reply['error']}")
    tables = decode_reply(reply, blob)
    return FrontReply(tables, source.names, "helper", time.perf_counter() - started)


def request(source: Source, target: Target) -> tuple[dict[str, object], list[bytes]]:
    """The header and the blobs that ask a front server about a program."""
    blobs = [text.encode("utf-8", "surrogateescape") for _, text in source.files]
    header: dict[str, object] = {
        "package": source.package,
        "goarch": target.goarch,
        "lang": _lang(target),
        "importcfg": str(_importcfg(source, target)),
        "files": [
            {"name": name, "size": len(blob)}
            for name, blob in zip(source.names, blobs, strict=True)
        ],
    }
    return header, blobs


def _importcfg(source: Source, target: Target) -> Path:
    """The importcfg of the program. When an import can't be found, the checker is to say so."""
    try:
        return importcfg_for(source, target)
    except CompileFailed:
        return importcfg(target)


def _lang(target: Target) -> str:
    """The language version the compiler's flags ask for, empty for the toolchain's own."""
    version = ""
    for flag, following in zip(target.gcflags, (*target.gcflags[1:], ""), strict=False):
        name, equals, value = flag.lstrip("-").partition("=")
        if name == "lang":
            version = value if equals else following
    return version


@lru_cache(maxsize=16)
def _server(helper: Path, go: Go) -> Server:
    environment = go.host_environment()
    # One mebibyte of source makes some 100 MiB of trees and types; collect late, but not too late.
    environment.update(GOLIFELAB="front", GOGC="400", GOMEMLIMIT="3GiB")
    return Server([helper], environment, name="Go's front end")
