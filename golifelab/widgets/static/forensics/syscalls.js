/**
 * The system calls of a run, or of several: a list, what they do to the addresses as it plays, and the open files.
 */

import { createSpace } from "./space.js";
import { createTrace } from "./trace.js";
import { roving } from "./roving.js";
import { h, say, set } from "../page/dom.js";
import { player } from "../page/player.js";

/** @typedef {import("./model.js").Trace} Trace */

/** @param {HTMLElement} parent */
export function createSyscalls(parent) {
  /** @type {Trace[]} */
  let traces = [];
  let at = 0;
  const tabs = h("div", { class: "gl-forensics-tabs", role: "tablist", "aria-label": "ways to start it" });
  const head = h("p", { class: "gl-calls-head" });
  const left = h("div", { class: "gl-forensics-trace" });
  const play = h("div", { class: "gl-calls-play" });
  const files = h("div", { class: "gl-calls-files", role: "region", tabindex: 0, "aria-label": "open files" });
  const side = h("div", { class: "gl-calls-figures", role: "region", tabindex: 0, "aria-label": "figures side by side", hidden: true });
  const frame = h("section", { class: "gl-forensics gl-syscalls", "aria-label": "system calls", "data-part": "process" }, side, tabs, head, left, play, files);
  parent.append(frame);
  const trace = createTrace(left, (call) => walked(call));
  const space = createSpace(left, (call) => trace.go(call));
  /** @type {ReturnType<typeof player> | null} */
  let steps = null;
  roving(tabs, "[role=tab]", (element) => turn(Number(element.getAttribute("data-at"))));

  /** @param {number} call */
  function walked(call) {
    space.go(call);
    const one = traces[at];
    const step = one.steps.findLastIndex(([number]) => number <= call);
    if (step >= 0) steps?.go(step, true);
  }

  /** @param {number} next */
  function turn(next) {
    const one = traces[next];
    if (!one) return;
    at = next;
    tabs.replaceChildren(...traces.map(({ name }, number) => h("button", { type: "button", role: "tab", "data-at": number, "aria-selected": number === at ? "true" : "false", tabindex: number === at ? 0 : -1 }, name)));
    set(tabs, "hidden", traces.length < 2);
    const threads = one.threads.length;
    say(head, `${one.calls.length.toLocaleString("en")} system calls of ${threads} thread${threads === 1 ? "" : "s"}, ${one.how}.${one.cut ? ` It was ended: ${one.cut}.` : ""}${one.dropped ? ` ${one.dropped.toLocaleString("en")} more are not shown.` : ""}${one.build ? ` ${one.build}` : ""}${one.reason ? ` Not this program: ${one.reason}.` : ""}`);
    trace.show(one);
    space.show(one);
    play.replaceChildren(h("p", { class: "gl-note" }, "From one change of the addresses to the next:"));
    steps = player(play, {
      count: one.steps.length,
      label: (step) => `${one.steps[step][1]} at ${one.steps[step][2]}`,
      onStep: (step) => {
        trace.go(one.steps[step][0], true);
        space.go(one.steps[step][0]);
      },
      interval: 500,
      name: "what the calls do to the addresses",
    });
    files.replaceChildren(opened(one));
    set(frame, "data-chosen", one.name);
  }

  /** @param {Trace} one */
  function opened(one) {
    return h(
      "table",
      { class: "gl-calls-table" },
      h("caption", {}, "file descriptors, each from its opening to its closing"),
      h("thead", {}, h("tr", {}, ...["descriptor", "what", "from call", "to call", "calls in between", "mapped"].map((word) => h("th", { scope: "col" }, word)))),
      h(
        "tbody",
        {},
        ...one.files.slice(0, 200).map(([number, what, from, to, calls, maps]) =>
          h("tr", {}, h("td", {}, number), h("td", {}, h("code", {}, what)), h("td", {}, from < 0 ? "the beginning" : link(from)), h("td", {}, to === null ? "the end" : link(to)), h("td", {}, calls), h("td", {}, maps || "")),
        ),
      ),
    );
  }

  /** @param {string[][]} figures a name, and a figure of each trace */
  function compared(figures) {
    return h(
      "table",
      { class: "gl-calls-table" },
      h("thead", {}, h("tr", {}, h("td", {}), ...traces.map(({ name }, at) => h("th", { scope: "col" }, h("button", { type: "button", class: "gl-forensics-clue", onclick: () => turn(at) }, name))))),
      h("tbody", {}, ...figures.map(([name, ...values]) => h("tr", {}, h("th", { scope: "row" }, name), ...values.map((value) => h("td", { class: "gl-calls-number" }, /^0( bytes)?$/.test(value) ? "·" : value))))),
    );
  }

  /** @param {number} call */
  function link(call) {
    return h("button", { type: "button", class: "gl-go", onclick: () => trace.go(call) }, call);
  }

  return {
    element: frame,
    /** @param {{traces: Trace[], failed?: string, figures?: string[][]}} next */
    show(next) {
      set(frame, "data-failed", Boolean(next.failed));
      if (next.failed) {
        say(head, next.failed);
        return;
      }
      traces = next.traces;
      set(side, "hidden", !next.figures);
      side.replaceChildren(...(next.figures ? [compared(next.figures)] : []));
      turn(Math.min(at, traces.length - 1));
    },
    select() {},
  };
}
