"""The type checker, questioned: what it did, what it says, which type is which interface.

`trace` watches it work, `steps` reads its order from the reader's own Go, `ask` puts lines of Go
beside a program and brings back what the checker says to each, in its own words.
"""
