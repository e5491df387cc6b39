"""The compiler, changed by its reader, and the same rule outside of it."""
