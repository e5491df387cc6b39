"""The heap at work: who allocated what, the collector's cycles, memory over time, its arenas."""
