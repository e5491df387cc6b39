"""Damaged and random bytes for every reader of a binary format: `make fuzz`."""
