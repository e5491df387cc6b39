"""Relocation: how the linker fills the holes in the symbols' bytes, as arithmetic."""
