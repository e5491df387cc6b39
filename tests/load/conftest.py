"""Executables to start, and a launcher under which ptrace is refused."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from golifelab.link.executable import Executable, link
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.link import Mode
from golifelab.toolchain.run import run

# Without ptrace in the machine that runs the tests (a strict container), live tests can't run.
BUSY = """package main

import (
	"fmt"
	"runtime"
	"sync"
)

//go:noinline
func work(n int) int {
	total := 0
	for i := range n {
		total += i % 7
	}
	return total
}

//go:noinline
func last(total int) { fmt.Println("total", total) }

func main() {
	runtime.GOMAXPROCS(4)
	var group sync.WaitGroup
	var lock sync.Mutex
	total := 0
	for i := range 64 {
		group.Add(1)
		go func() {
			defer group.Done()
			runtime.LockOSThread()
			n := work(10000 + i)
			lock.Lock()
			total += n
			lock.Unlock()
		}()
	}
	group.Wait()
	last(total)
}
"""
ENDLESS = """package main

//go:noinline
func never() { println("never") }

var turns int

func main() {
	for turns = 0; turns >= 0; turns &= 255 {
		turns++
	}
	never()
}
"""
DENY_PTRACE = r"""
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv) {
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {4, rules};
    if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return 1;
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return 1;
    execvp(argv[1], argv + 1);
    return 1;
}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if sys.platform != "linux" and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="live processes need Linux"))


@pytest.fixture(scope="session")
def program(hello: Source, target: Target) -> Executable:
    return link(hello, target)


@pytest.fixture(scope="session")
def busy(newest: Target) -> Executable:
    return link(Source.from_text(BUSY), newest)


@pytest.fixture(scope="session")
def endless(newest: Target) -> Executable:
    return link(Source.from_text(ENDLESS), newest)


@pytest.fixture(scope="session", params=["exe", "pie", "stripped pie", "external"])
def kind(request: pytest.FixtureRequest, hello: Source, target: Target) -> Executable:
    """Kinds of executables that are loaded in different ways."""
    if request.param == "external":
        if shutil.which("gcc") is None:
            pytest.skip("gcc is not installed")
        return link(hello, target.with_(cgo=True), Mode(linkmode="external"))
    flags = ("-s", "-w") if "stripped" in request.param else ()
    return link(hello, target, Mode(request.param.split()[-1], flags=flags))


@pytest.fixture(scope="session")
def deny_ptrace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that runs another one, for which ptrace is refused."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    directory = tmp_path_factory.mktemp("deny")
    (directory / "deny.c").write_text(DENY_PTRACE)
    done = run([compiler, "-o", "deny", "deny.c"], cwd=directory)
    assert done.returncode == 0, done.error_text
    return directory / "deny"
