"""What a program opens: our own tracing beside strace."""

from __future__ import annotations

import shutil
import socket

import pytest

from golifelab.errors import FeatureUnavailable, LimitExceeded
from golifelab.link.modes import Way, executable_built
from golifelab.load.syscalls.opened import address_text, files_opened
from golifelab.program import sample
from golifelab.source import Source
from golifelab.target import Target

READS = """package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	os.ReadFile("/etc/hostname")
	os.ReadFile("/nowhere/at all")
	_, err := net.Dial("unix", "/nowhere/socket")
	_, four := net.Dial("udp", "127.0.0.1:9")
	fmt.Println(err != nil, four)
	fmt.Fprintln(os.Stderr, "done")
	os.Exit(3)
}
"""
STRACE = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@pytest.fixture(scope="module")
def reads():
    return executable_built(Source.from_text(READS), Target(), Way())


def traced(path, tier, **options):
    try:
        return files_opened(path, tier=tier, **options)
    except FeatureUnavailable as error:
        pytest.skip(error.reason)


@pytest.mark.parametrize("tier", ["strace", "ptrace"])
def test_what_was_opened_and_called(reads, tier):
    found = traced(reads, tier)
    rows = [(row.call, row.path, row.error) for row in found.rows]
    assert ("open", "/nowhere/at all", "ENOENT") in rows
    assert ("connect", "/nowhere/socket", "ENOENT") in rows
    assert ("connect", "127.0.0.1:9", "") in rows
    assert "/nowhere/at all" not in found.paths
    assert (found.how, found.returncode) == (tier, 3)
    assert (found.stdout, found.stderr) == ("true <nil>\n", "done\n")
    assert len(found.frame()) == len(found.to_json()["opened"]) == len(rows)


@STRACE
def test_both_ways_see_the_same(reads):
    seen = [
        [(row.call, row.path, row.error) for row in traced(reads, tier).rows]
        for tier in ("strace", "ptrace")
    ]
    assert seen[0] == seen[1]


def test_a_program_of_c_is_followed_too():
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    path = executable_built(sample("netapp").source, Target(), Way(cgo=True))
    found = traced(path, "ptrace", environment={"GODEBUG": "netdns=cgo"})
    assert any("libc.so" in name for name in found.paths)
    assert any(row.path.endswith("nscd/socket") for row in found.rows) or found.paths


def test_without_strace_our_own_tracing_is_used(reads, monkeypatch):
    from golifelab.load.syscalls import opened

    def missing():
        raise FeatureUnavailable("strace", "it is not installed")

    monkeypatch.setattr(opened, "strace_path", missing)
    try:
        assert files_opened(reads).how == "ptrace"
    except FeatureUnavailable as error:
        pytest.skip(error.reason)
    with pytest.raises(FeatureUnavailable, match="not installed"):
        files_opened(reads, tier="strace")


@pytest.mark.parametrize("tier", ["strace", "ptrace"])
def test_a_program_that_does_not_end_is_ended(tier):
    path = executable_built(
        Source.from_text("package main\n\nfunc main() {\n\tfor {\n\t}\n}\n"), Target(), Way()
    )
    try:
        with pytest.raises(LimitExceeded):
            files_opened(path, tier=tier, timeout=1.0)
    except FeatureUnavailable as error:
        pytest.skip(error.reason)


def test_addresses():
    four = socket.AF_INET.to_bytes(2, "little") + (53).to_bytes(2, "big") + bytes([10, 0, 0, 1])
    assert address_text(four) == "10.0.0.1:53"
    six = socket.AF_INET6.to_bytes(2, "little") + (53).to_bytes(2, "big") + bytes(4)
    assert address_text(six + bytes(15) + b"\1") == "::1:53"
    assert address_text(socket.AF_UNIX.to_bytes(2, "little") + b"/run/x\0junk") == "/run/x"
    assert address_text(four[:5]) == "an address that is cut short"
    assert address_text(b"\x10\0") == "an address of family 16"
    assert address_text(b"") == "an address of family 0"
