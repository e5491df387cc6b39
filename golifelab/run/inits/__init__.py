"""Package initialisation: what runs before main.main, and in which order."""
