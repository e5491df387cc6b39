"""The static twin of what an executable tells its loader, and of files for other systems."""

from __future__ import annotations

import shutil

import pytest

from golifelab.link.elf.foreign import foreign_file
from golifelab.link.elf.image import Image
from golifelab.link.executable import executable, link
from golifelab.toolchain.go import find_go
from golifelab.toolchain.link import Mode
from golifelab.views.linkage import foreign_html, linkage_html
from golifelab.views.stage import stage_html

NAMED = Mode(flags=("-buildid", "known-to-the-test"))


def test_a_static_program_has_notes_only(hello, target):
    image = link(hello, target, NAMED).image
    shown = str(linkage_html(image))
    assert image.build_id == "known-to-the-test"
    assert image.build_id in shown
    assert f"noted by go{image.build_info.go_version}" in shown
    assert "stubs" not in shown
    assert "dynamic loader" not in shown


def test_a_program_that_can_be_moved(hello, target):
    made = link(hello, target, Mode("pie"))
    shown = str(stage_html(made))
    assert "position-independent executable for amd64, 64 bits" in shown
    assert f"<td>{len(made.image.relocations):,}</td>" in shown or "R_X86_64_RELATIVE" in shown
    assert "entries for the dynamic loader" in shown


@pytest.mark.skipif(shutil.which("ls") is None, reason="there is no ls")
def test_stubs_and_versions():
    path = shutil.which("ls")
    with open(path, "rb") as stream:  # noqa: PTH123 - a string is what which gives
        if stream.read(4) != b"\x7fELF":
            pytest.skip("ls is no ELF file")
    image = Image(path)
    shown = str(stage_html(executable(path)))
    for version in image.versions:
        assert version.name in shown
    for stub in image.plt:
        assert stub.symbol in shown


def test_names_are_escaped(hello, target):
    image = link(hello, target, NAMED).image
    data = image.data.replace(b"known-to", b"<script>")
    shown = str(linkage_html(Image("changed", data)))
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_file_for_windows():
    path = find_go().root / "src" / "debug" / "pe" / "testdata" / "gcc-386-mingw-exec"
    if not path.exists():
        pytest.skip("this Go comes without its test files")
    image = foreign_file(path)
    shown = str(foreign_html(image))
    assert "KERNEL32.dll" in shown
    assert image.limits in shown
    assert shown in str(stage_html(image))
    assert image.to_json()["stage"] == "foreignimage"
    assert len(image.frame()) == len(image.sections)
