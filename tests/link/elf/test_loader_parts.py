"""What each byte for the loader is, entry by entry."""

from __future__ import annotations

from itertools import pairwise

from golifelab.link.executable import executable
from golifelab.link.placement.coverage import coverage


def spans_of(opened, section):
    found = coverage(opened, section)
    place = opened.image.section(section)
    assert found[0].start == place.address
    assert found[-1].end == place.address + place.size
    assert all(a.end == b.start for a, b in pairwise(found))
    return {span.start: span for span in found}


def test_stubs_slots_and_relocations(importing):
    opened = executable(importing)
    image = opened.image
    stubs = spans_of(opened, ".plt")
    slots = spans_of(opened, ".got.plt")
    relocations = spans_of(opened, ".rela.plt" if image.bits == 64 else ".rel.plt")
    for stub in image.plt[1:]:
        assert stubs[stub.address].name == f"stub of {stub.symbol}"
        assert f"{stub.slot:#x}" in stubs[stub.address].evidence
        assert slots[stub.slot].name == f"slot of {stub.symbol}"
    assert [span.name for span in relocations.values()] == [
        f"relocation for {stub.symbol}" for stub in image.plt[1:]
    ]
    entries = [span.name for span in spans_of(opened, ".dynamic").values()]
    assert "NEEDED libc.so.6" in entries
    # The list ends with an empty entry, which is the section's.
    assert len(entries) == len(image.dynamic) + 1


def test_notes_are_told_apart(with_c):
    opened = executable(with_c)
    for section in opened.sections:
        if section.type == "NOTE":
            found = spans_of(opened, section.name)
            notes = [note for note in opened.image.notes if note.section == section.name]
            assert len(found) == len(notes)
            for span, note in zip(found.values(), notes, strict=True):
                assert note.owner in span.name
                assert note.text in span.evidence


def test_pointers_that_the_loader_writes(with_c):
    opened = executable(with_c)
    table = next(s for s in opened.sections if s.name in (".rela.dyn", ".rela"))
    spans = spans_of(opened, table.name)
    rows = [one for one in opened.image.relocations if one.section == table.name]
    assert len(spans) == len(rows) == table.size // table.entry_size
    for span, row in zip(spans.values(), rows, strict=True):
        assert row.kind in span.evidence
        assert f"{row.address:#x}" in span.evidence
