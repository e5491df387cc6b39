/**
 * Who looks names up: a build and a setting to choose, package net's own words, and the files that each
 * build read.
 */

import { createSettings } from "./settings.js";
import { h, set } from "../page/dom.js";

/**
 * A look-up. `opened` says of a file "read", or the error that there was.
 *
 * @typedef {{build: string, netdns: string, who: string, resolver: string, words: string[], ignored: string, answer: string, untraced: string, unavailable: string, command: string, opened: Record<string, string>, others: number}} Row
 */

/** @typedef {{settings: import("./model.js").Setting[], rows: Row[], files: {path: string, group: string}[]}} Table */

/** @param {HTMLElement} parent */
export function createResolver(parent) {
  /** @type {Table | null} */
  let table = null;
  /** @type {Record<string, string>} */
  let chosen = {};
  const settings = createSettings((id, value) => {
    chosen = { ...chosen, [id]: String(value) };
    paint();
  });
  const card = h("div", { class: "gl-modes-card", role: "region", tabindex: "-1", "aria-live": "polite", "aria-label": "who answers" });
  const files = h("div", { class: "gl-modes-rows", role: "region", "aria-label": "what was opened" });
  const frame = h(
    "section",
    { class: "gl-modes gl-resolver", "aria-label": "name resolution", "data-part": "process" },
    h("div", { class: "gl-modes-top" }, h("div", {}, settings.element), card),
    h("div", { class: "gl-resolver-files" }, files),
  );
  parent.append(frame);
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.target === card) return;
    event.preventDefault();
    card.focus();
  });

  function paint() {
    if (!table) return;
    settings.show(table.settings, chosen);
    const rows = table.rows.filter(({ netdns }) => netdns === chosen.netdns);
    const row = rows.find(({ build }) => build === chosen.build);
    card.replaceChildren(...(row ? told(row) : []));
    files.replaceChildren(opened(table, rows));
    set(frame, "data-chosen", `${chosen.build}: ${chosen.netdns}`);
  }

  /** @param {Row} row */
  function told(row) {
    if (row.unavailable) return [h("p", { class: "gl-nothing" }, row.unavailable)];
    return [
      h("p", { class: "gl-modes-outcome" }, h("b", {}, row.who), " answers"),
      h("pre", { class: "gl-resolver-words", "aria-label": "package net’s own words" }, row.words.map((line) => `go package net: ${line}`).join("\n")),
      h("p", {}, "it found ", h("code", {}, row.answer)),
      row.ignored ? h("p", { class: "gl-modes-warning" }, h("b", {}, "! "), "it did not do as it was told") : "",
      row.untraced ? h("p", { class: "gl-nothing" }, `which files it read nobody may see here: ${row.untraced}`) : "",
      h("code", { class: "gl-modes-command" }, row.command),
    ].filter(Boolean);
  }

  /** @param {Table} all @param {Row[]} rows */
  function opened({ files: paths }, rows) {
    const mark = (/** @type {string | undefined} */ state) => (state === undefined ? h("td", { class: "gl-nothing" }, "·") : state === "read" ? h("td", {}, "● read") : h("td", {}, `○ ${state}`));
    return h(
      "table",
      { class: "gl-modes-table gl-resolver-table" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "opened or called"), ...rows.map(({ build }) => h("th", { scope: "col", "data-chosen": build === chosen.build }, build)))),
      h(
        "tbody",
        {},
        ...paths.map(({ path, group }, at) => h("tr", { "data-first": at === 0 || paths[at - 1].group !== group }, h("th", { scope: "row" }, h("code", {}, path)), ...rows.map((row) => mark(row.opened[path])))),
        h("tr", { "data-first": true }, h("th", { scope: "row" }, "others, by loader and runtime"), ...rows.map(({ others }) => h("td", {}, others))),
      ),
    );
  }

  return {
    element: frame,
    /** @param {Table} next */
    show(next) {
      table = next;
      if (!next.rows.some(({ build, netdns }) => build === chosen.build && netdns === chosen.netdns)) chosen = { build: next.rows[0]?.build ?? "", netdns: next.rows[0]?.netdns ?? "" };
      paint();
    },
    select() {},
  };
}
