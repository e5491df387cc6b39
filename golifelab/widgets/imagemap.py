"""The image map: an editor, and where everything of its executable lies, in file and memory."""

from __future__ import annotations

from typing import Any

from golifelab.position import Position
from golifelab.program import Program
from golifelab.views.imagemap import image_payloads
from golifelab.views.imagemaptwin import image_html, image_text
from golifelab.widgets.edited import Bench, failing_in_panel


class ImageMap(Bench):
    """Sections, segments, file and memory of a program's executable, to one scale, to symbols.

    `ImageMap(program, function="main.main")` begins at a function; a line that is selected in the
    editor selects its function.
    """

    def __init__(
        self, program: Program, at: str | Position = "", *, function: str = "", **options: Any
    ) -> None:
        super().__init__(
            "image",
            program,
            at,
            panel=failing_in_panel(image_payloads),
            html=image_html,
            text=image_text,
            **options,
        )
        if function:
            self.selection = {"function": function}
