"""The complete life of a Go program, from source to running process, as values and widgets."""
