"""Write the notebooks from their sources: `python -m golifelab.course.build`.

`notebooks/src/NN_name.py` is text (py:percent). It becomes `notebooks/NN_name.ipynb` for learners,
without the cells tagged "solution", and `notebooks/solutions/NN_name.ipynb` with them. Both have no
outputs, no versions and no times in them: the same source always gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from golifelab.errors import FeatureUnavailable, GolifelabError, ParseError

_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_TAGS = frozenset({"solution", "answer", "hide-input", "raises-exception"})


def notebooks_directory() -> Path:
    """The folder `notebooks/` of the clone."""
    root = Path(__file__).resolve().parents[2] / "notebooks"
    if not (root / "src").is_dir():
        raise FeatureUnavailable("building the notebooks", f"there is no folder {root / 'src'}")
    return root


def sources(root: Path) -> list[Path]:
    """The sources of the notebooks, in the course's order."""
    return sorted((root / "src").glob("[0-9][0-9]_*.py"))


def notebook(source: Path, *, solutions: bool) -> str:
    """The text of the .ipynb that a source gives."""
    import jupytext

    try:
        read = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    except (ValueError, KeyError) as error:
        raise ParseError(source.name, str(error)) from error
    cells = [
        _cell(source.stem, number, cell)
        for number, cell in enumerate(read.cells)
        if solutions or "solution" not in cell.metadata.get("tags", [])
    ]
    ids = [cell["id"] for cell in cells]
    if len(set(ids)) != len(ids):
        raise ParseError(source.name, "two cells have the same id")
    made = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cell(name: str, number: int, cell: Any) -> dict[str, Any]:
    """A cell with an id that depends on where it stands and what it says, and nothing else."""
    tags = cell.metadata.get("tags", [])
    unknown = set(tags) - _TAGS
    if unknown:
        raise ParseError(f"{name}.py", f"unknown tags: {', '.join(sorted(unknown))}")
    key = f"{name}\n{number}\n{cell.cell_type}\n{cell.source}"
    made: dict[str, Any] = {
        "cell_type": cell.cell_type,
        "id": hashlib.sha256(key.encode()).hexdigest()[:12],
        "metadata": {"tags": tags} if tags else {},
        "source": cell.source.splitlines(keepends=True),
    }
    if cell.cell_type == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


def targets(root: Path) -> dict[Path, str]:
    """Every generated notebook and the text it should have."""
    made: dict[Path, str] = {}
    for source in sources(root):
        made[root / f"{source.stem}.ipynb"] = notebook(source, solutions=False)
        made[root / "solutions" / f"{source.stem}.ipynb"] = notebook(source, solutions=True)
    return made


def stale(root: Path) -> list[Path]:
    """Generated notebooks that are not what their source says, and those that have no source."""
    wanted = targets(root)
    there = {*root.glob("*.ipynb"), *(root / "solutions").glob("*.ipynb")}
    return sorted(
        path
        for path in there | set(wanted)
        if path not in wanted or not path.exists() or path.read_text("utf-8") != wanted[path]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the notebooks; with --check only say whether they are up to date."""
    parser = argparse.ArgumentParser(prog="python -m golifelab.course.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when stale")
    options = parser.parse_args(arguments)
    try:
        root = notebooks_directory()
        old = stale(root)
        if not options.check:
            _write(root, old)
    except GolifelabError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    word = "stale" if options.check else "written"
    for path in old:
        sys.stdout.write(f"{word}: {path.relative_to(root.parent)}\n")
    return 1 if options.check and old else 0


def _write(root: Path, old: list[Path]) -> None:
    wanted = targets(root)
    for path in old:
        if path in wanted:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
