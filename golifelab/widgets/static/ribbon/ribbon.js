/**
 * The token ribbon: the source again, every token a cell, the compiler's word above it and go/token's
 * below. It wraps where the source does.
 */

import { same } from "../page/broker.js";
import { h, say, set, uid } from "../page/dom.js";
import { readersLight } from "../checks/readers.js";
import { complainedAbout, description, facts } from "./facts.js";
import { gapBefore, layout, move, nextAutomatic, rowOf, widthOf } from "./layout.js";
import { cellAt, compilerClass, decode, isAutomatic, selectionOf, words } from "./model.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Ribbon} Ribbon */
/** @typedef {import("./layout.js").Row} Row */

/** Rows are tall: few are kept above and below the view. */
const SPARE = 4;
/** What a cell has on both sides of its text, in pixels: see .gl-cell. */
const PADDING = 8;

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 */
export function createRibbon(parent, select) {
  /** @type {Ribbon | null} */
  let ribbon = null;
  /** @type {Row[]} */
  let rows = [];
  /** @type {Map<number, import("./model.js").Complaint>} */
  let complaints = new Map();
  /** @type {Selection} */
  let selection = {};
  let chosen = -1;
  /** Whether the selection is newer than the tokens: then it may mean one that is not there yet. */
  let ahead = false;
  let width = 0;
  let metrics = { text: 7.8, label: 6, padding: PADDING };

  const names = uid("cell");
  const light = readersLight(select);
  const counts = h("span", { class: "gl-ribbon-counts" });
  const jump = h("button", { type: "button", class: "gl-quiet-button", title: "go to the next one (;)", "aria-keyshortcuts": ";" });
  const lanes = h("span", { class: "gl-note" });
  const list = h("div", {
    class: "gl-ribbon-rows",
    role: "listbox",
    tabindex: "0",
    "aria-label": "tokens; arrows move, semicolon goes to the next semicolon that nobody typed",
  });
  const card = h("table", { class: "gl-facts" });
  const title = h("p", { class: "gl-card-title" });
  const frame = h(
    "section",
    { class: "gl-ribbon", "aria-label": "tokens", "data-part": "front" },
    h("header", { class: "gl-ribbon-head" }, counts, jump, light.lights),
    h("p", { class: "gl-ribbon-words" }, lanes, light.words),
    h("div", { class: "gl-ribbon-body" }, list, h("aside", { class: "gl-card", "aria-label": "the token" }, title, card)),
  );
  parent.append(frame);
  const view = virtualList(list, (index) => rowElement(rows[index]), SPARE);

  /** @param {Row} row */
  function rowElement(row) {
    const cells = Array.from({ length: row.end - row.first }, (_, n) => cellElement(row.first + n, n > 0));
    const number = h("span", { class: "gl-line-number", "aria-hidden": "true" }, row.folded ? "↪" : row.line);
    const room = h("span", { class: "gl-cells" }, ...cells);
    room.style.paddingLeft = `${row.indent}px`;
    return h("div", { class: "gl-ribbon-row", role: "group", "aria-label": `line ${row.line}` }, number, room);
  }

  /** @param {number} i @param {boolean} spaced */
  function cellElement(i, spaced) {
    const known = /** @type {Ribbon} */ (ribbon);
    const said = words(known, i);
    const style = compilerClass(known, i)?.style ?? "";
    const cell = h(
      "span",
      {
        class: "gl-cell",
        role: "option",
        id: `${names}-${i}`,
        "data-cell": i,
        "data-automatic": isAutomatic(known, i),
        "data-error": complaints.has(i),
        "aria-selected": i === chosen ? "true" : "false",
        "aria-description": [description(known, i), complaints.get(i)?.message].filter(Boolean).join("; "),
        "aria-posinset": i + 1,
        "aria-setsize": known.count,
      },
      h("span", { class: "gl-above", "aria-hidden": said.above === said.text && "true" }, said.above),
      h("code", { class: `gl-cell-text gl-tok-${style}` }, said.text),
      known.go_classes && h("span", { class: "gl-below-text" }, said.below),
    );
    cell.style.width = `${widthOf(known, i, metrics)}px`;
    if (spaced) cell.style.marginLeft = `${gapBefore(known, i)}px`;
    return cell;
  }

  /** @param {number} i */
  const elementOf = (i) => list.querySelector(`[data-cell="${i}"]`);

  /** @param {number} i the cell whose facts are told; -1 for none */
  function tell(i) {
    const known = i >= 0 ? ribbon : null;
    const error = complaints.get(i);
    title.replaceChildren(known ? h("code", { class: "gl-ring" }, words(known, i).text) : "no token selected");
    card.replaceChildren(
      h(
        "tbody",
        {},
        ...(known ? facts(known, i) : []).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value))),
        error && h("tr", { class: "gl-card-error" }, h("th", { scope: "row" }, error.phase), h("td", {}, error.message)),
      ),
    );
  }

  /** @param {number} i @param {boolean} [reveal] */
  function choose(i, reveal = false) {
    const before = elementOf(chosen);
    if (before) set(before, "aria-selected", "false");
    chosen = i;
    if (reveal && i >= 0) view.reveal(rowOf(rows, i));
    const now = elementOf(i);
    if (now) set(now, "aria-selected", "true");
    set(list, "aria-activedescendant", now ? now.id : null);
    tell(i);
  }

  /** @param {number} i */
  function pick(i) {
    if (!ribbon || i < 0) return;
    selection = selectionOf(ribbon, i);
    choose(i, true);
    select(selection);
  }

  /** Measure the fonts and the page, and break the rows anew when that changes anything. */
  function arrange() {
    if (!ribbon) return;
    metrics = measure(list);
    const gutter = 44;
    width = list.clientWidth || 800;
    rows = layout(ribbon, width - gutter, metrics);
    view.show(rows.length);
  }

  list.addEventListener("keydown", (event) => {
    if (!ribbon || event.altKey || event.metaKey) return;
    const to = move(event.key, event.ctrlKey, ribbon, rows, chosen, metrics);
    if (to === null) return;
    event.preventDefault();
    pick(to);
  });
  /** @param {Event} event */
  const cellOf = (event) => Number(/** @type {Element} */ (event.target).closest("[data-cell]")?.getAttribute("data-cell") ?? -1);
  list.addEventListener("click", (event) => pick(cellOf(event)));
  list.addEventListener("mouseover", (event) => tell(cellOf(event) >= 0 ? cellOf(event) : chosen));
  list.addEventListener("mouseleave", () => tell(chosen));
  jump.addEventListener("click", () => {
    if (ribbon) pick(nextAutomatic(ribbon, chosen));
    list.focus();
  });
  const resized = new ResizeObserver(() => {
    if (list.clientWidth !== width) arrange();
  });
  resized.observe(list);

  return {
    /** @param {import("./model.js").Payload & {seq?: number}} payload */
    show(payload) {
      ribbon = decode(payload);
      complaints = complainedAbout(ribbon);
      const { tokens, automatic, comments, hidden } = ribbon.counts;
      say(counts, [`${tokens.toLocaleString("en")} tokens`, comments > 0 && `${comments} comment${comments > 1 ? "s" : ""}`, hidden > 0 && `the last ${hidden.toLocaleString("en")} not shown`].filter(Boolean).join(" · "));
      jump.replaceChildren(h("span", { class: "gl-automatic-mark", "aria-hidden": "true" }, ";"), ` ${automatic} that nobody typed`);
      jump.disabled = automatic === 0;
      say(lanes, ribbon.go_classes ? "above: the compiler’s scanner, below: go/scanner" : "above: the compiler’s scanner");
      set(frame, "data-lanes", ribbon.go_classes ? 2 : 1);
      light.show(ribbon.readers, ribbon.first);
      arrange();
      choose(cellAt(ribbon, selection), ahead);
      ahead = false;
      set(frame, "data-seq", payload.seq ?? 0);
    },
    /** @param {Selection} next */
    select(next) {
      // Its own selection: several cells may cover the same nothing, and the reader has gone to one of them.
      if (same(next, selection)) return;
      selection = next;
      ahead = true;
      if (ribbon) choose(cellAt(ribbon, next), true);
    },
    destroy: () => resized.disconnect(),
  };
}

/**
 * @param {HTMLElement} list
 * @returns {import("./layout.js").Metrics} of the fonts as they are now
 */
function measure(list) {
  const probe = h("span", { class: "gl-cell gl-probe", "aria-hidden": "true" }, h("span", { class: "gl-above" }, "0".repeat(20)), h("code", { class: "gl-cell-text" }, "0".repeat(20)));
  list.append(probe);
  const [label, text] = [...probe.children].map((one) => one.getBoundingClientRect().width / 20);
  probe.remove();
  return { text: text || 7.8, label: label || 6, padding: PADDING };
}
