"""Compilers that are started before they are wanted."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from golifelab.errors import Superseded
from golifelab.source import Source
from golifelab.toolchain import ahead as module
from golifelab.toolchain.ahead import Ahead
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.run import Cancellation, cancellable

TEXT = "package main\n\nfunc main() { println(%d) }\n"


@pytest.fixture
def waiting(monkeypatch):
    """The compilers that wait, none of them from before."""
    monkeypatch.setattr(module, "_REST", 0.0)
    made = Ahead()
    monkeypatch.setattr("golifelab.toolchain.compile.ahead", made)
    yield made
    made.close()


def until(reached):
    deadline = time.monotonic() + 20
    while not (found := reached()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def begun(waiting):
    return until(lambda: list(waiting._waiting.values()))[-1]


def edited(number, target, **options):
    with cancellable(Cancellation()):
        return compile_object(Source.from_text(TEXT % number), target, **options)


def test_what_waited_makes_the_same_object(waiting, target):
    edited(1, target)
    child = begun(waiting).child
    assert child.poll() is None
    ours = edited(2, target)
    assert child.poll() == 0, "it was this one"
    theirs = compile_object(Source.from_text(TEXT % 2), target)
    assert ours.object == theirs.object
    assert (ours.command, ours.stdout, ours.side) == (theirs.command, theirs.stdout, theirs.side)


def test_errors_have_the_positions_of_the_file(waiting, target):
    edited(1, target)
    begun(waiting)
    with cancellable(Cancellation()):
        said = compile_object(Source.from_text("package main\n\nfunc main() { a }\n"), target)
    assert str(said.diagnostics[0].position) == "main.go:3:15"


def test_another_call_is_not_served_and_two_may_wait(waiting, target):
    edited(1, target)
    first = begun(waiting).child
    other = target.with_(goarch="arm64")
    edited(2, other)
    assert first.poll() is None
    until(lambda: len(waiting._waiting) == 2)
    edited(3, target, extra=("-S",))
    until(lambda: len(waiting._waiting) == 2 and first.poll() is not None)


def test_only_work_that_is_superseded_starts_the_next(waiting, target):
    compile_object(Source.from_text(TEXT % 1), target)
    assert not waiting._wanted
    several = Source((("a.go", "package main\n"), ("b.go", TEXT % 1)), "main", None)
    with cancellable(Cancellation()):
        compile_object(several, target)
        with pytest.raises(Exception, match="not a Go file name"):
            compile_object(Source((("../a.go", TEXT % 1),), "main", None), target)
    assert not waiting._wanted


def test_what_is_superseded_leaves_nothing(waiting, target):
    edited(1, target)
    one = begun(waiting)
    cancellation = Cancellation()
    cancellation.cancel()
    with cancellable(cancellation), pytest.raises(Superseded):
        compile_object(Source.from_text(TEXT % 2), target)
    assert one.child.poll() is not None
    assert not one.directory.exists()
    waiting.close()
    assert not waiting._waiting


KILLED = """
import os, time
from golifelab import Program
from golifelab.toolchain.ahead import ahead
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.run import Cancellation, cancellable
program = Program.from_text("package main\\n\\nfunc main() {}\\n")
with cancellable(Cancellation()):
    compile_object(program.source, program.target)
while not ahead._waiting:
    time.sleep(0.01)
print(next(iter(ahead._waiting.values())).child.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_it_ends_with_the_process_that_started_it():
    root = Path(module.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=root, stdout=subprocess.PIPE, timeout=60, check=False
    )
    assert done.returncode == -9
    stat = Path(f"/proc/{int(done.stdout)}/stat")

    def gone():
        try:
            return stat.read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return True

    until(gone)
