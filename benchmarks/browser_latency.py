"""From a keystroke in a real JupyterLab to the repainted page, beside the bare compiler.

The clock is the browser's own, from the key event to the frame that shows the answer. The program
is small on purpose: what is measured is the way through browser, kernel and toolchain and back.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import Timing, in_turns, summary
from golifelab.errors import FeatureUnavailable
from golifelab.program import Program, sample
from golifelab.toolchain.compile import compile_object

_BEFORE, _AFTER = "a > 0", "a > 1"
_CELL = f"""\
from golifelab import sample
from golifelab.widgets import Life
life = Life(sample("add").edit("{_BEFORE}", "{_AFTER}"), "add")
life"""

# Waits for one edit. `paint` resolves after the frame: a task that is posted from within an
# animation frame runs when that frame has been handed over.
_WATCH = """() => {
  const root = document.querySelector(".golifelab-life");
  const [rail, ssa] = [root.querySelector(".gl-rail"), root.querySelector(".gl-ssa")];
  const process = '.gl-station[data-station="process"]';
  const paint = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  }));
  let begun = 0;
  root.addEventListener("keydown", (event) => { begun = event.timeStamp; }, true);
  window.nextEdit = () => {
    const before = Number(rail.dataset.seq);
    const found = {};
    const reached = {
      rail: () => Number(rail.dataset.seq) > before,
      ssa: () => Number(rail.dataset.seq) > before && Number(ssa.dataset.seq) > before,
      life: () => Number(rail.dataset.seq) > before
        && ["fresh", "recorded"].includes(root.querySelector(process).dataset.state),
    };
    return (window.edit = new Promise((done) => {
      const observer = new MutationObserver(() => {
        for (const [name, test] of Object.entries(reached)) {
          if (name in found || !test()) continue;
          found[name] = paint().then((now) => now - begun);
          if (Object.keys(found).length < 3) continue;
          observer.disconnect();
          Promise.all(Object.entries(found).map(async ([key, at]) => [key, await at]))
            .then((pairs) => done(Object.fromEntries(pairs)));
        }
      });
      observer.observe(root, { subtree: true, attributes: true });
    }));
  };
}"""


def keystroke_to_paint(edits: int = 30) -> list[Timing]:
    """Seconds of `edits` single keystrokes; the first entry is the bare `compile` of the program.

    Raises FeatureUnavailable where there is no Chromium, ImportError where there is no Playwright.
    """
    harness = _harness()
    times: dict[str, list[float]] = {"rail": [], "ssa": [], "life": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        harness.jupyter(Path(folder)) as lab,
        harness.browser() as window,
    ):
        window.open(lab, lab.write("latency.ipynb", _CELL))
        page = window.page
        alive = ":is([data-state=fresh], [data-state=recorded])"
        page.wait_for_selector(f".gl-station[data-station=process]{alive}", timeout=120_000)
        page.evaluate(_WATCH)
        _to_the_constant(page)
        for number in range(edits + 2):
            page.evaluate("() => void window.nextEdit()")
            page.keyboard.press("Backspace" if number % 2 else "7")
            found = page.evaluate("() => window.edit")
            # The first two warm the caches of the kernel and of the machine.
            if number >= 2:
                for name, milliseconds in found.items():
                    times[name].append(milliseconds / 1000)
    bare = in_turns({"compile, bare": lambda: _compile(_program())}, edits)[0]
    return [
        bare,
        summary("key to rail", times["rail"]),
        summary("key to rail and SSA", times["ssa"]),
        summary("key to process", times["life"]),
    ]


def _program() -> Program:
    return sample("add").edit(_BEFORE, _AFTER)


def _compile(program: Program) -> object:
    return compile_object(program.source, program.target)


def _to_the_constant(page: Any) -> None:
    """Put the cursor behind the constant, which every edit makes one digit longer or shorter."""
    lines = _program().text.splitlines()
    line = next(number for number, text in enumerate(lines) if _AFTER in text)
    page.locator(".golifelab-life .cm-content").click()
    page.keyboard.press("Control+Home")
    for _ in range(line):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    for _ in range(len(lines[line]) - lines[line].index(_AFTER) - len(_AFTER)):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(1500)


def _harness() -> Any:
    """The tests' JupyterLab and Chromium."""
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
