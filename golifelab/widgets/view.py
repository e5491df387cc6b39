"""What all views have in common: a payload, a selection, and a twin for pages without a kernel."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import anywidget
import traitlets

from golifelab.errors import GolifelabError, LimitExceeded
from golifelab.position import Position
from golifelab.views.columns import Streamed
from golifelab.widgets.runtime import STUB, Runtime, modules_digest

# Bytes of a payload after compression. Far more than any view is meant to show: views bound what
# they make, and this keeps a mistake in one of them from filling the browser.
MAX_PAYLOAD = 8 << 20

# What zlib calls a gzip file with its whole window.
_GZIP = 31
# zlib's tables: this takes half the memory of what it would choose, and packs as small.
_TABLES = 5

Twin = str | Callable[[], str]


def pack(payload: Mapping[str, Any]) -> bytes:
    """A payload for the browser: gzipped JSON. LimitExceeded when it is over MAX_PAYLOAD bytes.

    It is written piece by piece: the whole text is often many times as large as what it tells.
    """
    made = io.BytesIO()
    packer = zlib.compressobj(1, wbits=_GZIP, memLevel=_TABLES)
    for text in _written(payload):
        made.write(packer.compress(text.encode("utf-8", "replace")))
    made.write(packer.flush())
    packed = made.getvalue()
    if len(packed) > MAX_PAYLOAD:
        raise LimitExceeded(
            "the payload of a view",
            f"{MAX_PAYLOAD >> 20} MiB",
            remedy="show less at once: a smaller function, or a smaller file",
        )
    return packed


def _written(payload: Mapping[str, Any]) -> Iterator[str]:
    """The JSON of a payload in pieces."""
    before = "{"
    for name, value in payload.items():
        yield f"{before}{json.dumps(name, ensure_ascii=False)}:"
        if isinstance(value, Streamed):
            yield from value.json()
        else:
            yield json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        before = ","
    yield "}" if payload else "{}"


def unpack(packed: bytes) -> dict[str, Any]:
    """The payload that `pack` made; an empty one for no bytes."""
    if not packed:
        return {}
    value: dict[str, Any] = json.loads(gzip.decompress(packed))
    return value


class View(anywidget.AnyWidget):
    """A widget whose module comes from the kernel's Runtime.

    `view` names the view in `static/main.js`. `payload` is what it shows (see `pack`). `selection`
    is a position ({"file", "line", "column"}), an SSA value ({"function", "value"}) or an address
    ({"address"}); it may be set and observed from Python. Views with the same `program` share it,
    in the browser. `twin` is HTML for where widgets don't run, `text` the same as plain text; both
    may be functions, called when the view is displayed. `exports` are the kinds of files that the
    kernel makes for the export menu ("html": a page that stays alive without it).
    """

    _esm = STUB
    view = traitlets.Unicode().tag(sync=True)
    runtime = traitlets.Unicode().tag(sync=True)
    modules = traitlets.Unicode().tag(sync=True)
    program = traitlets.Unicode().tag(sync=True)
    payload = traitlets.Bytes().tag(sync=True)
    selection = traitlets.Dict().tag(sync=True, echo_update=False)
    exports = traitlets.List(traitlets.Unicode(), ["html"]).tag(sync=True)

    def __init__(
        self,
        view: str,
        payload: Mapping[str, Any] | None = None,
        *,
        program: str = "",
        twin: Twin = "",
        text: Twin = "",
        **traits: Any,
    ) -> None:
        self._twin, self._text = twin, text
        super().__init__(
            view=view,
            payload=b"" if payload is None else pack(payload),
            program=program,
            runtime=Runtime.shared().model_id,
            modules=modules_digest(),
            **traits,
        )
        self.on_msg(self._on_message)

    def select(self, position: Position | str) -> None:
        """Select a position, here and in all views of the program: `w.select("main.go:6:11")`."""
        at = Position.parse(position) if isinstance(position, str) else position
        self.selection = selection_of(at)

    def twin(self) -> str:
        """The static twin, as HTML."""
        return str(self._twin() if callable(self._twin) else self._twin)

    def exported(self, kind: str) -> tuple[str, str]:
        """A file for the page's export menu, of one of the kinds in `exports`: media type, text."""
        from golifelab.widgets.export import page

        if kind != "html":
            raise GolifelabError(f"this view exports no {kind}")
        return "text/html", page([self], title=f"{self.view} of a Go program")

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        kind = content.get("export") if isinstance(content, dict) else None
        if not isinstance(kind, str):
            return
        try:
            media, text = self.exported(kind)
        except GolifelabError as error:
            self.send({"export": kind, "error": str(error)})
        else:
            self.send({"export": kind, "type": media}, [text.encode("utf-8", "replace")])

    def _repr_mimebundle_(self, **choice: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and its twin as text/html and text/plain."""
        made = super()._repr_mimebundle_(**choice)
        data, metadata = made if made is not None else ({}, {})
        for kind, twin in (("text/html", self._twin), ("text/plain", self._text)):
            shown = twin() if callable(twin) else twin
            if shown:
                data[kind] = str(shown)
        return data, metadata


def selection_of(position: Position) -> dict[str, Any]:
    """A position as a selection."""
    return {"file": position.file, "line": position.line, "column": position.column}


def position_of(selection: Mapping[str, Any]) -> Position | None:
    """The position in a selection, if it is one."""
    file, line, column = (selection.get(name) for name in ("file", "line", "column"))
    if not isinstance(file, str) or not isinstance(line, int) or line < 1:
        return None
    return Position(file, line, column if isinstance(column, int) and column > 0 else 0)
