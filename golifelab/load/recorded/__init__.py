"""Recordings: what stands in where a process cannot be held."""
