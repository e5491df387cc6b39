"""The rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "golifelab").rglob("*.py"))
HEAVY = {"capstone", "elftools", "graphviz", "numpy", "pandas"}
# Modules of the standard library that exist on some systems only.
LOCAL = {"fcntl", "grp", "msvcrt", "pty", "pwd", "resource", "termios", "tty", "winreg"}
TEXTS = {".py", ".md", ".go", ".js", ".mjs", ".css", ".yml", ".yaml", ".toml", ".ipynb", ".txt"}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def imported_at_the_top(tree):
    """The packages that importing a module imports for certain."""
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.dump(node.test):
            waiting += node.body + node.orelse


def test_a_module_is_one_idea():
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > 380} == {}


def test_modules_say_what_they_are_and_import_anywhere():
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), name_of(path)
        assert set(imported_at_the_top(tree)) & (HEAVY | LOCAL) == set(), name_of(path)


def test_import_is_light():
    code = "import sys, golifelab, golifelab.program, golifelab.cli; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & (HEAVY | {"IPython", "anywidget", "ipywidgets", "yaml"}) == set()


def texts():
    """The files that people wrote, which is all that is not made by a tool."""
    made = {".git", ".venv", "node_modules", "build", "__pycache__"}
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in made and not name.endswith((".egg-info", "_cache"))
        ]
        for name in files:
            path = Path(folder) / name
            if path.suffix in TEXTS and not path.is_symlink():
                yield path


def test_nothing_sends_the_compiler_output_to_a_device():
    # On an error the compiler removes its output, and root may remove a device.
    rule = re.compile(r"tool compile\b[^\n]*-o[ =]?/dev/null")
    allowed = {"CONTRIBUTING.md", "claims.yaml"}
    found = [
        name_of(path)
        for path in texts()
        if path.name not in allowed and rule.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_nothing_names_the_place_where_it_was_made():
    places = (ROOT, Path.home())
    rule = re.compile("|".join(rf"{re.escape(str(place))}/" for place in places))
    found = {
        name_of(path): match[0]
        for path in texts()
        if path != Path(__file__) and (match := rule.search(path.read_text(encoding="utf-8")))
    }
    assert found == {}
