"""Chapter 4, second half: what a program does while it runs."""
