"""What the samples of chapter 4 tell of their own memory, and what a held process tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from golifelab.claims import mappings as module
from golifelab.claims.held import held_anyhow, status
from golifelab.claims.mappings import kernel_names
from golifelab.claims.own_memory import homes, mapping_of, touched
from golifelab.claims.workbench import Lab, workbench
from golifelab.errors import FeatureUnavailable
from golifelab.load.memory.maps import PAGE


@pytest.fixture(scope="module")
def lab(target) -> Lab:
    return Lab(workbench(target))


def test_pages_come_when_they_are_touched(lab):
    seen = touched(lab)
    table = [one for what, one in seen.items() if what.startswith("table")]
    assert len(table) == 4
    assert [one.present for one in table] == sorted(one.present for one in table)
    assert table[-1].present == table[-1].pages == 513
    # One fault brings a number of pages that is a power of two: the kernel's own setting.
    brought = table[1].present - table[0].present
    assert brought & (brought - 1) == 0
    first, last = table[1].came
    assert last - first == brought * PAGE
    assert first % (last - first) == 0
    assert table[3].faults >= (table[3].present - table[2].present) / brought


def test_a_place_of_each_kind_is_in_a_mapping(lab):
    places, rows = homes(lab)
    assert {"filled", "pointer", "empty", "nowhere", "code", "allocated", "local"} == set(places)
    found = {name: mapping_of(rows, address) for name, address in places.items()}
    assert all(found.values())
    assert found["filled"].file
    assert found["code"].file
    assert not found["allocated"].file
    assert mapping_of(rows, 1) is None


def test_a_position_independent_program_sees_its_things_elsewhere(lab):
    plain, _ = homes(lab)
    moved, rows = homes(lab, "homes pie")
    assert moved["code"] > plain["code"] + (1 << 32)
    assert mapping_of(rows, moved["code"]).permissions == "r-xp"


def test_the_kernel_says_what_a_held_process_takes(lab):
    process = held_anyhow(lab, "hello", "main.main")
    with process:
        sizes = status(process)
        mapped = sum(row.size for row in process.maps if row.path != "[vsyscall]")
    assert sizes["VmSize"] == mapped
    assert 0 < sizes["VmRSS"] < sizes["VmSize"]


def test_names_of_the_kernel_that_are_hidden_are_no_names(monkeypatch, tmp_path):
    for text in (None, "", "0000 T _text\n"):
        path = tmp_path / f"names{text is None}"
        if text is not None:
            path.write_text(text)
        monkeypatch.setattr(module, "Path", lambda _, path=path: Path(path))
        kernel_names.cache_clear()
        with pytest.raises(FeatureUnavailable, match="the kernel's names"):
            kernel_names()
    kernel_names.cache_clear()
