"""Who looks names up: package net's words, and the files that were read."""

from __future__ import annotations

import shutil

import pytest

from golifelab.errors import FeatureUnavailable
from golifelab.link.modes import Way
from golifelab.run import resolver
from golifelab.run.resolver import Resolution, resolve, resolver_table

FILES = {"/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/hosts"}


def test_without_c_go_reads_the_same_files(target):
    table = resolver_table(target.go, ways=[Way()])
    assert table.builds == ("no cgo",)
    assert table.settings == ("", "go", "cgo")
    for row in table.rows:
        assert row.resolver == "Go"
        assert row.words
        assert row.answer.startswith("[")
        if not row.untraced:
            tried = {one.path for one in row.opened if one.path.startswith("/etc/")}
            assert tried >= FILES
            assert not row.libraries
            assert set(row.files) <= tried
    # Told to ask C, it can't, and says so.
    assert "compiled without support" in table.row("no cgo", "cgo").ignored
    assert table.row("no cgo", "go").ignored == ""
    command = table.row("no cgo", "go").command
    assert command.startswith("CGO_ENABLED=0 go build -o netapp . && ")
    assert "netdns=go+2" in command
    assert command.endswith("./netapp")
    assert len(table.frame()) == len(table.to_json()["rows"]) == 3
    with pytest.raises(KeyError):
        table.row("no cgo", "both")


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_with_c_package_net_chooses(newest):
    table = resolver_table(settings=("go", "cgo"), ways=[Way(cgo=True)])
    by_go, by_c = table.rows
    assert (by_go.resolver, by_c.resolver, by_c.order) == ("Go", "C", "cgo")
    assert by_go.answer.startswith("[")
    assert by_c.answer.startswith("[")
    if not by_c.untraced:
        assert any("libc" in name for name in by_c.libraries)
    # Nothing leaves the machine: whoever is called has no address on a net.
    for row in table.rows:
        assert all(name.startswith("/") for name in row.called)


def test_a_build_that_is_not_possible_is_a_row_that_says_why(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    table = resolver_table(settings=("",), ways=[Way(), Way(cgo=True)])
    assert table.rows[0].resolver == "Go"
    assert "gcc" in table.rows[1].unavailable
    assert (table.rows[1].resolver, table.rows[1].order) == ("", "")


def test_where_nothing_may_watch_the_words_are_there(monkeypatch, newest):
    from golifelab.link.modes import executable_built
    from golifelab.program import sample

    path = executable_built(sample("netapp").source, newest, Way())

    def refused(*_, **__):
        raise FeatureUnavailable("seeing which files a program opens", "the system refuses it")

    monkeypatch.setattr(resolver, "files_opened", refused)
    found = resolve(path, "go")
    assert found.untraced == "the system refuses it"
    assert (found.resolver, found.opened, found.how) == ("Go", (), "")
    assert "GODEBUG=netdns=go+2" in found.command


def test_words_that_say_nothing():
    row = Resolution(build="b", netdns="", words=("something new",), command="c")
    assert (row.order, row.resolver, row.ignored) == ("", "", "")
