"""How a program gets from the kernel's first instruction to main.main and to its end."""
