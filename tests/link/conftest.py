"""Executables of many kinds, each made once."""

from __future__ import annotations

import shutil

import pytest

from golifelab.link.executable import Executable, link
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.link import Mode

SERVER = """package main

import (
	"fmt"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, r.URL) })
	fmt.Println(http.ListenAndServe("127.0.0.1:0", nil))
}
"""
STRIP = ("-s", "-w")
KINDS = ["hello", "pie", "stripped", "stripped pie", "server", "arm64", "external"]


def make(kind: str, hello: Source, target: Target) -> Executable:
    if kind == "server":
        return link(Source.from_text(SERVER), target)
    if kind == "arm64":
        return link(hello, target.with_(goarch="arm64"))
    if kind == "external":
        if shutil.which("gcc") is None:
            pytest.skip("gcc is not installed")
        return link(hello, target.with_(cgo=True), Mode(linkmode="external"))
    mode = Mode("pie" if "pie" in kind else "exe", flags=STRIP if "stripped" in kind else ())
    return link(hello, target, mode)


@pytest.fixture(scope="session", params=KINDS)
def program(request: pytest.FixtureRequest, hello: Source, target: Target) -> Executable:
    """Each kind of executable, of each Go version under test."""
    kind: str = request.param
    return make(kind, hello, target)
