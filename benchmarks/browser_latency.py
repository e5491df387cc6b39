"""From a keystroke in a real JupyterLab to the repainted page, beside the bare compiler.

The clock is the browser's own, from the key event to the frame that shows the answer. The program
is small on purpose: what is measured is the way through browser, kernel and toolchain and back.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from benchmarks.measure import Timing, in_turns, summary
from benchmarks.page import digits, go_behind, harness, select_digit
from golifelab.program import Program, sample
from golifelab.toolchain.compile import compile_object

_BEFORE = "a > 0"
_CELL = """\
from golifelab import sample
from golifelab.widgets import Life
life = Life(sample("add").edit("{}", "{}"), "add")
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
    room = harness()
    times: dict[str, list[float]] = {"rail": [], "ssa": [], "life": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        room.jupyter(Path(folder)) as lab,
        room.browser() as window,
    ):
        # A constant that no run before has used: nothing is found in the cache.
        constant = random.randrange(10_000, 90_000) * 100
        condition = f"a > {constant}"
        window.open(lab, lab.write("latency.ipynb", _CELL.format(_BEFORE, condition)))
        page = window.page
        alive = ":is([data-state=fresh], [data-state=recorded])"
        page.wait_for_selector(f".gl-station[data-station=process]{alive}", timeout=120_000)
        page.evaluate(_WATCH)
        program = sample("add").edit(_BEFORE, condition)
        go_behind(page, ".golifelab-life", program.text, condition)
        for number, (place, digit) in enumerate(digits(edits + 2)):
            select_digit(page, place)
            page.evaluate("() => void window.nextEdit()")
            page.keyboard.press(str(digit))
            found = page.evaluate("() => window.edit")
            for _ in range(place):
                page.keyboard.press("ArrowRight")
            # The first two warm the kernel and the machine.
            if number >= 2:
                for name, milliseconds in found.items():
                    times[name].append(milliseconds / 1000)
    bare = in_turns({"compile, bare": lambda: _compile(program)}, edits)[0]
    return [
        bare,
        summary("key to rail", times["rail"]),
        summary("key to rail and SSA", times["ssa"]),
        summary("key to process", times["life"]),
    ]


def _compile(program: Program) -> object:
    return compile_object(program.source, program.target)
