"""Run the notebooks and write them as static pages into build/site: `make docs`.

The pages need no kernel and no network: widgets appear as their static twins, and nothing is loaded
from elsewhere.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from steps import ROOT, say

NOTEBOOKS = ROOT / "notebooks"
SITE = ROOT / "build" / "site"
CELL_SECONDS = 600
# The address of anything that a page would load, as opposed to link to.
LOADED = re.compile(
    r"""(?:<(?:script|img|link|iframe)\b[^>]*?|import\s*\(?|url\()["'(]https?://[^"')]*"""
)

# In Lab all preformatted text is in the code font; the exporter's styles leave outputs out.
STYLE = "<style>.jp-RenderedHTML pre { font-family: var(--jp-code-font-family) }</style>"

INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>golifelab</title>
<style>
body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto }}
:root {{ color-scheme: light dark }}
</style>
</head>
<body>
<h1>golifelab</h1>
<p>One Go program's whole life, from source to running process. These pages were run on {day}; in
JupyterLab they are alive.</p>
<ol start="0">
{items}
</ol>
</body>
</html>
"""


def main() -> None:
    """Run and write the named notebooks, or all that learners see, and an index."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all")
    options = parser.parse_args()
    notebooks = [path.resolve() for path in options.notebooks] or sorted(NOTEBOOKS.glob("*.ipynb"))
    if not notebooks:
        sys.exit("[docs] there are no notebooks: `make notebooks` writes them")
    shutil.rmtree(SITE, ignore_errors=True)
    SITE.mkdir(parents=True)
    items = [
        f'<li><a href="{name}">{html.escape(title)}</a></li>' for name, title in pages(notebooks)
    ]
    day = time.strftime("%Y-%m-%d")
    (SITE / "index.html").write_text(
        INDEX.format(day=day, items="\n".join(items)), encoding="utf-8"
    )
    say("docs", f"ready: {SITE / 'index.html'}")


def pages(notebooks: list[Path]) -> list[tuple[str, str]]:
    """Run each notebook and write its page; return the file names with their titles."""
    made: list[tuple[str, str]] = []
    for path in notebooks:
        started = time.monotonic()
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # no types
        # Without widget state a page shows the static twins; with it, it would load its parts.
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}},
            store_widget_state=False,
        )
        client.execute()
        title = title_of(notebook, path)
        target = SITE / f"{path.stem}.html"
        target.write_text(page(notebook, title), encoding="utf-8")
        made.append((target.name, title))
        say("docs", f"{target.name} in {time.monotonic() - started:.0f} s")
    return made


def page(notebook: nbformat.NotebookNode, title: str) -> str:
    """Return a notebook as one HTML page that loads nothing."""
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]  # no types
        template_name="lab",
        embed_images=True,
        mathjax_url="",
        mermaid_js_url="",
        require_js_url="",
        jquery_url="",
        widget_renderer_url="",
    )
    body, _ = exporter.from_notebook_node(
        notebook, resources={"metadata": {"name": title}, "output_extension": ".html"}
    )
    # Links from page to page.
    text = re.sub(r'href="(?!https?:)([^"#]+)\.ipynb', r'href="\1.html', str(body))
    text = without_loading(text).replace("</head>", f"{STYLE}</head>", 1)
    if found := LOADED.search(text):
        sys.exit(f"[docs] {title} would load {found[0]}")
    return text


def without_loading(text: str) -> str:
    """Take out what the template loads for mathematics and diagrams, of which there are none."""
    return re.sub(
        r"<script\b[^>]*>(?:(?!</script>).)*?(?:src=\"\"|https?://)(?:(?!</script>).)*</script>"
        r"|<script\b[^>]*src=\"[^\"]*\"[^>]*>\s*</script>",
        "",
        text,
        flags=re.DOTALL,
    )


def title_of(notebook: nbformat.NotebookNode, path: Path) -> str:
    """Return the first heading, or the file's name."""
    for cell in notebook.cells:
        for line in cell.source.splitlines():
            if cell.cell_type == "markdown" and line.startswith("# "):
                return str(line[2:].strip())
    return path.stem


if __name__ == "__main__":
    main()
