"""One JupyterLab for each theme, and one window that goes from test to test."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect


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
    with harness.jupyter(tmp_path_factory.mktemp("light"), forks=True) as lab:
        yield lab


@pytest.fixture(scope="session")
def dark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with harness.jupyter(tmp_path_factory.mktemp("dark"), dark=True, forks=True) as lab:
        yield lab


class Kept:
    """The window of all tests: loading JupyterLab anew takes longer than most of them."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._window: Window | None = None

    def window(self) -> Window:
        if self._window is None:
            self._window = self._stack.enter_context(harness.browser())
        return self._window

    def close(self) -> None:
        self._window = None
        self._stack.close()


KEPT = Kept()


@pytest.fixture(scope="session")
def kept() -> Iterator[Kept]:
    yield KEPT
    KEPT.close()


@pytest.fixture
def window(request: pytest.FixtureRequest, kept: Kept) -> Iterator[Window]:
    failed = request.session.testsfailed
    window = kept.window()
    yield window
    outside, problems = window.outside, [*window.problems]
    if request.session.testsfailed > failed or outside or problems:
        # Who knows what it left behind.
        kept.close()
    else:
        window.leave()
    assert outside == [], "requests left this machine"
    assert problems == [], "the console has errors"


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    # Other rooms run event loops of their own, and Playwright's would be in their way.
    if nextitem is None or Path(__file__).parent != nextitem.path.parent:
        KEPT.close()
