"""What the compiler says about its own decisions: one run, two outputs, one list of remarks.

`logged` and `printed` read what the compiler writes, `words` gives it the course's words, `merge`
makes one remark of what was said twice, `pins` finds its node, `changes` matches it over an edit.
"""

from golifelab.compile.remarks.changes import Changes, changes
from golifelab.compile.remarks.remark import FAMILIES, OUTCOMES, Family, Remark, Step
from golifelab.compile.remarks.stage import Remarks, remarks

__all__ = [
    "FAMILIES",
    "OUTCOMES",
    "Changes",
    "Family",
    "Remark",
    "Remarks",
    "Step",
    "changes",
    "remarks",
]
