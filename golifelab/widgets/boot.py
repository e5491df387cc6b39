"""The boot page: an editor, and below it how the program gets from the kernel to main.main."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import traitlets

from golifelab.position import Position
from golifelab.program import Program, sample
from golifelab.run.boot.boot import boot
from golifelab.run.boot.stage import Boot
from golifelab.views.boot import boot_payload
from golifelab.views.boottwin import page_html, page_text, puzzle_html, puzzle_text
from golifelab.widgets.edited import Bench, Payload, failing_in_panel
from golifelab.widgets.view import View

# What is still running then has shown its start long ago.
_SECONDS = 3.0


class BootPage(Bench):
    """The start of a program, live: two stacks, system calls and inits, step by step.

    `BootPage(program)`. `step` is the number of the event that is shown, from 0; it may be set
    from Python.
    """

    step = traitlets.Int(0).tag(sync=True)

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        self._boot: Boot | None = None
        super().__init__(
            "boot", program, at, panel=self._pages, html=page_html, text=page_text, **options
        )

    @property
    def boot(self) -> Boot | None:
        """The start of the newest text that compiles."""
        return self._boot

    @failing_in_panel
    def _pages(self, program: Program) -> Iterator[Payload]:
        found = boot(program.source, program.target, timeout=_SECONDS)
        self._boot = found
        yield boot_payload(found) | {"main": _main(program)}


def _main(program: Program) -> Payload | None:
    """Where main.main begins in the source; None where the program does not tell."""
    found = program.link().pclntab.named("main.main")
    if found is None or found.file not in program.source.names:
        return None
    return {"file": found.file, "line": found.start_line}


def boot_puzzle(program: Program | None = None) -> View:
    """An exercise: the steps of a start in a wrong order, to be put right.

    What is right is how this program, by default the one that prints hello, started just now on
    this machine.
    """
    found = (program or sample("hello")).boot
    payload = boot_payload(found)
    return View(
        "bootpuzzle",
        payload,
        twin=lambda: str(puzzle_html(payload)),
        text=lambda: puzzle_text(payload),
    )
