"""Static twin of what an executable tells its loader and its readers: libraries, slots, notes."""

from __future__ import annotations

from collections import Counter

from golifelab.link.elf.foreign import ForeignImage
from golifelab.link.elf.image import Image
from golifelab.views.html import MAX_ROWS, Markup, code, details, hexadecimal, join, table, tag


def linkage_html(image: Image) -> Markup:
    """Closed sections, one for each table that the file has; nothing where it has none."""
    parts = [_build(image), _notes(image), _loader(image), _versions(image)]
    return join([*parts, _relocations(image), _stubs(image)])


def foreign_html(image: ForeignImage) -> Markup:
    """The headers of a Mach-O or PE file, and what is not read of it."""
    facts = [
        ("format", f"{image.format}, {image.bits} bits, {image.flavour}"),
        ("processor", image.machine),
        ("entry", "none" if image.entry is None else hexadecimal(image.entry)),
        ("libraries", ", ".join(image.libraries) or "none"),
        ("Go version", image.build_info.go_version if image.build_info else "not noted"),
        ("size", f"{image.size:,} bytes"),
    ]
    rows = [
        (
            part.segment,
            code(part.name),
            part.permissions,
            hexadecimal(part.address),
            hexadecimal(part.offset),
            f"{part.file_size:,}",
            f"{part.memory_size:,}",
        )
        for part in image.sections
    ]
    heads = ("segment", "section", "permissions", "address", "offset", "in file", "in memory")
    return join(
        [
            table(("fact", "value"), facts),
            table(heads, rows, numeric=(3, 4, 5, 6)),
            tag("p", image.limits),
        ]
    )


def _build(image: Image) -> Markup:
    info = image.build_info
    if info is None:
        return join([])
    rows = [("Go version", info.go_version), ("package", info.path)]
    modules = [one for one in (info.module, *info.dependencies) if one]
    rows += [(f"module {one.path}", one.version) for one in modules]
    rows += list(info.settings.items())
    shown = [(name, code(value)) for name, value in rows if value]
    return details(f"how it was built, noted by go{info.go_version}", table(("", ""), shown))


def _notes(image: Image) -> Markup:
    if not image.notes:
        return join([])
    rows = [
        (note.owner, note.kind or f"type {note.type}", code(note.text), code(note.section))
        for note in image.notes
    ]
    heads = ("by", "what", "content", "section")
    return details(f"{len(rows)} notes", table(heads, rows))


def _loader(image: Image) -> Markup:
    if not image.dynamic:
        return join([])
    rows = [
        (one.tag, hexadecimal(one.value, 1), code(one.text) if one.text else "")
        for one in image.dynamic
    ]
    title = f"{len(rows)} entries for the dynamic loader"
    return details(title, table(("entry", "value", "meaning"), rows, numeric=(1,)))


def _versions(image: Image) -> Markup:
    if not image.versions:
        return join([])
    wanted = Counter((one.library, one.version) for one in image.dynamic_symbols if one.version)
    rows = [(one.library, one.name, f"{wanted[one.library, one.name]:,}") for one in image.versions]
    heads = ("library", "version", "symbols that ask for it")
    return details(f"{len(rows)} versions of libraries", table(heads, rows, numeric=(2,)))


def _relocations(image: Image) -> Markup:
    if not len(image.relocations):
        return join([])
    kinds = Counter(image.relocations.kind_names)
    rows = [(code(kind), f"{count:,}") for kind, count in kinds.most_common()]
    title = f"{len(image.relocations):,} relocations left to the loader"
    return details(title, table(("kind", "how many"), rows, numeric=(1,)))


def _stubs(image: Image) -> Markup:
    if not image.plt:
        return join([])
    rows = [
        (
            hexadecimal(one.address),
            hexadecimal(one.slot),
            code(one.symbol) if one.symbol else "the dynamic loader itself",
            one.version,
        )
        for one in image.plt[:MAX_ROWS]
    ]
    title = f"{len(image.plt)} stubs that call shared libraries"
    return details(title, table(("stub", "slot", "function", "version"), rows, numeric=(0, 1)))
