/**
 * The init page: every package of the program in the order of its initialisation, with what the runtime told
 * of each, and below it the variables of the reader's package.
 */

import { createLadder } from "./ladder.js";
import { clock, count, HOW, LISTS, ordinal, reason, span } from "./model.js";
import { h, say, set } from "../page/dom.js";
import { player } from "../page/player.js";

/** @typedef {import("./model.js").Row} Row */
/** @typedef {{rows: Row[], agrees: boolean, linked: string[], traced: string[] | null, ended: string, untraced: string, recorded: string, hidden: number}} Packages */
/** @typedef {{rows: Row[], package: string, functions: string[], hidden: number}} Variables */
/** @typedef {{packages?: Packages, variables?: Variables, failed?: string, untold?: string}} Payload `untold`: why there are no packages */

/** Rows in view beside an editor: both ladders are then as high as it. */
const BESIDE = 13;

/**
 * @param {HTMLElement} parent
 * @param {(selection: import("../page/broker.js").Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createInits(parent, select, model) {
  // What shows itself alone may be the variables and nothing else.
  const alone = model.get("source") === undefined;
  let own = "";
  let wide = 0;
  const status = h("span", { class: "gl-status", role: "status" }, "compiling, linking and running …");
  const head = h("header", { class: "gl-inits-head" }, status);
  const packages = part({
    thing: "package",
    view: alone ? undefined : BESIDE,
    title: "Packages, in the order of their initialisation",
    heads: ["run by", "funcs", "when", "clock", "bytes", "allocs"],
    words: (row) => `${LISTS[row.list ?? ""][1]}${row.trace ? `, took ${clock(row.trace[1])}, ${count(row.trace[2], "byte")}, ${count(row.trace[3], "allocation")}` : ""}`,
    cells: (row) => [
      h("span", { class: "gl-inits-mark", title: LISTS[row.list ?? ""][1] }, LISTS[row.list ?? ""][0], " ", row.list || "–"),
      h("span", { class: "gl-inits-figure", title: (row.functions ?? []).join(" ") || null }, row.functions?.length || ""),
      h("span", { class: "gl-inits-track" }, row.trace && bar(row.trace)),
      h("span", { class: "gl-inits-figure" }, row.trace ? clock(row.trace[1]) : ""),
      h("span", { class: "gl-inits-figure" }, row.trace ? row.trace[2].toLocaleString("en") : ""),
      h("span", { class: "gl-inits-figure" }, row.trace ? row.trace[3].toLocaleString("en") : ""),
    ],
    chosen: () => {},
  });
  const variables = part({
    thing: "variable",
    view: alone ? undefined : BESIDE,
    title: "Variables",
    heads: ["its value", "initialiser", "line"],
    words: (row) => HOW[row.how ?? ""]?.[1] ?? "",
    cells: (row) => [
      h("span", { class: "gl-inits-mark", title: HOW[row.how ?? ""]?.[1] ?? null }, HOW[row.how ?? ""]?.[0] ?? "?", " ", { code: "code", file: "in the file", zero: "zero", none: "left out", function: "function" }[row.how ?? ""] ?? ""),
      h("code", { class: "gl-inits-text", title: row.text || null }, row.text),
      h("span", { class: "gl-inits-figure" }, row.line ? `:${row.line}` : ""),
    ],
    chosen: (row) => {
      const selection = { file: row.file, line: row.line, column: row.column };
      own = JSON.stringify(selection);
      select(selection);
    },
  });
  const frame = h("section", { class: "gl-inits", "aria-label": "initialisation", "data-part": "process" }, head, h("div", { class: "gl-inits-parts" }, packages.element, variables.element));
  parent.append(frame);

  /** @param {[number, number, number, number]} trace */
  function bar([start, took]) {
    const made = h("span", { class: "gl-inits-bar", title: `at ${start} ms, ${clock(took)}` });
    made.style.left = `${(100 * start) / (wide || 1)}%`;
    made.style.width = `${(100 * took) / (wide || 1)}%`;
    return made;
  }

  return {
    element: frame,
    destroy() {
      packages.destroy();
      variables.destroy();
    },
    /** @param {Payload} next */
    show(next) {
      set(frame, "data-stale", Boolean(next.failed));
      if (next.failed) return say(status, next.failed);
      if (next.variables) variables.show(next.variables.rows, `Variables of package ${next.variables.package}, in the order in which they get their values`, next.variables.hidden);
      set(head, "hidden", alone && !next.packages);
      if (next.untold) say(status, next.untold);
      if (next.packages) {
        wide = span(next.packages.rows);
        packages.show(next.packages.rows, undefined, next.packages.hidden);
        set(frame, "data-agrees", String(next.packages.agrees));
        say(status, summary(next.packages));
      }
    },
    /** @param {import("../page/broker.js").Selection} selection */
    select(selection) {
      if (JSON.stringify({ file: selection.file, line: selection.line, column: selection.column }) === own) return;
      variables.find((row) => row.file === selection.file && row.line === selection.line);
    },
  };
}

/** @param {Packages} packages */
export function summary({ rows, agrees, traced, untraced, ended, recorded }) {
  const of = (/** @type {string} */ name) => rows.filter((row) => row.list === name).length;
  const said = `◇ ${of("runtime")} by the runtime’s list, ● ${of("main")} by the main list, · ${of("")} with nothing to run.`;
  if (!traced) return `${said} Not run: ${untraced}`;
  const cut = ended === "time limit" ? " It was stopped before everything was initialised." : "";
  const whence = recorded ? ` The times are not live: ${recorded}.` : "";
  return `${said} ${agrees ? "✓ The imports, the executable and the run give the same order." : "✗ The run has another order than the imports give."}${cut}${whence}`;
}

/**
 * One ladder with its player and the sentence about the current row.
 *
 * @param {object} wanted
 * @param {string} wanted.thing
 * @param {string} wanted.title
 * @param {string[]} wanted.heads
 * @param {(row: Row) => string} wanted.words
 * @param {(row: Row, number: number) => (HTMLElement | string)[]} wanted.cells
 * @param {(row: Row) => void} wanted.chosen by the reader's own hand
 * @param {(number: number) => void} [wanted.moved] however it came about
 * @param {number} [wanted.view] rows in view at most
 */
export function part({ thing, title, heads, words, cells, chosen, moved, view }) {
  /** @type {Row[]} */
  let rows = [];
  const head = h("h4", {}, title);
  const told = h("p", { class: "gl-inits-reason", role: "status" });
  const more = h("p", { class: "gl-note", hidden: true });
  const ladder = createLadder({ name: title, words, cells, view, choose: (number) => go(number, true) });
  const columns = h("div", { class: "gl-inits-columns", "aria-hidden": "true" }, h("span"), h("span"), h("span", {}, thing), ...heads.map((one) => h("span", {}, one)));
  const element = h("div", { class: "gl-inits-part", "data-thing": thing, hidden: true }, head);
  const steps = player(element, { count: 0, label: (step) => rows[step]?.name ?? "", onStep: (step) => go(step, false), name: `the order of the ${thing}s` });
  element.append(told, columns, ladder.element, more, h("p", { class: "gl-inits-key gl-note" }, `An arc leads from a ${thing} up to one that it needs. ↑ the current one (▶) needs it, ↓ it waits for the current one.`));

  /** @param {number} number @param {boolean} tell */
  function go(number, tell) {
    if (!rows[number]) return;
    ladder.go(number);
    if (steps.index() !== number) steps.go(number, true);
    const row = rows[number];
    told.replaceChildren(h("b", {}, row.name), ` is the ${ordinal(number + 1)} of ${rows.length}. ${reason(rows, number, thing)}`);
    set(element, "data-at", row.name);
    moved?.(number);
    if (tell) chosen(row);
  }

  return {
    element,
    destroy: steps.destroy,
    go: (/** @type {string} */ name) => go(rows.findIndex((row) => row.name === name), false),
    /** @param {(row: Row) => boolean} wanted go to the first such row */
    find: (wanted) => go(rows.findIndex(wanted), false),
    /** @param {Row[]} next @param {string} [heading] @param {number} [hidden] */
    show(next, heading, hidden = 0) {
      const before = rows[steps.index()]?.name;
      rows = next;
      if (heading) say(head, heading);
      set(element, "hidden", rows.length === 0);
      say(more, hidden ? `${hidden.toLocaleString("en")} more are not shown` : "");
      set(more, "hidden", !hidden);
      const kept = Math.max(0, rows.findIndex((row) => row.name === before));
      steps.set({ count: rows.length });
      ladder.show(rows, kept);
      go(kept, false);
    },
  };
}
