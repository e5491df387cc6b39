"""Every table of ELF files, judged by readelf: what differs is in how it writes, and said here."""

from __future__ import annotations

import re
import shutil

import pytest

from golifelab.errors import ParseError
from golifelab.link.elf.image import Image
from golifelab.link.elf.relocations import LoaderRelocations
from golifelab.link.elf.structure import Section, Segment, Structure
from golifelab.link.object.parse import archive_members
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

pytestmark = pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf is not installed")

_SECTION = re.compile(
    r"^\s+\[ *(\d+)\] (\S*)\s+(\S+)\s+([0-9a-f]{8,16}) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) "
    r"+([A-Za-z]*) +(\d+) +(\d+) +(\d+)$"
)
_SEGMENT = re.compile(
    r"^  (\S+)\s+" + r"(0x[0-9a-f]+) " * 5 + r"([R ])([W ])([E ]) (0x[0-9a-f]+|0)$"
)
_SYMBOL = re.compile(
    r"^ +(\d+): ([0-9a-f]+) +(\d+|0x[0-9a-f]+) (\S+) +(\S+) +(\w+) +(?:\[.*\] +)?"
    r"(?:bad section index\[ *)?(\w+)\]? ?(.*)$"
)
_DYNAMIC = re.compile(r"^ 0x([0-9a-f]+) \(([^)]*)\) +(.*)$")
_RELOCATION = re.compile(r"^([0-9a-f]{8,16})  ([0-9a-f]{8,16}) (\S+) *(.*)$")
_NOTE = re.compile(r"^  (\S+) +0x([0-9a-f]{8})\t(.*)$")
# What readelf calls the types that pyelftools names after the header files.
_TYPES = {"GNU_versym": "VERSYM", "GNU_verneed": "VERNEED", "GNU_verdef": "VERDEF"}
_SYSTEMS_SEGMENTS = 0x60000000


def ask(flags: str, path) -> str:
    done = run(["readelf", flags, "-W", path], env={"LC_ALL": "C"}, timeout=60)
    return done.text


def check_header(image, path):
    text = ask("-h", path)
    said = dict(re.findall(r"^  ([^:\n]+): +(.*)$", text, re.MULTILINE))
    assert int(said["Entry point address"], 16) == image.entry
    assert said["Type"].split(" ")[0] == image.type
    assert said["Class"] == f"ELF{image.bits}"
    assert f"{image.byte_order} endian" in said["Data"]
    assert int(said["Number of section headers"].split()[0]) == len(image.sections)
    assert int(said["Number of program headers"].split()[0]) == len(image.segments)


def check_sections(image, path):
    theirs = []
    for line in ask("-S", path).splitlines():
        if match := _SECTION.match(line):
            index, name, kind, *rest = match.groups()
            place = [int(word, 16) for word in rest[:4]]
            theirs.append((int(index), name, kind, *place, rest[4], *map(int, rest[5:])))
    ours = [
        (
            *(s.index, s.name, _TYPES.get(s.type, s.type), s.address, s.offset, s.size),
            *(s.entry_size, s.flags, s.link, s.info, s.alignment),
        )
        for s in image.sections
    ]
    # The first header is empty, and readelf leaves out its name with all blanks.
    known = {row[0]: row for row in theirs}
    assert len(known) >= len(ours) - 1
    for row in ours:
        if row[0] in known:
            other = known[row[0]]
            assert row[:2] + row[3:7] + row[8:] == other[:2] + other[3:7] + other[8:]
            assert sorted(row[7]) == _letters(other[7]), row
            # Types of one processor or system have a name in one of the two only.
            if not (row[2].startswith("0x") or "+0x" in other[2] or "MIPS" in other[2]):
                assert row[2] == other[2]


def _letters(flags: str) -> list[str]:
    """readelf's letters, those for one system or processor as "o" and "p"."""
    return sorted({"l": "p", "R": "o", "D": "o"}.get(letter, letter) for letter in flags)


def check_segments(image, path):
    theirs = []
    for line in ask("-l", path).splitlines():
        if match := _SEGMENT.match(line):
            kind, offset, address, _, file_size, memory_size, r, w, x, align = match.groups()
            numbers = [int(word, 16) for word in (offset, address, file_size, memory_size)]
            permissions = (r + w + x).replace(" ", "-").lower().replace("e", "x")
            if kind.startswith("LOOS+"):
                kind = f"0x{int(kind[5:], 16) + _SYSTEMS_SEGMENTS:x}"
            theirs.append((kind.split("_")[-1][:8], *numbers, permissions, int(align, 16)))
    ours = [
        (
            *(s.type.split("_")[-1][:8], s.offset, s.address, s.file_size, s.memory_size),
            *(s.permissions, s.alignment),
        )
        for s in image.segments
    ]
    assert theirs == ours


def symbol_rows(path):
    """readelf's symbols: table → rows of (name, value, size, type, binding, visibility, place)."""
    block = re.split(r"\nSymbol table '(\S+)' contains", ask("-s", path))
    found = {}
    for name, text in zip(block[1::2], block[2::2], strict=True):
        matches = (_SYMBOL.match(line) for line in text.splitlines())
        found[name] = [
            (m[8], int(m[2], 16), int(m[3], 0), m[4], m[5], m[6], m[7]) for m in matches if m
        ]
    return found


def check_symbols(image, path):
    indices = {section.name: str(section.index) for section in image.sections}
    names = [section.name for section in image.sections]
    tables = symbol_rows(path)
    for table, symbols in ((".symtab", image.symbols), (".dynsym", image.dynamic_symbols)):
        ours = []
        for one in symbols:
            place = {"": "UND", "ABS": "ABS", "COMMON": "COM"}.get(one.section)
            place = place or indices.get(one.section, one.section.removeprefix("#"))
            # Sections may share a name; then only the name is told by us.
            place = one.section if names.count(one.section) > 1 else place
            # Old linkers put the version into the name, in tables that have none.
            # … and a version is itself a symbol, of that version.
            version = f"@{one.version}" if one.version not in ("", one.name) else ""
            name = one.name.replace("@@", "@") + version
            row = (name, one.address, one.size, one.type, one.binding, one.visibility, place)
            ours.append(row)
        theirs = []
        for name, value, size, kind, binding, seen, place in tables.get(table, []):
            # Sections have symbols without a name, which readelf writes with the section's; @@ is
            # the default version of what the file itself gives, (2) the version's number.
            if not name or kind == "SECTION":
                continue
            plain = re.sub(r" \(\d+\)$", "", name).replace("@@", "@")
            known = place.isdigit() and int(place) < len(names)
            shared = known and names.count(names[int(place)]) > 1
            where = names[int(place)] if shared else place
            theirs.append((plain, value, size, kind, binding, seen, where))
        ours = [row for row in ours if row[3] != "SECTION"]
        # readelf cuts names with bytes that no ASCII letter has: numbers must agree all the same.
        cut = {row[1:] for row in theirs if "[...]" in row[0]}
        assert sorted(row for row in theirs if row[1:] not in cut) == sorted(
            row for row in ours if row[1:] not in cut
        )
        assert len(theirs) == len(ours)


def check_dynamic(image, path):
    theirs = [m.groups() for m in map(_DYNAMIC.match, ask("-d", path).splitlines()) if m]
    theirs = theirs[:-1] if theirs and theirs[-1][1] == "NULL" else theirs
    # Files may end their list with several empty entries.
    theirs = [row for row in theirs if row[1] != "NULL"]
    assert len(theirs) == len(image.dynamic)
    for (number, tag, said), entry in zip(theirs, image.dynamic, strict=True):
        if entry.tag.startswith("0x"):
            assert int(number, 16) == int(entry.tag, 16)
            continue
        assert entry.tag == tag
        if name := re.search(r"\[(.*)\]", said):
            assert entry.text == name[1]
        elif tag in ("FLAGS", "FLAGS_1"):
            assert entry.text == said.removeprefix("Flags: ").replace("None", "").strip()
        elif tag == "PLTREL":
            assert {"RELA": 7, "REL": 17}[said] == entry.value
        else:
            assert int(said.split(" ")[0], 0) == entry.value


def check_notes(image, path):
    text = ask("-n", path)
    theirs = [m.groups() for m in map(_NOTE.match, text.splitlines()) if m]
    if not image.sections or image.type == "CORE":
        return
    ours = [(note.owner, len(note.description)) for note in image.notes]
    assert [(owner, int(size, 16)) for owner, size, _ in theirs] == ours
    assert re.findall(r"Build ID: (\S+)", text) == [image.gnu_build_id] * bool(image.gnu_build_id)
    systems = [note.text for note in image.notes if (note.owner, note.type) == ("GNU", 1)]
    assert systems == [f"{a} {b}" for a, b in re.findall(r"OS: (\S+), ABI: (\S+)", text)]
    go = [note.description.hex(" ") for note in image.notes if note.owner == "Go"]
    assert (
        go
        == [one.strip() for one in re.findall(r"description data: ([0-9a-f ]+)", text)][: len(go)]
    )


def check_relocations(image, path):
    matches = filter(None, map(_RELOCATION.match, ask("-r", path).splitlines()))
    theirs = [(int(match[1], 16), match[3], match[4]) for match in matches]
    ours = list(image.relocations)
    packed = [one for one in image.sections if one.type == "RELR"]
    if packed:
        # readelf lists the words of packed tables in a form of its own.
        names = {one.name for one in packed}
        ours = [one for one in ours if one.section not in names]
    if image.machine == "#43":
        return  # SPARC keeps more than a kind in that field.
    assert [row[0] for row in theirs] == [one.address for one in ours]
    for (_, kind, rest), one in zip(theirs, ours, strict=True):
        # readelf cuts the kind at 22 letters, and has short names for some.
        short = one.kind.replace("JUMP_SLOT", "JUMP_SL")
        assert one.kind.startswith(kind) or kind.startswith(short) or one.kind.startswith("#")
        if one.symbol and not rest.startswith("Type"):
            words = rest.split(" ", 1)[1].strip()
            name, _, addend = words.partition(" + ")
            sign = 1
            if " - " in words:
                (name, _, addend), sign = words.partition(" - "), -1
            version = f"@{one.version}" if one.version else ""
            assert (
                name.strip().replace("@@", "@") == one.symbol.strip().replace("@@", "@") + version
            )
            if addend:
                assert sign * int(addend, 16) == one.addend


CHECKS = (
    check_header,
    check_sections,
    check_segments,
    check_symbols,
    check_dynamic,
    check_notes,
    check_relocations,
)


def check(path):
    image = Image(path)
    for one in CHECKS:
        one(image, path)
    return image


def test_programs_of_go(program):
    image = check(program.path)
    assert bool(image.symbols) != image.stripped


def test_programs_that_call_c(with_c):
    image = check(with_c)
    assert {version.library for version in image.versions} == {"libc.so.6"}
    assert "puts" in {entry.symbol for entry in image.plt}


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_archives_for_c(built, calls_c, newest, tmp_path):
    """An archive of object files: Go's own, and those that gcc made."""
    archive = built(calls_c, newest.with_(cgo=True), "-buildmode=c-archive")
    with pytest.raises(ParseError, match="archive"):
        Image(archive)
    content = archive.read_bytes()
    objects = []
    for member in archive_members(content):
        path = tmp_path / f"{len(objects)}.o"
        path.write_bytes(content[member.offset : member.offset + member.size])
        if path.read_bytes()[:4] == b"\x7fELF":
            objects.append(check(path) if len(objects) < 4 else Image(path))
    assert {image.type for image in objects} == {"REL"}
    assert {image.flavour for image in objects} == {"object file"}
    assert any(image.symbol("main.main") for image in objects)
    assert any("puts" in {one.symbol for one in image.relocations} for image in objects)


def test_programs_that_ask_for_functions_of_libc(importing):
    image = check(importing)
    assert image.needed == ("libc.so.6",)
    first, *stubs = image.plt
    assert first.symbol == ""
    assert [stub.symbol for stub in stubs] == ["puts", "free"]
    slots = {slot.address: slot for slot in image.got}
    assert [slots[stub.slot].kind for stub in stubs] == ["JUMP_SLOT"] * 2
    assert slots[first.slot].kind == "reserved"
    assert all(image.section_at(stub.address).name == ".plt" for stub in image.plt)


def test_programs_for_other_processors(for_processor):
    image = check(for_processor)
    assert image.entry_symbol == f"_rt0_{image.machine}_linux"
    assert image.functions.named("main.main")
    assert image.build_info.settings["GOARCH"] == image.machine


def test_files_of_other_linkers(elf_files):
    machines = set()
    for path in elf_files:
        try:
            machines.add(check(path).machine)
        except (AssertionError, ParseError) as error:
            raise AssertionError(f"{path.name}: {error}") from error
    assert len(machines) > 8 or len(elf_files) < 20


@pytest.mark.slow
@pytest.mark.parametrize("name", ["go", "compile"])
def test_the_tools_themselves(name, newest):
    go = find_go(newest.go)
    check(go.command if name == "go" else go.tool(name))


def test_packed_relocations():
    """No linker writes them for Go yet: a table made by hand, an address and a bitmap."""
    words = (0x1000).to_bytes(8, "little") + (0b1011).to_bytes(8, "little")
    data = bytearray(words.ljust(0x200, b"\0"))
    for place, target in ((0x100, 0x1111), (0x108, 0x2222), (0x118, 0x3333)):
        data[place : place + 8] = target.to_bytes(8, "little")
    table = Section(1, ".relr.dyn", "RELR", "A", 0xF00, 0, 16, 8, 8, 0, 0)
    segment = Segment(0, "LOAD", "rw-", 0x100, 0x1000, 0x100, 0x100, 8)
    null = Section(0, "", "NULL", "", 0, 0, 0, 0, 0, 0, 0)
    parsed = Structure(64, "little", "DYN", "amd64", 0, (segment,), (null, table))
    found = LoaderRelocations(bytes(data), parsed)
    assert found.relative == {0x1000: 0x1111, 0x1008: 0x2222, 0x1018: 0x3333}
    assert found[2].kind == "R_X86_64_RELATIVE"
    endless = Section(1, ".relr.dyn", "RELR", "A", 0xF00, 0, 400, 8, 8, 0, 0)
    parsed = Structure(64, "little", "DYN", "amd64", 0, (segment,), (null, endless))
    with pytest.raises(ParseError, match="more words"):
        LoaderRelocations(b"\xff" * 400, parsed)
