"""The magics, in a real IPython shell."""

from __future__ import annotations

import pytest
from IPython.testing.globalipapp import start_ipython

from golifelab.errors import GolifelabError

CELL = "func add(a, b int) int {\n\treturn a + b\n}\n\nfunc main() { println(add(1, 2)) }\n"


@pytest.fixture(scope="module")
def shell() -> object:
    shell = start_ipython()
    shell.run_line_magic("load_ext", "golifelab")
    return shell


def test_go_defines_a_program_under_a_name(shell) -> None:
    shell.run_cell_magic("go", "p", CELL)
    assert not shell.user_ns["p"].errors
    thread = shell.run_line_magic("thread", "4:11")
    assert thread.at("tokens")[0].label == "+"


def test_ssa_and_asm_show_a_function(shell) -> None:
    cell = "//go:noinline\n" + CELL
    assert shell.run_cell_magic("ssa", "add", cell).function.symbol == "main.add"
    assert len(shell.run_cell_magic("asm", "add", cell)) > 0


def test_a_missing_function_is_asked_for(shell) -> None:
    with pytest.raises(GolifelabError, match="which function"):
        shell.run_cell_magic("ssa", "", CELL)
