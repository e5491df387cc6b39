"""Initialisation: the page of a program, and an import graph to edit."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import traitlets

from golifelab.errors import CompileFailed, GolifelabError, Superseded
from golifelab.position import Position
from golifelab.program import Program
from golifelab.run.inits.graph import InitOrder
from golifelab.run.inits.packages import ImportGraph, PackageOrder, package_order
from golifelab.target import Target
from golifelab.views.inits import graph_payload, init_payload, variables_payload
from golifelab.views.initstwin import graph_html, graph_text, page_html, page_text
from golifelab.widgets.edited import Bench, Payload, failing_in_panel
from golifelab.widgets.live import PATIENCE
from golifelab.widgets.view import View, pack
from golifelab.widgets.work import Work

# Before a changed graph is built, in seconds: whoever toggles one import may toggle another.
_SETTLE = 0.15
# Imported in the order z, m, a; and a waits for z.
EXAMPLE: ImportGraph = {
    "main": ("z", "m", "a"),
    "a": ("z", "trace"),
    "m": ("trace",),
    "z": ("trace",),
    "trace": (),
}


class InitPage(Bench):
    """Everything that runs before main.main, in its order: packages and variables, live.

    `InitPage(program)`. The program is run until its last package is initialised, and stopped then.
    """

    def __init__(self, program: Program, at: str | Position = "", **options: Any) -> None:
        self._order: InitOrder | None = None
        super().__init__(
            "inits",
            program,
            at,
            panel=self._orders,
            html=page_html,
            text=page_text,
            **options,
        )

    @property
    def order(self) -> InitOrder | None:
        """The order of the newest text that compiles."""
        return self._order

    @failing_in_panel
    def _orders(self, program: Program) -> Iterator[Payload]:
        variables = program.variable_order
        if variables.errors:
            yield {"failed": str(variables.errors[0])}
            return
        shown: dict[str, Any] = {"variables": variables_payload(variables)}
        yield shown
        try:
            order = program.init_order
        except (CompileFailed, Superseded):
            raise
        except GolifelabError as error:
            yield {**shown, "untold": error.message}
            return
        self._order = order
        yield {**shown, "packages": init_payload(order)}


class InitGraph(View):
    """An import graph to edit: the order that follows is drawn at once, the real one comes behind.

    `InitGraph({"main": ("a", "b"), "a": ("b",)})`; without a graph, a small one to begin with. Each
    package is a real one, compiled, linked and run; its init prints its name. `imports` may be set
    from Python. `order` is what the newest program did, None before there is one.
    """

    imports = traitlets.Dict().tag(sync=True, echo_update=False)

    def __init__(
        self, imports: ImportGraph | None = None, *, target: Target | None = None, **options: Any
    ) -> None:
        self._target = target or Target()
        self._work = Work()
        self._order: PackageOrder | None = None
        self._shown: dict[str, Any] = {}
        given = EXAMPLE if imports is None else imports
        super().__init__(
            "initgraph",
            {},
            twin=self._html,
            text=self._plain,
            imports={name: list(wanted) for name, wanted in given.items()},
            **options,
        )
        self._build(settle=False)

    @property
    def order(self) -> PackageOrder | None:
        """What the newest program did."""
        return self._order

    def wait(self, timeout: float = 60.0) -> bool:
        """Wait until the program of the newest graph has run; False when time is up before."""
        return self._work.wait(timeout)

    @traitlets.observe("imports")
    def _on_imports(self, _: object) -> None:
        if self.comm is not None:
            self._build(settle=True)

    def _build(self, *, settle: bool) -> None:
        graph = {str(name): tuple(wanted) for name, wanted in dict(self.imports).items()}
        self._work.start(lambda: self._make(graph, settle=settle), self._fail)

    def _make(self, graph: Mapping[str, tuple[str, ...]], *, settle: bool) -> None:
        if settle:
            time.sleep(_SETTLE)
        self._order = package_order(graph, self._target)
        self._tell(graph_payload(self._order))

    def _fail(self, message: str) -> None:
        self._order = None
        self._tell({"imports": dict(self.imports), "failed": message})

    def _tell(self, shown: dict[str, Any]) -> None:
        self._shown = shown
        self.payload = pack(shown)

    def _html(self) -> str:
        self.wait(PATIENCE)
        return graph_html(self._shown)

    def _plain(self) -> str:
        self.wait(PATIENCE)
        return graph_text(self._shown)
