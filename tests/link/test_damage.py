"""Damaged files: readers answer with a ParseError or with a value, quickly, and never otherwise."""

from __future__ import annotations

import random
import time
import tracemalloc

import pytest
from hypothesis import given, settings, strategies as st

from golifelab.errors import ParseError
from golifelab.link.elf.image import Image
from golifelab.link.executable import link
from golifelab.link.metadata.pclntab import FunctionTable
from golifelab.link.object.file import object_file, read_object
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.link import Mode

EMPTY = Source.from_text("package main\n\nfunc main() { println(1) }\n")
SECONDS = 20.0


def read_everything_of_an_object(content: bytes) -> None:
    objects = read_object(content)
    for symbol in objects.symbols:
        assert len(symbol.data) <= len(content)
        assert len(symbol.relocations) + len(symbol.auxiliary) <= len(content)
    assert objects.files is not None
    assert objects.packages is not None
    assert objects.references is not None


def read_everything_of_an_image(content: bytes) -> None:
    image = Image("damaged", content)
    assert image.interpreter is not None
    assert len(image.needed) + len(image.symbols) + len(image.functions) <= 2 * len(content)
    for address in (image.entry, 0, 1 << 40, (1 << 64) - 1):
        image.section_at(address)
        image.symbol_at(address)
        image.bytes_at(address, 16)
        image.address_of(image.offset_of(address) or 0)
    assert image.build_info is None or image.build_info.go_version is not None


def read_everything_of_a_table(content: bytes) -> None:
    table = FunctionTable(Image("damaged", content))
    chosen = random.Random(1)
    for _ in range(60):
        function = table[chosen.randrange(len(table))] if len(table) else None
        if function is None:
            return
        table.lines(function)
        for address in (function.entry, (function.entry + function.end) // 2):
            table.calls(address)
            table.frame_size(address)


def survives(reader, content: bytes) -> None:
    started = time.perf_counter()
    tracemalloc.start()
    try:
        reader(content)
    except ParseError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 40 * len(content) + (64 << 20)
    assert time.perf_counter() - started < SECONDS


@pytest.fixture(scope="module")
def object_bytes() -> bytes:
    return object_file(EMPTY, Target()).content


@pytest.fixture(scope="module")
def image_bytes() -> bytes:
    return link(EMPTY, Target(), Mode(flags=("-w",))).image.data


damage = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(
            [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x80", b"\xff\xff\xff\x7f", b"\x01", b"\0\0\0\x80"]
        ),
    ),
    min_size=1,
    max_size=8,
)


def damaged(content: bytes, changes, start: int, end: int) -> bytes:
    data = bytearray(content)
    for place, patch in changes:
        offset = start + int(place * (end - start - len(patch)))
        data[offset : offset + len(patch)] = patch
    return bytes(data)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(changes=damage, cut=st.one_of(st.none(), st.floats(0, 1)))
def test_objects(object_bytes, changes, cut):
    content = damaged(object_bytes, changes, 0, len(object_bytes))
    survives(read_everything_of_an_object, content[: int(len(content) * cut)] if cut else content)


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(changes=damage)
def test_headers_of_objects(object_bytes, changes):
    start = object_bytes.index(b"\x00go120ld")
    survives(read_everything_of_an_object, damaged(object_bytes, changes, start + 8, start + 400))


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(changes=damage, cut=st.one_of(st.none(), st.floats(0, 1)))
def test_headers_of_images(image_bytes, changes, cut):
    content = damaged(image_bytes, changes, 4, 400)
    survives(read_everything_of_an_image, content[: int(len(content) * cut)] if cut else content)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(changes=damage)
def test_section_tables(image_bytes, changes):
    start = int.from_bytes(image_bytes[40:48], "little")
    survives(read_everything_of_an_image, damaged(image_bytes, changes, start, start + 64 * 20))


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(changes=damage)
def test_function_tables(image_bytes, changes):
    section = Image("whole", image_bytes).section(".gopclntab")
    size = section.size // 50 if len(changes) % 2 else section.size
    content = damaged(image_bytes, changes, section.offset, section.offset + size)
    survives(read_everything_of_a_table, content)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    noise=st.binary(max_size=400), head=st.sampled_from([b"", b"\x7fELF\x02\x01\x01", b"!<arch>\n"])
)
def test_noise(noise, head):
    for reader in (
        read_everything_of_an_object,
        read_everything_of_an_image,
        read_everything_of_a_table,
    ):
        survives(reader, head + noise)
