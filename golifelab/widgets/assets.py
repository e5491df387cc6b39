"""The page's modules and styles, packed once for the browser.

The files in `static/` are plain ES modules with relative imports: a static page and Node load them
as they are. A notebook has no place to load files from, so they travel as one gzipped text;
`loader.js` brings it to life.
"""

from __future__ import annotations

import gzip
import json
import posixpath
import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
_LOADER = "loader.js"
_PAGE = "export/page.html"
_IMPORT = re.compile(r'^(?:(?:import|export)\b[^"\';(]*?|\} from )"(\.{1,2}/[^"]+)"', re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*$|//[^\n]*$)", re.MULTILINE | re.DOTALL)
# What the others build on goes first.
_FIRST = "theme.css"


@cache
def loader() -> str:
    """The module that unpacks the others."""
    return (STATIC / _LOADER).read_text(encoding="utf-8")


@cache
def page() -> str:
    """The frame of a page that needs no kernel, a template for `str.format`."""
    return (STATIC / _PAGE).read_text(encoding="utf-8")


@cache
def bundle() -> bytes:
    """Modules and style as gzipped JSON: {"modules": [{"name", "text"}…], "style": text}.

    Every module comes after those it imports. The same files give the same bytes. Comments that
    fill their lines stay at home, a sixth of it all; the lines stay, so that the numbers in a
    stack of calls are those of the file.
    """
    modules = [{"name": name, "text": _terse(name, text)} for name, text in ordered().items()]
    sheets = sorted(STATIC.rglob("*.css"), key=lambda path: (path.name != _FIRST, path))
    style = "\n".join(path.read_text(encoding="utf-8") for path in sheets)
    packed = json.dumps({"modules": modules, "style": style}, separators=(",", ":"))
    return gzip.compress(packed.encode(), 9, mtime=0)


def _terse(name: str, text: str) -> str:
    if name.startswith("vendor/"):
        return text
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def ordered() -> dict[str, str]:
    """The modules that `main.js` needs, by name, every one after those it imports."""
    found: dict[str, str] = {}

    def visit(name: str) -> None:
        if name in found:
            return
        text = (STATIC / name).read_text(encoding="utf-8")
        # The vendored editor is one file, and long: it has no imports to look for.
        if not name.startswith("vendor/"):
            for needed in _IMPORT.findall(text):
                visit(posixpath.normpath(posixpath.join(posixpath.dirname(name), needed)))
        found[name] = text

    visit("main.js")
    return found
