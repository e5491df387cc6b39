"""The chain of calls of Println, unwound here and by gdb."""

from __future__ import annotations

import shutil

import pytest

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import link
from golifelab.load import gdb
from golifelab.load.backtrace import println_chain
from golifelab.load.gdb import gdb_chain
from golifelab.source import Source


def test_the_chain_of_println(kind):
    chain = println_chain(kind)
    names = chain.functions
    assert names[0].endswith("Syscall6")
    order = ["syscall.write", "os.(*File).Write", "fmt.Fprintln", "fmt.Println", "main.main"]
    assert [name for name in names if name in order] == order
    assert names[-2:] == ("runtime.main", "runtime.goexit")
    # The article's printlock has no part in it.
    assert "runtime.printlock" not in names
    main = next(frame for frame in chain.frames if frame.function == "main.main")
    assert (main.position.file, main.position.line) == ("main.go", 20)
    assert next(f for f in chain.frames if f.function == "fmt.Println").inlined
    assert len(chain.frame()) == len(chain.to_json()["frames"]) == len(names)


@pytest.mark.skipif(shutil.which("gdb") is None, reason="gdb is not installed")
def test_gdb_sees_the_same(program):
    ours, theirs = println_chain(program), gdb_chain(program)
    assert ours.functions == theirs.functions
    assert [f.position for f in ours.frames] == [f.position for f in theirs.frames]
    known = [(a.address, b.address) for a, b in zip(ours.frames, theirs.frames, strict=True)]
    assert all(theirs in (0, ours) for ours, theirs in known)


def test_the_builtin_println(newest):
    text = 'package main\n\nfunc main() { println("hello") }\n'
    program = link(Source.from_text(text), newest)
    with pytest.raises(GolifelabError, match="without a write"):
        println_chain(program)
    names = println_chain(program, file=2).functions
    assert "runtime.printstring" in names
    assert "main.main" in names


def test_without_gdb(program, monkeypatch):
    gdb.gdb_path.cache_clear()
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(FeatureUnavailable, match="gdb"):
        gdb_chain(program)
    gdb.gdb_path.cache_clear()
    assert println_chain(program).frames
