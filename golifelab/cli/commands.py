"""The commands but `show`: thin doors onto the same functions that the notebooks use."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from golifelab.cli.inputs import package_of, print_json, program_of, target_of
from golifelab.errors import GolifelabError
from golifelab.target import Target


def lab(options: argparse.Namespace) -> int:
    """Open the course in JupyterLab."""
    from jupyterlab.labapp import LabApp

    from golifelab.course.lab import lab_options

    LabApp.launch_instance([*lab_options(options.notebook), *options.jupyter])
    return 0


def doctor(options: argparse.Namespace) -> int:
    """Say what this machine can show."""
    from golifelab.course.doctor import doctor

    report = doctor()
    if options.json:
        print_json(report.to_json())
    else:
        print(report)
    return 0


def warm(options: argparse.Namespace) -> int:
    """Make ready what is otherwise made at first use."""
    from golifelab.course.warm import warm

    warm(go=options.go, architectures=options.goarch, say=print)
    return 0


def export(options: argparse.Namespace) -> int:
    """Write a view as a page that lives without a kernel."""
    from golifelab.widgets.export import export

    chosen = {"function": options.func} if options.func else {}
    program = program_of(options.path, target_of(options))
    print(export(program, options.page, view=options.view, **chosen))
    return 0


def thread(options: argparse.Namespace) -> int:
    """Follow one position through every stage."""
    from golifelab.position import Position
    from golifelab.views.thread import thread_text

    try:
        place = Position.parse(options.position)
    except ValueError as error:
        raise GolifelabError(str(error)) from error
    program = package_of(Path(place.file), target_of(options))
    thread = program.thread(place, process=not options.no_process)
    if options.json:
        print_json(thread.to_json())
    else:
        print(thread_text(thread))
    return 0


def explain(options: argparse.Namespace) -> int:
    """Say what an address of an executable is."""
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
        print_json(explanation.to_json())
    else:
        print(thread_text(explanation))
    return 0


def claims(options: argparse.Namespace) -> int:
    """List the article's claims, or try them."""
    from golifelab.claims.board import claim_board, run_claims

    shown = run_claims(options.ids or None) if options.run else claim_board()
    if options.ids:
        shown = shown.only(options.ids)
    if options.json:
        print_json(shown.to_json())
    else:
        print("\n".join(shown.lines()))
    return 0


def record(options: argparse.Namespace) -> int:
    """Make the recordings."""
    from golifelab.run.recordings import record

    record(options.names, target=Target(go=options.go), folder=options.into, say=print)
    return 0


def bench(options: argparse.Namespace) -> int:
    """Measure."""
    from golifelab.toolchain.run import run

    root = Path(__file__).resolve().parents[2]
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
