"""Execution traces, as runtime/trace writes them: the bytes, the order of events, the columns."""
