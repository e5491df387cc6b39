"""The compiler's rewrite rules at work.

`debugtext` reads what a pass prints, `rulefile` the rules as they are written, `matching` says
which of them can have made a step, `stage` puts it together.
"""

from golifelab.compile.ssa.rules.debugtext import Kind
from golifelab.compile.ssa.rules.rulefile import RuleLine
from golifelab.compile.ssa.rules.stage import Rewrite, Rewrites, rewrites

__all__ = ["Kind", "Rewrite", "Rewrites", "RuleLine", "rewrites"]
