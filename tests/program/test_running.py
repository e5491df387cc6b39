"""How a program runs, asked of the program itself."""

from __future__ import annotations

import shutil

import pytest

from golifelab.errors import GolifelabError
from golifelab.program import sample


@pytest.mark.skipif(shutil.which("gcc") is None, reason="its C code needs a C compiler")
def test_a_program_with_c_code_is_run_as_go_builds_it():
    program = sample("cgoapp")
    libraries = {one.path.rsplit("/", 1)[-1] for one in program.moments["main.main"]}
    assert "libc.so.6" in libraries
    assert program.boot.milestone("main.main") is not None
    assert any("libc.so.6" in call.arguments for call in program.system_calls.named("openat"))
    assert "runtime" in program.inits.packages
    with program.start(hold="main.main") as process:
        assert len(process.maps) > 28


@pytest.mark.parametrize(
    "ask",
    [
        lambda: sample("deep").stack_growth(most=0),
        lambda: sample("deep").stack_overflow(limit=-5),
        lambda: sample("hello").scheduled(-1),
        lambda: sample("hello").scheduled(100_000),
        lambda: sample("hello").heap_at(0),
        lambda: sample("hello").goroutines(-1),
    ],
)
def test_what_cannot_be_meant_is_refused(ask):
    with pytest.raises(GolifelabError) as raised:
        ask()
    assert raised.value.remedy
