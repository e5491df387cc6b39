"""Start JupyterLab on the first page of the course: `make lab`."""

from __future__ import annotations

import os
import sys

from steps import BIN, ROOT, environment, say

FIRST_PAGE = "notebooks/00_start_here.ipynb"


def main() -> None:
    """Replace this process by JupyterLab; further arguments are handed on to it."""
    command = [
        str(BIN / "jupyter-lab"),
        f"--LabApp.default_url=/lab/tree/{FIRST_PAGE}",
        f"--ServerApp.root_dir={ROOT}",
        # The server's own connection holds small messages back for 40 ms: more than an edit takes.
        "--ServerApp.kernel_websocket_connection_class=golifelab.widgets.server.Prompt",
        "--LabApp.news_url=None",  # a course page needs no pop-up that offers Jupyter's news
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        *sys.argv[1:],
    ]
    say("lab", f"starting JupyterLab on {FIRST_PAGE} (stop it with Ctrl-C)")
    os.chdir(ROOT)
    os.execve(command[0], command, environment())


if __name__ == "__main__":
    main()
