"""The ABI explorer: a signature to type, and which registers carry what on each processor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import traitlets

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.abiexplorer import PROCESSORS, abi_payloads
from golifelab.views.abitwin import columns_html, columns_text
from golifelab.widgets.edited import Bench, Payload


class ABIExplorer(Bench):
    """How functions are called: the registers and stack slots of a signature, amd64 beside arm64.

    `ABIExplorer(program, "func(n int, s string) error")`. `signature` is one, or the name of a
    function of the program, by default its first; it may be set from Python and is a field in the
    browser. A signature may name the program's types, which the editor holds, and std's packages.
    """

    signature = traitlets.Unicode().tag(sync=True, echo_update=False)

    def __init__(
        self,
        program: Program,
        signature: str = "",
        at: str | Position = "",
        *,
        architectures: Sequence[str] = PROCESSORS,
        **options: Any,
    ) -> None:
        self._architectures = tuple(architectures)
        super().__init__(
            "abi",
            program,
            at,
            panel=self._columns,
            html=columns_html,
            text=columns_text,
            signature=signature,
            **options,
        )

    def _columns(self, program: Program) -> Iterator[Payload]:
        return abi_payloads(program, self.signature, self._architectures)

    @traitlets.observe("signature")
    def _on_signature(self, _: object) -> None:
        if self.comm is not None:
            self._session.again()
