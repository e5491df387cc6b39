"""A real JupyterLab and a real Chromium, for the tests and for the latency benchmark."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from playwright.sync_api import (
    ConsoleMessage,
    Page,
    ViewportSize,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
KERNELS = Path(__file__).with_name("kernels.py")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE: ViewportSize = {"width": 1400, "height": 1000}
LOCAL = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "file:")


def chromium() -> str:
    """The browser of this machine; GOLIFELAB_CHROMIUM overrides."""
    named = os.environ.get("GOLIFELAB_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise FileNotFoundError("no Chromium on PATH; install it or set GOLIFELAB_CHROMIUM")
    return found


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    token: str
    root: Path

    def write(self, name: str, *cells: str) -> str:
        """Write a notebook of code cells below the root."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, self.root / name)
        return name


@contextlib.contextmanager
def jupyter(folder: Path, *, dark: bool = False, forks: bool = False) -> Iterator[Lab]:
    """Start JupyterLab with folders of its own below `folder`; end it afterwards.

    With `forks` its kernels need no start: see kernels.py.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = folder / "notebooks"
    root.mkdir(parents=True, exist_ok=True)
    names = ("CONFIG", "DATA", "RUNTIME")
    environment = os.environ | {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in names}
    environment |= {
        "HOME": str(folder / "home"),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_PLATFORM_DIRS": "1",
        # Its own data first, and then what is installed: kernels too.
        "JUPYTER_PREFER_ENV_PATH": "0",
        "PYTHONPATH": str(ROOT),
    }
    # A cache of its own would build the helper again: a minute for every test run.
    if "GOLIFELAB_CACHE" not in environment:
        from golifelab.toolchain.cache import cache_root

        environment["GOLIFELAB_CACHE"] = str(cache_root())
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    theme = {"theme": "JupyterLab Dark" if dark else "JupyterLab Light"}
    (settings / "themes.jupyterlab-settings").write_text(json.dumps(theme))
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet))
    token = secrets.token_hex(8)
    log = folder / "lab.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                *("-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
                f"--port={port}",
                f"--IdentityProvider.token={token}",
                f"--ServerApp.root_dir={root}",
                "--ServerApp.port_retries=0",
                "--LabApp.extension_manager=readonly",
                "--LabApp.news_url=None",
                "--LabApp.expose_app_in_browser=True",
                "--ServerApp.kernel_websocket_connection_class=golifelab.widgets.server.Prompt",
            ],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    nursery = _nursery(folder, environment) if forks else None
    lab = Lab(f"http://127.0.0.1:{port}", token, root)
    try:
        _wait_for(lab, server, log)
        yield lab
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        if nursery:
            nursery.kill()
            nursery.wait()


def _nursery(folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start what forks kernels, and have JupyterLab ask it for them."""
    meeting = str(folder / "kernels")
    # Without a search for packages the one that only waits costs next to nothing.
    asking = [sys.executable, "-I", "-S", str(KERNELS), "ask", meeting, "-f", "{connection_file}"]
    spec = {"argv": asking, "display_name": "Python 3", "language": "python"}
    place = folder / "data" / "kernels" / "python3"
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    return subprocess.Popen([sys.executable, KERNELS, "serve", meeting], env=environment)


def _wait_for(lab: Lab, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{lab.url}/api/status?token={lab.token}", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-3000:]}")


@dataclass
class Window:
    """A page of the browser, and everything that went wrong in it."""

    page: Page
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Requests that left this machine."""
        return [url for url in self.requests if not url.startswith(LOCAL)]

    def open(self, lab: Lab, notebook: str) -> None:
        """Open a notebook, in the JupyterLab that is there already; run all of it when it can."""
        if self.page.url.startswith(lab.url):
            self.page.evaluate(
                """async (path) => {
                  await window.jupyterapp.commands.execute("docmanager:open", { path });
                }""",
                notebook,
            )
        else:
            self.page.goto(f"{lab.url}/lab/tree/{notebook}?token={lab.token}&reset")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=180_000)
        # The page's own indicators say "idle" before there is a session: ask the application.
        self.page.evaluate(
            """async () => {
              const app = window.jupyterapp;
              await app.restored;
              const panel = app.shell.currentWidget;
              await panel.revealed;
              await panel.sessionContext.ready;
              const kernel = panel.sessionContext.session.kernel;
              await kernel.info;
              while (kernel.status !== "idle" || kernel.connectionStatus !== "connected")
                await new Promise((done) => setTimeout(done, 20));
              await app.commands.execute("notebook:run-all-cells");
            }"""
        )

    def leave(self) -> None:
        """Close what is open in JupyterLab with its kernels, unsaved; forget what was heard."""
        self.page.evaluate(
            """async () => {
              const panels = [...(window.jupyterapp?.shell.widgets("main") ?? [])];
              for (const panel of panels.filter((one) => one.sessionContext)) {
                await panel.sessionContext.shutdown();
                panel.dispose();
              }
            }"""
        )
        self.page.set_viewport_size(SIZE)
        self.page.emulate_media(color_scheme="null", reduced_motion="null")
        self.page.context.clear_permissions()
        self.problems.clear()
        self.requests.clear()

    def errors(self) -> list[str]:
        """The error outputs of the notebook."""
        found: list[str] = self.page.evaluate(
            """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
              .filter((cell) => cell.cell_type === "code")
              .flatMap((cell) => cell.getOutputs())
              .filter((output) => output.output_type === "error")
              .map((output) => `${output.ename}: ${output.evalue}`)"""
        )
        return found

    def cells(self) -> int:
        """How many cells the notebook has."""
        count: int = self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.content.model.cells.length"
        )
        return count

    def ask(self, code: str) -> str:
        """Run code in the notebook's kernel; what it prints, errors included."""
        printed: str = self.page.evaluate(
            """async (code) => {
              const session = window.jupyterapp.shell.currentWidget.sessionContext.session;
              const request = session.kernel.requestExecute({ code, store_history: false });
              let text = "";
              request.onIOPub = ({ header, content }) => {
                if (header.msg_type === "stream") text += content.text;
                if (header.msg_type === "error") text += content.traceback.join("\\n");
              };
              await request.done;
              return text;
            }""",
            code,
        )
        return printed

    def told(self, code: str, wanted: str, seconds: float = 20.0) -> None:
        """Wait until `code` prints what matches `wanted`: the page knows it before Python."""
        deadline = time.monotonic() + seconds
        while not re.search(wanted, printed := self.ask(code)):
            if time.monotonic() > deadline:
                raise AssertionError(f"{code} gives {printed!r}, and not {wanted!r}")
            self.page.wait_for_timeout(100)


@contextlib.contextmanager
def browser() -> Iterator[Window]:
    """Start Chromium with one page, and write down what goes wrong in it; end it afterwards."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            page = started.new_context(viewport=SIZE).new_page()
            window = Window(page)

            def hear(message: ConsoleMessage) -> None:
                if message.type == "error":
                    window.problems.append(message.text)

            page.on("console", hear)
            page.on("pageerror", lambda error: window.problems.append(str(error)))
            page.on("request", lambda request: window.requests.append(request.url))
            yield window
        finally:
            started.close()
