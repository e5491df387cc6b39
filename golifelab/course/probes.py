"""Try, for real and within bounds, what the lessons need from this machine.

Each probe does the smallest thing that shows the ability: it compiles an empty C program, traces a
child of its own, writes a file. A probe answers with what it found; FeatureUnavailable or
LimitExceeded say why something can't be had.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from golifelab.errors import FeatureUnavailable
from golifelab.toolchain.cache import cache_root
from golifelab.toolchain.go import find_go
from golifelab.toolchain.machine import free_memory, processors
from golifelab.toolchain.overlay import source_root
from golifelab.toolchain.run import run

SECONDS = 20.0
LEAST_MEMORY = 1 << 30
LEAST_DISK = 1 << 30

# Run by a Python of its own: forking a kernel with its threads would be asking for trouble.
_TRACE_A_CHILD = """
import ctypes, os, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
TRACEME, CONT = 0, 7
child = os.fork()
if child == 0:
    if libc.ptrace(TRACEME, 0, None, None) != 0:
        os._exit(64 + min(ctypes.get_errno(), 60))
    os.execv(sys.executable, [sys.executable, "-S", "-c", ""])
_, status = os.waitpid(child, 0)
if os.WIFEXITED(status):
    sys.exit(os.strerror(os.WEXITSTATUS(status) - 64))
if os.WSTOPSIG(status) != signal.SIGTRAP:
    sys.exit(f"stopped by signal {os.WSTOPSIG(status)}, not at exec")
if open(f"/proc/{child}/maps").read().count("\\n") < 3:
    sys.exit("the child's mappings are empty")
libc.ptrace(CONT, child, None, None)
os.waitpid(child, 0)
"""


def go() -> str:
    """The Go toolchain that the course uses."""
    toolchain = find_go()
    answer = run([toolchain.command, "version"], env=toolchain.host_environment(), timeout=SECONDS)
    if answer.returncode != 0:
        raise FeatureUnavailable("Go", answer.error_text.strip()[:200])
    return f"{answer.text.strip().removeprefix('go version ')} in {toolchain.root}"


def sources() -> str:
    """The sources of Go's compiler, which the helper and the changed compiler are built from."""
    return str(source_root(find_go(), "Go's sources"))


def dot() -> str:
    """Graphviz, by drawing one edge."""
    program = _program("dot")
    drawn = run([program, "-Tsvg"], input=b"digraph { a -> b }", timeout=SECONDS)
    if drawn.returncode != 0 or b"</svg>" not in drawn.stdout:
        raise FeatureUnavailable("dot", drawn.error_text.strip()[:200] or "it drew nothing")
    # It answers on standard error.
    return run([program, "-V"], timeout=SECONDS).error_text.strip()


def gdb() -> str:
    """GDB, by starting a program under it: it exits with 0 even where tracing is refused."""
    program = _program("gdb")
    orders = [f"-ex={order}" for order in ("starti", "info proc", "kill")]
    tried = run(
        [program, "-nx", "-batch", "-iex=set debuginfod enabled off", *orders, _harmless()],
        timeout=SECONDS,
    )
    if "process" not in tried.text:
        last = (tried.error_text.strip().splitlines() or ["it started nothing"])[-1]
        raise FeatureUnavailable("gdb", f"installed, but: {last[:200]}")
    return run([program, "--version"], timeout=SECONDS).text.splitlines()[0]


def strace() -> str:
    """Strace, by tracing the first system call of a program."""
    program = _program("strace")
    tried = run([program, "-e", "trace=execve", _harmless()], timeout=SECONDS)
    if "execve(" not in tried.error_text:
        last = (tried.error_text.strip().splitlines() or ["it traced nothing"])[-1]
        raise FeatureUnavailable("strace", f"installed, but: {last[:200]}")
    return run([program, "-V"], timeout=SECONDS).text.splitlines()[0]


def gcc() -> str:
    """GCC, by compiling and linking an empty program: without the C library's files it can't."""
    program = _program("gcc")
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "empty"
        tried = run(
            [program, "-x", "c", "-", "-o", made],
            input=b"#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n",
            timeout=SECONDS,
        )
        if tried.returncode != 0:
            first = (tried.error_text.strip().splitlines() or ["it compiled nothing"])[0]
            raise FeatureUnavailable("gcc", f"installed, but: {first[:200]}")
    return run([program, "--version"], timeout=SECONDS).text.splitlines()[0]


def ptrace() -> str:
    """Tracing a child of one's own, as the process lessons do."""
    if sys.platform != "linux":
        raise FeatureUnavailable("ptrace", f"live processes are shown on Linux, not {sys.platform}")
    tried = run([sys.executable, "-S", "-c", _TRACE_A_CHILD], timeout=SECONDS)
    if tried.returncode != 0:
        last = (tried.error_text.strip().splitlines() or ["refused"])[-1]
        raise FeatureUnavailable("ptrace", last[:200])
    return "a child was traced from its first instruction"


def writing() -> str:
    """Write access to the cache and to the progress, and room for them."""
    import platformdirs

    cache = cache_root()
    data = Path(platformdirs.user_data_dir("golifelab", appauthor=False))
    for folder in (cache, data):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"x")
        except OSError as error:
            reason = f"{folder}: {error.strerror or error}"
            raise FeatureUnavailable("writing", reason) from error
    free = shutil.disk_usage(cache).free
    if free < LEAST_DISK:
        raise FeatureUnavailable("writing", f"{cache} has {_size(free)} free, 1 GB is wanted")
    return f"{cache} with {_size(free)} free"


def memory() -> str:
    """The memory that a child can have: what the machine has free, within the container's limit."""
    free = free_memory()
    cores = processors()
    words = f"{cores:g} core{'' if cores == 1 else 's'}"
    if free is None:
        return words
    if free < LEAST_MEMORY:
        raise FeatureUnavailable("memory", f"{_size(free)} free, 1 GB is wanted")
    return f"{_size(free)} free, {words}"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise FeatureUnavailable(name, "not installed")
    return found


def _harmless() -> str:
    return shutil.which("true") or sys.executable


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
