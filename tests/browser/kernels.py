"""Kernels that need no start: forks of one process which has imported what they import.

A third of what a page cost was the start of its kernel. Each fork is as new as a kernel that was
started, and alone. What a start by itself does is seen where notebooks are run, by real kernels.

As a script it is one of two, which meet at a socket: "serve" forks kernels, and "ask" is what
JupyterLab takes for its kernel.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

STREAMS = (0, 1, 2)
IMPORTED = ("ipykernel.kernelapp", "ipykernel.zmqshell", "golifelab.widgets")
GREETING = ("ipywidgets", "golifelab")


def serve(path: str) -> None:
    """Fork a kernel for whoever asks, until the end."""
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(path)
        listening.listen()
        while True:
            asking, _ = listening.accept()
            with asking:
                if os.fork() == 0:
                    listening.close()
                    _be(asking)


def _be(asking: socket.socket) -> None:
    """Become the kernel: with the folder, environment and streams of the one that asks."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    message, streams, _, _ = socket.recv_fds(asking, 1 << 20, len(STREAMS))
    wanted = json.loads(message)
    for stream, number in zip(streams, STREAMS, strict=True):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    asking.sendall(f"{os.getpid()}\n".encode())
    words = ["ipykernel_launcher", *wanted["words"]]
    # With this word a kernel ends after its parent.
    words.append(f"--IPKernelApp.parent_handle={os.getppid()}")
    # What these do when they are imported into a kernel is still to be done: there was none.
    reload = "__import__('importlib').reload(__import__('{}'))"
    words += [f"--IPKernelApp.exec_lines={reload.format(name)}" for name in GREETING]
    sys.argv = words
    sys.path.insert(0, "")
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
    sys.exit()


def ask(path: str, words: list[str]) -> None:
    """Be in a kernel's place for as long as it lives: signals are handed on."""
    with _reached(path) as asked:
        wanted = {"words": words, "folder": str(Path.cwd()), "environment": dict(os.environ)}
        socket.send_fds(asked, [json.dumps(wanted).encode()], list(STREAMS))
        kernel = int(asked.recv(100))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: os.kill(kernel, number))
        # The kernel's end of the socket closes with the kernel.
        asked.recv(1)


def _reached(path: str) -> socket.socket:
    """A connection, once somebody listens."""
    deadline = time.monotonic() + 60
    while True:
        asked = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            asked.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            asked.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return asked


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        ask(sys.argv[2], sys.argv[3:])
