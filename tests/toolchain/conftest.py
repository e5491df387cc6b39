"""Judges: small Go programs that answer by Go's standard packages what the helper answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

JUDGES = Path(__file__).parent / "judge"


@pytest.fixture(scope="session")
def judge(target, tmp_path_factory):
    """name → the built judge of that name, by the Go under test."""
    go = find_go(target.go)
    folder = tmp_path_factory.mktemp("judges")

    def build(name: str) -> Path:
        program = folder / name
        if not program.exists():
            done = run(
                [go.command, "build", "-o", program, JUDGES / f"{name}.go"],
                env=go.host_environment(),
                timeout=300,
            )
            assert done.returncode == 0, done.error_text
        return program

    return build
