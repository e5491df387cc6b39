"""How JupyterLab is started for the course, by `golifelab lab` and `make lab` alike."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from golifelab.errors import GolifelabError

FIRST_PAGE = "notebooks/00_start_here.ipynb"


def lab_options(notebook: str = FIRST_PAGE) -> list[str]:
    """The options of `jupyter lab` that open a notebook of this clone, or one elsewhere.

    `notebook` is a path from the working directory or from the clone. GolifelabError when there is
    no such file.
    """
    clone = Path(__file__).resolve().parents[2]
    page = Path(notebook).resolve()
    if not page.exists():
        page = clone / notebook
    if not page.exists():
        raise GolifelabError(f"there is no {notebook}", remedy="work in a clone of the project")
    root = clone if page.is_relative_to(clone) else page.parent
    options = [
        f"--ServerApp.root_dir={root}",
        # As the default page, so that the address printed without a browser leads there too.
        f"--LabApp.default_url=/lab/tree/{quote(page.relative_to(root).as_posix())}",
        # The server's own connection holds small messages back for 40 ms: more than an edit takes.
        "--ServerApp.kernel_websocket_connection_class=golifelab.widgets.server.Prompt",
        "--LabApp.news_url=None",  # a course needs no pop-up that offers Jupyter's news
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options
