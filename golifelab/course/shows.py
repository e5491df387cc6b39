"""How the course's values show themselves in a notebook."""

from __future__ import annotations

from typing import Any

from golifelab.views.html import Markup, code, join


class Shows:
    """A value that shows itself as the bundle of MIME types that `bundle` gives."""

    __slots__ = ()

    def bundle(self) -> dict[str, Any]:
        """MIME type → content; always with text/html and text/plain."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self.bundle()


def prose(text: str) -> Markup:
    """Text in which backquotes mark code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return join([text])
    return join(code(part) if index % 2 else part for index, part in enumerate(parts))
