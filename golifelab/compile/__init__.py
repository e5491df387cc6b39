"""What the compiler does with a program: one module for each thing it makes of it."""
