"""The command `golifelab`: a thin door onto the same functions that the notebooks use."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from golifelab.errors import GolifelabError
from golifelab.program import Program
from golifelab.target import Target

STAGES = (
    "tokens",
    "gotokens",
    "numbering",
    "syntax",
    "gosyntax",
    "types",
    "methods",
    "satisfaction",
    "checks",
    "remarks",
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
    "object",
    "cpackages",
    "reach",
    "placement",
    "relocations",
    "executable",
    "sizes",
    "process",
)

# Stages whose names are two words in Python.
_PROPERTIES = {
    "gotokens": "go_tokens",
    "gosyntax": "go_syntax",
    "irtrees": "ir_trees",
    "framelayout": "frame_layout",
    "stackmaps": "stack_maps",
}
# Stages of one function. Of abi, it may also be a signature.
_OF_FUNCTIONS = frozenset(STAGES[STAGES.index("irtrees") : STAGES.index("abi") + 1])


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
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int], words: str) -> Any:
        sub = commands.add_parser(name, help=words, description=words)
        sub.set_defaults(command=run)
        return sub

    sub = add("lab", _lab, "open the course in JupyterLab")
    sub.add_argument("notebook", nargs="?", default="notebooks/00_start_here.ipynb")
    sub.add_argument("jupyter", nargs=argparse.REMAINDER, help="further options for jupyter lab")

    sub = add(
        "doctor", _doctor, "say what this machine can show, and what each lesson does without"
    )
    sub.add_argument("--json", action="store_true")

    sub = add("warm", _warm, "make ready what is otherwise made at first use")
    sub.add_argument(
        "--go", default="", metavar="VERSION", help="a Go version, installed if missing"
    )
    sub.add_argument("--goarch", nargs="+", default=["amd64", "arm64"], metavar="ARCH")

    sub = add("show", _show, "show one stage of a program")
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

    sub = add("export", _export, "write a view of a program as a page that lives without a kernel")
    sub.add_argument("path", type=Path, metavar="FILE", help="a Go file, or a folder of a package")
    sub.add_argument("page", type=Path, metavar="PAGE.html")
    sub.add_argument("--view", default="lab", help="lab, life, tokens, trees, machine …")
    _add_target(sub)
    sub.add_argument("--func", default="", help="the function, for views of one")

    sub = add("thread", _thread, "follow one position through every stage")
    sub.add_argument("position", metavar="FILE:LINE:COLUMN")
    _add_target(sub)
    sub.add_argument("--no-process", action="store_true", help="stop at the executable")
    sub.add_argument("--json", action="store_true")

    sub = add("explain", _explain, "say what an address of a Go executable is")
    sub.add_argument("binary", type=Path)
    sub.add_argument("address", help="a virtual address, such as 0x49a080")
    sub.add_argument("--offset", action="store_true", help="it is an offset in the file instead")
    sub.add_argument("--json", action="store_true")

    sub = add("claims", _claims, "the article's claims, and what this toolchain says to them")
    sub.add_argument("ids", nargs="*", metavar="ID")
    sub.add_argument("--run", action="store_true", help="run the experiments that exist")
    sub.add_argument("--json", action="store_true")

    sub = add("record", _record, "make the recordings again that stand in where nothing can run")
    sub.add_argument("names", nargs="*", metavar="NAME", help="which; all of them by default")
    sub.add_argument("--into", type=Path, metavar="FOLDER", help="where to, instead of data/")
    sub.add_argument("--go", default="", metavar="VERSION")

    sub = add("bench", _bench, "measure against the bare compiler and linker")
    sub.add_argument("--json", action="store_true")
    sub.add_argument("--no-browser", action="store_true")
    return parser


def _add_target(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--go", default="", metavar="VERSION")
    sub.add_argument("--goarch", default="amd64")
    sub.add_argument("--goamd64", default="v1")
    sub.add_argument("--gcflags", default="", help="flags of the compiler, as one word")


def _target(options: argparse.Namespace) -> Target:
    return Target(
        go=options.go,
        goarch=options.goarch,
        goamd64=options.goamd64,
        gcflags=tuple(shlex.split(options.gcflags)),
    )


def _program(path: Path, target: Target) -> Program:
    if path.is_dir():
        return Program.from_directory(path, target=target)
    return Program.from_file(path, target=target)


def _package_of(path: Path, target: Target) -> Program:
    """The file as a program, or with the others of its folder where it can't stand alone."""
    alone = Program.from_file(path, target=target)
    if alone.errors and len(list(path.resolve().parent.glob("*.go"))) > 1:
        together = Program.from_directory(path.resolve().parent, target=target)
        return alone if together.errors else together
    return alone


def _print_json(value: Any) -> None:
    json.dump(value, sys.stdout, indent=1, ensure_ascii=False)
    print()


def _lab(options: argparse.Namespace) -> int:
    from jupyterlab.labapp import LabApp

    from golifelab.course.lab import lab_options

    LabApp.launch_instance([*lab_options(options.notebook), *options.jupyter])
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from golifelab.course.doctor import doctor

    report = doctor()
    if options.json:
        _print_json(report.to_json())
    else:
        print(report)
    return 0


def _warm(options: argparse.Namespace) -> int:
    from golifelab.course.warm import warm

    warm(go=options.go, architectures=options.goarch, say=print)
    return 0


def _show(options: argparse.Namespace) -> int:
    from golifelab.views.text import text

    stage = options.stage
    if stage == "numbering":
        from golifelab.compile.numbering import numbering

        return _print_stage(numbering(_target(options)), options, text)
    if options.path is None:
        raise GolifelabError(f"{stage} of which program?", remedy="give a Go file or a folder")
    program = _program(options.path, _target(options))
    if stage == "process":
        with program.link().start() as process:
            return _print_stage(process.maps, options, text)
    if stage == "satisfaction":
        return _print_stage(program.satisfaction(), options, text)
    if stage == "cpackages":
        return _print_stage(program.c_packages(), options, text)
    if stage == "relocations":
        return _print_stage(program.relocations(options.func or ""), options, text)
    if stage == "executable":
        return _print_stage(program.link(), options, text)
    name = _PROPERTIES.get(stage, stage)
    if stage in _OF_FUNCTIONS:
        function = options.func or _only_function(program)
        return _print_stage(getattr(program, name)(function), options, text)
    return _print_stage(getattr(program, name), options, text)


def _print_stage(value: Any, options: argparse.Namespace, text: Callable[[Any], str]) -> int:
    if options.json:
        _print_json(value.to_json())
    else:
        print(text(value))
    return 1 if getattr(value, "errors", ()) else 0


def _only_function(program: Program) -> str:
    names = [function.symbol for function in program.functions]
    if len(names) == 1:
        return names[0]
    raise GolifelabError("which function?", remedy="--func NAME, one of " + ", ".join(names[:40]))


def _export(options: argparse.Namespace) -> int:
    from golifelab.widgets.export import export

    chosen = {"function": options.func} if options.func else {}
    program = _program(options.path, _target(options))
    print(export(program, options.page, view=options.view, **chosen))
    return 0


def _thread(options: argparse.Namespace) -> int:
    from golifelab.position import Position
    from golifelab.views.thread import thread_text

    try:
        place = Position.parse(options.position)
    except ValueError as error:
        raise GolifelabError(str(error)) from error
    program = _package_of(Path(place.file), _target(options))
    thread = program.thread(place, process=not options.no_process)
    if options.json:
        _print_json(thread.to_json())
    else:
        print(thread_text(thread))
    return 0


def _explain(options: argparse.Namespace) -> int:
    from golifelab.thread.backward import explain
    from golifelab.views.thread import thread_text

    try:
        address = int(options.address, 0)
    except ValueError as error:
        raise GolifelabError(
            f"not an address: {options.address}", remedy="write it as 0x49a080"
        ) from error
    if options.offset:
        explanation = explain(options.binary, offset=address)
    else:
        explanation = explain(options.binary, address=address)
    if options.json:
        _print_json(explanation.to_json())
    else:
        print(thread_text(explanation))
    return 0


def _claims(options: argparse.Namespace) -> int:
    from golifelab.claims.board import claim_board, run_claims

    shown = run_claims(options.ids or None) if options.run else claim_board()
    if options.ids:
        shown = shown.only(options.ids)
    if options.json:
        _print_json(shown.to_json())
    else:
        print("\n".join(shown.lines()))
    return 0


def _record(options: argparse.Namespace) -> int:
    from golifelab.run.recordings import record

    record(options.names, target=Target(go=options.go), folder=options.into, say=print)
    return 0


def _bench(options: argparse.Namespace) -> int:
    from golifelab.toolchain.run import run

    root = Path(__file__).resolve().parent.parent
    if not (root / "benchmarks").is_dir():
        raise GolifelabError("the benchmarks are not here", remedy="work in a clone of the project")
    words = ["--json"] if options.json else []
    words += ["--no-browser"] if options.no_browser else []
    # The browser that it starts reserves more addresses than any machine has memory.
    command = [sys.executable, "-m", "benchmarks", *words]
    done = run(command, cwd=root, timeout=1800, max_memory=1 << 46)
    sys.stdout.write(done.text)
    sys.stderr.write(done.error_text)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
