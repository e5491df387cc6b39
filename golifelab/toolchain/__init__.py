"""Find Go, run its tools within bounds, keep what they made, and observe the real compiler."""
