"""The table of readers under test. A new reader is one row here."""

from __future__ import annotations

from fuzz import elf, keeping, metadata, objects, profiles, traces
from fuzz.reader import Reader

READERS: tuple[Reader, ...] = (
    Reader("object", objects.read_object_whole, objects.object_seeds, share=3),
    Reader("fields", objects.read_fields_whole, objects.object_seeds, share=2),
    Reader("columns", objects.read_columns_whole, objects.object_seeds, share=2),
    Reader("export", objects.read_export_whole, objects.export_seeds, share=2),
    Reader("image", elf.read_image_whole, elf.image_seeds, share=3),
    Reader("foreign", elf.read_foreign_whole, elf.foreign_seeds, share=2),
    Reader("pclntab", metadata.read_table_whole, metadata.table_seeds, share=2),
    Reader("metadata", metadata.read_metadata_whole, metadata.metadata_seeds, share=2),
    Reader("sizes", keeping.read_sizes_whole, metadata.metadata_seeds, sample=16),
    Reader("trace", traces.read_trace_whole, traces.trace_seeds, share=2),
    Reader("profile", profiles.read_profile_whole, profiles.profile_seeds, sample=40),
    Reader("reach", keeping.read_reach_whole, objects.object_seeds),
)


def reader(name: str) -> Reader:
    """The reader of a name; KeyError when there is none."""
    return {one.name: one for one in READERS}[name]
