"""Views of a program for the notebook, and `show`, which picks one for a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from golifelab.errors import GolifelabError
from golifelab.program import Program
from golifelab.stage import Stage
from golifelab.views.twin import twin
from golifelab.widgets.abi import ABIExplorer
from golifelab.widgets.ablation import AblationBoard
from golifelab.widgets.boot import BootPage, boot_puzzle
from golifelab.widgets.changed import Rebuild
from golifelab.widgets.checks import Checks
from golifelab.widgets.edited import Bench
from golifelab.widgets.heap import HeapPage
from golifelab.widgets.imagemap import ImageMap
from golifelab.widgets.inits import InitGraph, InitPage
from golifelab.widgets.interfaces import Interfaces
from golifelab.widgets.lab import Lab
from golifelab.widgets.life import Editor, Life, Rail
from golifelab.widgets.memorymap import MemoryMap
from golifelab.widgets.modes import Modes
from golifelab.widgets.object import ObjectView
from golifelab.widgets.patch import PatchView
from golifelab.widgets.reach import ReachPage
from golifelab.widgets.registers import Registers
from golifelab.widgets.remarks import RemarksLane
from golifelab.widgets.ribbon import Ribbon
from golifelab.widgets.rules import RuleStepper
from golifelab.widgets.runtime import Runtime
from golifelab.widgets.scheduler import Scheduler
from golifelab.widgets.sizes import SizeMap
from golifelab.widgets.stackgrowth import StackStaircase
from golifelab.widgets.stackmaps import StackMapPage
from golifelab.widgets.stages import stage_view
from golifelab.widgets.syscalls import Forensics, SystemCallsPage, forensics
from golifelab.widgets.trees import Trees
from golifelab.widgets.view import View

__all__ = [
    "ABIExplorer",
    "AblationBoard",
    "Bench",
    "BootPage",
    "Checks",
    "Editor",
    "Forensics",
    "HeapPage",
    "ImageMap",
    "InitGraph",
    "InitPage",
    "Interfaces",
    "Lab",
    "Life",
    "MemoryMap",
    "Modes",
    "ObjectView",
    "PatchView",
    "Rail",
    "ReachPage",
    "Rebuild",
    "Registers",
    "RemarksLane",
    "Ribbon",
    "RuleStepper",
    "Runtime",
    "Scheduler",
    "SizeMap",
    "StackMapPage",
    "StackStaircase",
    "SystemCallsPage",
    "Trees",
    "View",
    "boot_puzzle",
    "forensics",
    "show",
]


# The word in `show(program, view=…)` → the view.
_VIEWS: dict[str, Callable[..., Any]] = {
    "life": Life,
    "lab": Lab,
    "rail": Rail,
    "editor": Editor,
    "tokens": Ribbon,
    "trees": Trees,
    "checks": Checks,
    "interfaces": Interfaces,
    "remarks": RemarksLane,
    "ablation": AblationBoard,
    "rules": RuleStepper,
    "rebuild": Rebuild,
    "registers": Registers,
    "abi": ABIExplorer,
    "object": ObjectView,
    "patch": PatchView,
    "stackmaps": StackMapPage,
    "image": ImageMap,
    "sizes": SizeMap,
    "reach": ReachPage,
    "modes": Modes,
    "syscalls": SystemCallsPage,
    "forensics": Forensics,
    "scheduler": Scheduler,
    "memory": MemoryMap,
    "stacks": StackStaircase,
    "heap": HeapPage,
    "boot": BootPage,
    "inits": InitPage,
}


def show(value: Any, *, view: str = "", **options: Any) -> Any:
    """The widget for a value: a program's lab; a stage's own, else the tables of its static twin.

    `view` chooses another view of a program: "lab", "rail", "editor", "tokens", "trees", "checks",
    "interfaces", "remarks", "registers", "abi", "object", "patch", "modes", "image", "sizes",
    "reach", "stackmaps", "memory", "syscalls", "forensics", "boot", "inits", "scheduler", "stacks",
    "heap", "ablation", "rules" or "rebuild". Options go to the widget: `show(program, at="6:11",
    function="add")`. GolifelabError for a view that does not exist, and for a value that has none.
    """
    if isinstance(value, Program):
        if view and view not in _VIEWS:
            raise GolifelabError(
                f"there is no view {view!r} of a program", remedy="there are " + ", ".join(_VIEWS)
            )
        return _VIEWS[view or "life"](value, **options)
    made = stage_view(value) if isinstance(value, Stage) else None
    if made is not None:
        return made
    import ipywidgets

    return ipywidgets.HTML(str(twin(value)))
