"""What the linker keeps of a program, why, and what it throws away."""
