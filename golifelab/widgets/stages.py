"""Stage values as widgets that only show: what a value can draw out of itself alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from golifelab.compile.check.satisfaction import Satisfaction
from golifelab.compile.check.trace import CheckTrace
from golifelab.compile.gosyntax import GoSyntax
from golifelab.compile.irtrees import IRTrees
from golifelab.compile.machine.abi import ABI
from golifelab.compile.machine.frame import FrameLayout
from golifelab.compile.machine.registers import RegisterGrid
from golifelab.compile.machine.stage import Machine
from golifelab.compile.remarks import Remarks
from golifelab.compile.ssa.ablation import Ablation
from golifelab.compile.ssa.proofs import Proofs
from golifelab.compile.ssa.rules import Rewrites
from golifelab.compile.ssa.stage import SSA
from golifelab.compile.syntax import Syntax
from golifelab.compile.tokens import Tokens
from golifelab.errors import LimitExceeded
from golifelab.link.deadcode.reach import Reach
from golifelab.link.executable import Executable
from golifelab.link.metadata.stackmaps import StackMaps
from golifelab.link.modes import ModeMatrix
from golifelab.link.object.file import ObjectFile
from golifelab.link.relocations import Relocations
from golifelab.link.sizes import Sizes
from golifelab.load.moments.stage import Moments
from golifelab.load.syscalls.forensics import Cases
from golifelab.load.syscalls.stage import SystemCalls
from golifelab.load.syscalls.ways import StartComparison
from golifelab.run.boot.stage import Boot
from golifelab.run.heap.heap import Heap
from golifelab.run.inits.graph import InitOrder
from golifelab.run.inits.packages import PackageOrder
from golifelab.run.inits.variables import VariableOrder
from golifelab.run.resolver import ResolverTable
from golifelab.run.scheduler.stage import Scheduling
from golifelab.run.stacks.comparison import GrowthComparison
from golifelab.run.stacks.growth import StackGrowth
from golifelab.stage import Stage
from golifelab.views.abiexplorer import abi_payload
from golifelab.views.ablationboard import ablation_payload
from golifelab.views.boot import boot_payload
from golifelab.views.checks import checks_payload
from golifelab.views.complaints import MAX_ERRORS
from golifelab.views.forensics import forensics_payload
from golifelab.views.heap import heap_payload
from golifelab.views.imagemap import image_payload
from golifelab.views.inits import graph_payload, init_payload, variables_payload
from golifelab.views.interfaces import interfaces_payload
from golifelab.views.lab import alone_payload as ssa_payload
from golifelab.views.machinepanel import machine_payload
from golifelab.views.memorymap import memory_payload
from golifelab.views.modes import matrix_payload
from golifelab.views.objectbytes import object_payload
from golifelab.views.patch import relocations_payload
from golifelab.views.reach import reach_payload
from golifelab.views.registergrid import frame_payload, grid_payload
from golifelab.views.remarks import alone_payload
from golifelab.views.resolver import resolver_payload
from golifelab.views.ribbon import ribbon_payload
from golifelab.views.rulestepper import proofs_payload, rules_payload
from golifelab.views.schedlanes import scheduling_payload
from golifelab.views.sizes import sizes_payload
from golifelab.views.stackgrowth import comparison_payload, growth_payload
from golifelab.views.stackmaps import stackmaps_payload
from golifelab.views.stage import stage_html
from golifelab.views.syscalls import calls_payload, starts_payload
from golifelab.views.text import brief
from golifelab.views.trees import go_tree, ir_tree, line_starts, syntax_tree
from golifelab.widgets.view import View

Payload = dict[str, Any]


def stage_view(value: Stage) -> View | None:
    """The widget that shows a stage, with the stage's static twin; None where a twin is all.

    It has no editor: what is selected in it stays in it. A stage too large for the browser has its
    twin.
    """
    made = next((make for kind, make in _VIEWS.items() if isinstance(value, kind)), None)
    found = made(value) if made else None
    if found is None:
        return None
    view, payload = found
    try:
        return View(view, payload, twin=lambda: stage_html(value), text=lambda: brief(value))
    except LimitExceeded:
        return None


def _tokens(value: Tokens) -> tuple[str, Payload] | None:
    # A ribbon is of one file; a package's tokens are a table.
    if len(value.files) > 1:
        return None
    file = value.files[0]
    return "ribbon", {"file": file, **ribbon_payload(value, file)}


def _remarks(value: Remarks) -> tuple[str, Payload] | None:
    # A lane is of one file, like a ribbon.
    return None if len(value.source.files) > 1 else ("remarks", alone_payload(value))


def _syntax(value: Syntax) -> tuple[str, Payload]:
    return _source_tree(value, syntax_tree(value))


def _go_syntax(value: GoSyntax) -> tuple[str, Payload]:
    return _source_tree(value, go_tree(value))


def _source_tree(value: Syntax | GoSyntax, tree: Payload) -> tuple[str, Payload]:
    errors = [error.to_json() for error in value.errors[:MAX_ERRORS]]
    lines = line_starts(value.source)
    return "trees", {"file": value.files[0], "trees": [tree], "lines": lines, "errors": errors}


def _ir_trees(value: IRTrees) -> tuple[str, Payload]:
    return "trees", {"trees": [ir_tree(value, [value.function.name])], "lines": {}, "errors": []}


def _stack_maps(value: StackMaps) -> tuple[str, Payload] | None:
    # Where nothing disassembles the processor's code, there is nothing to walk through.
    return ("stackmaps", stackmaps_payload(value)) if value.instructions else None


def _variables(value: VariableOrder) -> tuple[str, Payload] | None:
    # A package that is refused has no order to walk through.
    return None if value.errors else ("inits", {"variables": variables_payload(value)})


def _machine(value: Machine) -> tuple[str, Payload]:
    position = value.function.position
    return "machine", {"file": position.file if position else "", **machine_payload(value)}


_VIEWS: dict[type[Stage], Callable[[Any], tuple[str, Payload] | None]] = {
    Tokens: _tokens,
    Remarks: _remarks,
    Syntax: _syntax,
    GoSyntax: _go_syntax,
    IRTrees: _ir_trees,
    Ablation: lambda value: ("ablation", ablation_payload(value)),
    Rewrites: lambda value: ("rules", {"rules": rules_payload(value)}),
    Proofs: lambda value: ("rules", {"proofs": proofs_payload(value)}),
    SSA: lambda value: ("ssa", {"seq": 0, **ssa_payload(value)}),
    Machine: _machine,
    CheckTrace: lambda value: ("checks", checks_payload(value)),
    Satisfaction: lambda value: ("interfaces", interfaces_payload(value)),
    RegisterGrid: lambda value: ("registers", grid_payload(value)),
    Scheduling: lambda value: ("scheduler", scheduling_payload(value)),
    Reach: lambda value: ("reach", reach_payload(value)),
    Moments: lambda value: ("memory", memory_payload(value)),
    Executable: lambda value: ("image", image_payload(value)),
    Sizes: lambda value: ("sizes", sizes_payload(value, labels=("", "the executable"))),
    ABI: lambda value: ("abi", abi_payload(value)),
    StackMaps: _stack_maps,
    Heap: lambda value: ("heap", heap_payload(value)),
    StackGrowth: lambda value: ("stacks", growth_payload(value)),
    GrowthComparison: lambda value: ("stacks", comparison_payload(value)),
    Relocations: lambda value: ("patch", relocations_payload(value)),
    ObjectFile: lambda value: ("object", object_payload(value)),
    FrameLayout: lambda value: ("frame", frame_payload(value)),
    ModeMatrix: lambda value: ("modes", matrix_payload(value)),
    InitOrder: lambda value: ("inits", {"packages": init_payload(value)}),
    VariableOrder: _variables,
    PackageOrder: lambda value: ("initgraph", graph_payload(value)),
    Boot: lambda value: ("boot", boot_payload(value)),
    SystemCalls: lambda value: ("syscalls", {"traces": [calls_payload(value)]}),
    StartComparison: lambda value: ("syscalls", starts_payload(value)),
    Cases: lambda value: ("forensics", forensics_payload(value)),
    ResolverTable: lambda value: ("resolver", resolver_payload(value)),
}
