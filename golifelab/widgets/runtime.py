"""The one widget of a kernel that carries the page's modules; all others take them from it.

anywidget sends a widget's module with every instance: twenty widgets would cost megabytes each time
a notebook is opened. A widget of ours sends a few hundred bytes that ask the Runtime.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any, ClassVar

import anywidget
import traitlets

from golifelab.widgets import assets

# The modules are kept on the page, not in the kernel: after a restart they need not load again. The
# key is a digest of what they are, so two kernels with different versions don't meet.
STUB = """\
const load = async (model) => {
  const runtime = await model.widget_manager.get_model(model.get("runtime"));
  const url = URL.createObjectURL(new Blob([runtime.get("loader")], { type: "text/javascript" }));
  try { return await (await import(url)).load(runtime); } finally { URL.revokeObjectURL(url); }
};
export default {
  async render(host) {
    const pages = (globalThis.golifelab ??= {});
    return (await (pages[host.model.get("modules")] ??= load(host.model))).render(host);
  },
};
"""


class Runtime(anywidget.AnyWidget):
    """Modules and styles, once per kernel. Never displayed."""

    _esm = "export default {};"
    loader = traitlets.Unicode().tag(sync=True)
    bundle = traitlets.Bytes().tag(sync=True)
    _shared: ClassVar[Runtime | None] = None

    def __init__(self, **traits: Any) -> None:
        super().__init__(loader=assets.loader(), bundle=assets.bundle(), **traits)

    @classmethod
    def shared(cls) -> Runtime:
        """The kernel's Runtime, made at first use and again when someone has closed it."""
        if cls._shared is None or cls._shared.comm is None:
            cls._shared = cls()
        return cls._shared


@cache
def modules_digest() -> str:
    """What the page's modules are called: equal for equal files."""
    return hashlib.sha256(assets.bundle() + assets.loader().encode()).hexdigest()[:16]
