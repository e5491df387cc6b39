"""Passes switched off and on: what each is good for, and how what they save is divided."""

from golifelab.compile.ablation.attribution import Attribution, attribution
from golifelab.compile.ablation.measure import MEASURES, Measure
from golifelab.compile.ablation.passtable import PassEntry, pass_table
from golifelab.compile.ablation.stage import Ablated, Ablation, ablation
from golifelab.compile.ablation.timing import RunTime, RunTimes, run_times

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
]
