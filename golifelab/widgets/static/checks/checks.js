/**
 * The check player: the phases of the front end in the order they ran, what each found, and what the
 * checker did in it, line by line.
 */

import { h, say, set, uid } from "../page/dom.js";
import { bars, climb, count, foundBy, keepPhase, linesAt, nextComplaint, outcome, verdict } from "./model.js";
import { createFindings } from "./findings.js";
import { createTrace } from "./trace.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Checks} Checks */
/** @typedef {import("./model.js").Phase} Phase */

/** What a phase is, in a mark. */
const MARKS = { never: "–", found: "✗", ran: "✓" };

/** @param {Phase} phase @returns {keyof typeof MARKS} */
const stateOf = (phase) => (!phase.ran ? "never" : phase.errors > 0 ? "found" : "ran");

/**
 * One phase in the list: made once, repainted in place, so that focus survives every edit.
 *
 * @param {string} panel the id of what it controls
 */
function createTab(panel) {
  const mark = h("span", { class: "gl-check-mark", "aria-hidden": "true" });
  const name = h("code", { class: "gl-check-name" });
  const bar = h("i");
  const lines = h("span", { class: "gl-check-lines" });
  const result = h("span", { class: "gl-check-result" });
  const here = h("span", { class: "gl-check-here", "aria-hidden": "true" }, "•");
  const tab = h(
    "button",
    { class: "gl-check", type: "button", role: "tab", id: uid("phase"), "aria-controls": panel },
    mark,
    name,
    here,
    h("span", { class: "gl-check-bar", "aria-hidden": "true" }, bar),
    lines,
    result,
  );
  return {
    tab,
    /**
     * @param {Phase} phase
     * @param {number} share the length of its bar, 0 to 1
     * @param {boolean} first whether it complained first
     */
    paint(phase, share, first) {
      const state = stateOf(phase);
      set(tab, "data-state", state);
      set(tab, "data-phase", phase.name);
      set(tab, "data-first", first);
      say(mark, MARKS[state]);
      say(name, phase.name);
      bar.style.width = `${(share * 100).toFixed(1)}%`;
      say(lines, phase.total > 0 ? phase.total.toLocaleString("en") : "");
      say(result, outcome(phase, first));
      const words = [phase.name, phase.ran && count(phase.total, "trace line"), phase.errors > 0 && count(phase.errors, "error")];
      const rest = [first && "the first to complain", !phase.ran && `never ran: ${phase.why}`];
      set(tab, "aria-label", [...words, ...rest].filter(Boolean).join(", "));
    },
    /** @param {boolean} mentioned whether its trace is about what is selected */
    mention(mentioned) {
      set(here, "data-mentioned", mentioned);
      set(here, "title", mentioned ? "its trace is about what is selected" : null);
    },
  };
}

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 */
export function createChecks(parent, select) {
  /** @type {Checks | null} */
  let payload = null;
  let at = 0;
  /** @type {Selection} */
  let selection = {};

  const status = h("span", { class: "gl-status", role: "status" }, "watching the checker …");
  const back = h("button", { type: "button", class: "gl-step", "aria-label": "previous phase that complained" }, "◀ ✗");
  const ahead = h("button", { type: "button", class: "gl-step", "aria-label": "next phase that complained" }, "✗ ▶");
  const list = h("div", { class: "gl-checklist", role: "tablist", "aria-orientation": "vertical", "aria-label": "phases, in the order they ran" });
  const heading = h("b", { class: "gl-detail-name" });
  const about = h("p", { class: "gl-detail-about" });
  const detail = h("div", { class: "gl-detail", role: "tabpanel", id: uid("detail"), tabindex: "-1" });
  const findings = createFindings(select, (line) => trace.go(line, true));
  const trace = createTrace(select);
  detail.append(h("p", { class: "gl-detail-head" }, heading), about, findings.element);
  const frame = h(
    "section",
    { class: "gl-checks", "aria-label": "the front end's phases", "data-part": "front" },
    h("header", { class: "gl-checks-head" }, status, h("span", { class: "gl-steps" }, back, ahead)),
    h("div", { class: "gl-checks-body" }, list, detail),
    trace.element,
  );
  parent.append(frame);

  /** @type {ReturnType<typeof createTab>[]} */
  let tabs = [];

  /**
   * @param {number} phase
   * @param {boolean} [focus]
   */
  function choose(phase, focus = false) {
    if (!payload) return;
    at = phase;
    tabs.forEach(({ tab }, i) => {
      set(tab, "aria-selected", i === at ? "true" : "false");
      tab.tabIndex = i === at ? 0 : -1;
    });
    if (focus) tabs[at]?.tab.focus();
    paintDetail();
  }

  function paintDetail() {
    if (!payload) return;
    const phase = payload.phases[at];
    set(frame, "data-phase", phase.name);
    set(detail, "aria-labelledby", tabs[at].tab.id);
    say(heading, phase.name);
    say(about, aboutOf(phase));
    const found = foundBy(payload, at);
    findings.show(found, payload.findings[0] ?? null, phase.lines);
    trace.show(payload, at, found);
    trace.select(selection);
    back.disabled = nextComplaint(payload.phases, at, -1) === at;
    ahead.disabled = nextComplaint(payload.phases, at, 1) === at;
  }

  function mention() {
    tabs.forEach((one, i) => one.mention(payload !== null && linesAt(payload, i, selection).exact));
  }

  list.addEventListener("keydown", (event) => {
    if (!payload) return;
    const complaint = { PageDown: /** @type {const} */ (1), PageUp: /** @type {const} */ (-1) }[event.key];
    const next = complaint ? nextComplaint(payload.phases, at, complaint) : climb(event.key, at, payload.phases.length, 1);
    if (next === null) return;
    event.preventDefault();
    choose(next, true);
  });
  // Pressed and drawn along, the list is a scrubber.
  list.addEventListener("pointermove", (event) => {
    if (event.buttons !== 1) return;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest(".gl-check");
    const phase = tabs.findIndex(({ tab }) => tab === under);
    if (phase >= 0 && phase !== at) choose(phase);
  });
  back.addEventListener("click", () => payload && choose(nextComplaint(payload.phases, at, -1)));
  ahead.addEventListener("click", () => payload && choose(nextComplaint(payload.phases, at, 1)));
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // Tab goes on from here, and the notebook's own keys work again.
    event.preventDefault();
    detail.focus();
  });

  return {
    element: frame,
    /** @param {Checks} next */
    show(next) {
      const chosen = keepPhase(payload, at, next);
      payload = next;
      const now = verdict(next);
      set(frame, "data-verdict", now.state);
      say(status, now.text);
      if (tabs.length !== next.phases.length) {
        tabs = next.phases.map(() => createTab(detail.id));
        tabs.forEach(({ tab }, i) => tab.addEventListener("click", () => choose(i)));
        list.replaceChildren(...tabs.map(({ tab }) => tab));
      }
      const shares = bars(next.phases);
      tabs.forEach((one, i) => one.paint(next.phases[i], shares[i], i === next.first));
      choose(chosen);
      mention();
    },
    /** @param {Selection} next */
    select(next) {
      selection = next;
      trace.select(next);
      mention();
    },
  };
}

/**
 * @param {Phase} phase
 * @returns {string} what it is for, and why it never ran
 */
function aboutOf({ about, ran, why }) {
  return [about, !ran && `Never ran: ${why || "nothing asked for it"}.`].filter(Boolean).join(" ");
}
