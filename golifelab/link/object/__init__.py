"""Go's own object files: the symbols a package defines, their bytes, and the holes in them."""
