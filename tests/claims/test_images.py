from __future__ import annotations

import pytest

from golifelab.claims.held import held, pointers, words, words_of
from golifelab.claims.images import (
    all_calls,
    built,
    built_if_possible,
    called_by,
    calls_in,
    counted,
    rows_of,
)
from golifelab.claims.workbench import Lab, workbench
from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import executable
from golifelab.load.hold.tracer import PtraceRefused
from golifelab.program import sample


@pytest.fixture
def lab(target) -> Lab:
    return Lab(workbench(target))


@pytest.mark.parametrize("goarch", ["amd64", "arm64"])
def test_calls_and_their_targets_are_those_of_the_object(newest, goarch):
    studied = sample("walk", target=newest.with_(goarch=goarch))
    binary = studied.link()
    walk = binary.function("main.walk")
    found = [binary.function_at(call.target).name for call in calls_in(binary, walk)]
    wanted = [
        one.symbol
        for one in studied.object.symbol("main.walk").relocations
        if one.kind.startswith("R_CALL")
    ]
    assert [name.removesuffix(".abi0") for name in found] == wanted
    assert called_by(binary, "main.walk") == list(dict.fromkeys(found))
    for call in calls_in(binary, walk):
        assert binary.bytes_at(call.address, len(call.code)) == call.code


def test_a_call_through_a_register_has_no_target(lab):
    hello = built(lab, "hello")
    indirect = [call for call in all_calls(hello.path)["runtime.main"] if call.target is None]
    assert indirect
    assert called_by(hello, "there is none") == []


def test_an_executable_is_read_once(lab):
    assert built(lab, "hello") is built(lab, "hello")


def test_a_build_that_fails_is_a_note(lab, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(lab.bench, "_built", {})
    assert built_if_possible(lab, "own cgo") is None
    assert "gcc is not available" in lab.evidence[-1].output


def test_words_of_a_process_that_is_held(lab):
    process = held(lab, "hello", "exec")
    if process is None:
        pytest.skip(lab.evidence[-1].output)
    with process:
        hello = process.executable
        table = hello.image.section(".rodata").address
        size = hello.image.bits // 8
        (first,) = words(process, table, 1)
        assert first.to_bytes(size, hello.image.byte_order) == hello.bytes_at(table, size)
        assert words_of(process, "runtime.m0", 3) == [0, 0, 0]
        assert words_of(process, "runtime.nothing", 3) == []
        assert pointers(process, "runtime.allgs") == []
        process.run_to("main.main")
        assert len(pointers(process, "runtime.allgs")) == words_of(process, "runtime.allgs", 2)[1]


def test_where_nothing_can_be_held_the_reason_is_noted(lab, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PtraceRefused

    monkeypatch.setattr("golifelab.claims.held.start", refuse)
    assert held(lab, "hello", "main.main") is None
    assert lab.evidence[-1].output == PtraceRefused().message


def test_an_unknown_processor_is_said(newest, tmp_path):
    content = bytearray(sample("empty", target=newest).link().path.read_bytes())
    content[18:20] = (243).to_bytes(2, "little")  # EM_RISCV: to build for it takes a minute
    other = tmp_path / "other"
    other.write_bytes(content)
    binary = executable(other)
    with pytest.raises(FeatureUnavailable, match="riscv64"):
        called_by(binary, "main.main")


def test_rows_and_counts_in_words(lab):
    hello = built(lab, "hello")
    row = rows_of([hello.symbol("main.main")])
    assert row.split()[2:] == ["FUNC", "GLOBAL", ".text", "main.main"]
    assert counted({"LOCAL": 3, "GLOBAL": 1200}) == "1,200 GLOBAL, 3 LOCAL"
    assert counted({}) == "none"
