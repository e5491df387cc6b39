"""The command: each stage end to end, JSON that parses, errors that help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golifelab.cli import STAGES, main
from golifelab.data import data_directory
from golifelab.program import sample

ADD = str(data_directory() / "programs" / "add" / "main.go")
OF_FUNCTIONS = (
    "irtrees",
    "ir",
    "ssa",
    "rewrites",
    "proofs",
    "ablation",
    "machine",
    "registers",
    "framelayout",
    "stackmaps",
    "abi",
)


def _subject(stage: str) -> list[str]:
    """The program that a stage is shown of, and its function where it is of one."""
    if stage == "stackgrowth":  # of a function that calls itself
        return [str(data_directory() / "programs" / "deep")]
    return [ADD, *(["--func", "add"] if stage in OF_FUNCTIONS else [])]


@pytest.mark.parametrize("stage", STAGES)
def test_show_gives_every_stage_as_json(stage: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", stage, *_subject(stage), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {"stage", "command", "tier", "precision", "recorded", "milliseconds"} <= set(shown)


@pytest.mark.parametrize("stage", STAGES)
def test_show_gives_every_stage_as_text(stage: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", stage, *_subject(stage)]) == 0
    assert capsys.readouterr().out.strip()


def test_thread_prints_the_chain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["thread", f"{ADD}:8:11"]) == 0
    out = capsys.readouterr().out
    assert "main.add+0x" in out
    assert "page 0x" in out


def test_a_file_s_thread_sees_the_package_around_it(capsys: pytest.CaptureFixture[str]) -> None:
    greeting = data_directory() / "programs" / "greeting" / "greet.go"
    assert main(["thread", f"{greeting}:6:15", "--no-process"]) == 0
    assert "does not compile" not in capsys.readouterr().out


def test_which_function_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "ssa", ADD]) == 1
    assert "main.add" in capsys.readouterr().err


def test_numbering_needs_no_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "numbering"]) == 0
    assert "_Operator" in capsys.readouterr().out
    assert main(["show", "gotokens"]) == 1
    assert "of which program?" in capsys.readouterr().err


def test_options_may_come_before_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "checks", "--json", ADD]) == 0
    assert json.loads(capsys.readouterr().out)["stage"] == "checktrace"
    for wrong in (["--nothing", ADD], ["--json", ADD, "two.go"]):
        with pytest.raises(SystemExit) as caught:
            main(["show", "checks", *wrong])
        assert caught.value.code == 2


def test_claims_are_shown_by_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "c1.03", "--run", "--json"]) == 0
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    assert claim["id"] == "c1.03"
    assert claim["finding"]["evidence"]
    assert main(["claims"]) == 0
    assert "194 claims" in capsys.readouterr().out
    assert main(["claims", "c9.99"]) == 1


def test_errors_are_told_not_thrown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "main.go"
    broken.write_text("package main\nfunc main() { x }\n")
    assert main(["show", "types", str(broken)]) == 1
    assert "undefined: x" in capsys.readouterr().out
    assert main(["show", "machine", str(broken)]) == 1
    assert main(["show", "tokens", str(tmp_path / "missing.go")]) == 1
    assert "missing.go" in capsys.readouterr().err


def test_explain_takes_an_address_or_an_offset(capsys: pytest.CaptureFixture[str]) -> None:
    binary = sample("add").link()
    address = binary.function("main.add").address
    assert main(["explain", str(binary.path), f"{address:#x}"]) == 0
    by_address = capsys.readouterr().out
    assert "main.add+0x0" in by_address
    assert main(["explain", "--offset", str(binary.path), f"{binary.offset_of(address):#x}"]) == 0
    assert capsys.readouterr().out == by_address
    assert main(["explain", "--offset", str(binary.path), "8", "--json"]) == 0
    links = json.loads(capsys.readouterr().out)["links"]
    assert links[-1]["label"] == "ELF header+0x8"
