"""What a command line names: a program and its target; and how JSON is printed."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import Any

from golifelab.program import Program
from golifelab.target import Target


def target_of(options: argparse.Namespace) -> Target:
    """The target that the options name."""
    return Target(
        go=options.go,
        goarch=options.goarch,
        goamd64=options.goamd64,
        gcflags=tuple(shlex.split(options.gcflags)),
    )


def program_of(path: Path, target: Target) -> Program:
    """The program of a file, or of a folder."""
    if path.is_dir():
        return Program.from_directory(path, target=target)
    return Program.from_file(path, target=target)


def package_of(path: Path, target: Target) -> Program:
    """The file as a program, or with the others of its folder where it can't stand alone."""
    alone = Program.from_file(path, target=target)
    if alone.errors and len(list(path.resolve().parent.glob("*.go"))) > 1:
        together = Program.from_directory(path.resolve().parent, target=target)
        return alone if together.errors else together
    return alone


def print_json(value: Any) -> None:
    """Print plain data as JSON."""
    json.dump(value, sys.stdout, indent=1, ensure_ascii=False)
    print()
