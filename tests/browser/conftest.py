"""One JupyterLab for each theme, and a browser for each test."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import BrowserContext, expect


def _load() -> Any:
    # Tests are no package (import-mode=importlib): the harness is loaded by its path, once.
    name = "golifelab_browser_lab"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("lab.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


if TYPE_CHECKING:
    from lab import Lab, Window

harness = _load()

# Test machines are busy: what is awaited comes in a fraction of a second on an idle one.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def light(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with harness.jupyter(tmp_path_factory.mktemp("light")) as lab:
        yield lab


@pytest.fixture(scope="session")
def dark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with harness.jupyter(tmp_path_factory.mktemp("dark"), dark=True) as lab:
        yield lab


@pytest.fixture(scope="module")
def chromium() -> Iterator[BrowserContext]:
    # One for the tests of a file: what JupyterLab loads is then in its cache.
    with harness.chromium_started() as started:
        yield started.new_context(viewport={"width": 1400, "height": 1000})


@pytest.fixture
def window(chromium: BrowserContext) -> Iterator[Window]:
    with harness.opened(chromium) as opened:
        yield opened
        assert opened.outside == [], "requests left this machine"
        assert opened.problems == [], "the console has errors"
