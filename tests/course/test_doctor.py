from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time

import pytest

from golifelab.course.doctor import NEEDS, Finding, Need, Report, doctor, examine
from golifelab.toolchain.go import find_go

# Refuses ptrace to this process and its children, as some container runtimes do, then reports.
WITHOUT_PTRACE = """
import ctypes, struct, sys
number = {"x86_64": 101, "aarch64": 117}[sys.argv[1]]
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, EPERM = 0x7FFF0000, 0x00050001
filters = [(LOAD, 0, 0, 0), (EQUAL, 0, 1, number), (RETURN, 0, 0, EPERM), (RETURN, 0, 0, ALLOW)]
code = b"".join(struct.pack("HBBI", *line) for line in filters)
buffer = ctypes.create_string_buffer(code)
program = struct.pack("HxxxxxxP", len(filters), ctypes.addressof(buffer))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.c_char_p(program), 0, 0) == 0
import json
from golifelab.course.doctor import doctor
print(json.dumps(doctor().to_json()))
"""


def report_of(code, *arguments, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
        timeout=120,
    )
    findings = json.loads(done.stdout)["findings"]
    return {finding["name"]: finding for finding in findings}


def test_names_every_need_quickly():
    started = time.monotonic()
    report = doctor()
    assert [finding.name for finding in report] == [need.name for need in NEEDS]
    assert report["Go"].available
    assert "go1." in report["Go"].found
    assert report["write access"].available
    assert time.monotonic() - started < 60


def test_report_shows_itself_in_every_form():
    report = Report(
        (
            Finding("Go", True, "go1.27.3", "", ""),
            Finding("gdb", False, "<not> installed", "less is shown", "install it"),
        )
    )
    assert list(report.frame()["available"]) == [True, False]
    assert report.to_json()["findings"][1]["remedy"] == "install it"
    bundle = report._repr_mimebundle_(include=None, exclude=None)
    assert "&lt;not&gt; installed" in bundle["text/html"]
    assert "Without gdb: less is shown" in bundle["text/plain"]
    assert [finding.name for finding in report.missing] == ["gdb"]


def test_programs_that_are_absent_are_named(tmp_path):
    code = "import json; from golifelab.course.doctor import doctor; "
    found = report_of(code + "print(json.dumps(doctor().to_json()))", PATH=str(tmp_path))
    for name in ("dot", "gdb", "strace", "gcc"):
        assert not found[name]["available"]
        assert found[name]["found"] == "not installed"
        assert found[name]["without"]
        assert found[name]["remedy"]
    assert found["Go"]["available"]


def test_a_cache_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    code = "import json; from golifelab.course.doctor import doctor; "
    code += "print(json.dumps(doctor().to_json()))"
    found = report_of(code, GOLIFELAB_CACHE=str(tmp_path / "file" / "cache"))
    assert not found["write access"]["available"]


def test_a_go_without_its_sources_is_told(tmp_path):
    go = find_go()
    (tmp_path / "bin").mkdir()
    (tmp_path / "VERSION").write_text(f"go{go.version}\n")
    (tmp_path / "bin" / "go").symlink_to(go.command)
    code = "import json; from golifelab.course.doctor import doctor; "
    code += "print(json.dumps(doctor().to_json()))"
    found = report_of(code, GOLIFELAB_GO=str(tmp_path))
    assert not found["Go's sources"]["available"]
    assert "without the sources" in found["Go's sources"]["found"]
    assert doctor()["Go's sources"].available


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_refused_tracing_is_found_out_by_trying():
    found = report_of(WITHOUT_PTRACE, platform.machine())
    assert not found["ptrace"]["available"]
    assert "not permitted" in found["ptrace"]["found"]
    assert not found["gdb"]["available"]
    assert not found["strace"]["available"]
    assert found["Go"]["available"]


def test_whatever_a_probe_does_is_a_finding():
    def ill():
        raise RuntimeError("broken")

    finding = examine(Need("x", ill, "nothing", "rest"))
    assert not finding.available
    assert finding.found == "RuntimeError: broken"
