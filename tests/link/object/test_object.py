"""Object files, judged by `go tool nm`, by `compile -S` and by the archives of std."""

from __future__ import annotations

import re

import pytest

from golifelab.errors import CompileFailed, NoSuchName, ParseError
from golifelab.link.object.enumerations import enumerations
from golifelab.link.object.file import object_file, read_object
from golifelab.source import Source
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

_SYMBOL = re.compile(r"^(?P<name>\S.*?) (?P<kind>S[A-Z]\w+) .*?size=\d+(?: |$)")
_RELOCATION = re.compile(
    r"^\trel (?P<offset>\d+)\+(?P<size>\d+) t=(?P<kind>R_\w+)(?P<weak>\|R_WEAK)? ?(?P<target>.*)$"
)


@pytest.fixture(scope="module")
def objects(hello, target):
    return object_file(hello, target)


def test_symbols_are_those_of_nm(objects, hello, target, tmp_path):
    path = tmp_path / "main.o"
    path.write_bytes(objects.content)
    go = find_go(target.go)
    done = run(
        [go.command, "tool", "nm", "-size", "-sort", "none", path],
        env=go.host_environment(),
        timeout=120,
    )
    assert done.returncode == 0, done.error_text
    defined = set()
    for line in done.text.splitlines():
        # "    53d8         138 T main.main": no address for what is only referenced
        match = re.match(r"^\s*([0-9a-f]+)\s+(\d+) ([A-Za-z]) (.+)$", line)
        if match and match[3] not in "U?":
            # nm marks names that are private to the file: "main.add.arginfo1<1>"
            defined.add((re.sub(r"<\d+>$", "", match[4]), int(match[2])))
    kinds = ("STEXT", "SRODATA", "SNOPTRDATA", "SDATA", "SBSS", "SNOPTRBSS")
    ours = {(s.name, s.size) for s in objects.symbols if s.kind in kinds and s.name}
    assert ours >= {pair for pair in defined if pair[0]}
    assert len(ours) > 20


def test_relocations_are_those_the_compiler_prints(hello, target):
    compiled = compile_object(hello, target, extra=("-S",))
    objects = read_object(compiled.object, find_go(target.go).root)
    printed: dict[str, list[tuple[str, ...]]] = {}
    name = ""
    for line in compiled.stdout.splitlines():
        if match := _SYMBOL.match(line):
            name = match["name"]
        elif match := _RELOCATION.match(line):
            row = (match["offset"], match["size"], match["kind"], match["target"])
            printed.setdefault(name, []).append(row)
    assert sum(map(len, printed.values())) > 50
    for name, rows in printed.items():
        symbols = [s for s in objects.symbols if s.name == name]
        ours = {
            (str(r.offset), str(r.size), r.kind, f"{r.symbol}+{r.addend}" if r.symbol else "+0")
            for symbol in symbols
            for r in symbol.relocations
        }
        for row in rows:
            assert row in ours, name


def test_a_function_has_its_machine_code(objects):
    main = objects.symbol("main.main")
    assert main.is_function
    assert main.abi == "ABIInternal"
    assert len(main.data) == main.size == main.data_size
    assert objects.content[main.offset : main.offset + 4] == main.data[:4]
    assert objects.at_offset(main.offset + 1) == main
    assert any(r.kind == "R_CALL" and r.symbol == "main.add" for r in main.relocations)
    assert {"FuncInfo", "Pcline", "Pcsp"} <= {kind for kind, _ in main.auxiliary}


def test_members_and_tables(objects, target):
    assert [member.name for member in objects.members] == ["__.PKGDEF", "_go_.o"]
    assert [member.kind for member in objects.members] == ["export data", "go object"]
    assert objects.go_version == find_go(target.go).version
    assert objects.imports == ("fmt",)
    assert "main.go" in objects.files
    assert "fmt.Fprintln" in objects.references
    assert len(objects.frame()) == len(objects.symbols)
    written = objects.to_json()
    assert sum(len(s["relocations"]) for s in written["symbols"]) == objects.relocation_count


def test_arm64_objects(hello, target):
    objects = object_file(hello, target.with_(goarch="arm64"))
    kinds = {r.kind for r in objects.symbol("main.main").relocations}
    assert {"R_CALLARM64", "R_ADDRARM64"} <= kinds


@pytest.mark.parametrize("package", ["runtime", "internal/bytealg", "net/http", "unsafe"])
def test_archives_of_std_read_completely(package, target):
    path = export_files(target).get(package)
    if path is None:
        assert package == "unsafe"
        return
    objects = read_object(path.read_bytes(), find_go(target.go).root)
    assert len(objects.parts) == sum(member.name != "__.PKGDEF" for member in objects.members)
    count = 0
    for symbol in objects.symbols:
        assert not symbol.kind.startswith("#")
        assert not [flag for flag in symbol.flags if flag.startswith("#")]
        for relocation in symbol.relocations:
            count += 1
            assert not relocation.kind.startswith("#")
            assert relocation.offset <= max(symbol.size, symbol.data_size)
    assert count == objects.relocation_count > 0


def test_assembly_makes_further_members(target):
    path = export_files(target)["internal/bytealg"]
    objects = read_object(path.read_bytes(), find_go(target.go).root)
    assert len(objects.parts) > 5
    wrappers = [s for s in objects.symbols if "ABIWrapper" in s.flags]
    # The bit's number moved in 1.27; a wrong one would mark none, or data.
    assert wrappers
    assert all(symbol.is_function for symbol in wrappers)


def test_enumerations_come_from_the_toolchain(target):
    names = enumerations(find_go(target.go).root)
    assert names.relocations[0] == ""
    assert names.relocations[1] == "R_ADDR"
    assert names.kinds[:2] == ("Sxxx", "STEXT")
    assert names.flags[0] == "Dupok"
    assert names.auxiliaries[0] == "Gotype"
    assert names.builtins[0] == "runtime.newobject"


def test_a_refused_program_raises_its_diagnostics(newest):
    with pytest.raises(CompileFailed) as caught:
        object_file(Source.from_text("package main\n\nfunc main() { x }\n"), newest)
    assert caught.value.diagnostics[0].position.line == 3


@pytest.mark.parametrize("content", [b"", b"!<arch>\n" + b"x" * 60, b"\x00go120ld", b"!<arch>"])
def test_what_is_no_object_is_refused(content):
    with pytest.raises(ParseError):
        read_object(content)


def test_a_name_that_is_none_comes_with_those_that_are(objects):
    with pytest.raises(NoSuchName) as caught:
        objects.symbol("main.mian")
    assert caught.value.message == "there is no symbol 'main.mian'"
    assert "main.main" in caught.value.remedy
    assert "more" in caught.value.remedy
