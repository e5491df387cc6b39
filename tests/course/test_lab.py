from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from golifelab.course.lab import lab_options
from golifelab.errors import GolifelabError

ROOT = Path(__file__).resolve().parents[2]


def test_a_page_of_the_clone_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = lab_options()
    assert f"--ServerApp.root_dir={ROOT}" in options
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in options


def test_a_page_elsewhere_opens_where_it_lies(tmp_path):
    page = tmp_path / "my page.ipynb"
    page.touch()
    options = lab_options(str(page))
    assert f"--ServerApp.root_dir={tmp_path}" in options
    assert "--LabApp.default_url=/lab/tree/my%20page.ipynb" in options


def test_no_page_is_an_error():
    with pytest.raises(GolifelabError, match=r"there is no nowhere\.ipynb"):
        lab_options("nowhere.ipynb")


def test_lab_serves_the_first_page(tmp_path):
    log = tmp_path / "log"
    command = [sys.executable, "-m", "golifelab", "lab", "notebooks/00_start_here.ipynb"]
    with (
        log.open("wb") as sink,
        subprocess.Popen(
            [*command, "--no-browser", "--port=0", "--IdentityProvider.token=t"],
            cwd=ROOT,
            env={**os.environ, "HOME": str(tmp_path), "JUPYTER_PREFER_ENV_PATH": "1"},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
        ) as server,
    ):
        try:
            address = None
            deadline = time.monotonic() + 90
            while address is None and server.poll() is None and time.monotonic() < deadline:
                time.sleep(0.2)
                pattern = r"(http://127\.0\.0\.1:\d+)/lab/tree/notebooks/00_start_here\.ipynb"
                address = re.search(pattern, log.read_text())
            assert address, log.read_text()
            asked = f"{address[1]}/api/contents/notebooks/00_start_here.ipynb?content=0&token=t"
            with urllib.request.urlopen(asked, timeout=30) as answer:
                assert json.load(answer)["type"] == "notebook"
        finally:
            server.terminate()
            server.wait(30)
