"""The command `golifelab`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from golifelab.cli import commands
from golifelab.cli.stages import STAGES, show
from golifelab.errors import GolifelabError

__all__ = ["STAGES", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 for an error that was told, 2 for wrong usage."""
    options = _options(argv)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except GolifelabError as error:
        print(f"golifelab: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return 130


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options, rest = parser.parse_known_args(argv)
    # Python before 3.13 takes a file that may be left out for left out once an option comes first.
    if len(rest) == 1 and getattr(options, "path", ...) is None and not rest[0].startswith("-"):
        options.path = Path(rest.pop())
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="golifelab", description="See the complete life of a Go program."
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int], words: str) -> Any:
        sub = subparsers.add_parser(name, help=words, description=words)
        sub.set_defaults(command=run)
        return sub

    sub = add("lab", commands.lab, "open the course in JupyterLab")
    sub.add_argument("notebook", nargs="?", default="notebooks/00_start_here.ipynb")
    sub.add_argument("jupyter", nargs=argparse.REMAINDER, help="further options for jupyter lab")

    sub = add(
        "doctor",
        commands.doctor,
        "say what this machine can show, and what each lesson does without",
    )
    sub.add_argument("--json", action="store_true")

    sub = add("warm", commands.warm, "make ready what is otherwise made at first use")
    sub.add_argument(
        "--go", default="", metavar="VERSION", help="a Go version, installed if missing"
    )
    sub.add_argument("--goarch", nargs="+", default=["amd64", "arm64"], metavar="ARCH")

    sub = add("show", show, "show one stage of a program")
    sub.add_argument("stage", choices=STAGES)
    sub.add_argument(
        "path",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="a Go file, or a folder of one package; numbering needs none",
    )
    _add_target(sub)
    sub.add_argument(
        "--func",
        default="",
        help="the function, for irtrees to abi; for abi also a signature: 'func(a int) error'",
    )
    sub.add_argument("--json", action="store_true", help="documented, stable JSON")

    sub = add(
        "export", commands.export, "write a view of a program as a page that lives without a kernel"
    )
    sub.add_argument("path", type=Path, metavar="FILE", help="a Go file, or a folder of a package")
    sub.add_argument("page", type=Path, metavar="PAGE.html")
    sub.add_argument("--view", default="lab", help="lab, life, tokens, trees, machine …")
    _add_target(sub)
    sub.add_argument("--func", default="", help="the function, for views of one")

    sub = add("thread", commands.thread, "follow one position through every stage")
    sub.add_argument("position", metavar="FILE:LINE:COLUMN")
    _add_target(sub)
    sub.add_argument("--no-process", action="store_true", help="stop at the executable")
    sub.add_argument("--json", action="store_true")

    sub = add("explain", commands.explain, "say what an address of a Go executable is")
    sub.add_argument("binary", type=Path)
    sub.add_argument("address", help="a virtual address, such as 0x49a080")
    sub.add_argument("--offset", action="store_true", help="it is an offset in the file instead")
    sub.add_argument("--json", action="store_true")

    sub = add(
        "claims", commands.claims, "the article's claims, and what this toolchain says to them"
    )
    sub.add_argument("ids", nargs="*", metavar="ID")
    sub.add_argument("--run", action="store_true", help="run the experiments that exist")
    sub.add_argument("--json", action="store_true")

    sub = add(
        "record", commands.record, "make the recordings again that stand in where nothing can run"
    )
    sub.add_argument("names", nargs="*", metavar="NAME", help="which; all of them by default")
    sub.add_argument("--into", type=Path, metavar="FOLDER", help="where to, instead of data/")
    sub.add_argument("--go", default="", metavar="VERSION")

    sub = add("bench", commands.bench, "measure against the bare compiler and linker")
    sub.add_argument("--json", action="store_true")
    sub.add_argument("--no-browser", action="store_true")
    return parser


def _add_target(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--go", default="", metavar="VERSION")
    sub.add_argument("--goarch", default="amd64")
    sub.add_argument("--goamd64", default="v1")
    sub.add_argument("--gcflags", default="", help="flags of the compiler, as one word")
