"""The thread of a position, judged by the files and the process it leads to."""

from __future__ import annotations

import pytest

from golifelab.binary import Binary
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.executable import executable
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
    binary = program.link()
    back = binary.explain(address=address)
    assert back.command == f"golifelab explain {binary.path} {address:#x}"
    last = binary.size - 1  # no segment loads it, so no address stands for it
    said = binary.explain(offset=last).command
    assert said == f"golifelab explain --offset {binary.path} {last:#x}"
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


@pytest.fixture(scope="module")
def binary() -> Binary:
    return sample("add").link()


def test_data_types_and_padding_have_names(binary: Binary) -> None:
    """Each byte that a placed symbol covers leads to it, with who points there."""
    text = next(one for one in binary.placement if one.name.startswith("go:string."))
    (there,) = binary.explain(address=text.address).at("object")
    assert (there.kind, there.label) == ("exact", f"{text.name}+0x0")
    facts = there.facts
    pointers = [value for name, value in facts if name == "pointed to by"]
    assert pointers[0].startswith(binary.placement.pointers_to(text)[0].symbol.name)
    assert "string constants" in dict(facts)["what it is"]

    kind = binary.placement.of("type:string")
    (there,) = binary.explain(address=kind.address + 3).at("object")
    assert there.label == "type:string+0x3"
    assert "type description" in dict(there.facts)["what it is"]

    gap = next(span for span in binary.coverage(".text") if span.kind == "padding")
    (there,) = binary.explain(address=gap.start).at("object")
    assert (there.kind, there.label) == ("category", f"{gap.name}+0x0")
    assert "starts at a multiple of" in there.evidence


def test_a_hole_in_code_says_what_went_in(binary: Binary) -> None:
    add = binary.placement.of("main.add")
    call = binary.placement.pointers_to(add)[0]
    (there,) = binary.explain(address=call.address + 1).at("object")
    assert there.label.startswith(f"{call.symbol.name}+")
    assert dict(there.facts)[f"filled in at {call.address:#x}"] == f"{call.kind} main.add+0"


def test_what_the_linker_made(binary: Binary) -> None:
    table = next(s for s in binary.sections if s.name.endswith("gopclntab"))
    (there,) = binary.explain(address=table.address).at("object")
    assert (there.kind, there.label) == ("category", "pclntab: pcHeader+0x0")


def test_the_file_s_own_bytes(binary: Binary) -> None:
    """Headers are loaded but in no section; debug information is in a section, never loaded."""
    assert binary.explain(offset=5).at("executable")[-1].label == "ELF header+0x5"
    symtab = binary.image.section(".symtab")
    (there,) = binary.explain(offset=symtab.offset + 1).at("executable")
    assert there.label == ".symtab+0x1"
    assert dict(there.facts)["in memory"].startswith("never")
    for outside in (-1, binary.size):
        with pytest.raises(GolifelabError, match="bytes, none at"):
            binary.explain(offset=outside)


def test_a_file_that_was_found_tells_what_it_can(binary: Binary) -> None:
    found = Binary.of(executable(binary.path))
    # A key of the cache is nobody's name for a file.
    assert (binary.name, found.name) == ("the executable of main.go", "the executable")
    assert executable("/proc/self/exe").name == "exe"
    with pytest.raises(FeatureUnavailable, match="objects"):
        _ = found.placement
    kind = binary.placement.of("type:string")
    (there,) = found.explain(address=kind.address).at("object")
    assert there.kind in ("end", "category")
    assert there.evidence
