/**
 * The memory map: a process's address space at four moments, to scale, down to its pages.
 */

import { addressSelected, bytes, grepped, hex, own, rowAt, size } from "./model.js";
import { createPageGrid } from "./pagegrid.js";
import { createCard, createCards, createRows, placesIn } from "./parts.js";
import { around, createSpace, zoom } from "./space.js";
import { h, say, set } from "../page/dom.js";
import { watch } from "../page/host.js";
import { player } from "../page/player.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Payload & {failed?: string}} Shown */
/** @typedef {import("./model.js").Row} Row */

const MOST_CHIPS = 40;
const KEY = "Hatched: only reserved. From weak colour to strong: data, what is only read, code. The strip at the right of the loupe is what is in memory: the file’s pages in half the colour, its own in full. In the picture + and − magnify, ↑ and ↓ move.";

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createMemoryMap(parent, select, model) {
  const life = new AbortController();
  const live = model.get("moment") !== undefined;
  /** @type {Shown | null} */
  let payload = null;
  let at = 0;
  let address = 0;
  /** @type {import("./space.js").Window} */
  let view = { start: 0, bytes: 1 };
  /** @type {[number, number] | null} */
  let marked = null;
  /** @type {Selection} */
  let wanted = {};
  let width = 0;

  const status = h("span", { class: "gl-status", role: "status" }, "the program is being started …");
  const cards = createCards((i) => moveTo(i));
  const steps = h("div", { class: "gl-mem-player" });
  const space = createSpace(goto, look);
  const rows = createRows((row) => goto(row, row.start));
  const grid = createPageGrid((page) => goto(null, page));
  const card = createCard((range, where) => ring(range, where));
  const chips = h("div", { class: "gl-mem-chips" });
  const legend = h("p", { class: "gl-mem-legend" });
  const heading = h("h4", { class: "gl-mem-heading" });
  const tools = h("span", { class: "gl-mem-tools" }, tool("−", "show more around it", () => look(zoom(view, 0.5))), tool("+", "magnify", () => look(zoom(view, 2))), tool("⌂", "the chosen mapping", home));
  const frame = h(
    "section",
    { class: "gl-mem", "aria-label": "memory map", "data-part": "process" },
    h("header", { class: "gl-mem-top" }, steps, status),
    cards.element,
    cards.scale,
    h("div", { class: "gl-mem-body" }, h("div", { class: "gl-mem-picture" }, tools, space.element, h("p", { class: "gl-mem-key" }, KEY)), rows.element),
    h("div", { class: "gl-mem-pages" }, h("div", { class: "gl-mem-left" }, heading, chips, h("div", { class: "gl-mem-scroll" }, grid.element), legend), card.element),
  );
  parent.append(frame);
  rows.box.addEventListener("change", () => {
    if (live && model.get("grep") !== rows.box.checked) {
      model.set("grep", rows.box.checked);
      model.save_changes();
    }
    paint();
  });
  const resized = new ResizeObserver(() => {
    if (Math.abs(frame.clientWidth - width) > 1) paint();
  });
  resized.observe(frame);
  /** @type {ReturnType<typeof player> | null} */
  let play = null;
  if (live) {
    watch(model, "moment", () => named(model.get("moment")), life.signal);
    watch(model, "grep", grepAsAsked, life.signal);
  }

  function grepAsAsked() {
    rows.box.checked = Boolean(model.get("grep"));
    paint();
  }

  /** @param {string} word @param {string} label @param {() => void} act */
  function tool(word, label, act) {
    return h("button", { type: "button", "aria-label": label, title: label, onclick: act }, word);
  }

  /** @param {string} name */
  function named(name) {
    const found = payload?.moments.findIndex((one) => one.name === name) ?? -1;
    if (found >= 0 && found !== at) moveTo(found);
  }

  /** @param {number} next @param {boolean} [played] by the player, which knows of it */
  function moveTo(next, played = false) {
    if (!payload) return;
    const row = rowAt(payload.moments[at], address);
    at = Math.min(Math.max(next, 0), payload.moments.length - 1);
    if (!played) play?.go(at, true);
    if (live && model.get("moment") !== payload.moments[at].name) {
      model.set("moment", payload.moments[at].name);
      model.save_changes();
    }
    marked = null;
    // What is not mapped at this moment gives way to what is of its kind.
    const now = payload.moments[at];
    if (!rowAt(now, address)) address = (now.rows.find((one) => one.kind === row?.kind) ?? now.rows[0])?.start ?? 0;
    if (!visible()) home();
    else paint();
  }

  const visible = () => address >= view.start && address < view.start + view.bytes;

  function home() {
    const row = chosen();
    if (row) view = around(row);
    paint();
  }

  /** @param {import("./space.js").Window} window */
  function look(window) {
    view = window;
    paint();
  }

  const chosen = () => (payload && payload.moments.length > 0 ? rowAt(payload.moments[at], address) : null);

  /** Choose a mapping, or a page of one. @param {Row | null} row @param {number} where */
  function goto(row, where) {
    if (!payload) return;
    const before = chosen();
    address = where - (where % payload.page);
    const now = chosen();
    marked = null;
    if (now && (now !== before || row) && (now !== before || !visible())) view = around(now);
    select({ address: hex(address) });
    paint();
  }

  /** @param {[number, number] | null} range @param {number} where */
  function ring(range, where) {
    if (!payload) return;
    address = where - (where % payload.page);
    marked = range;
    const name = Object.entries(payload.lines).find(([one]) => payload && range && addressSelected(payload, { function: one }) === range[0]);
    const [file, line] = name?.[1] ?? [];
    select(name ? { address: hex(where), function: name[0], file, line, column: 0 } : { address: hex(where) });
    paint();
  }

  function paint() {
    if (!payload || payload.moments.length === 0) return;
    width = frame.clientWidth;
    const moment = payload.moments[at];
    const before = at > 0 ? payload.moments[at - 1] : null;
    const row = chosen();
    const only = rows.box.checked ? new Set(grepped(moment.rows)) : null;
    cards.show(payload, at);
    space.show(moment, view, row, only, payload.page, address);
    rows.show(moment, row, payload.page);
    if (!row) return;
    say(heading, `${row.name}: its pages at ${moment.name}`);
    const cells = grid.show(payload, row, before ? rowAt(before, row.start) : null, address, marked);
    set(grid.element, "aria-valuetext", spoken(row));
    paintChips(row);
    paintLegend(cells);
    card.show(payload, moment, before, row, address);
  }

  /** @param {Row} row */
  function spoken(row) {
    if (!payload) return "";
    const names = placesIn(payload, payload.moments[at], row).filter(({ range }) => range[0] <= address && address < range[1]);
    const text = card.element.querySelector("p b")?.textContent ?? "";
    return `page ${hex(address)}, ${text}, ${names[0]?.name ?? row.name}`;
  }

  /** @param {Row} row */
  function paintChips(row) {
    if (!payload) return;
    const places = placesIn(payload, payload.moments[at], row);
    chips.replaceChildren(
      ...places.slice(0, MOST_CHIPS).map(({ name, range, sort }) => {
        const on = marked !== null && marked[0] === range[0] && marked[1] === range[1];
        return h("button", { type: "button", class: "gl-mem-chip", "data-sort": sort, "aria-pressed": on ? "true" : "false", onclick: () => ring(on ? null : range, Math.max(range[0], row.start)) }, name, h("span", {}, size(range[1] - range[0])));
      }),
      places.length > MOST_CHIPS ? h("span", { class: "gl-note" }, `and ${places.length - MOST_CHIPS} more`) : "",
    );
  }

  /** @param {ReturnType<ReturnType<typeof createPageGrid>["show"]>} cells */
  function paintLegend(cells) {
    const what = { absent: "not in memory", file: "the file’s page, shared", private: "its own: copied or zeroed", zero: "the kernel’s zeroes, only read", fresh: "came since the moment before", copied: "copied since then" };
    const each = cells.each === 1 ? "a cell is a page of 4 KiB; sixteen are what one fault may bring" : `a cell is ${cells.each.toLocaleString("en")} pages, ${size(cells.each * 4096)}, filled as far as they are in memory`;
    legend.replaceChildren(
      ...Object.entries(what).map(([state, word]) => h("span", {}, h("i", { class: "gl-mem-swatch", "data-state": state, "aria-hidden": "true" }), word)),
      h("span", { class: "gl-note" }, each),
    );
  }

  /** @param {Shown} next */
  function show(next) {
    set(frame, "data-stale", Boolean(next.failed) && payload !== null);
    if (next.failed || !next.moments?.length) {
      say(status, next.failed ?? "nothing to see");
      return;
    }
    const first = payload === null;
    payload = next;
    const now = payload.moments.findIndex((one) => one.name === (live && model.get("moment") ? model.get("moment") : first ? "main.main" : payload?.moments[at]?.name));
    at = now >= 0 ? now : payload.moments.length - 1;
    play?.destroy();
    steps.replaceChildren();
    play = player(steps, { count: payload.moments.length, label: (i) => payload?.moments[i]?.name ?? "", start: at, interval: 1600, name: "the moments", onStep: (i) => moveTo(i, true) });
    if (first && live) rows.box.checked = Boolean(model.get("grep"));
    const moment = payload.moments[at];
    const found = first ? addressSelected(payload, wanted) : null;
    if (found !== null && rowAt(moment, found)) address = found - (found % payload.page);
    if (!rowAt(moment, address)) address = moment.rows.find(({ kind }) => kind === "code")?.start ?? moment.rows[0].start;
    say(status, told(payload));
    if (!visible()) home();
    else paint();
  }

  /** @param {Shown} one */
  function told(one) {
    const how = one.recorded || { ptrace: "held by ptrace", signal: "stopped by a signal", loop: "held by a loop in its code", pipe: "held by a full pipe", overlay: "held by a patched copy of its own runtime" }[one.how] || one.how;
    return [how, ...one.notes].join("; ");
  }

  return {
    show,
    /** @param {Selection} selection */
    select(selection) {
      wanted = selection;
      if (!payload || payload.moments.length === 0) return;
      const found = addressSelected(payload, selection);
      const row = found === null ? null : rowAt(payload.moments[at], found);
      if (found === null || !row || !own(row)) return;
      const page = found - (found % payload.page);
      if (page === address) return;
      address = page;
      if (!visible() || bytes(row) < view.bytes / 50) view = around(row);
      paint();
    },
    destroy() {
      life.abort();
      resized.disconnect();
      play?.destroy();
    },
  };
}
