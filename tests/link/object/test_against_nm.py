"""Every symbol of std's archives is the one that `go tool nm` reads: name, place, size, kind."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from golifelab.link.object.file import read_object
from golifelab.link.object.parse import STATIC_ABI
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

# Of several files, or of an archive of several objects: "path(member):\t    53d8   138 T name".
_LINE = re.compile(
    r"^(?:(?P<where>.+?)\(\S+\):\t)?\s*(?P<at>[0-9a-f]*)\s+(?P<size>\d+) (?P<code>\S) (?P<name>.*)$"
)
_CODES = {"STEXT": "T", "SRODATA": "R", "SNOPTRDATA": "D", "SDATA": "D"}
_CODES |= {"SBSS": "B", "SNOPTRBSS": "B", "STLSBSS": "B"}
_CODES |= {f"{kind}FIPS": _CODES[kind] for kind in ("STEXT", "SRODATA", "SNOPTRDATA", "SDATA")}
FOREIGN = ("runtime/race/internal/amd64v1",)
SAMPLE = ("errors", "internal/bytealg", "fmt", "sync/atomic")


def code_of(kind, static):
    """Static symbols have the letter 32 further: a small one, and "_" where that is unknown."""
    code = _CODES.get(kind, "?")
    return chr(ord(code) + 32) if static else code


def ours(path, root):
    file = read_object(path.read_bytes(), root)
    found: Counter[tuple[str, str, int, str]] = Counter()
    for symbol in file.symbols:
        if symbol.name:
            part = file.parts[symbol.member]
            row = symbol.index - file.symbols.start(symbol.member)
            static = part.symbols[row][2] == STATIC_ABI
            place = f"{part.data(row)[0]:x}"
            name = f"{symbol.name}<1>" if static else symbol.name
            found[(name, place, symbol.size, code_of(symbol.kind, static))] += 1
    for part in file.parts:
        names = [part.name(row) for row in range(part.definitions, len(part.symbols))]
        start, end = part.blocks["refname"]
        rows = part.reader.table("xxxxxxxxII", start, end)
        names += [str(part.reader.slice(o, n), "utf-8", "surrogateescape") for n, o in rows]
        found.update((name, "", 0, "U") for name in names)
    return found


def theirs(paths, go):
    words = [go.command, "tool", "nm", "-size", "-sort", "none", *paths]
    done = run(words, env=go.host_environment(), timeout=120, max_output=1 << 28)
    assert done.returncode == 0, done.error_text
    found: Counter[tuple[str, str, int, str]] = Counter()
    for line in done.text.splitlines():
        if match := _LINE.match(line):
            found[(match["name"], match["at"], int(match["size"]), match["code"])] += 1
    return found


def compare(target, names):
    go = find_go(target.go)
    files = export_files(target)
    count = 0
    for name in names:
        if name in FOREIGN:
            # Objects of a C++ compiler, which only nm looks into: see Member.kind.
            members = read_object(files[name].read_bytes(), go.root).members
            assert "other" in [member.kind for member in members]
            continue
        own = ours(files[name], go.root)
        assert own == theirs([files[name]], go), name
        count += own.total()
    return count


def test_a_sample_of_std(target):
    assert compare(target, SAMPLE) > 4000


@pytest.mark.slow
@pytest.mark.parametrize("share", range(4))
def test_all_of_std(target, share):
    names = [name for name in sorted(export_files(target)) if name != "unsafe"][share::4]
    assert compare(target, names) > 50_000
