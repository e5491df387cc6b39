"""The face of the library: programs are values, errors are values, targets change everything."""

from __future__ import annotations

import subprocess
import sys

import pytest

from golifelab import Program, Target, sample
from golifelab.errors import CompileFailed, GolifelabError


def test_programs_are_equal_by_content_and_target() -> None:
    one, two = sample("add"), Program.from_text(sample("add").text)
    assert one == two
    assert hash(one) == hash(two)
    assert one != one.for_target(goarch="arm64")
    assert one.edit("a + b", "a - b").edit("a - b", "a + b") == one


def test_an_edit_must_be_unambiguous() -> None:
    with pytest.raises(GolifelabError, match="occurs 0 times"):
        sample("add").edit("nowhere", "x")


def test_a_file_that_is_not_there_is_named() -> None:
    for ask in (sample("add").source.text, lambda name: sample("add").with_text("", file=name)):
        with pytest.raises(GolifelabError, match=r"no file gone\.go\n.*main\.go"):
            ask("gone.go")


def test_a_broken_program_is_a_value_with_positions() -> None:
    broken = sample("add").edit("return a + b", "return a + undefined1")
    (error,) = broken.errors
    assert error.code == "UndeclaredName"
    assert error.phase == "types"
    line = broken.text.split("\n")[error.position.line - 1]
    assert line[error.position.column - 1 :].startswith("undefined1")
    with pytest.raises(CompileFailed) as refused:
        broken.ssa("add")
    assert "^" in str(refused.value)


def test_several_files_are_one_package() -> None:
    program = sample("greeting")
    assert len(program.source.names) > 1
    assert not program.errors
    assert program.link().size > 1_000_000


def test_a_target_reaches_the_machine_code() -> None:
    program = sample("add")
    amd64 = program.machine("add").code
    arm64 = program.for_target(goarch="arm64").machine("add").code
    assert len(arm64) % 4 == 0
    assert amd64 != arm64


def test_every_stage_has_frame_command_and_json() -> None:
    program = sample("add")
    with program.link().start() as process:
        stages = [
            program.tokens,
            program.syntax,
            program.types,
            program.remarks,
            program.ir("add"),
            program.ssa("add"),
            program.machine("add"),
            program.object,
            program.link(),
            process.maps,
        ]
        for stage in stages:
            assert len(stage.frame()) > 0, stage
            assert stage.command
            assert stage.to_json()["command"] == stage.command
            assert stage.recorded is None


def test_unknown_names_list_what_there_is() -> None:
    with pytest.raises(GolifelabError, match=r"main\.add|add"):
        sample("add").ssa("subtract")
    with pytest.raises(GolifelabError, match="hello"):
        sample("nonesuch")


def test_targets_refuse_unknown_fields() -> None:
    with pytest.raises(TypeError):
        Target().with_(arch="arm64")


def test_import_is_light() -> None:
    heavy = ("pandas", "numpy", "IPython", "anywidget", "elftools", "capstone")
    code = (
        "import sys; from golifelab import Program, Target, sample;"
        f" print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("level", ["v5", "V3", "3", ""])
def test_a_level_that_go_would_take_for_v1_is_refused(level):
    with pytest.raises(GolifelabError, match="no GOAMD64 level"):
        sample("add").for_target(goamd64=level)
