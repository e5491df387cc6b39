"""The lab in a real JupyterLab: edits, scrubbing, and one of the largest functions there are.

The clock is the browser's own, from the key event to the frame that shows the answer, the wait for
the frame included.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.measure import Timing, in_turns, summary
from benchmarks.page import digits, go_behind, harness, select_digit
from golifelab.program import sample
from golifelab.toolchain.compile import compile_object

_BEFORE = "a > 0"
_EDITED = """\
from golifelab import sample
from golifelab.widgets import Lab
lab = Lab(sample("add").edit("{}", "{}"), "add", tab="{}")
lab"""

# Package fmt itself: functions of all sizes.
_PACKAGE = """\
from golifelab import Program
from golifelab.toolchain.go import find_go
from golifelab.widgets import Lab
program = Program.from_directory(f"{find_go().root}/src/fmt")
program.object
lab = Lab(program, "Sprintf", tab="graph")
lab"""
# In the middle of their passes they have about 115, 110 and 350 blocks.
_FUNCTIONS = {
    "(*fmt).fmtFloat": "about 100 blocks",
    "(*pp).printValue": "about 350 blocks",
}
# Live elements, after the last function was shown.
MOST = 5000

# `paint` resolves after the frame: a task that is posted from within an animation frame runs when
# that frame has been handed over.
_WATCH = """() => {
  const root = document.querySelector(".golifelab-lab");
  const pane = root.querySelector(".gl-pane");
  const slider = pane.querySelector(".gl-slider");
  const paint = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  }));
  let begun = 0;
  root.addEventListener("keydown", (event) => { begun = event.timeStamp; }, true);
  const when = (element, attribute, reached) => new Promise((done) => {
    const observer = new MutationObserver(() => {
      if (!reached()) return;
      observer.disconnect();
      paint().then(done);
    });
    observer.observe(element, { attributes: true, attributeFilter: [attribute] });
  });
  window.nextEdit = () => {
    const before = Number(pane.dataset.seq);
    const reached = () => Number(pane.dataset.seq) > before;
    return (window.edit = when(pane, "data-seq", reached).then((now) => now - begun));
  };
  window.nextPass = () => {
    const now = () => slider.getAttribute("aria-valuenow");
    const before = now();
    const reached = () => now() !== before;
    return (window.pass = when(slider, "aria-valuenow", reached).then((done) => done - begun));
  };
  window.paint = paint;
}"""

_CHOOSE = """async (name) => {
  const picker = document.querySelector(".golifelab-lab .gl-pane select");
  const note = document.querySelector(".golifelab-lab .gl-cfg-note");
  const before = note.textContent;
  picker.value = [...picker.options].find((one) => one.value.endsWith(name)).value;
  const begun = performance.now();
  picker.dispatchEvent(new Event("change", { bubbles: true }));
  while (note.textContent === before) await window.paint();
  return (await window.paint()) - begun;
}"""


@contextmanager
def _page(cell: str) -> Iterator[Any]:
    """A notebook with one cell that shows a lab; the window when its graph or values are there."""
    room = harness()
    with (
        tempfile.TemporaryDirectory() as folder,
        room.jupyter(Path(folder)) as lab,
        room.browser() as window,
    ):
        window.open(lab, lab.write("latency.ipynb", cell))
        window.page.wait_for_selector(".golifelab-lab .gl-pane[data-seq]", timeout=120_000)
        window.page.evaluate(_WATCH)
        yield window


def keystroke_to_lab(edits: int = 30) -> list[Timing]:
    """Seconds of `edits` single keystrokes; the first entry is the bare `compile` of the program.

    Raises FeatureUnavailable where there is no Chromium, ImportError where there is no Playwright.
    """
    shown = {"values": "key to repainted lab, values", "graph": "key to repainted lab, graph"}
    groups = [summary(name, list(_edits(edits, tab))) for tab, name in shown.items()]
    program = sample("add")
    bare = {"compile, bare": lambda: compile_object(program.source, program.target)}
    return [in_turns(bare, edits)[0], *groups]


def _edits(count: int, tab: str) -> Iterator[float]:
    # A constant that no run before has used: nothing is found in the cache.
    constant = random.randrange(10_000, 90_000) * 100
    condition = f"a > {constant}"
    with _page(_EDITED.format(_BEFORE, condition, tab)) as window:
        page = window.page
        page.wait_for_timeout(1000)
        text = sample("add").edit(_BEFORE, condition).text
        go_behind(page, ".golifelab-lab", text, condition)
        for number, (place, digit) in enumerate(digits(count + 2)):
            select_digit(page, place)
            page.evaluate("() => void window.nextEdit()")
            page.keyboard.press(str(digit))
            found = page.evaluate("() => window.edit")
            for _ in range(place):
                page.keyboard.press("ArrowRight")
            # The first two warm the kernel and the machine.
            if number >= 2:
                yield found / 1000


def scrubbing() -> list[Timing]:
    """Seconds from a key to the painted graph of another pass, and to a large function's graph.

    Each function is scrubbed pass by pass to the end and back. AssertionError when the page then
    has more than MOST live elements in the lab.
    """
    passes: list[Timing] = []
    opened: list[float] = []
    with _page(_PACKAGE) as window:
        page = window.page
        for name, size in _FUNCTIONS.items():
            opened.append(page.evaluate(_CHOOSE, name) / 1000)
            slider = page.locator(".golifelab-lab .gl-pane .gl-slider").first
            slider.focus()
            page.keyboard.press("Home")
            last = int(slider.get_attribute("aria-valuemax") or 0)
            times = []
            for key in ["ArrowRight"] * last + ["ArrowLeft"] * last:
                page.evaluate("() => void window.nextPass()")
                page.keyboard.press(key)
                times.append(page.evaluate("() => window.pass") / 1000)
            passes.append(summary(f"scrub a pass, {size}", times))
            live = page.evaluate("() => document.querySelectorAll('.golifelab-lab *').length")
            assert live <= MOST, f"{live} live elements"
    return [*passes, summary("open fmt.(*pp).printValue", opened[-1:])]
