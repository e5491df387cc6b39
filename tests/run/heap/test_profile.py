"""Reading profiles: judged by go tool pprof, and damaged ones refused."""

from __future__ import annotations

import gzip
import random
import re

import pytest

from golifelab import sample
from golifelab.errors import LimitExceeded, ParseError
from golifelab.run.heap import heap as module, profile as reading
from golifelab.run.heap.profile import Profile, merged, read_profile
from golifelab.run.heap.wire import fields, varint
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run


@pytest.fixture(scope="module")
def raw(newest):
    """The heap profile of a run, as Go wrote it."""
    made = module.watching(sample("keeper").source, newest)
    ran = made.run(environment={"GODEBUG": "memprofilerate=1"}, timeout=10)
    _, blocks = module.written(ran.data)
    return blocks["profile", "end"]


def test_pprof_reads_the_same(raw, tmp_path):
    (tmp_path / "heap.pb.gz").write_bytes(raw)
    go = find_go("")
    env = go.host_environment() | {"HOME": str(tmp_path)}
    asked = [go.command, "tool", "pprof", "-raw", tmp_path / "heap.pb.gz"]
    text = run(asked, env=env, timeout=200).text
    mine = read_profile(raw)
    body = text.partition("Samples:\n")[2].partition("Locations\n")[0]
    heads = re.findall(r"(\w+)/(\w+)", body.splitlines()[0])
    assert tuple(heads) == mine.types
    rows = re.findall(r"^ *((?:\d+ +){3}\d+): [\d ]+$", body, re.MULTILINE)
    judged = sorted(tuple(map(int, row.split())) for row in rows)
    assert judged == sorted(map(tuple, mine.values.tolist()))
    assert mine.period == 1
    top = [go.command, "tool", "pprof", "-top", "-sample_index=alloc_space", "-unit=B"]
    text = run([*top, tmp_path / "heap.pb.gz"], env=env, timeout=200).text
    found = re.findall(r"^ *(\d+)B? +[\d.]+% +[\d.]+% +(\d+)B? +[\d.]+%  (\S+)", text, re.MULTILINE)
    judged = {name: (int(flat), int(total)) for flat, total, name in found}
    frame = mine.functions("alloc_space").set_index("function")
    for name in ("main.garbage", "main.store"):
        assert judged[name] == tuple(frame.loc[name])


def test_it_is_read_packed_or_not(raw):
    plain = gzip.decompress(raw)
    assert read_profile(plain).to_json() == read_profile(raw).to_json()
    again = Profile.from_json(read_profile(raw).to_json())
    assert again.types == read_profile(raw).types
    assert (again.values == read_profile(raw).values).all()


def test_damage_is_an_error_of_ours(raw, monkeypatch):
    plain = gzip.decompress(raw)
    dice = random.Random(7)
    with pytest.raises(ParseError, match="cut off"):
        read_profile(raw[:-9])
    with pytest.raises(ParseError, match="gzipped"):
        read_profile(raw[:40] + b"\xff" * 40 + raw[80:])
    refused = 0
    for _ in range(150):
        at = dice.randrange(len(plain))
        broken = plain[:at] + bytes([dice.randrange(256)]) + plain[at + 1 + dice.randrange(3) :]
        try:
            read_profile(broken[: dice.choice((None, at + 1))])
        except ParseError:
            refused += 1
    assert refused > 50
    monkeypatch.setattr(reading, "_MAX_BYTES", 1000)
    with pytest.raises(LimitExceeded):
        read_profile(raw)


def test_the_wire():
    assert varint(memoryview(b"\xac\x02"), 0) == (300, 2)
    with pytest.raises(ParseError, match="ten bytes"):
        varint(memoryview(b"\x80" * 11), 0)
    assert list(fields(memoryview(b"\x08\x01\x15\x01\0\0\0"))) == [(1, 1), (2, 1)]
    for wrong in (b"\x00\x00", b"\x0b", b"\x0a\x05ab", b"\x09\x01"):
        with pytest.raises(ParseError):
            list(fields(memoryview(wrong)))


def test_profiles_side_by_side(raw):
    one = read_profile(raw)
    both = merged(
        [one.renamed({"alloc_space": "a"}), one.rows(range(5)).renamed({"alloc_space": "b"})]
    )
    assert both.total("a") == one.total("alloc_space")
    assert both.total("b") == int(one.values[:5, one.column("alloc_space")].sum())
    assert len(both) == len(set(one.stacks))
    with pytest.raises(KeyError):
        both.total("c")
