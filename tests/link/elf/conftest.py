"""ELF files of every kind: the Go project's own test files, and programs built here."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run

# Small files of other linkers, for a dozen processors of both byte orders and both widths.
FOLDER = Path("src") / "debug" / "elf" / "testdata"
PLAIN = "package main\n\nfunc main() { println(1) }\n"
CALLS_C = """package main

// #include <stdio.h>
// #include <stdlib.h>
// static void say(const char *s) { puts(s); fflush(stdout); }
import "C"
import "unsafe"

//export Twice
func Twice(a C.int) C.int { return 2 * a }

func main() {
	s := C.CString("hi")
	C.say(s)
	C.free(unsafe.Pointer(s))
}
"""
WITH_C = {
    "cgo, internal": ("-ldflags=-linkmode=internal",),
    "cgo, external": (),
    "cgo, pie": ("-buildmode=pie",),
    "c-shared": ("-buildmode=c-shared",),
    "plugin": ("-buildmode=plugin",),
}
PROCESSORS = ("386", "arm", "s390x", "riscv64", "ppc64le", "mips", "mips64le", "loong64")
# 32 bits, and the other byte order: the rest is for `make test-all`.
FEW = ("386", "s390x")


@pytest.fixture(scope="session")
def elf_files() -> list[Path]:
    """The ELF files among the tests of debug/elf, and two that this machine runs on."""
    folder = find_go().root / FOLDER
    files = [path for path in sorted(folder.glob("*")) if path.read_bytes()[:4] == b"\x7fELF"]
    local = [Path(name).resolve() for name in (sys.executable, shutil.which("ls")) if name]
    return files + [path for path in local if path.read_bytes()[:4] == b"\x7fELF"]


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """`built(source, flags, **environment)`: the path of a program, built once by `go build`."""
    folder = tmp_path_factory.mktemp("programs")
    made: dict[tuple, Path] = {}

    def build(source: str, target, *flags: str, **environment: str) -> Path:
        key = (source, target, flags, tuple(sorted(environment.items())))
        if key not in made:
            go = find_go(target.go)
            place = folder / str(len(made))
            place.mkdir()
            (place / "main.go").write_text(source)
            (place / "go.mod").write_text("module example.com/built\n\ngo 1.24\n")
            done = run(
                [go.command, "build", *flags, "-o", "program", "."],
                env=go.environment(target) | environment,
                cwd=place,
                timeout=300,
            )
            assert not done.returncode, done.error_text
            made[key] = place / "program"
        return made[key]

    return build


@pytest.fixture(scope="session")
def calls_c() -> str:
    """The source of a program that calls C and can be called from C."""
    return CALLS_C


IMPORTING = """package main

//go:cgo_import_dynamic libc_puts puts#GLIBC_2.17 "libc.so.6"
//go:cgo_import_dynamic libc_free free#GLIBC_2.17 "libc.so.6"
//go:cgo_import_dynamic _ _ "libc.so.6"

func puts()
func free()

func main() { puts(); free() }
"""
STUBS = """#include "textflag.h"
TEXT ·puts(SB),NOSPLIT,$0
	CALL libc_puts(SB)
	RET
TEXT ·free(SB),NOSPLIT,$0
	CALL libc_free(SB)
	RET
"""


@pytest.fixture(
    scope="session", params=["arm64", "amd64", pytest.param("386", marks=pytest.mark.slow)]
)
def importing(request, newest, tmp_path_factory):
    """A program that asks for functions of libc, made by Go's tools alone, as cgo makes them do.

    The compiler takes these pragmas from files of such names only, which go build leaves out.
    """
    target = newest.with_(goarch=request.param)
    go = find_go(target.go)
    folder = tmp_path_factory.mktemp("importing")
    (folder / "_cgo_import.go").write_text(IMPORTING)
    (folder / "stubs.s").write_text(STUBS)

    def tool(name, *words):
        command = [go.command, name] if name in ("list", "tool") else [go.tool(name)]
        done = run([*command, *words], env=go.environment(target), cwd=folder, timeout=300)
        assert not done.returncode, done.error_text
        return done.text

    form = "packagefile {{.ImportPath}}={{.Export}}"
    listed = tool(
        "list", "-export", "-deps", "-f", f"{{{{if .Export}}}}{form}{{{{end}}}}", "runtime"
    )
    (folder / "importcfg").write_text(listed)
    assemble = ("-p", "main", "-I", go.root / "pkg" / "include")
    tool("asm", *assemble, "-gensymabis", "-o", "symabis", "stubs.s")
    words = ("-p", "main", "-importcfg", "importcfg", "-symabis", "symabis", "-pack")
    tool("compile", *words, "-asmhdr", "go_asm.h", "-o", "main.a", "./_cgo_import.go")
    tool("asm", *assemble, "-o", "stubs.o", "stubs.s")
    tool("tool", "pack", "r", "main.a", "stubs.o")
    tool("link", "-importcfg", "importcfg", "-linkmode", "internal", "-o", "program", "main.a")
    return folder / "program"


@pytest.fixture(scope="session", params=WITH_C)
def with_c(request, built, newest):
    """Programs that call C, one for each way to build them."""
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    return built(CALLS_C, newest.with_(cgo=True), *WITH_C[request.param])


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(name, marks=() if name in FEW else pytest.mark.slow) for name in PROCESSORS
    ],
)
def for_processor(request, built, newest):
    """A program that imports nothing, for other processors."""
    return built(PLAIN, newest.with_(goarch=request.param))
