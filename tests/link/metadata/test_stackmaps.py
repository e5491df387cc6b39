"""Stack maps, judged by the runtime's heap dumps, by `compile -live` and by the object file."""

from __future__ import annotations

import pytest

from golifelab.compile.live import live_variables
from golifelab.errors import GolifelabError
from golifelab.link.executable import link
from golifelab.link.metadata.stackmaps import stack_maps
from golifelab.program import Program
from golifelab.source import Source
from golifelab.toolchain.link import Mode
from tests.link.metadata.heapdump import PROGRAM


def last(name):
    """The compiler's -live leaves out the package of a variable that came with an inlined body."""
    return name.split("+")[0].rsplit(".", 1)[-1]


def test_every_frame_is_the_runtimes(dumping, dump):
    frames = pointers = 0
    for stack in dump.stacks:
        callee = None
        for frame in stack:
            maps = stack_maps(dumping, frame.entry)
            assert maps.function.name == frame.name
            at = maps.at(frame.pc) if frame.pc == frame.entry else maps.after_call(frame.pc)
            # Arguments of the function it called lie in this frame: the runtime counts them here.
            told = maps.locals.address is not None
            expected = [cell.offset for cell in at.live if cell.area == "locals"]
            if callee is not None:
                above, there = callee
                told &= above.arguments.address is not None
                base = above.frame_size + above.word
                expected += [c.offset - base for c in there.live if c.area == "arguments"]
            if told:
                assert sorted(expected) == sorted(frame.pointers), frame
                frames += 1
                pointers += len(expected)
            callee = (maps, at)
    assert frames > 80
    assert pointers > 100


def test_what_is_alive_is_what_the_compiler_says(target):
    program = Program(Source.from_text(PROGRAM), target)
    assert compared(program, ["main.fill", "main.main", "main.all.func6"]) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_what_is_alive_in_all_functions(target, architecture):
    program = Program(Source.from_text(PROGRAM), target.with_(goarch=architecture))
    own = [one.symbol for one in program.functions if one.symbol.startswith("main.")]
    assert compared(program, own) > 20


def compared(program, functions):
    """Compare the calls of functions with the compiler's -live; how many places say anything."""
    live = live_variables(program.source, program.target)
    count = 0
    for function in functions:
        try:
            maps = program.stack_maps(function)
        except GolifelabError:
            continue  # inlined everywhere, so the linker left it out
        calls = {}
        for one in maps.instructions:
            # The compiler makes this call last of all, and says nothing of it.
            if maps.stop(one) == "call" and "runtime.deferreturn" not in one.text:
                calls.setdefault(one.outermost, []).append(maps.at(one.address).live)
        for position, lives in calls.items():
            cells = [cell for alive in lives for cell in alive]
            entries = [one for one in live.at(position) if one.kind != "entry"]
            theirs = {last(name) for one in entries for name in one.names}
            ours = {last(cell.name) for cell in cells if cell.name}
            if all(cell.name for cell in cells):
                assert ours == theirs, (function, position)
            else:
                assert ours <= theirs, (function, position)
            count += bool(theirs)
    return count


def test_the_bytes_are_those_of_the_object_file(target):
    program = Program(Source.from_text(PROGRAM), target)
    made = program.object
    executable = program.link()
    found = 0
    for function in ("main.fill", "main.all", "main.main", "main.all.func1"):
        datas = [name for kind, name in made.symbol(function).auxiliary if kind == "Funcdata"]
        maps = stack_maps(executable, function)
        for bitmaps, name in zip((maps.arguments, maps.locals), datas, strict=False):
            if bitmaps.address is not None and name:
                assert bitmaps.header + bitmaps.data == made.symbol(name).data
                found += 1
    assert found >= 4


def test_walk(walk):
    maps = walk.stack_maps("walk")
    assert [cell.name for cell in maps.cells if cell.area == "arguments"] == ["a", "k", "b"]
    calls = [one for one in maps.instructions if maps.stop(one) == "call"]
    assert [one.text for one in calls] == ["CALL main.leaf(SB)"] * 2
    names = [[cell.name for cell in maps.at(one.address).live] for one in calls]
    assert names == [["b"], []]
    entry = maps.at(maps.function.entry)
    assert [cell.name for cell in entry.live] == ["a", "b"]
    assert (entry.index, entry.row) == (0, None)
    assert maps.frame().arguments.tolist() == ["101", "001", "000"]
    assert maps.frame().live.tolist() == ["a b", "b", ""]
    assert maps.after_call(calls[1].address).index == 1  # before the second call
    growth = [one for one in maps.instructions if maps.stop(one) == "growth"]
    assert len(growth) == 1
    assert maps.at(growth[0].address).index == 0
    assert maps.to_json()["cells"][0] == ["arguments", 0, maps.cells[0].offset, "a"]


def test_a_bit_is_where_it_is_said_to_be(walk):
    maps = walk.stack_maps("walk")
    image = maps.executable.image
    for index in range(len(maps)):
        for word, pointer in enumerate(maps.arguments.pointers(index)):
            (byte,) = image.bytes_at(maps.arguments.place(index, word), 1)
            assert bool(byte >> word % 8 & 1) == pointer


@pytest.mark.parametrize("kind", ["exe", "pie"])
def test_a_stripped_file_tells_the_same(hello, target, kind):
    full = link(hello, target, Mode(kind))
    stripped = link(hello, target, Mode(kind, flags=("-s", "-w")))
    for index in range(0, len(full.pclntab), 40):
        name = full.pclntab[index].name
        ours, theirs = (stack_maps(one, one.pclntab[index].entry) for one in (full, stripped))
        assert ours.frame().equals(theirs.frame()), name
        assert ours.cells == theirs.cells


def test_names_of_an_executable_alone(walk):
    maps = walk.link().stack_maps("main.walk")
    # A parameter that is never kept in memory has no name there: a lives in its register only.
    assert [cell.name for cell in maps.cells if cell.area == "arguments"] == ["", "k", "b"]
    assert walk.link(Mode(flags=("-w",))).stack_maps("main.walk").cells[0].name == ""


def test_names_of_debug_information_are_the_compilers(target):
    program = Program(Source.from_text(PROGRAM), target)
    binary = program.link()
    same = 0
    for function in ("main.fill", "main.main", "main.all.func6"):
        alone = binary.stack_maps(function).cells
        for cell, other in zip(alone, program.stack_maps(function).cells, strict=True):
            assert (cell.area, cell.word, cell.offset) == (other.area, other.word, other.offset)
            # A place may have two names: of variables that are never alive together.
            same += bool(cell.name) and last(cell.name) == last(other.name)
            assert not cell.name or other.name
    assert same >= 5


def test_no_such_function(walk):
    executable = walk.link()
    with pytest.raises(GolifelabError, match=r"no function 'main\.nobody'"):
        executable.stack_maps("main.nobody")
    with pytest.raises(GolifelabError, match="no function at 0x7"):
        executable.stack_maps(7)


def test_an_address_of_another_function(walk):
    maps = walk.link().stack_maps("main.walk")
    assert maps.at(maps.function.end - 1).pc == maps.function.end - 1
    for pc in (5, maps.function.entry - 1, maps.function.end):
        with pytest.raises(GolifelabError, match=f"{pc:#x} is not in main.walk"):
            maps.at(pc)
