/**
 * Three trees of one program side by side: the compiler's syntax, go/ast's, and the IR of a function. One
 * selection runs through the source and all of them.
 */

import { bench } from "../page/bench.js";
import { same } from "../page/broker.js";
import { h, say, set, uid } from "../page/dom.js";
import { errorLine } from "../rail/rail.js";
import { step } from "../rail/model.js";
import { readersLight } from "../checks/readers.js";
import { breadcrumb, nodeFacts, nodeWords } from "./facts.js";
import { paneHead, treePane } from "./pane.js";
import { byteOf, nodeAt, selectionOf } from "./search.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./facts.js").Marks} Marks */
/** @typedef {import("./model.js").Packed} Packed */

/**
 * @typedef {object} TreePart
 * @property {"syntax" | "go" | "ir"} id
 * @property {string} title
 * @property {Packed[]} stages one, or the IR at every moment at which the compiler prints it
 * @property {number} errors
 * @property {string} [why] there is no tree
 * @property {string} [function]
 * @property {string[]} [functions]
 * @property {Marks} [marks]
 * @property {string[]} [mark_names]
 */

/**
 * @typedef {object} Payload
 * @property {TreePart[]} trees
 * @property {Record<string, number[]>} lines for every file where its lines begin, each counted from the one before
 * @property {import("../checks/readers.js").Reader[]} [readers]
 * @property {import("../checks/readers.js").Complaint | null} [first]
 * @property {import("../checks/readers.js").Complaint[]} errors
 * @property {string} [file]
 */

/** @typedef {ReturnType<typeof column>} Column */

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {(name: string) => void} choose another function's IR is wanted
 */
export function createTrees(parent, select, choose) {
  /** @type {Payload | null} */
  let payload = null;
  /** @type {Map<string, Column>} */
  const columns = new Map();
  /** @type {Record<string, number[]>} */
  let lines = {};
  /** @type {Selection} */
  let selection = {};
  /** @type {Selection} what a node of a tree stood for, and that tree */
  let published = {};
  let active = "syntax";

  const light = readersLight(select);
  const field = h("input", { type: "search", class: "gl-search", placeholder: "find a kind, field, name or type  (/)", "aria-label": "find in the trees" });
  const back = h("button", { type: "button", class: "gl-quiet-button", "aria-label": "previous match", "aria-keyshortcuts": "Shift+N" }, "↑");
  const ahead = h("button", { type: "button", class: "gl-quiet-button", "aria-label": "next match", "aria-keyshortcuts": "n" }, "↓");
  const trouble = h("ul", { class: "gl-trouble", "aria-label": "errors" });
  const tabs = h("div", { class: "gl-tabs", role: "tablist", "aria-label": "trees" });
  const beside = h("div", { class: "gl-tree-columns" });
  const details = h("div", { class: "gl-node-card", "aria-label": "the node", role: "region" });
  const frame = h(
    "section",
    { class: "gl-trees", "aria-label": "trees", "data-part": "front", "data-active": active },
    h("header", { class: "gl-ribbon-head" }, h("span", { class: "gl-find", role: "search" }, field, back, ahead), light.lights),
    h("p", { class: "gl-ribbon-words" }, light.words),
    tabs,
    beside,
    details,
    trouble,
  );
  parent.append(frame);

  /** @param {TreePart} part */
  function columnOf(part) {
    const made = columns.get(part.id) ?? column(part, { chosen: (node) => chosen(part.id, node), searched: () => field.focus(), choose, turned: () => {
        count();
        follow(part.id);
        tell();
      } });
    if (!columns.has(part.id)) {
      columns.set(part.id, made);
      beside.append(made.element);
      tabs.append(made.tab);
      made.tab.addEventListener("click", () => activate(part.id));
      made.element.addEventListener("focusin", () => activate(part.id));
    }
    return made;
  }

  /** @param {string} id */
  function activate(id) {
    active = id;
    set(frame, "data-active", id);
    for (const [name, one] of columns) {
      set(one.tab, "aria-selected", name === id ? "true" : "false");
      one.tab.tabIndex = name === id ? 0 : -1;
    }
    tell();
  }

  tabs.addEventListener("keydown", (event) => {
    const ids = [...columns.keys()];
    const next = step(event.key, ids.indexOf(active), ids.length);
    if (next === null) return;
    event.preventDefault();
    activate(ids[next]);
    columns.get(ids[next])?.tab.focus();
  });

  /** Tell what is known of the active tree's node. */
  function tell() {
    const one = columns.get(active);
    const tree = one?.pane.tree();
    const node = one?.pane.node() ?? -1;
    if (!one || !tree || node < 0) {
      details.replaceChildren(h("p", { class: "gl-nothing" }, selection.line ? `no node of this tree at ${selection.line}:${selection.column ?? 0}` : "no node selected"));
      return;
    }
    // The other trees show it, too; on a narrow page they are out of sight.
    const others = [...columns].flatMap(([name, { pane, part }]) => {
      const [other, there] = [pane.tree(), pane.node()];
      return name === active || !other || there < 0 ? [] : [[part().title, nodeWords(other, there)]];
    });
    const facts = [...nodeFacts(tree, node, one.part(), lines), ...others];
    details.replaceChildren(
      breadcrumb(one.part().title, tree, node, (to) => one.pane.go(to)),
      h("dl", { class: "gl-node-facts" }, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    );
  }

  /** The reader has gone to a node. @param {string} id @param {number} node */
  function chosen(id, node) {
    const tree = columns.get(id)?.pane.tree();
    if (!tree) return;
    active = id;
    const wanted = selectionOf(tree, node);
    if (!wanted.line) {
      // Nodes that the compiler made have no place in the source: there is nothing to follow.
      tell();
      return;
    }
    // Before the others hear of it: the answer to it is not to move this tree, where several nodes may cover
    // the same text.
    published = wanted;
    selection = wanted;
    select(wanted);
    for (const name of columns.keys()) if (name !== id) follow(name);
    tell();
  }

  /** Bring a tree to the selection. @param {string} id */
  function follow(id) {
    const pane = columns.get(id)?.pane;
    const tree = pane?.tree();
    if (!pane || !tree) return;
    const byte = byteOf(lines[selection.file ?? payload?.file ?? ""], selection);
    let node = nodeAt(tree, selection, byte);
    if (id !== "ir") {
      pane.follow(node);
      return;
    }
    // The IR knows a node by one position only: that of the syntax node it was made from.
    const syntax = columns.get("syntax")?.pane;
    const origin = syntax?.tree();
    if (node < 0 && origin && syntax) {
      const from = nodeAt(origin, selection, byte);
      if (from >= 0) node = nodeAt(tree, { ...selectionOf(origin, from), start: undefined }, byte);
    }
    const [line, at] = node < 0 ? [0, 0] : [tree.line[node], tree.column[node]];
    const others = node < 0 ? [] : [...tree.line.keys()].filter((i) => tree.line[i] === line && tree.column[i] === at);
    pane.follow(node, others);
  }

  /** How many nodes each tree has, and how many of them were found. */
  function count() {
    const most = Math.max(...[...columns.values()].map((one) => one.pane.tree()?.whole ?? 0));
    for (const { pane, head } of columns.values()) head.count(pane.tree(), most, field.value.trim() ? pane.found().length : null);
  }

  function find() {
    for (const one of columns.values()) one.pane.search(field.value);
    count();
    const none = [...columns.values()].every((one) => one.pane.found().length === 0);
    back.disabled = none;
    ahead.disabled = none;
  }
  /** @param {1 | -1} direction */
  function jump(direction) {
    // Where the active tree has nothing, the first that has something answers.
    const has = (/** @type {Column | undefined} */ one) => one && one.pane.found().length > 0;
    const id = has(columns.get(active)) ? active : [...columns.keys()].find((name) => has(columns.get(name)));
    if (id === undefined) return;
    activate(id);
    columns.get(id)?.pane.next(direction);
  }
  field.addEventListener("input", find);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") jump(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" || event.key === "ArrowDown") {
      columns.get(active)?.pane.element.focus();
      event.preventDefault();
    }
  });
  back.addEventListener("click", () => jump(-1));
  ahead.addEventListener("click", () => jump(1));

  return {
    /** @param {Payload & {seq?: number}} next */
    show(next) {
      payload = next;
      lines = Object.fromEntries(Object.entries(next.lines).map(([name, steps]) => [name, starts(steps)]));
      for (const part of next.trees) columnOf(part).show(part);
      set(tabs, "hidden", columns.size < 2);
      if (next.readers) light.show(next.readers, next.first ?? null);
      // The light tells of the first.
      const rest = next.errors.slice(next.first ? 1 : 0);
      trouble.replaceChildren(...rest.map((error) => errorLine(error, select)));
      find();
      for (const id of columns.keys()) follow(id);
      if (!columns.has(active)) active = next.trees[0]?.id ?? "";
      activate(active);
    },
    /** @param {Selection} next */
    select(next) {
      if (same(next, published) && same(next, selection)) return;
      selection = next;
      for (const id of columns.keys()) follow(id);
      tell();
    },
  };
}

/** @param {number[]} steps @returns {number[]} */
function starts(steps) {
  let at = 0;
  return steps.map((one) => (at += one));
}

/**
 * A tree with its head and its tab.
 *
 * @param {TreePart} first
 * @param {{chosen: (node: number) => void, searched: () => void, choose: (name: string) => void, turned: () => void}} hooks
 */
function column(first, { chosen, searched, choose, turned }) {
  let part = first;
  let heading = "";
  const pane = treePane(first.title, { chosen, searched });
  const head = paneHead(first.title, pane.all);
  const why = h("p", { class: "gl-nothing", hidden: true });
  const functions = h("select", { "aria-label": "function" });
  const moments = h("select", { "aria-label": "moment" });
  const panel = uid("tree");
  const tab = h("button", { type: "button", role: "tab", class: "gl-tab", id: uid("tab"), "aria-controls": panel }, first.title);
  if (first.functions) head.pickers.append(functions, moments);

  const stage = () => part.stages.find((one) => one.heading === heading) ?? part.stages.at(-1) ?? null;
  const paint = (another = false) => {
    pane.show(stage(), another);
    say(why, part.why ?? "");
    set(why, "hidden", !part.why);
  };
  functions.addEventListener("change", () => {
    choose(functions.value);
    // What is shown is still the one before, and without a kernel remains so.
    functions.value = part.function ?? "";
  });
  moments.addEventListener("change", () => {
    heading = moments.value;
    paint();
    turned();
  });

  return {
    element: h("section", { class: "gl-tree-column", "data-tree": first.id, id: panel, role: "tabpanel", "aria-labelledby": tab.id }, head.element, pane.element, why),
    tab,
    pane,
    head,
    part: () => part,
    /** @param {TreePart} next */
    show(next) {
      // The IR takes longer than the source's trees: until it is there, or known not to come, the last one stays.
      const pending = next.stages.length === 0 && !next.why;
      set(pane.element, "data-stale", pending);
      if (pending) return;
      const another = next.function !== part.function && part.stages.length > 0 && next.stages.length > 0;
      part = next;
      if (part.functions) {
        functions.replaceChildren(...part.functions.map((name) => h("option", { value: name, selected: name === part.function }, name)));
        const chosen = stage()?.heading;
        moments.replaceChildren(...part.stages.map((one) => h("option", { value: one.heading, selected: one.heading === chosen }, one.heading)));
        for (const one of [functions, moments]) set(one, "hidden", part.stages.length === 0);
      }
      paint(another);
    },
  };
}

/** @param {import("../page/host.js").Host} host */
export function render(host) {
  return bench("trees", "below", (parent, select) =>
    createTrees(parent, select, (name) => {
      host.model.set("function", name);
      host.model.save_changes();
    }),
  )(host);
}
