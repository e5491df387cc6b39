"""Goroutine stacks: how they grow, are moved, shrink, and overflow."""
