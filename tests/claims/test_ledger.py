from __future__ import annotations

import contextlib
import re
from collections import Counter

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from golifelab.claims.ledger import Verdict, load_ledger, parse_ledger
from golifelab.data import data_directory
from golifelab.errors import FeatureUnavailable, GolifelabError, ParseError


def test_every_claim_is_there():
    ledger = load_ledger()
    assert len(ledger) == 194
    assert Counter(claim.verdict for claim in ledger) == {
        Verdict.CORRECTED: 116,
        Verdict.CONFIRMED: 55,
        Verdict.OFF_TOPIC: 12,
        Verdict.UNVERIFIABLE: 9,
        Verdict.OBSOLETE: 2,
    }
    assert [len(ledger.chapter(number)) for number in range(1, 6)] == [25, 53, 38, 55, 23]
    assert ledger["c1.02"].chapter == 1
    assert ledger.go == "1.27.3"


def test_claims_are_numbered_without_gaps():
    for number in range(1, 6):
        ids = [claim.id for claim in load_ledger().chapter(number)]
        assert ids == [f"c{number}.{index:02}" for index in range(1, len(ids) + 1)]


def test_no_path_of_a_machine():
    text = (data_directory() / "claims.yaml").read_text()
    assert not re.search(r"/(?:root|tmp|home|work)\b|prototypes|\blab/", text)


def test_unknown_claim_is_refused_kindly():
    with pytest.raises(GolifelabError, match=r"no claim 'c9\.99'"):
        _ = load_ledger()["c9.99"]


GOOD = {
    "format": 1,
    "measured": {"go": "1.27.3", "platform": "linux/amd64"},
    "claims": [
        {
            "id": "c1.01",
            "chapter": 1,
            "section": "s",
            "claim": "c",
            "verdict": "off topic",
            "truth": "t",
            "evidence": "e",
            "show": "w",
        }
    ],
}


def _with(**changes):
    entry = {**GOOD["claims"][0], **changes}
    return yaml.safe_dump({**GOOD, "claims": [entry]}).encode()


def test_the_form_is_accepted():
    assert parse_ledger(yaml.safe_dump(GOOD).encode())["c1.01"].verdict is Verdict.OFF_TOPIC


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"format: 2",
        b"format: 1\nclaims: []",
        b"format: 1\nmeasured: {}\nclaims: [3]",
        b"a: [b",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        _with(verdict="maybe"),
        _with(verdict=["confirmed"]),
        _with(id="c1.1"),
        _with(id="c2.01"),
        _with(truth=""),
        _with(show=3),
        _with(extra="x"),
        yaml.safe_dump({**GOOD, "claims": GOOD["claims"] * 2}).encode(),
    ],
)
def test_anything_else_is_a_parse_error(text):
    with pytest.raises(ParseError):
        parse_ledger(text)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_never_crash(data):
    good = bytearray(yaml.safe_dump(GOOD).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ParseError):
        parse_ledger(bytes(good))


def test_a_missing_file_is_a_parse_error(tmp_path):
    with pytest.raises(ParseError, match="No such file"):
        load_ledger(tmp_path / "claims.yaml")


def test_without_the_data_folder_it_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("GOLIFELAB_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FeatureUnavailable, match="work in a clone"):
        load_ledger()
