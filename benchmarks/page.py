"""Working the tests' JupyterLab and Chromium for a measurement."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from golifelab.errors import FeatureUnavailable


def harness() -> Any:
    """The tests' JupyterLab and Chromium; FeatureUnavailable where there is no Chromium."""
    path = Path(__file__).resolve().parents[1] / "tests" / "browser" / "lab.py"
    spec = importlib.util.spec_from_file_location("golifelab_browser_lab", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by its name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    try:
        module.chromium()
    except FileNotFoundError as error:
        raise FeatureUnavailable("measuring in a browser", str(error)) from error
    return module


def digits(count: int) -> list[tuple[int, int]]:
    """`count` (place, digit): from 00 on, each makes a two-digit number that was not there before.

    One digit changes at a time, as in a Gray code: up the ones, a step of the tens, down the ones.
    """
    found = []
    for tens in range(10):
        ones = range(1, 10) if tens % 2 == 0 else range(8, -1, -1)
        found += [(0, one) for one in ones] + [(1, tens + 1)]
    return found[:count]


def go_behind(page: Any, view: str, text: str, piece: str) -> None:
    """Put the cursor of a view's editor behind a piece of its text that stands in one line."""
    lines = text.splitlines()
    line = next(number for number, one in enumerate(lines) if piece in one)
    page.locator(f"{view} .cm-content").click()
    page.keyboard.press("Control+Home")
    for _ in range(line):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    for _ in range(len(lines[line]) - lines[line].index(piece) - len(piece)):
        page.keyboard.press("ArrowLeft")


def select_digit(page: Any, place: int) -> None:
    """Select the digit of a place (0 is the last), and let what that sets going come to rest."""
    for _ in range(place):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_timeout(400)
