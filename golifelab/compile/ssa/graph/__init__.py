"""Questions about the blocks of a function as a graph: dominators, loops, liveness.

Pure functions of blocks; `golifelab.compile.ssa.cfg` puts their answers together.
"""
