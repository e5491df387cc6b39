"""The system calls of a program, as strace or our own tracer sees them."""
