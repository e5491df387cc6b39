from __future__ import annotations

import os

import pytest

from golifelab.program import Program
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

STAGES = {
    "object": lambda program: program.object,
    "link": Program.link,
    "sizes": lambda program: program.sizes,
    "reach": lambda program: program.reach,
    "stack maps": lambda program: program.stack_maps("main.main"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_tells_how_to_get_it_in_a_terminal(stage, hello, target, tmp_path):
    made = STAGES[stage](Program(hello, target))
    (tmp_path / "main.go").write_text(hello.text())
    go = find_go(target.go)
    environment = go.environment(target) | {
        "PATH": os.pathsep.join([str(go.command.parent), os.environ["PATH"]])
    }
    del environment["GOTOOLCHAIN"]  # readers have none, and the line says which it wants
    done = run(["bash", "-c", made.command], env=environment, cwd=tmp_path, timeout=120)
    assert done.returncode == 0, done.error_text
    assert (tmp_path / "main.o").exists()
    if (tmp_path / "main").exists():
        # The same file: what the lab says of addresses holds for that of the terminal.
        made_here = Program(hello, target).link().path
        assert (tmp_path / "main").read_bytes() == made_here.read_bytes()
        assert "0 two" in run([tmp_path / "main"]).text
