"""The one exception tree. Every failure a user can meet is one of these classes.

An error says what was asked, what Go or the system answered, and what to try. In a notebook it
shows as those few lines, without a Python traceback: IPython calls `_render_traceback_` where it
exists.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from golifelab.position import Diagnostic


class GolifelabError(Exception):
    """Base of all errors raised on purpose. `remedy` says what the reader can try, or is empty."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message

    @property
    def brief(self) -> str:
        """What a page says in its own place: where there are many messages, the first."""
        return str(self)

    def _render_traceback_(self) -> list[str]:
        """The lines a notebook shows in place of a traceback."""
        lines = [f"{type(self).__name__}: {self.message}"]
        if self.remedy:
            lines.append(f"Try: {self.remedy}")
        return lines


class NoSuchName(GolifelabError, KeyError):
    """Nothing is called that. `name` is what was asked for; the remedy names what comes near."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.name = name
        names = list(dict.fromkeys(known))
        near = difflib.get_close_matches(name, names, 5) or names[:5]
        more = "" if len(near) == len(names) else f", and {len(names) - len(near):,} more"
        remedy = f"there are {', '.join(near)}{more}" if names else "there are none"
        super().__init__(f"there is no {what} {name!r}", remedy=remedy)


class ToolchainNotFound(GolifelabError):
    """No usable Go toolchain: none was found, it is too old, or one of its tools is missing."""


class CompileFailed(GolifelabError):
    """The compiler refused the program. `diagnostics` hold every message with its position."""

    def __init__(
        self,
        diagnostics: Sequence[Diagnostic],
        *,
        sources: dict[str, str] | None = None,
        remedy: str = "",
    ) -> None:
        self.diagnostics = tuple(diagnostics)
        texts = [diagnostic.with_caret(sources or {}) for diagnostic in self.diagnostics[:10]]
        if len(self.diagnostics) > len(texts):
            texts.append(f"… and {len(self.diagnostics) - len(texts)} more")
        super().__init__("Go does not compile this program:\n" + "\n".join(texts), remedy=remedy)

    @property
    def brief(self) -> str:
        """The first message, in a line."""
        return str(next(iter(self.diagnostics), self.message))


class LinkFailed(GolifelabError):
    """The linker refused the objects. `output` is what it printed."""

    def __init__(self, output: str, *, remedy: str = "") -> None:
        self.output = output
        super().__init__("Go's linker stopped:\n" + output.strip()[:4000], remedy=remedy)


class ParseError(GolifelabError):
    """Bytes or text of a tool are not in the form its Go version is known to write.

    `tool` names what was read ("goobj", "elf", "ssa text"…), `go_version` the Go that wrote it
    (empty when unknown), `line` the 1-based line or the byte offset of the trouble (0 when
    unknown).
    """

    def __init__(self, tool: str, detail: str, *, go_version: str = "", line: int = 0) -> None:
        self.tool = tool
        self.detail = detail
        self.go_version = go_version
        self.line = line
        origin = f" of go{go_version}" if go_version else ""
        place = f" at {line}" if line else ""
        super().__init__(f"cannot read {tool}{origin}{place}: {detail}")


class PatchFailed(GolifelabError):
    """A patch does not fit the sources of this Go.

    `file` is the path below GOROOT/src, `anchor` the text that must occur there exactly once (empty
    when the trouble is the file itself), `count` how often it occurs.
    """

    def __init__(self, file: str, anchor: str, *, go_version: str, count: int) -> None:
        self.file = file
        self.anchor = anchor
        self.go_version = go_version
        self.count = count
        if anchor:
            what = f"{count} places" if count else "no place"
            detail = f"src/{file} has {what} that read{'' if count else 's'}\n{anchor.rstrip()}"
        else:
            detail = f"src/{file} is there already" if count else f"there is no src/{file}"
        super().__init__(
            f"the patch does not fit go{go_version}: {detail}",
            remedy="write an edit for this Go version, with an anchor that occurs once in its file",
        )


class FeatureUnavailable(GolifelabError):
    """This machine cannot do `feature`, because of `reason`; `remedy` says what would enable it."""

    def __init__(self, feature: str, reason: str, *, remedy: str = "") -> None:
        self.feature = feature
        self.reason = reason
        super().__init__(f"{feature} is not available here: {reason}", remedy=remedy)


class LimitExceeded(GolifelabError):
    """A child or an input went over a bound. `what` names it, `limit` is the bound in words."""

    def __init__(self, what: str, limit: str, *, remedy: str = "") -> None:
        self.what = what
        self.limit = limit
        super().__init__(f"{what} went over the limit of {limit} and was stopped", remedy=remedy)


class Superseded(GolifelabError):
    """The work was stopped because something newer made its result useless. Not a failure."""

    def __init__(self) -> None:
        super().__init__("stopped: a newer request took its place")
