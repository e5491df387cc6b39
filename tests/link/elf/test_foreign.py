"""Mach-O and PE files, judged by Go's own packages debug/macho and debug/pe."""

from __future__ import annotations

import base64
import json

import pytest

from golifelab.errors import GolifelabError, ParseError
from golifelab.link.elf.foreign import foreign_file
from golifelab.link.elf.image import Image
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

JUDGE = """package main

import (
	"debug/macho"
	"debug/pe"
	"encoding/json"
	"os"
	"strings"
)

type part struct {
	Segment, Name                       string
	Address, Memory, Offset, Size uint64
}

type file struct {
	Cpu, Bits int
	Entry     uint64
	Parts     []part
	Libraries []string
}

func readMacho(name string) (out file, err error) {
	f, err := macho.Open(name)
	if err != nil {
		fat, e := macho.OpenFat(name)
		if e != nil {
			return out, err
		}
		f = fat.Arches[0].File
	}
	out.Cpu = int(f.Cpu)
	out.Bits = 32
	if f.Magic == macho.Magic64 {
		out.Bits = 64
	}
	for _, s := range f.Sections {
		p := part{s.Seg, s.Name, s.Addr, s.Size, uint64(s.Offset), s.Size}
		if s.Flags&0xff == 1 {
			p.Size = 0
		}
		out.Parts = append(out.Parts, p)
	}
	out.Libraries, err = f.ImportedLibraries()
	return out, err
}

func readPE(name string) (out file, err error) {
	f, err := pe.Open(name)
	if err != nil {
		return out, err
	}
	out.Cpu = int(f.Machine)
	base := uint64(0)
	switch h := f.OptionalHeader.(type) {
	case *pe.OptionalHeader32:
		out.Bits, base, out.Entry = 32, uint64(h.ImageBase), uint64(h.AddressOfEntryPoint)
	case *pe.OptionalHeader64:
		out.Bits, base, out.Entry = 64, h.ImageBase, uint64(h.AddressOfEntryPoint)
	}
	out.Entry += base
	for _, s := range f.Sections {
		p := part{"", s.Name, base + uint64(s.VirtualAddress), uint64(s.VirtualSize), 0, 0}
		p.Offset, p.Size = uint64(s.Offset), uint64(s.Size)
		out.Parts = append(out.Parts, p)
	}
	symbols, err := f.ImportedSymbols()
	seen := map[string]bool{}
	for _, s := range symbols {
		_, library, _ := strings.Cut(s, ":")
		if !seen[library] {
			seen[library] = true
			out.Libraries = append(out.Libraries, library)
		}
	}
	return out, err
}

func main() {
	out := map[string]any{}
	for _, name := range os.Args[1:] {
		read := readPE
		if strings.HasSuffix(name, ".macho") {
			read = readMacho
		}
		if f, err := read(name); err != nil {
			out[name] = err.Error()
		} else {
			out[name] = f
		}
	}
	json.NewEncoder(os.Stdout).Encode(out)
}
"""
CPUS = {7: "386", 0x01000007: "amd64", 0x14C: "386", 0x8664: "amd64"}


@pytest.fixture(scope="module")
def files(newest, tmp_path_factory):
    """The executables among the test files of debug/macho and debug/pe."""
    folder = tmp_path_factory.mktemp("foreign")
    root = find_go(newest.go).root / "src" / "debug"
    for path in (root / "macho" / "testdata").glob("*exec*.base64"):
        content = base64.b64decode(path.read_bytes())
        (folder / f"{path.stem}.macho").write_bytes(content)
    for path in (root / "pe" / "testdata").glob("*-exec"):
        (folder / f"{path.name}.pe").write_bytes(path.read_bytes())
    found = sorted(folder.iterdir())
    if not found:
        pytest.skip("this Go comes without its test files")
    return found


@pytest.fixture(scope="module")
def judged(files, built, newest):
    done = run([built(JUDGE, newest), *files], timeout=60)
    return json.loads(done.text)


def test_headers(files, judged):
    compared = 0
    for path in files:
        theirs = judged[str(path)]
        if isinstance(theirs, str):
            continue  # Made to be refused: damage in what we do not read.
        ours = foreign_file(path)
        assert ours.machine == CPUS[theirs["Cpu"]], path.name
        assert ours.bits == theirs["Bits"]
        rows = [
            (p["Segment"], p["Name"], p["Address"], p["Memory"], p["Offset"], p["Size"])
            for p in theirs["Parts"]
        ]
        assert [
            (
                part.segment,
                part.name,
                part.address,
                part.memory_size,
                part.offset,
                # What a section has in a PE file is padded; the rest of it is no content.
                size if part.memory_size and part.memory_size < size else part.file_size,
            )
            for part, (*_, size) in zip(ours.sections, rows, strict=True)
        ] == rows, path.name
        assert list(ours.libraries) == (theirs["Libraries"] or []), path.name
        if ours.format == "PE":
            assert ours.entry == theirs["Entry"]
        compared += 1
    assert compared > 4


def test_what_they_are(files):
    kinds = {foreign_file(path).flavour for path in files}
    assert "executable" in kinds
    for path in files:
        ours = foreign_file(path)
        assert ours.build_info is None  # gcc made them.
        assert ours.section(".nobody") is None
        assert (ours.entry is None) == ("executable" not in ours.flavour)
        with pytest.raises(ParseError, match="Mach-O" if ours.format == "Mach-O" else "PE"):
            Image(path)


def test_what_is_neither(tmp_path):
    path = tmp_path / "text"
    path.write_text("package main")
    with pytest.raises(ParseError, match="neither"):
        foreign_file(path)
    with pytest.raises(GolifelabError, match="cannot read"):
        foreign_file(tmp_path / "missing")
    universal = b"\xca\xfe\xba\xbe" + bytes(4)
    with pytest.raises(ParseError, match="without a part"):
        foreign_file("universal", universal)
