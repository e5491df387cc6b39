"""The scheduler at work."""
