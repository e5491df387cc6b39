"""The middle of the compiler: a function as SSA, pass by pass, and what the passes did to it."""
