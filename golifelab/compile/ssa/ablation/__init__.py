"""Passes switched off and on: what each is good for, and how what they save is divided."""

from golifelab.compile.ssa.ablation.attribution import Attribution, attribution
from golifelab.compile.ssa.ablation.measure import MEASURES, Measure
from golifelab.compile.ssa.ablation.passtable import PassEntry, pass_table
from golifelab.compile.ssa.ablation.stage import Ablated, Ablation, ablation, sweep, switch
from golifelab.compile.ssa.ablation.timing import RunTime, RunTimes, run_times

__all__ = [
    "MEASURES",
    "Ablated",
    "Ablation",
    "Attribution",
    "Measure",
    "PassEntry",
    "RunTime",
    "RunTimes",
    "ablation",
    "attribution",
    "pass_table",
    "run_times",
    "sweep",
    "switch",
]
