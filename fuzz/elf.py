"""The readers of ELF, Mach-O and PE files, asked for all they have; seeds of many processors."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

from fuzz.metadata import OTHERS, built_for
from fuzz.reader import Seed
from golifelab.link.elf.foreign import foreign_file
from golifelab.link.elf.image import Image
from golifelab.link.executable import link
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import Mode

_EMPTY = Source.from_text("package main\n\nfunc main() { println(1) }\n")
# Of the test files of debug/elf: executables, a library, objects of both widths and byte orders.
_ELF_FILES = (
    "gcc-386-freebsd-exec",
    "gcc-amd64-linux-exec",
    "gcc-riscv64-linux-exec",
    "libtiffxx.so_",
    "go-relocation-test-clang-x86.obj",
    "go-relocation-test-gcc482-aarch64.obj",
    "go-relocation-test-gcc492-mips64.obj",
    "go-relocation-test-gcc531-s390x.obj",
    "go-relocation-test-gcc540-mips.obj",
)
_MACHO_FILES = (
    "gcc-386-darwin-exec.base64",
    "clang-amd64-darwin-exec-with-rpath.base64",
    "fat-gcc-386-amd64-darwin-exec.base64",
)
_PE_FILES = ("gcc-386-mingw-exec", "gcc-386-mingw-no-symbols-exec", "gcc-amd64-mingw-exec")
_TABLES = {"SYMTAB", "DYNSYM", "DYNAMIC", "REL", "RELA", "RELR", "NOTE"}
_TABLES |= {"GNU_verneed", "GNU_verdef", "GNU_versym"}
_NAMED = {".go.buildinfo", ".shstrtab", ".plt", ".plt.sec", ".got.plt"}


def read_image_whole(content: bytes) -> None:
    """Every table of an ELF file, and look-ups at addresses that are none."""
    image = Image("damaged", content)
    assert image.interpreter is not None
    assert len(image.needed) + len(image.symbols) + len(image.functions) <= 2 * len(content)
    assert len(list(image.symbols)) == len(image.symbols)
    assert len(list(image.functions)) == len(image.functions)
    assert len(image.dynamic) + len(image.notes) + len(image.versions) <= len(content)
    assert len(image.dynamic_symbols) + len(image.plt) + len(image.got) <= len(content)
    # A packed table has up to 63 relocations in eight bytes.
    assert len(image.relocations) <= 8 * len(content)
    for relocation in image.relocations[:200]:
        assert relocation.kind
    for address in (image.entry, 0, 1 << 40, (1 << 64) - 1, -1):
        image.section_at(address)
        image.symbol_at(address)
        image.function_at(address)
        image.bytes_at(address, 16)
        image.pointer_at(address)
        image.address_of(image.offset_of(address) or 0)
    assert image.build_info is None or image.build_info.go_version is not None
    assert image.flavour
    assert image.build_id is not None


def read_foreign_whole(content: bytes) -> None:
    """All that headers of Mach-O and PE files say."""
    image = foreign_file("damaged", content)
    assert len(image.sections) + len(image.segments) + len(image.libraries) <= len(content)
    assert image.build_info is None or image.build_info.go_version is not None
    assert image.flavour


@cache
def image_seeds() -> tuple[Seed, ...]:
    """Small executables of Go with symbols, and files of other linkers for other processors."""
    kinds = {"executable": Mode(flags=("-w",)), "pie": Mode("pie", flags=("-w",))}
    files = {name: link(_EMPTY, Target(), mode).image.data for name, mode in kinds.items()}
    files |= {goarch: built_for(goarch) for goarch in OTHERS}
    files |= _test_files("elf", _ELF_FILES)
    return tuple(Seed(name, content, _spots(content)) for name, content in files.items())


@cache
def foreign_seeds() -> tuple[Seed, ...]:
    """The test files of debug/macho and debug/pe; nearly all their headers are at the start."""
    found = {
        name: base64.b64decode(content)
        for name, content in _test_files("macho", _MACHO_FILES).items()
    }
    # Those of Go's own distributions may be left out: these headers are the least there is.
    found |= _test_files("pe", _PE_FILES) | {"empty": _EMPTY_MACHO}
    return tuple(
        Seed(name, content, ((0, min(512, len(content))), (0, min(2048, len(content)))))
        for name, content in found.items()
    )


_EMPTY_MACHO = b"\xcf\xfa\xed\xfe" + b"".join(
    number.to_bytes(4, "little") for number in (0x0100000C, 0, 2, 0, 0, 0, 0)
)


def _test_files(package: str, names: tuple[str, ...]) -> dict[str, bytes]:
    """Test files of a package debug/…, as far as this toolchain has them."""
    folder: Path = find_go().root / "src" / "debug" / package / "testdata"
    return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}


def _spots(content: bytes) -> tuple[tuple[int, int], ...]:
    image = Image("seed", content)
    wide = image.bits == 64
    order = "little" if image.byte_order == "little" else "big"
    raw = content[40:48] if wide else content[32:36]
    headers = int.from_bytes(raw, order)
    each = 64 if wide else 40
    spots = [(4, 64), (64, 400), (headers, headers + each * len(image.sections))]
    spots += [
        (section.offset, section.offset + min(section.size, 4096))
        for section in image.sections
        if section.file_size and (section.type in _TABLES or section.name in _NAMED)
    ]
    return tuple(spots)
