from __future__ import annotations

import re
import shutil

import pytest

from golifelab.claims.workbench import workbench
from golifelab.data import data_directory
from golifelab.errors import FeatureUnavailable
from golifelab.program import sample
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

PROGRAMS = sorted(path.name for path in (data_directory() / "programs").iterdir())


def test_every_program_is_in_the_readme():
    text = (data_directory() / "README.md").read_text()
    assert sorted(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == PROGRAMS


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "cgoapp"])
def test_every_program_compiles(name, target):
    compiled = compile_object(sample(name).source, target)
    assert compiled.object, compiled.stderr


def test_the_program_with_c_code_is_built_where_a_c_compiler_is(target):
    bench = workbench(target)
    if shutil.which("gcc"):
        assert bench.build("own cgo").stat().st_size
    else:
        with pytest.raises(FeatureUnavailable, match="gcc"):
            bench.build("own cgo")


def test_every_program_has_the_form_that_gofmt_gives():
    gofmt = find_go().root / "bin" / "gofmt"
    done = run([gofmt, "-l", data_directory() / "programs"])
    assert (done.returncode, done.text) == (0, "")


def test_the_main_character_has_its_plus_where_the_course_says():
    line, column = 8, 12
    assert sample("add").text.splitlines()[line - 1][column - 1] == "+"
