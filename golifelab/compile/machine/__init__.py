"""Machine code: instructions, registers, the stack frame, and the ABI that calls follow."""
