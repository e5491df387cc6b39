"""Where the project's data folder is: sample programs, recordings, the ledger of claims."""

from __future__ import annotations

import os
from pathlib import Path

from golifelab.errors import FeatureUnavailable


def data_directory() -> Path:
    """The folder `data/`: $GOLIFELAB_DATA, else the one beside the package in a clone."""
    named = os.environ.get("GOLIFELAB_DATA")
    root = Path(named) if named else Path(__file__).resolve().parent.parent / "data"
    if not root.is_dir():
        raise FeatureUnavailable(
            "the course's data",
            f"there is no folder {root}",
            remedy="work in a clone of the project, or set GOLIFELAB_DATA to its data folder",
        )
    return root
