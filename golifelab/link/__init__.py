"""Chapter 3: object files, linking, and the executable that comes out."""
