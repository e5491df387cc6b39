"""The thread of a position, judged by the files and the process it leads to."""

from __future__ import annotations

import pytest

from golifelab.errors import GolifelabError
from golifelab.program import Program, sample
from golifelab.thread import Thread

ORDER = ["source", "tokens", "syntax", "types", "ir", "ssa", "machine", "object", "executable"]


@pytest.fixture(scope="module")
def program() -> Program:
    return sample("add")


def place_of(program: Program, text: str, sign: str) -> str:
    """The position of a sign inside the only occurrence of a piece of text."""
    before, _, _ = program.text.partition(text)
    assert program.text.count(text) == 1
    line = before.count("\n") + 1
    column = len((before.rsplit("\n", 1)[-1] + text.partition(sign)[0]).encode()) + 1
    return f"main.go:{line}:{column}"


@pytest.fixture(scope="module")
def plus(program: Program) -> Thread:
    return program.thread(place_of(program, "return a + b", "+"))


def test_the_plus_is_followed_to_its_page(plus: Thread) -> None:
    stages = list(dict.fromkeys(link.stage for link in plus))
    assert stages == [*ORDER, "process"]
    assert {link.kind for link in plus} == {"exact"}
    assert plus.at("tokens")[0].label == "+"
    assert plus.at("types")[0].label == "int"
    assert "Add64" in plus.at("ssa")[0].label


def test_the_address_holds_the_instruction_s_bytes(program: Program, plus: Thread) -> None:
    (there,) = plus.at("executable")
    address = int(there.label, 16)
    code = program.machine("add")
    wanted = next(at for at in code if f"{at.text}" == plus.at("machine")[0].label)
    assert program.link().bytes_at(address, wanted.size) == wanted.bytes
    assert dict(there.facts)["section"].startswith(".text+")


def test_the_page_is_executable_and_holds_the_address(plus: Thread) -> None:
    (page,) = plus.at("process")
    start = int(page.label.removeprefix("page "), 16)
    assert start <= int(plus.at("executable")[0].label, 16) < start + 4096
    assert "r-x" in dict(page.facts)["mapping"]


def test_explain_leads_back_to_the_line(program: Program, plus: Thread) -> None:
    address = int(plus.at("executable")[0].label, 16)
    back = program.link().explain(address=address)
    assert back.at("object")[0].label.startswith("main.add+")
    (line,) = back.at("source")
    assert line.label.endswith(f"main.go:{plus.position.line}")


def test_a_broken_program_s_thread_ends_with_the_reason(program: Program) -> None:
    broken = program.edit("a + b", 'a + "b"')
    found = broken.thread(place_of(broken, 'return a + "b"', "+"))
    assert found.links[-1].kind == "end"
    assert "mismatched types" in found.links[-1].evidence


def test_white_space_and_places_outside(program: Program) -> None:
    assert program.thread("main.go:2:1", process=False).links[-1].kind == "end"
    for outside in ("main.go:9999:1", "main.go:8:200"):
        assert program.thread(outside, process=False).at("source")[0].kind == "end"


@pytest.mark.parametrize("wrong", ["nonsense", "other.go:1:1", "main.go:x"])
def test_what_is_no_position_is_told(program: Program, wrong: str) -> None:
    with pytest.raises(GolifelabError):
        program.thread(wrong)


def test_every_token_of_a_program_has_a_thread(program: Program) -> None:
    """Whatever a reader points at, there is an answer, and it stops only where it says why."""
    for token in program.tokens:
        links = program.thread(token.position, process=False).links
        assert links, token
        assert all(link.evidence for link in links)
