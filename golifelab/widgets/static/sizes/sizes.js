/**
 * The size map: what every byte of the executable is for, as areas to walk into; and what an edit, or
 * another way to build, makes of it.
 */

import { createMap } from "./map.js";
import { rowAt, SIGNS, signed, shownChildren, state, treeOf, wayTo, words } from "./model.js";
import { h, say, set } from "../page/dom.js";
import { instead } from "../page/failure.js";
import { best, createFinder } from "../page/finder.js";
import { watch } from "../page/host.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Grouping} Grouping */
/** @typedef {import("./model.js").Measure} Measure */
/** @typedef {import("./model.js").Node} Node */
/** @typedef {import("./model.js").Payload & {failed?: string, against: string, choices: {id: string, label: string}[]}} Shown */

const KINDS = ["code", "function tables", "read-only data", "data", "zeroed data", "debug info", "symbol table"];
const ROWS = 60;

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createSizes(parent, select, model) {
  const life = new AbortController();
  const live = model.get("against") !== undefined;
  /** @type {Shown | null} */
  let payload = null;
  /** @type {Node[]} from the whole to the part whose parts are shown */
  let way = [];
  /** @type {Node | null} */
  let chosen = null;
  let width = 0;
  /** @type {Measure} */
  let measure = model.get("measure") ?? "file";
  /** @type {Grouping} */
  let grouping = model.get("grouping") ?? "package";

  const status = h("span", { class: "gl-status", role: "status" }, "linking …");
  const measures = switcher("bytes", { file: "in the file", memory: "in memory" }, measure, (name) => change("measure", name));
  const groupings = switcher("grouped by", { package: "package", section: "section", kind: "kind" }, grouping, (name) => change("grouping", name));
  const against = h("select", { class: "gl-sizes-against", "aria-label": "compared with" });
  const compared = h("label", { class: "gl-sizes-compare", hidden: !live || !model.get("runtime") }, "compared with ", against);
  const finder = createFinder("find a symbol", find, (row) => goto(row));
  const crumbs = h("nav", { class: "gl-sizes-way", "aria-label": "where you are" });
  const map = createMap({ enter, about: tell });
  const told = h("p", { class: "gl-sizes-about" });
  const legend = h("p", { class: "gl-sizes-legend" }, ...KINDS.map((kind) => h("span", {}, h("i", { class: "gl-sizes-swatch", "data-kind": kind, "aria-hidden": "true" }), kind)));
  const table = h("tbody");
  const heads = h("tr");
  const listed = h("details", { class: "gl-sizes-table" }, h("summary", {}, "the same as a table"), h("table", {}, h("thead", {}, heads), table));
  const frame = h(
    "section",
    { class: "gl-pane gl-sizes", "aria-label": "sizes", "data-part": "machine" },
    h("header", { class: "gl-sizes-top" }, measures.element, groupings.element, compared, finder.element, status),
    crumbs,
    map.element,
    told,
    legend,
    listed,
  );
  parent.append(frame);

  against.addEventListener("change", () => tellModel("against", against.value));
  frame.addEventListener("keydown", (event) => {
    if ((event.key !== "Escape" && event.key !== "Backspace") || !map.holds(event.target)) return;
    event.preventDefault();
    if (way.length > 1) leave(way.length - 2);
    else if (event.key === "Escape") crumbs.querySelector("button")?.focus();
  });
  const resized = new ResizeObserver(() => {
    if (Math.abs(map.element.clientWidth - width) > 1) paint();
  });
  resized.observe(map.element);
  if (live) {
    watch(model, "measure", () => change("measure", model.get("measure")), life.signal);
    watch(model, "grouping", () => change("grouping", model.get("grouping")), life.signal);
  }

  /** @param {string} trait @param {unknown} value */
  function tellModel(trait, value) {
    if (!live || model.get(trait) === value) return;
    model.set(trait, value);
    model.save_changes();
  }

  /** @param {"measure" | "grouping"} what @param {any} name */
  function change(what, name) {
    if (what === "measure") measure = name;
    else grouping = name;
    measures.show(measure);
    groupings.show(grouping);
    tellModel(what, name);
    if (payload) rebuild();
  }

  /** Build the tree anew, and stay as far down in it as there still is something. */
  function rebuild() {
    if (!payload) return;
    const names = way.slice(1).map(({ name }) => name);
    const kept = chosen?.name;
    way = [treeOf(payload, grouping, measure)];
    for (const name of names) {
      const next = way[way.length - 1].children.find((child) => child.name === name && child.children.length > 0);
      if (!next) break;
      way.push(next);
    }
    chosen = shownChildren(way[way.length - 1]).find(({ name }) => name === kept) ?? null;
    paint();
  }

  /** @param {Node} node */
  function enter(node) {
    if (node.children.length > 0) {
      way.push(node);
      chosen = null;
      paint();
      map.focus();
      return;
    }
    chosen = node;
    if (payload && node.row >= 0) publish(node);
    paint();
    map.focus();
  }

  /** @param {Node} node */
  function publish(node) {
    if (!payload) return;
    const address = payload.address[node.row];
    const about = node.kind === "code" || node.kind === "function tables" ? { function: node.name } : {};
    if (address || about.function) select({ ...about, ...(address ? { address: `0x${address.toString(16)}` } : {}) });
  }

  /** @param {number} level of the way to go back to */
  function leave(level) {
    chosen = way[level + 1] ?? null;
    way = way.slice(0, level + 1);
    paint();
    map.focus();
  }

  /** @param {number} row */
  function goto(row) {
    const found = wayTo(treeAt(), row);
    if (found.length < 2) return;
    way = found.slice(0, -1);
    chosen = found[found.length - 1];
    // A part that is too small for a tile of its own is among the rest.
    const rest = shownChildren(way[way.length - 1]).find((one) => one.row < 0 && one.children.includes(/** @type {Node} */ (chosen)));
    if (rest) way.push(rest);
    paint();
    map.focus();
  }

  const treeAt = () => way[0] ?? { name: "", kind: "", now: 0, before: 0, weight: 0, children: [], row: -1 };

  /** @param {string} text */
  function find(text) {
    if (!payload) return [];
    const { names, name, kind, kinds } = payload;
    const values = payload[measure];
    return best(names, text).flatMap((place) => {
      const row = name.indexOf(place);
      return row < 0 || values[row] <= 0 ? [] : [{ id: row, name: names[place], note: `${values[row].toLocaleString("en")} · ${kinds[kind[row]]}` }];
    });
  }

  /** @param {Node | null} node */
  function tell(node) {
    say(told, node && payload ? words(node, treeAt().now, payload.compared) : "");
  }

  function paint() {
    if (!payload || way.length === 0) return;
    const here = way[way.length - 1];
    width = map.element.clientWidth;
    map.show(here, { whole: way[0].now, compared: payload.compared, chosen, names: way.map(({ name }) => name) });
    crumbs.replaceChildren(
      ...way.map((node, level) =>
        level === way.length - 1
          ? h("b", { "aria-current": "location" }, node.name)
          : h("span", {}, h("button", { type: "button", class: "gl-go", onclick: () => leave(level) }, node.name), " › "),
      ),
      h("span", { class: "gl-sizes-total" }, totals(here)),
    );
    tell(chosen ?? here);
    fill(here);
  }

  /** @param {Node} node */
  function totals(node) {
    const bytes = `${node.now.toLocaleString("en")} bytes`;
    return payload?.compared ? `${bytes}, ${signed(node.now - node.before)}` : bytes;
  }

  /** @param {Node} node */
  function fill(node) {
    const two = payload?.compared ?? false;
    heads.replaceChildren(...["part", ...(two ? [payload?.labels[0] ?? "before", payload?.labels[1] ?? "now", "change"] : ["bytes"]), "share"].map((name) => h("th", { scope: "col" }, name)));
    const rows = shownChildren(node, ROWS);
    if (two) rows.sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before) || b.weight - a.weight);
    table.replaceChildren(
      ...rows.map((one) => {
        const open = one.children.length > 0 ? h("button", { type: "button", class: "gl-go", onclick: () => enter(one) }, one.name) : h("code", {}, one.name);
        const what = two ? state(one) : "";
        const change = two ? [one.before.toLocaleString("en"), one.now.toLocaleString("en"), what ? `${SIGNS[what]} ${signed(one.now - one.before)}` : ""] : [one.now.toLocaleString("en")];
        const share = node.now > 0 ? `${((100 * one.now) / node.now).toFixed(1)} %` : "";
        return h("tr", { "data-change": what }, h("th", { scope: "row" }, open), ...[...change, share].map((text) => h("td", {}, text)));
      }),
    );
  }

  /** @param {Shown} next */
  function offer(next) {
    const key = JSON.stringify(next.choices);
    if (against.dataset.key !== key) {
      against.dataset.key = key;
      against.replaceChildren(...(next.choices ?? []).map(({ id, label }) => h("option", { value: id }, label)));
    }
    against.value = next.against;
  }

  return {
    element: frame,
    destroy() {
      resized.disconnect();
      life.abort();
    },
    /** @param {Shown} next */
    show(next) {
      if (next.choices) offer(next);
      set(frame, "data-stale", Boolean(next.failed) && payload !== null);
      if (next.failed) {
        say(status, payload ? instead(next.failed, "could be linked") : next.failed);
        return;
      }
      payload = next;
      rebuild();
      const [, now] = next.labels;
      const root = treeAt();
      const made = next.compared ? (root.now === root.before ? "the same size" : `${signed(root.now - root.before)} bytes: ${now}`) : "";
      say(status, made);
    },
    /** @param {Selection} next */
    select(next) {
      if (!payload || next.function === chosen?.name) return;
      const row = rowAt(payload, next);
      if (row >= 0 && !map.holds(document.activeElement)) mark(row);
    },
  };

  /** Show where something is that was selected elsewhere, and leave the focus there. @param {number} row */
  function mark(row) {
    const found = wayTo(treeAt(), row);
    const on = found.find((one) => shownChildren(way[way.length - 1]).includes(one));
    if (!on) return;
    chosen = on;
    paint();
  }
}

/**
 * @param {string} title
 * @param {Record<string, string>} names
 * @param {string} now
 * @param {(name: string) => void} choose
 */
function switcher(title, names, now, choose) {
  const buttons = Object.entries(names).map(([name, label]) => h("button", { type: "button", class: "gl-sizes-choice", "data-name": name, "aria-pressed": String(name === now), onclick: () => choose(name) }, label));
  return {
    element: h("span", { class: "gl-sizes-switch", role: "group", "aria-label": title }, ...buttons),
    /** @param {string} name */
    show(name) {
      for (const button of buttons) set(button, "aria-pressed", String(button.dataset.name === name));
    },
  };
}
