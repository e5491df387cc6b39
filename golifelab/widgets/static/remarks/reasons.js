/**
 * Below the lane: what the compiler says about one chip, in full, and the way of a value step by step.
 */

import { h, say } from "../page/dom.js";
import { about, costBar, flowParts, legs, stepParts } from "./model.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Chip} Chip */
/** @typedef {import("./model.js").Lane} Lane */
/** @typedef {import("./model.js").Remark} Remark */
/** @typedef {import("./model.js").Step} Step */

/** Remarks of one chip that are spelled out. */
const MOST = 30;

/**
 * @param {string} id
 * @param {(selection: Selection) => void} select
 * @param {() => void} back give the focus to where it came from
 */
export function createReasons(id, select, back) {
  const hint = h("p", { class: "gl-nothing" });
  const element = h("section", { class: "gl-remark-reasons", id, "aria-label": "the compiler's reasons", tabindex: "-1" }, hint);

  /** @param {Remark | Step} at @param {string} file */
  const place = (at, file) => {
    const { line = 0, column = 0 } = at;
    const words = column ? `${line}:${column}` : `line ${line}`;
    const go = h("button", { type: "button", class: "gl-go gl-remark-place", tabindex: "-1", title: "select this place" }, words);
    go.addEventListener("click", () => select({ file, line, column }));
    return go;
  };

  /** @param {Step} step @param {string} file */
  const placeOf = (step, file) =>
    step.line ? place(step, step.file ?? file) : h("span", { class: "gl-remark-elsewhere" }, step.at);

  /** @param {Step} step @param {string} file */
  function codeStep(step, file) {
    const { code, why } = step.kind === "from" ? stepParts(step.text) : { code: step.text, why: "" };
    return h(
      "li",
      { class: "gl-remark-from" },
      placeOf(step, file),
      h("code", {}, code),
      why && h("span", { class: "gl-remark-quiet" }, why),
      step.inlined && h("span", { class: "gl-remark-quiet" }, `in ${step.inlined[step.inlined.length - 1]}, inlined here`),
    );
  }

  /** @param {Step[]} steps @param {string} file */
  function way(steps, file) {
    const found = legs(steps);
    return h(
      "ol",
      { class: "gl-remark-way", "aria-label": "step by step" },
      ...found.map(({ flow, from }, index) => {
        const parts = flow && flowParts(flow.text);
        const words = parts
          ? [h("code", {}, parts.from), h("span", { class: "gl-remark-quiet" }, parts.to === "the heap" ? "goes to" : "goes into"), h("code", { "data-heap": parts.to === "the heap" }, parts.to)]
          : [h("code", {}, flow?.text ?? "")];
        return h(
          "li",
          { class: "gl-remark-leg", "data-last": index === found.length - 1 },
          flow && h("div", { class: "gl-remark-flow" }, ...words),
          h("ul", {}, ...from.map((step) => codeStep(step, file))),
        );
      }),
    );
  }

  /** @param {Remark} remark */
  function figures({ cost, budget }) {
    if (cost === undefined) return null;
    if (!budget) return h("span", { class: "gl-remark-quiet" }, `cost ${cost}`);
    const { fill, mark, words } = costBar(cost, budget);
    return h(
      "span",
      { class: "gl-remark-cost" },
      h(
        "span",
        { class: "gl-remark-meter", "aria-hidden": "true", "data-over": cost > budget },
        h("span", { class: "gl-remark-fill", style: `width: ${fill}%` }),
        h("span", { class: "gl-remark-budget", style: `left: ${mark}%` }),
      ),
      words,
    );
  }

  /** @param {Remark} remark @param {Lane} lane */
  function detail(remark, lane) {
    const steps = remark.steps ?? [];
    return h(
      "article",
      { class: "gl-remark" },
      h("p", { class: "gl-remark-said" }, place(remark, lane.file), h("code", {}, remark.message), remark.function && h("span", { class: "gl-remark-quiet" }, "in ", h("code", {}, remark.function)), (remark.times ?? 1) > 1 && h("span", { class: "gl-remark-quiet" }, `×${remark.times}`), figures(remark)),
      remark.before && h("p", { class: "gl-remark-quiet" }, "before: ", h("code", {}, remark.before)),
      remark.code && h("p", { class: "gl-remark-quiet" }, h("code", {}, remark.subject), " is the compiler's name for what ", h("code", {}, remark.code), " gives"),
      remark.inlined && h("p", { class: "gl-remark-quiet" }, `in code inlined from ${remark.inlined.join(", ")}`),
      remark.body && h("p", { class: "gl-remark-body" }, h("span", { class: "gl-remark-quiet" }, "what the inliner keeps of it "), h("code", {}, remark.body)),
      steps.length > 0 && way(steps, lane.file),
      remark.cut && h("p", { class: "gl-remark-quiet" }, `a way of ${remark.cut} steps, left out here for its length`),
    );
  }

  /** The buttons that lead to places, in order. */
  const places = () => /** @type {HTMLElement[]} */ ([...element.querySelectorAll(".gl-remark-place")]);

  element.addEventListener("keydown", (event) => {
    const all = places();
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to < 0) back();
    else all[Math.min(to, all.length - 1)]?.focus();
  });
  element.addEventListener("focusin", ({ target }) => {
    for (const one of places()) one.tabIndex = one === target ? 0 : -1;
  });

  return {
    element,
    /** @param {Chip} chip @param {Lane} lane */
    show(chip, lane) {
      const { outcome, remarks, state } = chip;
      const heading = h(
        "header",
        { class: "gl-remark-head", "data-part": outcome.part },
        h("span", { class: "gl-remark-mark" }, outcome.mark),
        h("b", {}, outcome.word),
        h("code", {}, about(chip)),
        h("span", { class: "gl-remark-quiet" }, state === "gone" ? "gone with the edit" : outcome.means),
      );
      const shown = remarks.slice(0, MOST).map((remark) => detail(remark, lane));
      const more = remarks.length - shown.length;
      const held = places().findIndex((one) => one.matches(":focus"));
      element.replaceChildren(heading, ...shown, ...(more > 0 ? [h("p", { class: "gl-remark-quiet" }, `and ${more} more`)] : []));
      const all = places();
      if (all[0]) all[0].tabIndex = 0;
      // A newer payload may come while somebody reads here.
      if (held >= 0) (all[Math.min(held, all.length - 1)] ?? element).focus();
    },
    /** @param {number} number of chips in the lane */
    idle(number) {
      if (element.firstElementChild !== hint) element.replaceChildren(hint);
      say(hint, number > 0 ? "Point at a chip, or press Enter on it: here stand the compiler's reasons." : "No remarks to show.");
    },
    close() {
      element.replaceChildren(hint);
      say(hint, "Point at a chip, or press Enter on it: here stand the compiler's reasons.");
    },
    focus() {
      const [first] = places();
      (first ?? element).focus();
    },
  };
}
