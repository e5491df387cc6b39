"""How the course's values show themselves in a notebook."""

from __future__ import annotations

from typing import Any


class Shows:
    """A value that shows itself as the bundle of MIME types that `bundle` gives."""

    __slots__ = ()

    def bundle(self) -> dict[str, Any]:
        """MIME type → content; always with text/html and text/plain."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self.bundle()
