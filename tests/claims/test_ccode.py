from __future__ import annotations

import shutil

import pytest

from golifelab.claims.ccode import c_instructions
from golifelab.claims.workbench import Lab, workbench

TEXT = "long twice(long a) { return a + a; }\n"


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_the_instructions_of_a_function():
    lab = Lab(workbench())
    found = c_instructions(lab, TEXT, "twice")
    assert found[-1] == "ret"
    assert len(found) == 2
    assert [one.output for one in lab.evidence] == [TEXT.strip(), "\n".join(found)]


def test_without_gcc_the_evidence_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    lab = Lab(workbench())
    assert c_instructions(lab, TEXT, "twice") == ()
    assert "gcc is not installed" in lab.evidence[0].output


def test_a_gcc_that_refuses_is_told(monkeypatch, tmp_path):
    gcc = tmp_path / "gcc"
    gcc.write_text("#!/bin/sh\necho 'cannot find cc1' >&2\nexit 1\n")
    gcc.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    lab = Lab(workbench())
    assert c_instructions(lab, TEXT, "twice") == ()
    assert "cannot find cc1" in lab.evidence[0].output
