"""Chapter 4, first half: from an executable to a live process, and what its memory holds."""
