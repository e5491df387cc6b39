"""Runs notebooks without a front end, each once a session in each kind of machine."""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"

# Starts a kernel that may not use ptrace, as in some containers; its children may not either.
WITHOUT_PTRACE = """
import ctypes, platform, runpy, struct
number = {"x86_64": 101, "aarch64": 117}[platform.machine()]
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, EPERM = 0x7FFF0000, 0x00050001
filters = [(LOAD, 0, 0, 0), (EQUAL, 0, 1, number), (RETURN, 0, 0, EPERM), (RETURN, 0, 0, ALLOW)]
code = b"".join(struct.pack("HBBI", *line) for line in filters)
buffer = ctypes.create_string_buffer(code)
program = struct.pack("HxxxxxxP", len(filters), ctypes.addressof(buffer))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.c_char_p(program), 0, 0) == 0
runpy.run_module("ipykernel_launcher", run_name="__main__")
"""


@pytest.fixture(scope="session")
def executed(tmp_path_factory):
    """executed(name, variant, machine) gives the notebook as it is after running top to bottom.

    `variant` is "learner" or "solution"; `machine` is "full", "bare" (no gcc, gdb, strace, dot …),
    "no ptrace", "no helper" (positions by line, from Go's standard packages), or several of them.
    """
    folder = tmp_path_factory.mktemp("kernels")
    bare = folder / "bin"
    bare.mkdir()
    _kernelspec(folder / "jupyter", "python3", "-m", "ipykernel_launcher")
    _kernelspec(folder / "jupyter", "no-ptrace", "-c", WITHOUT_PTRACE)

    @cache
    def execute(name: str, variant: str, machine: str):
        part = NOTEBOOKS / "solutions" if variant == "solution" else NOTEBOOKS
        notebook = nbformat.read(part / f"{name}.ipynb", as_version=4)
        env = dict(os.environ)
        env["JUPYTER_PATH"] = str(folder / "jupyter")
        env["PYTHONPATH"] = str(ROOT)
        env["GOLIFELAB_PROGRESS"] = str(folder / f"{name}-{variant}-{machine}.json")
        if "bare" in machine:
            env["PATH"] = str(bare)
        if "no helper" in machine:
            env["GOLIFELAB_HELPER"] = "off"
        client = NotebookClient(
            notebook,
            timeout=300,
            kernel_name="no-ptrace" if "no ptrace" in machine else "python3",
            # Widget state does not belong into files: the static twins have to do.
            store_widget_state=False,
            resources={"metadata": {"path": str(NOTEBOOKS)}},
        )
        return client.execute(env=env)

    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = str(folder / "jupyter")
    yield execute
    if before is None:
        del os.environ["JUPYTER_PATH"]
    else:
        os.environ["JUPYTER_PATH"] = before


def _kernelspec(root: Path, name: str, *words: str) -> None:
    folder = root / "kernels" / name
    folder.mkdir(parents=True)
    spec = {
        "argv": [sys.executable, *words, "-f", "{connection_file}"],
        "display_name": name,
        "language": "python",
    }
    (folder / "kernel.json").write_text(json.dumps(spec))
