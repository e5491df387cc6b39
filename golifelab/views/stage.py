"""What every stage's static twin has: its body, where it comes from, and how to get it yourself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from golifelab.compile.changed.checked import Checked
from golifelab.compile.check.assignability import Assignability
from golifelab.compile.check.methods import MethodSets
from golifelab.compile.check.satisfaction import Satisfaction
from golifelab.compile.check.trace import CheckTrace
from golifelab.compile.gotokens import GoTokens
from golifelab.compile.ir import IR
from golifelab.compile.irtrees import IRTrees
from golifelab.compile.machine.abi import ABI
from golifelab.compile.machine.frame import FrameLayout
from golifelab.compile.machine.registers import RegisterGrid
from golifelab.compile.machine.stage import Machine
from golifelab.compile.remarks import Remarks
from golifelab.compile.ssa.ablation import Ablation, Attribution, RunTimes
from golifelab.compile.ssa.proofs import Proofs
from golifelab.compile.ssa.rules import Rewrites
from golifelab.compile.ssa.stage import SSA
from golifelab.compile.tokens import Tokens
from golifelab.compile.tree import Tree
from golifelab.compile.types import Types
from golifelab.link.cgo import CPackages
from golifelab.link.deadcode.compare import ReachDifference
from golifelab.link.deadcode.reach import Reach
from golifelab.link.elf.foreign import ForeignImage
from golifelab.link.executable import Executable
from golifelab.link.metadata.findfunc import Lookup
from golifelab.link.metadata.functables import FunctionTables
from golifelab.link.metadata.moduledata import ModuleData
from golifelab.link.metadata.places import MetadataPlaces
from golifelab.link.metadata.pointermasks import PointerMasks
from golifelab.link.metadata.stackmaps import StackMaps
from golifelab.link.modes import ModeMatrix, StaticMatrix
from golifelab.link.object.file import ObjectFile
from golifelab.link.placement.stage import Placement
from golifelab.link.relocations import Relocations
from golifelab.link.sizes import Sizes, SizesDifference
from golifelab.load.backtrace import CallChain
from golifelab.load.memory.maps import Mappings
from golifelab.load.moments.difference import Difference
from golifelab.load.moments.stage import Moments
from golifelab.load.syscalls.forensics import Cases
from golifelab.load.syscalls.stage import SystemCalls
from golifelab.load.syscalls.ways import StartComparison
from golifelab.run.boot.stage import Boot
from golifelab.run.goroutines import Goroutines
from golifelab.run.heap.heap import Heap
from golifelab.run.inits.graph import InitOrder
from golifelab.run.inits.inittrace import Inits
from golifelab.run.inits.packages import PackageOrder
from golifelab.run.inits.variables import VariableOrder
from golifelab.run.notices import Notices
from golifelab.run.resolver import Resolution, ResolverTable
from golifelab.run.scheduler.stage import Scheduling
from golifelab.run.stacks.comparison import GrowthComparison
from golifelab.run.stacks.copies import StackCopies
from golifelab.run.stacks.growth import StackGrowth
from golifelab.run.stacks.overflow import StackOverflow
from golifelab.stage import Stage
from golifelab.thread import Thread
from golifelab.views import (
    ablationtwin,
    assignabilitytwin,
    back,
    binary,
    changed,
    checkstwin,
    front,
    heaptwin,
    initstwin,
    interfacestwin,
    modestwin,
    optimizer,
    reachtwin,
    sizestwin,
    stackgrowthtwin,
    stackmapstwin,
    syscallstwin,
)
from golifelab.views.abitwin import abi_html
from golifelab.views.boottwin import boot_html
from golifelab.views.frametwin import frame_layout_html
from golifelab.views.goroutines import goroutines_html
from golifelab.views.html import MAX_ROWS, Markup, block, details, join, table, tag
from golifelab.views.imagemap import outline_payload
from golifelab.views.imagemaptwin import drawn_html
from golifelab.views.linkage import foreign_html
from golifelab.views.memorymaptwin import difference_html, moments_html
from golifelab.views.objecttwin import object_html
from golifelab.views.patchtwin import relocations_html
from golifelab.views.placementtwin import placement_html
from golifelab.views.registerstwin import registers_html
from golifelab.views.remarkstwin import remarks_html
from golifelab.views.schedlanestwin import scheduling_html
from golifelab.views.thread import thread_html


def _executable(value: Executable) -> Markup:
    return join([binary.executable_html(value), drawn_html(outline_payload(value))])


_BODIES: dict[type[Stage], Callable[[Any], Markup]] = {
    Tokens: front.tokens_html,
    GoTokens: front.go_tokens_html,
    Tree: front.syntax_html,
    Types: front.types_html,
    CheckTrace: checkstwin.trace_html,
    MethodSets: interfacestwin.method_sets_html,
    Satisfaction: interfacestwin.satisfaction_html,
    Assignability: assignabilitytwin.assignability_html,
    Remarks: remarks_html,
    IR: back.ir_html,
    IRTrees: back.ir_trees_html,
    SSA: back.ssa_html,
    Machine: back.machine_html,
    Rewrites: optimizer.rewrites_html,
    Proofs: optimizer.proofs_html,
    Ablation: ablationtwin.ablation_html,
    Attribution: ablationtwin.attribution_html,
    RunTimes: ablationtwin.times_html,
    RegisterGrid: registers_html,
    ABI: abi_html,
    FrameLayout: frame_layout_html,
    ObjectFile: object_html,
    Relocations: relocations_html,
    Reach: reachtwin.reach_html,
    ReachDifference: reachtwin.difference_html,
    Sizes: sizestwin.sizes_html,
    SizesDifference: sizestwin.difference_html,
    Executable: _executable,
    Placement: placement_html,
    ForeignImage: foreign_html,
    StaticMatrix: binary.matrix_html,
    ModeMatrix: modestwin.mode_matrix_html,
    CPackages: modestwin.c_packages_html,
    ResolverTable: modestwin.resolver_html,
    Resolution: modestwin.resolution_html,
    Boot: boot_html,
    StackMaps: stackmapstwin.stackmaps_html,
    Heap: heaptwin.heap_html,
    StackGrowth: stackgrowthtwin.growth_html,
    GrowthComparison: stackgrowthtwin.comparison_html,
    StackCopies: stackgrowthtwin.copies_html,
    StackOverflow: stackgrowthtwin.overflow_html,
    Lookup: stackmapstwin.lookup_html,
    FunctionTables: stackmapstwin.tables_html,
    ModuleData: stackmapstwin.module_html,
    MetadataPlaces: stackmapstwin.places_html,
    PointerMasks: stackmapstwin.masks_html,
    Mappings: binary.mappings_html,
    SystemCalls: syscallstwin.calls_html,
    StartComparison: syscallstwin.starts_html,
    Cases: syscallstwin.cases_html,
    Moments: moments_html,
    Difference: difference_html,
    CallChain: binary.chain_html,
    Scheduling: scheduling_html,
    Goroutines: goroutines_html,
    InitOrder: initstwin.init_order_html,
    Inits: initstwin.inits_html,
    PackageOrder: initstwin.package_order_html,
    VariableOrder: initstwin.variables_html,
    Thread: thread_html,
    Checked: changed.checked_html,
    Notices: changed.notices_html,
}


def stage_html(value: Stage) -> Markup:
    """A stage as one piece of HTML that needs no script, style or network."""
    body = next((make for kind, make in _BODIES.items() if isinstance(value, kind)), frame_html)
    return join([body(value), _origin(value)])


def frame_html(value: Stage) -> Markup:
    """A stage as the table of its frame, numbers to the right."""
    frame = value.frame()
    numeric = [
        number for number, dtype in enumerate(frame.dtypes) if getattr(dtype, "kind", "O") in "iuf"
    ]
    rows = (tuple(row) for row in frame.head(MAX_ROWS + 1).itertuples(index=False))
    shown = table([str(name) for name in frame.columns], rows, numeric=numeric)
    more = len(frame) - MAX_ROWS
    return join([shown, tag("p", f"{len(frame):,} rows in all")]) if more > 0 else shown


def _origin(value: Stage) -> Markup:
    notes = []
    if value.recorded is not None:
        notes.append(f"{value.recorded}, not live.")
    if value.tier == "fallback":
        lines = "" if value.precision == "column" else " Positions are lines, without columns."
        notes.append(f"Read without the observed compiler, which is not built yet.{lines}")
    note = tag("p", tag("em", " ".join(notes))) if notes else Markup("")
    return join([note, details("the same in a terminal", block(value.command))])
