/**
 * The heap of a run: who allocates as an icicle, memory over time, the collections, and the arenas.
 */

import { h, say, set } from "../page/dom.js";
import { instead } from "../page/failure.js";
import { best, createFinder } from "../page/finder.js";
import { watch } from "../page/host.js";
import { createIcicle } from "./icicle.js";
import { amount, atLine, bytes, functions, MOMENTS, traceLine, treeOf, wayTo, words } from "./model.js";
import { createTimeline } from "./timeline.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Heap} Heap */
/** @typedef {Partial<Heap> & {failed?: string, recorded?: string}} Payload */

const WHEN = { alloc: "allocated", inuse: "alive at most", left: "left at the end" };
const WHAT = { space: "bytes", objects: "objects" };
const ROWS = 40;

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createHeap(parent, select, model) {
  const life = new AbortController();
  const live = model.get("rate") !== undefined;
  /** @type {Heap | null} */
  let heap = null;
  let tree = treeOf({ ...EMPTY }, "");
  let measure = model.get("measure") ?? "alloc_space";
  let root = 0;
  let chosen = 0;
  /** @type {Set<number>} */
  let found = new Set();
  let own = "";

  const status = h("span", { class: "gl-status", role: "status" }, "compiling and running …");
  const when = choice("which of it", WHEN, (name) => change(`${name}_${measure.split("_")[1]}`));
  const what = choice("counted in", WHAT, (name) => change(`${measure.split("_")[0]}_${name}`));
  const rate = h("select", { "aria-label": "one sample for so many bytes" });
  const rated = h("label", { hidden: !live || !model.get("runtime") }, "a sample each ", rate);
  const finder = createFinder("find a function", find, (id) => goto(id));
  const crumbs = h("nav", { class: "gl-heap-way", "aria-label": "where you are" });
  const icicle = createIcicle({ choose: (node) => take(node), about: (node) => tell(node), zoom: (node) => zoom(node) });
  const told = h("p", { class: "gl-heap-told", role: "status" });
  const key = h("p", { class: "gl-heap-key gl-note" }, "Below each function are those that it calls, as wide as what is allocated in them; bold: of your program; underlined: most of it allocated by the function itself. Enter or a double click magnifies.");
  const rows = h("tbody");
  const listed = h(
    "details",
    {},
    h("summary", {}, "The same as a table, by function"),
    h("table", { class: "gl-heap-table" }, h("thead", {}, h("tr", {}, ...["function", "in itself", "with what it calls", "share"].map((name) => h("th", { scope: "col" }, name)))), rows),
  );
  const moment = h("p", { class: "gl-heap-told", role: "status" });
  const timeline = createTimeline((text) => say(moment, text));
  const cycles = h("ol", { class: "gl-heap-trace" });
  const collected = h("details", {}, h("summary"), h("p", { class: "gl-note" }, "clock: the world stopped + marking beside the program + stopped again; then the heap as it began -> as it ended -> what was alive; the stacks that were searched, too."), cycles);
  const arenas = h("div", { class: "gl-heap-arenas" });
  const body = h("div", { hidden: true }, crumbs, icicle.element, told, key, listed, h("h4", {}, "Memory while it ran"), timeline.element, moment, collected, arenas);
  const element = h("section", { class: "gl-heap", "aria-label": "heap", "data-part": "process" }, h("header", { class: "gl-heap-top" }, when.element, what.element, rated, finder.element, status), body);
  parent.append(element);

  rate.addEventListener("change", () => put("rate", Number(rate.value)));
  if (live) watch(model, "measure", () => change(model.get("measure")), life.signal);

  /** @param {string} trait @param {unknown} value */
  function put(trait, value) {
    if (!live || model.get(trait) === value) return;
    model.set(trait, value);
    model.save_changes();
  }

  /** @param {string} name */
  function change(name) {
    measure = name;
    put("measure", name);
    rebuild();
  }

  const unit = () => heap?.types.find(([name]) => name === measure)?.[1] ?? "bytes";

  function rebuild() {
    // Of a program that was ended from within there may be no profile.
    if (!heap || heap.nodes.parent.length === 0) return;
    const [time, kind] = measure.split("_");
    when.show(time);
    what.show(kind);
    tree = treeOf(heap, measure);
    if (!tree.total[root]) root = 0;
    if (!tree.total[chosen]) chosen = root;
    paint();
    table();
  }

  function paint() {
    if (!heap) return;
    const all = heap;
    icicle.show(all, tree, { root, chosen, unit: unit(), found });
    const way = wayTo(all, root);
    crumbs.replaceChildren(
      ...way.map((node, at) =>
        at === way.length - 1 ? h("b", { "aria-current": "location" }, all.names[all.nodes.name[node]]) : h("span", {}, h("button", { type: "button", class: "gl-go", onclick: () => zoom(node) }, all.names[all.nodes.name[node]]), " › "),
      ),
      h("span", { class: "gl-heap-total" }, amount(tree.total[root] ?? 0, unit())),
    );
    tell(chosen);
  }

  /** @param {number} node */
  function tell(node) {
    if (heap) say(told, words(heap, tree, node, unit()));
  }

  /** @param {number} node */
  function take(node) {
    chosen = node;
    if (icicle.drawn(node)) icicle.mark(node);
    else {
      root = tree.children[node].length > 0 ? node : Math.max(0, heap?.nodes.parent[node] ?? 0);
      paint();
    }
    tell(node);
    const file = heap && heap.nodes.file[node] >= 0 ? heap.files[heap.nodes.file[node]] : "";
    if (!heap || !file || file.startsWith("$GOROOT")) return;
    /** @type {Selection} */
    const place = { file, line: heap.nodes.line[node], column: 0 };
    own = JSON.stringify(place);
    select(place);
  }

  /** @param {number} node */
  function zoom(node) {
    root = node;
    chosen = node;
    paint();
    icicle.element.focus({ preventScroll: true });
  }

  /** @param {string} text */
  function find(text) {
    if (!heap) return [];
    const all = functions(heap, tree);
    return best(all.map(({ name }) => name), text).map((at) => ({ id: heap?.names.indexOf(all[at].name) ?? 0, name: all[at].name, note: amount(all[at].total, unit()) }));
  }

  /** @param {number} name */
  function goto(name) {
    if (!heap) return;
    const nodes = heap.nodes.name.flatMap((one, node) => (one === name && tree.total[node] > 0 ? [node] : []));
    found = new Set(nodes);
    const largest = nodes.reduce((a, b) => (tree.total[b] > tree.total[a] ? b : a), nodes[0] ?? 0);
    root = 0;
    paint();
    take(largest);
    icicle.element.focus({ preventScroll: true });
  }

  function table() {
    if (!heap) return;
    const all = functions(heap, tree).slice(0, ROWS);
    rows.replaceChildren(
      ...all.map(({ name, flat, total }) => {
        const id = heap?.names.indexOf(name) ?? 0;
        const share = `${((100 * total) / (tree.total[0] || 1)).toFixed(1)} %`;
        return h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", class: "gl-go", onclick: () => goto(id) }, name)), ...[amount(flat, unit()), amount(total, unit()), share].map((text) => h("td", {}, text)));
      }),
    );
  }

  /** @param {Heap} next */
  function fill(next) {
    const count = next.collections.length;
    const summary = collected.querySelector("summary");
    if (summary) say(summary, `${count} collection${count === 1 ? "" : "s"} while main ran, as GODEBUG=gctrace=1 prints them`);
    cycles.replaceChildren(...next.collections.slice(0, 200).map((row) => h("li", {}, h("code", {}, traceLine(row)))));
    const most = Math.max(1, ...next.arenas.map(([, list]) => list.length));
    arenas.replaceChildren(
      h("h4", {}, "The heap’s arenas: reserved, and of it committed"),
      ...next.arenas.map(([name, list]) => {
        const committed = list.reduce((sum, [, , one]) => sum + one, 0);
        const reserved = list.reduce((sum, [, one]) => sum + one, 0);
        const boxes = list.map(([start, size, part]) => {
          const inner = h("i", {});
          inner.style.width = `${(100 * part) / size}%`;
          const outer = h("span", { class: "gl-heap-arena", title: `0x${start.toString(16)}: ${bytes(part)} of ${bytes(size)}` }, inner);
          outer.style.width = `${100 / most}%`;
          return outer;
        });
        return h("p", {}, h("span", {}, MOMENTS[name] ?? name), h("span", { class: "gl-heap-boxes" }, ...boxes), h("span", {}, `${bytes(committed)} of ${bytes(reserved)}`));
      }),
    );
    if (!live) return;
    const rates = /** @type {number[]} */ (model.get("rates") ?? []);
    if (rate.options.length !== rates.length) rate.replaceChildren(...rates.map((one) => h("option", { value: one }, one === 1 ? "allocation" : bytes(one))));
    rate.value = String(next.rate);
  }

  return {
    element,
    destroy() {
      icicle.destroy();
      timeline.destroy();
      life.abort();
    },
    /** @param {Payload} next */
    show(next) {
      set(element, "data-stale", Boolean(next.failed) && heap !== null);
      if (next.failed || !next.samples) {
        say(status, heap ? instead(next.failed, "ran") : (next.failed ?? ""));
        return;
      }
      const kept = heap ? wayTo(heap, chosen).map((node) => heap?.names[heap.nodes.name[node]]) : [];
      heap = /** @type {Heap} */ ({ ...next, nodes: next.types?.length ? next.nodes : EMPTY.nodes });
      for (const part of [when.element, what.element, finder.element, crumbs, icicle.element, told, key, listed]) set(part, "hidden", heap.nodes.parent.length === 0);
      say(status, next.recorded ? `${next.recorded}, not live` : heap.ended);
      found = new Set();
      tree = treeOf(heap, measure);
      root = 0;
      chosen = 0;
      for (const name of kept.slice(1)) chosen = tree.children[chosen].find((node) => heap?.names[heap.nodes.name[node]] === name) ?? chosen;
      set(body, "hidden", false);
      rebuild();
      timeline.show(heap);
      fill(heap);
    },
    /** @param {Selection} next */
    select(next) {
      if (!heap || JSON.stringify(next) === own || !next.file || !next.line) return;
      const node = atLine(heap, tree, next.file, next.line);
      if (node < 0 || node === chosen) return;
      chosen = node;
      if (!icicle.drawn(node)) root = 0;
      paint();
    },
  };
}

/** @type {Heap} */
const EMPTY = { types: [], names: [], files: [], nodes: { parent: [], name: [], file: [], line: [] }, own: [], fields: [], samples: [], collections: [], scavenges: [], arenas: [], rate: 1, ended: "" };

/**
 * @param {string} title
 * @param {Record<string, string>} names
 * @param {(name: string) => void} take
 */
function choice(title, names, take) {
  const buttons = Object.entries(names).map(([name, label]) => h("button", { type: "button", class: "gl-heap-choice", "data-name": name, "aria-pressed": "false", onclick: () => take(name) }, label));
  return {
    element: h("span", { role: "group", "aria-label": title }, ...buttons),
    /** @param {string} name */
    show(name) {
      for (const button of buttons) set(button, "aria-pressed", String(button.dataset.name === name));
    },
  };
}
