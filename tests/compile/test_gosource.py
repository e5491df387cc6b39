"""What Go's own source declares is read from the Go under test."""

from __future__ import annotations

import re

from golifelab.compile.gosource import comments_of, functions_of
from golifelab.toolchain.go import find_go

SCANNER = "cmd/compile/internal/syntax/scanner.go"


def test_a_file_that_this_go_does_not_have_declares_nothing(target):
    assert functions_of("cmd/compile/internal/nowhere.go", target) == {}
    assert comments_of("cmd/compile/internal/nowhere", target) == {}


def test_every_function_of_a_file_is_found_at_its_line(target, monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    functions = functions_of(SCANNER, target)
    lines = (find_go(target.go).root / "src" / SCANNER).read_text().splitlines()
    declared = [number for number, line in enumerate(lines, 1) if line.startswith("func ")]
    assert [function.line for function in functions.values()] == declared
    for function in functions.values():
        method = function.name.rpartition(".")[2]
        assert re.match(rf"func (\(.*\) )?{method}\(", lines[function.line - 1])


def test_calls_and_strings_of_a_function(target, monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    following = functions_of(SCANNER, target)["scanner.next"]
    assert {"ident", "number", "nextch"} <= set(following.calls)
    assert len(following.calls) == len(set(following.calls))
    assert '"newline"' in following.strings
    assert following.place == f"{SCANNER}:{following.line}"


def test_generic_receivers_are_known_by_their_type(target, monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    assert "Pointer.Load" in functions_of("sync/atomic/type.go", target)


def test_what_a_function_is_for_is_what_its_authors_say(target):
    comments = comments_of("cmd/compile/internal/types2", target)
    assert comments["Checker.packageObjects"].startswith("packageObjects typechecks")
    assert "\n" not in "".join(comments.values())
    assert comments_of("go/parser", target)["ParseFile"].startswith("ParseFile parses")
