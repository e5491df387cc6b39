"""Measurements against the bare tools and against what people use now, in one run."""
