/**
 * The pieces around the pictures: the cards of the moments, the list of mappings, and what is chosen.
 */

import { bytes, counts, FILE, grepped, hex, hiddenKinds, mapsLine, PRIVATE, reserved, size, stateAt, symbolsIn } from "./model.js";
import { h, say, set } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("./model.js").Payload} Payload */
/** @typedef {import("./model.js").Moment} Moment */
/** @typedef {import("./model.js").Row} Row */

const FIGURES = /** @type {[keyof import("./model.js").Totals, string][]} */ ([
  ["mapped", "mapped"],
  ["committed", "may be used"],
  ["resident", "in memory"],
  ["private", "its own"],
]);
const MOST_NAMES = 7;
/** Where the bars have marks. */
const MARKS = /** @type {[string, number][]} */ ([["MiB", 2 ** 20], ["GiB", 2 ** 30]]);
const HEADS = ["begins at", "rights", "size", "in memory", "", "what it is"];

/** A bar's share of its room, on a scale of powers: a page is nothing, `most` is all. @param {number} count @param {number} most */
export function power(count, most) {
  return count <= 4096 ? 0 : Math.log(count / 4096) / Math.log(Math.max(most, 8192) / 4096);
}

/**
 * A card for each moment: radio buttons, of which one is on.
 *
 * @param {(number: number) => void} choose
 */
export function createCards(choose) {
  const element = h("div", { class: "gl-mem-cards", role: "radiogroup", "aria-label": "moment" });
  const scale = h("p", { class: "gl-mem-key" });
  let at = 0;
  element.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = [...element.querySelectorAll("button")];
    if (!step || all.length === 0) return;
    event.preventDefault();
    const next = (at + step + all.length) % all.length;
    choose(next);
    all[next].focus();
  });
  return {
    element,
    scale,
    /** @param {Payload} payload @param {number} chosen */
    show(payload, chosen) {
      at = chosen;
      const most = Math.max(...payload.moments.map((one) => one.totals.mapped), 1);
      for (const [unit, mark] of MARKS) element.style.setProperty(`--gl-mem-${unit}`, `${(100 * power(mark, most)).toFixed(1)}%`);
      const marks = MARKS.filter(([, mark]) => mark < most).map(([unit]) => `1 ${unit}`);
      say(scale, `Bars on a scale of powers, from ${size(payload.page)} to ${size(most)}: a little longer is many times as much. The marks in them: ${marks.join(" and ")}.`);
      if (element.childElementCount !== payload.moments.length) {
        element.replaceChildren(...payload.moments.map((_, i) => h("button", { type: "button", role: "radio", onclick: () => choose(i) })));
      }
      payload.moments.forEach((one, i) => {
        const card = element.children[i];
        set(card, "aria-checked", i === chosen ? "true" : "false");
        set(card, "tabindex", i === chosen ? 0 : -1);
        card.replaceChildren(
          h("span", { class: "gl-mem-title" }, one.name, h("span", { class: "gl-mem-number" }, `${one.rows.length} mappings`)),
          h("span", { class: "gl-mem-meaning" }, one.held_at.startsWith("still") ? one.held_at : one.meaning),
          ...FIGURES.map(([name, word]) => {
            const bar = h("i", { class: "gl-mem-bar", "data-figure": name, "aria-hidden": "true" });
            bar.style.width = `${(100 * power(one.totals[name], most)).toFixed(1)}%`;
            return h("span", { class: "gl-mem-total" }, h("span", {}, word), h("span", { class: "gl-mem-track" }, bar), h("b", {}, size(one.totals[name])));
          }),
        );
      });
    },
  };
}

/**
 * The mappings, in the order of addresses; one can be chosen.
 *
 * @param {(row: Row) => void} choose
 */
export function createRows(choose) {
  const list = h("div", { class: "gl-mem-rows gl-rows", role: "listbox", tabindex: 0, "aria-label": "mappings" });
  const told = h("p", { class: "gl-mem-told" });
  const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
  const filter = h("label", { class: "gl-mem-grep" }, box, h("code", {}, 'grep -E "r-xp|rwxp|rw-p" | head -5'));
  const heads = h("div", { class: "gl-mem-row gl-mem-heads", "aria-hidden": "true" }, ...HEADS.map((word) => h("span", {}, word)));
  const element = h("div", { class: "gl-mem-listed" }, filter, heads, list, told);
  /** @type {Row[]} */
  let rows = [];
  /** @type {Row | null} */
  let chosen = null;
  let page = 4096;
  const lines = virtualList(list, line, 12);

  list.addEventListener("keydown", (event) => {
    const at = rows.findIndex((row) => row === chosen);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
    if (next === undefined || rows.length === 0 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(rows[Math.min(Math.max(next, 0), rows.length - 1)]);
  });

  /** @param {number} i */
  function line(i) {
    const row = rows[i];
    const now = counts(row, page);
    const element_ = h(
      "div",
      { class: "gl-mem-row", role: "option", "aria-selected": row === chosen ? "true" : "false", id: `gl-mem-${row.start}`, "data-reserved": reserved(row), title: mapsLine(row), onclick: () => choose(row) },
      h("code", { class: "gl-mem-at" }, hex(row.start)),
      h("code", { class: "gl-mem-rights" }, row.permissions),
      h("span", { class: "gl-mem-size" }, size(bytes(row))),
      h("span", { class: "gl-mem-in" }, row.resident ? size(row.resident) : "–"),
      h("span", { class: "gl-mem-share", "aria-hidden": "true" }, ...shares(now)),
      h("span", { class: "gl-mem-name" }, row.name),
    );
    return element_;
  }

  return {
    element,
    box,
    /** @param {Moment} moment @param {Row | null} now @param {number} pageSize */
    show(moment, now, pageSize) {
      page = pageSize;
      rows = box.checked ? grepped(moment.rows) : moment.rows;
      chosen = now;
      lines.show(rows.length);
      set(list, "aria-activedescendant", now ? `gl-mem-${now.start}` : null);
      const at = rows.findIndex((row) => row === now);
      if (at >= 0) lines.reveal(at);
      say(told, box.checked ? hiddenWords(moment.rows) : totalWords(moment));
    },
  };
}

/** @param {number[]} now pages by state */
function shares(now) {
  const all = now.reduce((sum, count) => sum + count, 0) || 1;
  return [FILE, PRIVATE].map((state) => {
    const part = h("i", { "data-state": state === FILE ? "file" : "private" });
    part.style.width = `${(100 * now[state]) / all}%`;
    return part;
  });
}

/** @param {Row[]} rows */
function hiddenWords(rows) {
  const shown = grepped(rows).length;
  const hidden = hiddenKinds(rows);
  const most = hidden.slice(0, 4).map(([kind, count, total]) => `${kind} (${count}, ${size(total)})`);
  return `The command shows ${shown} of ${rows.length} mappings. It hides ${most.join(", ")}${hidden.length > 4 ? ` and ${hidden.length - 4} kinds more` : ""}.`;
}

/** @param {Moment} moment */
function totalWords(moment) {
  const words = moment.permissions.map(([rights, count]) => `${rights} ${count}`).join(" · ");
  const both = moment.writable_code === 0 ? "none may be written and executed" : `${moment.writable_code} may be written and executed`;
  return `${words}. Of ${size(moment.totals.mapped)}, ${size(moment.totals.reserved)} is only reserved; ${both}.`;
}

/**
 * What is chosen: a mapping and one of its pages.
 *
 * @param {(range: [number, number] | null, address: number) => void} mark asked to ring a range, and to go there
 */
export function createCard(mark) {
  const element = h("aside", { class: "gl-mem-card", "aria-live": "polite" });

  /** @param {string} word @param {import("../page/dom.js").Child} value */
  const fact = (word, value) => h("tr", {}, h("th", { scope: "row" }, word), h("td", {}, value));

  /**
   * @param {Payload} payload @param {Moment} moment @param {Moment | null} before @param {Row} row @param {number} address
   */
  function show(payload, moment, before, row, address) {
    const at = Math.floor(address / payload.page) * payload.page;
    const state = stateAt(moment, at, payload.page);
    const [word, meaning] = payload.states[Math.max(state, 0)];
    const was = before ? stateAt(before, at, payload.page) : -1;
    const now = counts(row, payload.page);
    const inside = placesIn(payload, moment, row).filter(({ range }) => range[0] < at + payload.page && range[1] > at);
    // The program's own functions first.
    const names = symbolsIn(payload, at, at + payload.page).sort((a, b) => Number(b.name in payload.lines) - Number(a.name in payload.lines));
    element.replaceChildren(
      h("h4", {}, row.name),
      h("p", { class: "gl-mem-meaning" }, payload.kinds[row.kind] ?? row.kind),
      h(
        "table",
        { class: "gl-facts" },
        h(
          "tbody",
          {},
          fact("addresses", h("code", {}, `${hex(row.start)}–${hex(row.end)}`)),
          fact("permissions", h("code", {}, row.permissions)),
          row.path ? fact("in maps as", h("code", {}, row.path)) : null,
          fact("size", `${size(bytes(row))}, ${(bytes(row) / payload.page).toLocaleString("en")} pages`),
          fact("in memory", row.resident ? `${size(row.resident)}: ${now[FILE].toLocaleString("en")} pages of the file, ${now[PRIVATE].toLocaleString("en")} its own` : "nothing"),
          fact("known by", row.why),
        ),
      ),
      h("h4", {}, "page ", h("code", {}, hex(at))),
      h("p", {}, h("b", {}, word), ` – ${meaning}`),
      h("p", { class: "gl-mem-change" }, changeWords(state, was, before)),
      h("p", {}, inside.length > 0 ? inside.slice(0, MOST_NAMES).map(({ name }) => name).join("; ") : row.sections.length > 0 && "Here the file has its own headers, or nothing: no section."),
      h(
        "ul",
        { class: "gl-mem-names", hidden: names.length === 0 },
        ...names.slice(0, MOST_NAMES).map((symbol) => h("li", {}, h("button", { type: "button", class: "gl-go", onclick: () => mark([symbol.start, symbol.start + symbol.size], Math.max(symbol.start, row.start)) }, symbol.name))),
        names.length > MOST_NAMES && h("li", {}, `and ${names.length - MOST_NAMES} more`),
      ),
    );
  }
  return { element, show };
}

/** @param {number} state @param {number} was @param {Moment | null} before */
function changeWords(state, was, before) {
  if (!before) return "";
  if (was < 0) return `At ${before.name} nothing was mapped here.`;
  if (was === state) return `As it was at ${before.name}.`;
  if (was === FILE && state === PRIVATE) return `Since ${before.name} it was written to, and so copied: it was the file’s page.`;
  return was === 0 ? `It came into memory after ${before.name}.` : `It was another at ${before.name}.`;
}

/**
 * What lies in a mapping, with a range each: the file's sections, the runtime's pieces, stacks.
 *
 * @param {Payload} payload @param {Moment} moment @param {Row} row
 * @returns {{name: string, range: [number, number], sort: string}[]}
 */
export function placesIn(payload, moment, row) {
  const within = (/** @type {number} */ start, /** @type {number} */ end) => start < row.end && end > row.start;
  return [
    ...payload.sections.filter(({ name, start, end }) => within(start, end) && row.sections.includes(name)).map(({ name, start, end }) => ({ name, range: /** @type {[number, number]} */ ([start, end]), sort: "section" })),
    ...row.parts.map(([start, end, , name]) => ({ name, range: /** @type {[number, number]} */ ([start, end]), sort: "part" })),
    ...moment.stacks.filter(([start, end]) => within(start, end)).map(([start, end, , name]) => ({ name, range: /** @type {[number, number]} */ ([start, end]), sort: "stack" })),
    ...moment.spans.filter(([start, end]) => within(start, end)).map(([start, end, name]) => ({ name, range: /** @type {[number, number]} */ ([start, end]), sort: "span" })),
  ].sort((a, b) => a.range[0] - b.range[0]);
}

