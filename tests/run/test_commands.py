"""The shell lines of what runs a program: pasted in a terminal, they show the same."""

from __future__ import annotations

import os
import shutil

import pytest

from golifelab import sample
from golifelab.errors import FeatureUnavailable
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run


def pasted(command, target, folder):
    go = find_go(target.go)
    path = os.pathsep.join([str(go.command.parent), os.environ["PATH"]])
    settings = {name: value for name, value in os.environ.items() if name != "GOROOT"}
    done = run(["bash", "-c", command], env=settings | {"PATH": path}, cwd=folder, timeout=120)
    assert done.returncode == 0, done.error_text
    return done


def test_a_trace_is_made_and_printed(newest, tmp_path):
    value = sample("spinning", target=newest).scheduled(1)
    for _ in range(2):  # what the first left is not in the way of the second
        said = pasted(value.command, newest, tmp_path).text
    created = [line for line in said.splitlines() if "NotExist->Runnable" in line]
    assert len(created) >= 4
    assert (tmp_path / "trace.out").stat().st_size > 1000


def test_a_profile_is_made_and_printed(newest, tmp_path):
    said = pasted(sample("keeper", target=newest).heap.command, newest, tmp_path).text
    assert "Type: alloc_space" in said
    assert "main.garbage" in said
    assert "main.golifelab_" not in said.partition("flat%")[2]


@pytest.mark.skipif(shutil.which("gdb") is None, reason="gdb reads the goroutines")
def test_goroutines_are_listed_by_gdb(newest, tmp_path):
    try:
        value = sample("hello", target=newest).goroutines(hold="main.main")
    except FeatureUnavailable as error:
        pytest.skip(f"ptrace is refused here: {error.remedy}")
    said = pasted(value.command, newest, tmp_path).text
    assert "* 1 running" in said
    assert said.count(" waiting ") > 1
