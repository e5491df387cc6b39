"""A process's memory at the moments of its life: what is there, whose it is, what has changed."""
