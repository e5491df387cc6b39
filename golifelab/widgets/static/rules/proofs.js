/**
 * What the prove pass proved about a function: each proof with what would have had to hold otherwise, and
 * with what was known before.
 */

import { h, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Place} Place */
/** @typedef {{kind: string, text: string, words: string, values: string[], block: string, place: Place}} Fact */
/** @typedef {{text: string, value: string, place: Place, against: Fact | null, known: number[]}} Proof */

/**
 * @typedef {object} Proofs
 * @property {string} function
 * @property {string} name
 * @property {Proof[]} proofs
 * @property {Fact[]} facts the whole log
 * @property {Record<string, string>} values the values that it names
 * @property {{proofs: number, facts: number}} left
 */

/**
 * @param {(selection: Selection) => void} select
 */
export function createProofs(select) {
  /** @type {Proofs | null} */
  let proofs = null;
  let at = 0;
  /** @type {Selection} */
  let selection = {};
  const id = uid("proof");
  const list = h("div", { class: "gl-proofs-list", role: "listbox", tabindex: "0", "aria-label": "proofs; arrow keys walk through them" });
  const why = h("div", { class: "gl-rules-card gl-proofs-why", role: "region", "aria-label": "why it holds" });
  const log = h("div", { class: "gl-rules-list gl-proofs-log", tabindex: "0", "aria-label": "the whole log" });
  const lines = virtualList(log, line);
  const whole = h("details", {}, h("summary", {}, "the whole log of the pass"), log);
  const element = h("div", { class: "gl-proofs", tabindex: "-1" }, list, why, whole);

  /** @param {Place} place @param {string} [value] */
  function publish(place, value) {
    const where = place === 0 ? {} : { file: place[0], line: place[1], ...(place[2] ? { column: place[2] } : {}) };
    if (place !== 0 || value) select({ ...where, ...(value && proofs ? { function: proofs.function, value } : {}) });
  }

  /** @param {Place} place @param {string} [value] */
  function go(place, value) {
    if (place === 0) return null;
    const label = place[2] ? `${place[1]}:${place[2]}` : String(place[1]);
    return h("button", { type: "button", class: "gl-go", title: `${place[0]}:${label}`, onclick: () => publish(place, value) }, label);
  }

  /** @param {number} to @param {boolean} [tell] */
  function choose(to, tell = true) {
    if (!proofs || proofs.proofs.length === 0) return;
    at = Math.max(0, Math.min(proofs.proofs.length - 1, to));
    [...list.children].forEach((one, index) => set(one, "aria-selected", String(index === at)));
    set(list, "aria-activedescendant", `${id}-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
    const proof = proofs.proofs[at];
    why.replaceChildren(...reasons(proof, proofs));
    if (tell) publish(proof.place, proof.value);
  }

  /** @param {Proof} proof @param {Proofs} all */
  function reasons({ text, value, place, against, known }, all) {
    const facts = known.map((index) => all.facts[index]);
    const names = [...new Set([value, ...(against?.values ?? []), ...facts.flatMap((fact) => fact.values)])].filter((name) => all.values[name]);
    return [
      h("p", { class: "gl-rules-head" }, h("b", {}, text), go(place, value)),
      against ? h("p", {}, "Otherwise ", h("code", { class: "gl-proofs-against" }, against.words), " would have to hold, and it cannot.") : null,
      facts.length > 0 ? h("p", { class: "gl-note" }, "Known before about the same values; the compiler does not say which of it was used:") : null,
      facts.length > 0
        ? h(
            "table",
            { class: "gl-proofs-facts", "aria-label": "known before" },
            h("tbody", {}, ...facts.map((fact) => h("tr", { title: fact.text }, h("td", {}, go(fact.place, fact.values[0])), h("td", {}, h("code", {}, fact.words)), h("td", { class: "gl-note" }, fact.kind === "induction" ? "loop variable" : fact.block ? `at ${fact.block}` : "")))),
          )
        : h("p", { class: "gl-note" }, "The log names no fact about these values before."),
      names.length > 0 ? h("div", { class: "gl-rules-args" }, h("span", { class: "gl-note" }, "where"), ...names.map((name) => h("button", { type: "button", class: "gl-go", onclick: () => publish(0, name) }, all.values[name]))) : null,
    ].filter((one) => one !== null);
  }

  /** @param {number} index */
  function line(index) {
    const fact = /** @type {Proofs} */ (proofs).facts[index];
    return h("div", { class: "gl-rules-row", "data-kind": fact.kind }, h("span", { class: "gl-rules-index" }, fact.place === 0 ? "" : `${fact.place[1]}${fact.place[2] ? `:${fact.place[2]}` : ""}`), h("code", {}, fact.text));
  }

  function mark() {
    proofs?.proofs.forEach(({ place, value }, index) => {
      const here = selection.value ? selection.value === value : place !== 0 && place[1] === selection.line && place[0] === (selection.file ?? place[0]);
      set(list.children[index], "data-here", here);
    });
  }

  whole.addEventListener("toggle", () => {
    if (whole.open) lines.show(proofs?.facts.length ?? 0);
  });
  list.addEventListener("click", (event) => {
    const which = event.target instanceof Element ? event.target.closest("[data-proof]")?.getAttribute("data-proof") : null;
    if (which) choose(Number(which));
  });
  element.addEventListener("keydown", (event) => {
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -1e6, End: 1e6 });
    if (event.key === "Escape") element.focus();
    else if (event.target === list && steps[event.key] !== undefined) choose(at + steps[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    /** @param {Proofs} next */
    show(next) {
      const before = proofs?.proofs[at];
      proofs = next;
      const again = before ? next.proofs.findIndex((one) => one.text === before.text) : 0;
      const left = next.left.proofs > 0 ? ` ${next.left.proofs} more are not shown.` : "";
      list.replaceChildren(
        ...next.proofs.map(({ text, place }, index) =>
          h("div", { class: "gl-rules-row", role: "option", id: `${id}-${index}`, "data-proof": index, "aria-selected": "false" }, h("span", { class: "gl-rules-index" }, place === 0 ? "" : `${place[1]}${place[2] ? `:${place[2]}` : ""}`), h("span", { class: "gl-rules-here", "aria-hidden": "true" }), text),
        ),
      );
      set(list, "hidden", next.proofs.length === 0);
      if (next.proofs.length === 0) why.replaceChildren(h("p", { class: "gl-nothing" }, "The prove pass proved nothing in this function."));
      else choose(Math.max(0, again), false);
      if (left) why.append(h("p", { class: "gl-note" }, left));
      set(whole, "hidden", next.facts.length === 0);
      if (whole.open) lines.show(next.facts.length);
      mark();
    },
    /** @param {Selection} next */
    select(next) {
      selection = next;
      mark();
      const found = [...list.children].findIndex((one) => one.hasAttribute("data-here"));
      if (found >= 0 && !list.children[at]?.hasAttribute("data-here")) choose(found, false);
    },
  };
}
