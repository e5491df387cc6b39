/**
 * What the board finds out when it is asked: who saves what, and how long an expression takes.
 */

import { bar, figure, signed } from "./model.js";
import { h, say, set } from "../page/dom.js";
import { watch } from "../page/host.js";
import { follow } from "../page/payload.js";

/** @typedef {import("../page/host.js").Model} Model */
/** @typedef {import("./model.js").Board} Board */

/**
 * @typedef {object} Answer
 * @property {number} seq
 * @property {string} function
 * @property {"running" | "done" | "stopped" | "failed"} state
 * @property {number} [done]
 * @property {number} [of]
 * @property {string} [said] why it failed
 */

/** @typedef {Answer & {what: string, name: string, without: number, with: number, compilations: number, shares: {pass: string, share: number, exact: string}[]}} Shares */
/** @typedef {Answer & {expression: string, variants: {name: string, best: number, median: number, slowest: number}[]}} Times */

/**
 * @param {Model} model
 * @param {AbortSignal} signal
 */
export function createAsked(model, signal) {
  // A page without a kernel shows what was asked before it was made.
  const asleep = !model.get("runtime");
  const empty = (/** @type {string} */ trait) => asleep && !model.get(trait)?.byteLength;
  let number = 0;
  /** @type {Board | null} */
  let board = null;

  /** @param {Record<string, string>} wanted */
  function ask(wanted) {
    number += 1;
    model.set("request", { ...wanted, number });
    model.save_changes();
  }

  const measure = h("select", { "aria-label": "measure" });
  const divide = createAnswer("divide", "Divide", () => ask({ do: "divide", what: measure.value }), sharesOf);
  /** @type {HTMLInputElement} */
  const expression = field("expression", "expression, such as sum(values)");
  const setup = field("setup", "statements before the clock starts, such as values := make([]int, 1000)");
  const time = createAnswer("time", "Time it", () => ask({ do: "time" }), timesOf);
  const element = h(
    "div",
    { class: "gl-asked", "data-asleep": asleep, hidden: empty("sharing") && empty("timing") },
    h("section", { "aria-label": "who saves what", hidden: empty("sharing") }, h("p", {}, h("b", {}, "Who saves what?"), " Each pass's share of the ", measure, " that the switched passes save together."), divide.element),
    h("section", { "aria-label": "run time", hidden: empty("timing") }, h("p", {}, h("b", {}, "How long does it take?"), " By default, and without the passes that are switched off."), setup, expression, time.element),
  );
  const none = h("p", { class: "gl-note" }, "No pass is switched: the three that matter most take part.");
  element.append(none);
  const paintNone = () => set(none, "hidden", model.get("switched").length > 0);
  watch(model, "switched", paintNone, signal);
  paintNone();

  /** @param {string} trait @param {string} hint */
  function field(trait, hint) {
    const input = h("input", { type: "text", class: "gl-asked-field", placeholder: hint, "aria-label": hint, spellcheck: "false", autocomplete: "off" });
    input.value = model.get(trait) ?? "";
    input.addEventListener("input", () => {
      model.set(trait, input.value);
      if (trait === "expression") paintTime();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && expression.value) ask({ do: "time" });
    });
    watch(
      model,
      trait,
      () => {
        if (input.value !== model.get(trait)) input.value = model.get(trait);
        if (trait === "expression") paintTime();
      },
      signal,
    );
    return input;
  }

  function paintTime() {
    time.enable(Boolean(model.get("expression")));
  }

  /**
   * A button, how far it is, and what came of it.
   *
   * @param {string} name
   * @param {string} label
   * @param {() => void} begin
   * @param {(answer: any) => Node[]} draw
   */
  function createAnswer(name, label, begin, draw) {
    let enabled = true;
    /** @type {Answer | null} */
    let newest = null;
    const button = h("button", { type: "button", class: "gl-asked-button", onclick: () => (running() ? ask({ do: "stop" }) : begin()) }, label);
    const meter = h("progress", { hidden: true, max: 1, "aria-label": label });
    const words = h("span", { class: "gl-note", role: "status" });
    const result = h("div", { class: "gl-asked-result" });
    const running = () => newest?.state === "running";
    const paint = () => {
      say(button, running() ? "Stop" : label);
      set(button, "disabled", !enabled && !running());
      set(meter, "hidden", !running());
      if (newest?.of) meter.value = (newest.done ?? 0) / newest.of;
      else meter.removeAttribute("value");
      const old = Boolean(newest && board && (newest.seq !== (board.seq ?? 0) || newest.function !== board.function));
      set(result, "data-stale", old || running());
      if (newest?.state === "failed") say(words, newest.said);
      else if (newest?.state === "stopped") say(words, "stopped");
      else if (running()) say(words, newest?.of ? `${newest.done} of ${newest.of}` : "waiting for the passes to be measured …");
      else say(words, old ? "of an earlier text or function" : "");
      set(words, "data-trouble", newest?.state === "failed");
    };
    return {
      element: h("div", { class: "gl-asked-answer", "data-asked": name }, h("div", { class: "gl-asked-line" }, button, meter, words), result),
      paint,
      /** @param {boolean} wanted */
      enable(wanted) {
        enabled = wanted;
        paint();
      },
      /** @param {Answer} answer */
      show(answer) {
        newest = answer;
        if (answer.state === "done") result.replaceChildren(...draw(answer));
        paint();
      },
    };
  }

  follow(model, "sharing", divide.show, signal);
  follow(model, "timing", time.show, signal);
  paintTime();

  return {
    element,
    /** @param {Board} next the board whose text is in the editor now */
    of(next) {
      if (next.columns && measure.options.length === 0) measure.append(...next.columns.map(({ id, name }) => h("option", { value: id }, name)));
      board = next.failed ? { ...(board ?? next), seq: next.seq } : next;
      divide.paint();
      time.paint();
    },
  };
}

/** @param {Shares} answer */
function sharesOf({ shares, name, without, with: rest, compilations }) {
  if (shares.length === 0) return [h("p", {}, "No pass takes part: none matters here.")];
  const most = Math.max(...shares.map((one) => Math.abs(one.share)));
  const lines = shares.map(({ pass, share, exact }) => ({
    label: pass,
    length: bar(share, most),
    less: share < 0,
    figure: share === 0 ? "0" : share < 0 ? signed(share) : figure(share, 2),
    title: `exactly ${exact}`,
  }));
  const together = `together ${figure(without - rest)}: ${figure(without)} ${name} without these passes, ${figure(rest)} with them`;
  return [
    chart(lines),
    h("p", { class: "gl-note", title: "its Shapley value" }, `${together}. A share is what a pass saves on average over every order of switching them on (${figure(compilations)} compilations).`),
  ];
}

/** @param {Times} answer */
function timesOf({ expression, variants }) {
  const most = Math.max(...variants.map((one) => one.median));
  const fastest = variants[0].best;
  const lines = variants.map(({ name, best, median }, index) => ({
    label: name === "" ? "by default" : `without ${name}`,
    length: bar(best, most),
    less: false,
    figure: `${figure(best, 2)} ns${index > 0 && fastest > 0 ? ` · ${(best / fastest).toFixed(2)} ×` : ""}`,
    title: `best ${figure(best, 2)} ns, median ${figure(median, 2)} ns`,
    mark: bar(median, most),
  }));
  return [
    chart(lines),
    h("p", { class: "gl-note" }, h("code", {}, expression), ": the bar is the best batch, the tick the one in the middle. What lies between them is noise of this machine, and so are differences smaller than that."),
  ];
}

/**
 * @typedef {object} Line
 * @property {string} label
 * @property {number} length of its bar, 0 to 1
 * @property {boolean} less
 * @property {string} figure
 * @property {string} title
 * @property {number} [mark] where a tick stands, 0 to 1
 */

/** @param {Line[]} lines */
function chart(lines) {
  return h(
    "table",
    { class: "gl-asked-chart" },
    h(
      "tbody",
      {},
      ...lines.map((line) => {
        const drawn = h("span", { class: "gl-ablation-bar", "data-less": line.less });
        drawn.style.setProperty("--gl-length", line.length.toFixed(3));
        const tick = line.mark === undefined ? null : h("span", { class: "gl-asked-tick" });
        tick?.style.setProperty("--gl-length", (line.mark ?? 0).toFixed(3));
        return h("tr", { title: line.title }, h("th", { scope: "row" }, line.label), h("td", { class: "gl-asked-bar", "aria-hidden": "true" }, drawn, tick), h("td", { class: "gl-ablation-figure" }, line.figure));
      }),
    ),
  );
}
