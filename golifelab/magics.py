"""Notebook magics: a thin door onto the same functions.

`%load_ext golifelab` gives
  %%go NAME             define a program from a cell, under that name
  %%ssa FUNC, %%asm FUNC  compile a cell and show one function's SSA or machine code
  %thread LINE:COL      follow a position of the program defined last
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golifelab.errors import GolifelabError
from golifelab.program import Program

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_HEADER = "package main\n\n"


def register(shell: InteractiveShell) -> None:
    """Add the magics to a shell. Called by `%load_ext golifelab`."""
    last: dict[str, Program] = {}

    def define(cell: str) -> Program:
        last["program"] = Program.from_text(_whole(cell))
        return last["program"]

    def go(line: str, cell: str) -> Program | None:
        name = line.strip()
        program = define(cell)
        if not name:
            return program
        if not name.isidentifier():
            raise GolifelabError(f"{name!r} is no Python name", remedy="write %%go NAME")
        shell.user_ns[name] = program
        return program

    def ssa(line: str, cell: str) -> Any:
        return define(cell).ssa(_function(line, "%%ssa"))

    def asm(line: str, cell: str) -> Any:
        return define(cell).machine(_function(line, "%%asm"))

    def thread(line: str) -> Any:
        if "program" not in last:
            raise GolifelabError("there is no program yet", remedy="define one with %%go NAME")
        return last["program"].thread(line)

    manager = shell.magics_manager
    manager.register_function(go, magic_kind="cell", magic_name="go")
    manager.register_function(ssa, magic_kind="cell", magic_name="ssa")
    manager.register_function(asm, magic_kind="cell", magic_name="asm")
    manager.register_function(thread, magic_kind="line", magic_name="thread")


def _function(line: str, magic: str) -> str:
    if not line.strip():
        raise GolifelabError("which function?", remedy=f"write {magic} FUNCTION")
    return line.strip()


def _whole(cell: str) -> str:
    """The cell as a file: a package clause is put before it when it has none."""
    has_clause = any(line.lstrip().startswith("package ") for line in cell.splitlines())
    return cell if has_clause else _HEADER + cell
