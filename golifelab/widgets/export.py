"""Views as pages of their own: one file that stays alive without a kernel and without a network."""

from __future__ import annotations

import base64
import html
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from golifelab.errors import GolifelabError
from golifelab.views.figures import figure
from golifelab.views.html import Markup
from golifelab.views.twin import twin
from golifelab.widgets import assets
from golifelab.widgets.live import Live
from golifelab.widgets.view import View

PATIENCE = 120.0
# What belongs to the kernel that made the view, not to what the view shows.
_KERNELS = frozenset({"runtime", "modules", "exports", "layout", "tabbable", "tooltip"})


def page(shown: Sequence[View | Markup], *, title: str = "golifelab") -> str:
    """One HTML file that shows some views, linked to each other as they are in a notebook.

    All that the browser does alone goes on: scrubbing passes, selecting, searching, unfolding.
    What is in an editor can't be changed there, since nothing would compile it. Where scripts are
    off, the static twins are shown; a twin alone may stand in for a view.
    """
    views = [one for one in shown if isinstance(one, View)]
    sections = []
    for one in shown:
        if isinstance(one, View):
            place = f'<div id="view-{views.index(one)}"></div>'
            sections.append(f"<section>{place}<noscript>{one.twin()}</noscript></section>")
        else:
            sections.append(f"<section>{one}</section>")
    data = {
        "loader": assets.loader(),
        "bundle": base64.b64encode(assets.bundle() if views else b"").decode(),
        "views": [_traits(view) for view in views],
    }
    # A "<" could end the script that holds the data.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    made = time.strftime("%Y-%m-%d")
    return assets.page().format(
        title=html.escape(title),
        sections="\n".join(sections),
        footer=f"{html.escape(title)} · made with golifelab on {made} from the real Go toolchain.",
        data=text,
    )


def export(value: Any, path: str | Path, **options: Any) -> Path:
    """Write what is shown of a value into a file; its name says as what.

    `.html` is a page that stays alive without a kernel: of a view, a program, a stage, what a stage
    answers, or a list of such. Views of one `key` are linked. `.svg` and `.dot` are the drawing by
    graphviz of a value that has one: a control-flow graph, the scanner's flow. A PNG, and an SVG of
    a view as it stands, are made in the browser by the export menu below the view. Options go to
    `show`. GolifelabError for another ending and for a value that has no picture.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind == ".html":
        text = _html(value, path.stem, options)
    elif kind in (".svg", ".dot"):
        text = figure(value, kind[1:])
    else:
        raise GolifelabError(
            f"nothing is exported as {kind or 'a file without an ending'}",
            remedy="name a .html, .svg or .dot file; PNG is in the menu below a view",
        )
    path.write_text(text, encoding="utf-8")
    return path


def _html(value: Any, title: str, options: dict[str, Any]) -> str:
    values = value if isinstance(value, (list, tuple)) else [value]
    return page([_shown(one, options) for one in values], title=title)


def _shown(value: Any, options: dict[str, Any]) -> View | Markup:
    from golifelab.widgets import Rebuild, show

    if isinstance(value, Rebuild):
        return value.twin()
    made = value if isinstance(value, View) else show(value, **options)
    if isinstance(made, Live):
        made.wait(PATIENCE)
    # What has no widget of ours is the twin, in a widget of ipywidgets.
    return made if isinstance(made, View) else twin(value)


def _traits(view: View) -> dict[str, Any]:
    found = {
        name: _plain(getattr(view, name))
        for name in view.trait_names(sync=True)
        if name not in _KERNELS and not name.startswith("_")
    }
    return found | ({"readonly": True} if "source" in found else {})


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    return value
