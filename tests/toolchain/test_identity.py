"""The helper is the compiler: under observation it writes the same bytes as the stock compiler."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.exports import export_files
from golifelab.toolchain.go import find_go
from golifelab.toolchain.helper import build
from golifelab.toolchain.helper.dump import dump
from golifelab.toolchain.helper.stream import split_dump
from golifelab.toolchain.run import run

EVERYWHERE = ["strconv", "sort"]
NEWEST = ["encoding/json", "regexp", "crypto/sha256", "crypto/internal/fips140/sha256", "net/http"]


def plan(target: Target, package: str) -> str:
    """What `go build` would do for this package alone, as it says itself."""
    go = find_go(target.go)
    text = run(
        [go.command, "build", "-n", "-a", package], env=go.environment(target), cwd=go.root / "src"
    ).error_text
    marker = f"#\n# {package}\n#\n"
    return text.split(marker)[1].split("\n#\n# ")[0]


def compile_both(target: Target, package: str, work: Path) -> tuple[bytes, bytes, bytes]:
    """The objects of the stock compiler and of the helper by one argv, and the helper's dump."""
    go = find_go(target.go)
    environment = go.environment(target)
    steps = plan(target, package)
    exports = export_files(target)
    config = [
        f"packagefile {name}={exports[name]}"
        for name in re.findall(r"^packagefile (.*?)=", steps, re.MULTILINE)
    ]
    config += re.findall(r"^importmap .*$", steps, re.MULTILINE)
    (work / "importcfg").write_text("\n".join(config) + "\n")
    (work / "go_asm.h").touch()
    objects: list[bytes] = []
    lines = re.sub(r"\$WORK/b\d+", str(work), steps).splitlines()
    for line in lines:
        if "/asm " in line and "-gensymabis" in line:
            before = "\n".join(lines[: lines.index(line)])
            folder = re.findall(r"^cd (.*)$", before, re.MULTILINE)[-1]
            assert run(shlex.split(line), env=environment, cwd=folder).returncode == 0
    (compile_line,) = (line for line in lines if "/compile -o" in line)
    argv = [re.sub(r"^-c=\d+$", "-c=1", word) for word in shlex.split(compile_line)]
    assert "-c=1" in argv
    watch = {
        "GOLIFELAB": "dump",
        "GOLIFELAB_DUMP": str(work / "dump"),
        "GOLIFELAB_PASSES": "1",
        "GOGC": "400",
    }
    for program, more in ((go.tool("compile"), {}), (build.wait(target), watch)):
        done = run([program, *argv[1:]], env=environment | more, cwd=go.root / "src", timeout=300)
        assert done.returncode == 0, done.text + done.error_text
        objects.append((work / "_pkg_.a").read_bytes())
        (work / "_pkg_.a").unlink()
    return objects[0], objects[1], (work / "dump").read_bytes()


@pytest.mark.parametrize("package", EVERYWHERE)
def test_std_objects_are_identical(target, package, tmp_path):
    stock, observed, stream = compile_both(target, package, tmp_path)
    assert stock == observed
    assert len(split_dump(stream).functions) > 20


@pytest.mark.parametrize("package", NEWEST)
def test_std_objects_are_identical_on_the_newest_go(newest, package, tmp_path):
    stock, observed, stream = compile_both(newest, package, tmp_path)
    assert stock == observed
    raw = split_dump(stream)
    assert raw.functions
    assert not raw.truncated


@pytest.mark.parametrize("goarch", ["amd64", "arm64"])
@pytest.mark.parametrize("gcflags", [(), ("-N", "-l")], ids=["optimised", "plain"])
def test_hello_is_identical(target, hello, goarch, gcflags):
    at = target.with_(goarch=goarch, gcflags=gcflags)
    observed = dump(hello, at, wait=True)
    assert observed.object
    assert observed.object == compile_object(hello, at).object
    assert not observed.truncated


def test_the_helper_unasked_is_the_plain_compiler(newest, hello):
    helper = build.wait(newest)
    plain = compile_object(hello, newest, compiler=helper)
    assert plain.object == compile_object(hello, newest).object


def test_cgo_free_package_of_two_files_is_identical(newest):
    source = Source(
        (
            ("a.go", "package p\n\nfunc F(x int) int { return g(x) + 1 }\n"),
            ("b.go", "package p\n\nfunc g(x int) int { return x * x }\n"),
        ),
        package="example.com/p",
    )
    observed = dump(source, newest, wait=True)
    assert observed.object == compile_object(source, newest).object
    symbols = {f.symbol: f.position.file for f in observed.functions}
    assert symbols == {"example.com/p.F": "a.go", "example.com/p.g": "b.go"}
