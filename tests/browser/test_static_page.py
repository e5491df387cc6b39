"""The modules as they lie in the folder, in a page without Jupyter: a view needs a payload only."""

from __future__ import annotations

import functools
import http.server
import json
import threading

import pytest
from playwright.sync_api import expect

from golifelab import sample
from golifelab.views.life import Life
from golifelab.widgets.assets import STATIC
from golifelab.widgets.live import first_operator

PAGE = """<!doctype html>
<meta charset="utf-8"><title>a life</title><link rel="icon" href="data:,">
%(styles)s
<div id="view"></div>
<script type="module">
import { render } from "./main.js";
const zip = async (value) => {
  const text = new Blob([JSON.stringify(value)]);
  const zipped = text.stream().pipeThrough(new CompressionStream("gzip"));
  return new DataView(await new Response(zipped).arrayBuffer());
};
const traits = %(traits)s;
for (const name of ["payload", "passes", "marks"]) traits[name] = await zip(traits[name]);
const listeners = {};
window.model = {
  get: (name) => traits[name],
  set(name, value) {
    traits[name] = value;
    for (const listener of listeners[`change:${name}`] ?? []) listener();
  },
  save_changes() {},
  on: (event, listener) => (listeners[event] ??= []).push(listener),
  off() {},
};
render({ model, el: document.getElementById("view") });
</script>
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the modules, and one page beside them."""

    page = ""

    def do_GET(self):
        if self.path != "/":
            super().do_GET()
            return
        body = self.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def traits(program):
    """The traits of a lab whose kernel is gone."""
    found = {}
    for picture in Life("add").pictures(program, first_operator(program)):
        found |= picture
    rail = {key: found[key] for key in ("stations", "position", "thread", "errors", "target")}
    return {
        "view": "life",
        "program": "page",
        "source": program.text,
        "file": program.source.names[0],
        "seq": 0,
        "selection": found["position"],
        "payload": {"seq": 0, **rail},
        "passes": {"seq": 0, "file": program.source.names[0], **found["ssa"]},
        "marks": {"seq": 0, "tokens": found["tokens"], "squiggles": found["squiggles"]},
    }


@pytest.fixture
def page(window):
    sheets = (path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.css"))
    styles = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
    data = json.dumps(traits(sample("add"))).replace("</", "<\\/")
    handler = type("Page", (Quiet,), {"page": PAGE % {"styles": styles, "traits": data}})
    directory = functools.partial(handler, directory=str(STATIC))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), directory) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        window.page.goto(f"http://127.0.0.1:{server.server_port}/")
        expect(window.page.locator(".gl-station")).to_have_count(10)
        yield window.page
        server.shutdown()


def test_scrubbing_needs_no_kernel(page):
    slider = page.locator(".gl-slider")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(".gl-pass-name")).to_have_text("start")
    page.keyboard.press("PageUp")
    expect(page.locator('.gl-row[data-mark="+"]').first).to_be_visible()
    page.locator(".gl-step").last.click()
    assert int(slider.get_attribute("aria-valuenow")) > 1


def test_a_line_of_ssa_selects_its_source(page):
    page.locator(".gl-row", has_text="(10)").last.click()
    expect(page.locator(".gl-row-here").first).to_contain_text("10)")
    expect(page.locator(".cm-line .gl-ring")).to_contain_text("return")
    page.locator(".gl-row", has_text="= SUBQ").last.click()
    expect(page.locator(".cm-line .gl-ring")).to_contain_text("-")
    value = page.locator(".gl-value").first
    name = value.inner_text()
    value.click()
    expect(page.locator(".gl-value.gl-ring").first).to_have_text(name)
    assert page.evaluate("model.get('selection').value") == name


def test_new_lines_are_indented_as_gofmt_would(page):
    page.locator(".cm-line", has_text="if a > 0").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("for {")
    page.keyboard.press("Enter")
    page.keyboard.type("a++")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("b++")
    wanted = "if a > 0 {\n\t\tfor {\n\t\t\ta++\n\t\t}\n\t\tb++\n\t\treturn"
    assert wanted in page.evaluate("model.get('source')")


def test_the_automatic_semicolons_are_seen_and_not_copied(page):
    expect(page.locator(".gl-tok-automatic").first).to_have_text(";")
    assert page.locator(".gl-tok-automatic").first.get_attribute("aria-hidden") == "true"
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    assert page.evaluate("getSelection().toString().includes(';')") is False


def test_hostile_names_stay_text(page):
    page.evaluate(
        """async () => {
          const evil = '<img src=x onerror="window.hit = 1">';
          const rail = {
            seq: 1,
            stations: [{ id: "source", label: evil, figure: evil, unit: evil, part: "front",
                         state: "error", note: evil, detail: evil }],
            position: { file: evil, line: 1, column: 1 },
            thread: { source: [{ label: evil, kind: "exact", evidence: evil,
                                 rows: [[evil, evil]], code: evil }] },
            errors: [{ file: evil, line: 1, column: 1, message: evil, phase: evil }],
            target: evil,
          };
          const text = new Blob([JSON.stringify(rail)]);
          const zipped = text.stream().pipeThrough(new CompressionStream("gzip"));
          model.set("payload", new DataView(await new Response(zipped).arrayBuffer()));
        }"""
    )
    expect(page.locator(".gl-target")).to_contain_text("<img")
    assert page.locator("#view .gl-rail img").count() == 0
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("width", [600, 950, 1400])
def test_nothing_sticks_out(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    stations = page.locator(".gl-station")
    tops = stations.evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().top)")
    assert len(set(tops)) == (1 if width > 900 else 2)


def test_motion_can_be_turned_off(page):
    page.emulate_media(reduced_motion="reduce")
    page.locator(".gl-station").first.evaluate("(one) => (one.dataset.state = 'pending')")
    dot = page.locator(".gl-station .gl-dot").first
    assert dot.evaluate("(one) => getComputedStyle(one).animationName") == "none"


def test_the_system_theme_is_followed_outside_lab(page):
    page.emulate_media(color_scheme="dark")
    ink = page.locator(".gl-label").first.evaluate("(one) => getComputedStyle(one).color")
    assert ink == "rgb(230, 232, 234)"


def test_a_huge_function_costs_what_is_in_view(page):
    page.evaluate(
        """async () => {
          const rows = Array.from({ length: 20000 }, (_, i) => i);
          const lines = rows.map((i) => `    (${i}) v${i} = Add64 <int> v1 v2`);
          const passes = [
            { name: "start", ns: 0, rows },
            { name: "opt", ns: 5, rows: rows.slice(1) },
          ];
          const text = new Blob([JSON.stringify({ seq: 1, function: "huge", lines, passes })]);
          const zipped = text.stream().pipeThrough(new CompressionStream("gzip"));
          model.set("passes", new DataView(await new Response(zipped).arrayBuffer()));
        }"""
    )
    expect(page.locator(".gl-function")).to_have_text("huge")
    assert page.locator(".golifelab *").count() < 5000
    page.locator(".gl-ssa-text").evaluate("(one) => (one.scrollTop = one.scrollHeight)")
    expect(page.locator(".gl-row").last).to_contain_text("v19999 =")
    began = page.evaluate("performance.now()")
    page.locator(".gl-slider").focus()
    page.keyboard.press("Home")
    assert page.evaluate("performance.now()") - began < 2000
