"""ELF files, whoever linked them: headers, segments, sections, symbols, and what Go adds."""
