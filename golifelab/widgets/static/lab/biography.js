/**
 * What becomes of the selected value: a timeline over the passes, and what each pass did in words.
 */

import { same } from "../page/broker.js";
import { h, set } from "../page/dom.js";
import { nameOf, offset } from "./asm.js";
import { bookOf, isAlive, lifeAt, operations, predecessors, wordsOf } from "./lives.js";
import { definitions, placeOf } from "./passes.js";
import { markAll } from "./pins.js";
import { createTimeline, MARKS } from "./timeline.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./asm.js").Asm} Asm */
/** @typedef {import("./lives.js").Event} Event */
/** @typedef {import("./lives.js").Life} Life */
/** @typedef {import("./lives.js").Lives} Lives */
/** @typedef {import("./pane.js").Context} Context */
/** @typedef {import("./passes.js").Code} Code */

/** Values of one place to choose from, and those whose work a value does; more are counted. */
const CHOICES = 12;

/**
 * @param {HTMLElement} parent
 * @param {Pick<Context, "select" | "go"> & Partial<Context>} context
 */
export function createBiography(parent, { select, go, marks = null }) {
  /** @type {Code | null} */
  let code = null;
  /** @type {Lives | null} */
  let lives = null;
  /** @type {Asm | null} */
  let asm = null;
  let at = 0;
  /** @type {Selection} */
  let selection = {};

  const title = h("span", { class: "gl-bio-title" });
  const which = h("span", { class: "gl-bio-which", role: "group", "aria-label": "values of this number" });
  const from = h("span", { class: "gl-bio-from" });
  const here = h("span", { class: "gl-bio-here", role: "group", "aria-label": "values at this place" });
  const events = h("ol", { class: "gl-bio-events" });
  const element = h("section", { class: "gl-bio", "aria-label": "biography of a value", "data-part": "middle" });
  element.append(h("header", { class: "gl-bio-head" }, title, which, from, here));
  const timeline = createTimeline(element, { go, choose: (life) => choose(life) });
  element.append(events);
  parent.append(element);

  /** @param {Life} life another value of the number that is selected */
  const choose = (life) => select({ ...placeSelection(life.name), function: code?.function, value: life.name, life: `${life.name}#${life.nth}` });

  /** @param {string} name @returns {Selection} with the place of a value in the pass that is shown, else as it is */
  function placeSelection(name) {
    const rest = { ...selection };
    delete rest.life;
    const row = code?.passes[at] ? definitions(code, code.passes[at]).get(name) : undefined;
    const place = code && row !== undefined ? placeOf(code, row) : { line: 0, column: 0 };
    return place.line ? { file: code?.file, line: place.line, column: place.column } : rest;
  }

  /** @param {string} name */
  const follow = (name) => select({ ...placeSelection(name), function: code?.function, value: name });

  /** @param {string} name @param {string} [words] */
  const link = (name, words = name) => h("button", { type: "button", class: "gl-go", "data-value": name, onclick: () => follow(name) }, words);

  /** Values of the selected place in the pass that is shown, the most likely first. @returns {string[]} names */
  function around() {
    if (!code || !selection.line) return [];
    const known = code;
    const pass = known.passes[at];
    const all = pass ? [...definitions(known, pass)].map(([name, row]) => ({ name, memory: known.lines[row].includes("<mem>"), dead: known.lines[row].endsWith(" DEAD"), ...placeOf(known, row) })) : [];
    const ofLine = all.filter((one) => one.line === selection.line && !one.dead);
    const exact = ofLine.filter((one) => selection.column && one.column === selection.column);
    const found = (exact.length > 0 ? exact : ofLine).reverse();
    // The order of stores and calls is a value too, but hardly what a reader means by a place.
    return [...found.filter((one) => !one.memory), ...found.filter((one) => one.memory)].map(({ name }) => name);
  }

  /** @returns {{life: Life, all: Life[]} | null} the life that is told */
  function told() {
    if (!lives) return null;
    const name = selection.value || around()[0] || "";
    if (!name) return null;
    const all = bookOf(lives).of(name);
    const nth = selection.life?.startsWith(`${name}#`) ? Number(selection.life.slice(name.length + 1)) : 0;
    const life = all.find((one) => one.nth === nth) ?? all[lifeAt(all, at)];
    return life ? { life, all } : null;
  }

  function paint() {
    const found = told();
    set(element, "data-value", found?.life.name ?? null);
    set(element, "data-empty", !found);
    if (!found || !code || !lives) {
      title.replaceChildren(h("span", { class: "gl-note" }, lives ? "Select a value, or a place in the source, to see what becomes of it." : "…"));
      for (const part of [which, from, here, events]) part.replaceChildren();
      timeline.show([], null, code?.passes ?? [], at);
      return;
    }
    const { life, all } = found;
    const alive = isAlive(life, at);
    const before = predecessors(bookOf(lives), life);
    const others = around().filter((name) => name !== life.name);
    const place = placeSelection(life.name);
    const where = place.line ? `${place.line}${place.column ? `:${place.column}` : ""}` : "";
    title.replaceChildren(
      h("b", { class: "gl-bio-name", "data-value": life.name }, life.name),
      ` ${operations(life)}`,
      h("span", { class: "gl-note" }, where && ` at ${where}`),
      h("span", { class: "gl-bio-state" }, alive ? "" : at < life.born ? " not built yet" : " gone"),
    );
    which.replaceChildren(...(all.length > 1 ? ["one of ", String(all.length), " values with this number: ", ...all.map((one) => chooser(one, one === life))] : []));
    from.replaceChildren(...(before.length > 0 ? ["does the work of ", ...list(before.map((one) => one.name))] : []));
    here.replaceChildren(...(!selection.value && others.length > 0 ? ["here too: ", ...list(others)] : []));
    timeline.show(all, life, code.passes, at);
    const now = life.events.findLast((event) => event.pass <= at);
    events.replaceChildren(...life.events.map((event) => item(event, event === now)), ...instructions(life));
    if (marks) markAll(element, marks);
  }

  /** @param {string[]} names */
  function list(names) {
    const known = [...new Set(names)];
    const shown = known.slice(0, CHOICES).flatMap((name, i) => (i > 0 ? [", ", link(name)] : [link(name)]));
    return known.length > CHOICES ? [...shown, ` and ${known.length - CHOICES} more`] : shown;
  }

  /** @param {Life} life @param {boolean} chosen */
  function chooser(life, chosen) {
    const title = `${life.name} from ${code?.passes[life.born]?.name} on`;
    return h("button", { type: "button", class: "gl-bio-nth", "aria-pressed": String(chosen), title, onclick: () => choose(life) }, life.nth);
  }

  /** @param {Event} event @param {boolean} now whether the pass that is shown is as this event left it */
  function item(event, now) {
    const name = code?.passes[event.pass]?.name ?? "";
    const [sign, meaning] = MARKS[event.kind];
    const words = wordsOf(event).map((piece) => (piece.name ? link(piece.text) : piece.text));
    return h(
      "li",
      { class: "gl-bio-event", "data-pass": event.pass, "data-kind": event.kind, "aria-current": now ? "step" : null },
      h("span", { class: "gl-bio-sign", title: meaning, "aria-label": meaning, role: "img" }, sign),
      h("button", { type: "button", class: "gl-bio-pass", title: `show the function after ${name}`, onclick: () => go(event.pass) }, name),
      h("span", { class: "gl-bio-words" }, ...words),
    );
  }

  /** What code was made for it. @param {Life} life */
  function instructions(life) {
    const made = asm;
    if (!made || life.gone >= 0) return [];
    const rows = made.texts.flatMap((_, i) => (nameOf(made, i) === life.name ? [i] : []));
    if (rows.length === 0) return [];
    const text = rows.slice(0, 3).map((i) => `${offset(made.pc[i], made.size)} ${made.texts[i]}`);
    const more = rows.length > text.length ? ` and ${rows.length - text.length} more` : "";
    return [
      h(
        "li",
        { class: "gl-bio-event gl-bio-code", "data-kind": "code", "data-part": "machine" },
        h("span", { class: "gl-bio-sign", "aria-hidden": "true" }, "⌁"),
        h("span", { class: "gl-bio-words" }, h("code", {}, text.join("; ")), more),
      ),
    ];
  }

  const leave = marks?.subscribe(() => marks && markAll(element, marks));

  return {
    element,
    /** @param {Code} next @param {number} pass @param {{lives: Lives | null, machine: Asm | null}} more */
    show(next, pass, more) {
      const stale = more.lives === null && lives !== null && next.function === code?.function;
      set(element, "data-stale", stale);
      if (stale) return;
      code = next;
      at = pass;
      lives = more.lives;
      asm = more.machine;
      paint();
    },
    /** @param {Selection} next */
    select(next) {
      if (same(next, selection)) return;
      selection = next;
      paint();
    },
    destroy: () => {
      leave?.();
      timeline.destroy();
    },
  };
}
