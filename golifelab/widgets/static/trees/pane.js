/**
 * One tree on the page: a list of the nodes that are seen, of which only those in view exist, with the keys of
 * WAI-ARIA's tree pattern.
 */

import { h, say, set, uid } from "../page/dom.js";
import { press, typeAhead } from "./keys.js";
import { carried, fieldOf, isParent, opened, reveal, rowOf, setAll, text, unpack, visible } from "./model.js";
import { nextFound, search } from "./search.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("./model.js").Packed} Packed */
/** @typedef {import("./model.js").Tree} Tree */

const SPARE = 12;
/** Deeper levels stand no further in: nobody could see how far. */
const DEEPEST = 40;
const INDENT = 13;
/** Milliseconds between two letters of one word that is typed. */
const TYPING = 600;

/**
 * @typedef {object} Hooks
 * @property {(node: number) => void} chosen the reader has gone to a node
 * @property {() => void} searched the reader wants to search
 */

/**
 * @param {string} name what a screen reader calls the tree
 * @param {Hooks} hooks
 */
export function treePane(name, { chosen, searched }) {
  /** @type {Tree | null} */
  let tree = null;
  /** @type {Tree | null} the last there was: what was open in it will be open again */
  let last = null;
  /** @type {Uint8Array} */
  let open = new Uint8Array(0);
  /** @type {Int32Array} */
  let rows = new Int32Array(0);
  let node = -1;
  /** @type {Set<number>} nodes that belong to the selection, too */
  let also = new Set();
  /** @type {Int32Array} */
  let found = new Int32Array(0);
  let hits = new Set();
  let query = "";
  let [typed, when] = ["", 0];

  const names = uid("node");
  const element = h("div", { class: "gl-tree", role: "tree", tabindex: "0", "aria-label": name });
  const list = virtualList(element, (index) => rowElement(rows[index]), SPARE);

  /** @param {number} i */
  function rowElement(i) {
    const known = /** @type {Tree} */ (tree);
    const parent = isParent(known, i);
    const field = fieldOf(known, i);
    const [constant, type] = [text(known, "constant", i), text(known, "type", i)];
    // A file's node has no name of its own.
    const name = text(known, "text", i) || (known.depth[i] === 0 && known.size[i] >= 0 ? text(known, "file", i) : "");
    const row = h(
      "div",
      {
        class: "gl-node",
        role: "treeitem",
        id: `${names}-${i}`,
        "data-node": i,
        "data-found": hits.has(i),
        "data-also": also.has(i) && i !== node,
        "aria-level": known.depth[i] + 1,
        "aria-posinset": known.place[i],
        "aria-setsize": known.siblings[i],
        "aria-expanded": parent ? (open[i] ? "true" : "false") : null,
        "aria-selected": i === node ? "true" : "false",
      },
      h("span", { class: "gl-twist", "aria-hidden": "true" }, parent ? (open[i] ? "▾" : "▸") : ""),
      h(
        "span",
        { class: "gl-node-body" },
        field && h("span", { class: "gl-node-field" }, `${field} `),
        h("span", { class: "gl-node-kind" }, text(known, "kind", i)),
        name && h("code", {}, ` ${shortened(name)}`),
        type && h("span", { class: "gl-node-type" }, ` ${shortened(type)}`),
        constant && h("span", { class: "gl-node-type" }, ` = ${shortened(constant)}`),
      ),
    );
    row.style.paddingLeft = `${Math.min(known.depth[i], DEEPEST) * INDENT + 4}px`;
    return row;
  }

  /** The rows after something was opened or closed. */
  function repaint() {
    rows = tree ? visible(tree, open) : new Int32Array(0);
    list.show(rows.length);
    mark();
  }

  /** Tell what is selected; the rows stay. */
  function mark() {
    for (const row of element.querySelectorAll("[data-node]")) {
      const i = Number(row.getAttribute("data-node"));
      set(row, "aria-selected", i === node ? "true" : "false");
      set(row, "data-also", also.has(i) && i !== node);
    }
    const here = element.querySelector(`[data-node="${node}"]`);
    set(element, "aria-activedescendant", here ? here.id : null);
  }

  /**
   * @param {number} to
   * @param {boolean} [quiet] whether the reader did not go there himself
   */
  function go(to, quiet = false) {
    if (!tree || to < 0) return;
    const moved = to !== node;
    node = to;
    if (reveal(tree, open, to)) repaint();
    list.reveal(rowOf(rows, to));
    sideways(to);
    mark();
    if (moved && !quiet) chosen(to);
  }

  /** Deep nodes are brought into view from the side, too. @param {number} i */
  function sideways(i) {
    const left = Math.min(/** @type {Tree} */ (tree).depth[i], DEEPEST) * INDENT;
    const [from, wide] = [element.scrollLeft, element.clientWidth];
    if (left < from || left > from + wide * 0.6) element.scrollLeft = Math.max(0, left - wide * 0.3);
  }

  element.addEventListener("keydown", (event) => {
    if (!tree || event.altKey || event.metaKey || event.ctrlKey) return;
    if (event.key === "/") {
      event.preventDefault();
      searched();
      return;
    }
    if (found.length > 0 && (event.key === "n" || event.key === "N")) {
      event.preventDefault();
      go(nextFound(found, node, event.key === "n" ? 1 : -1));
      return;
    }
    const done = press(event.key, tree, open, rows, node < 0 ? rows[0] : node);
    if (done) {
      event.preventDefault();
      if (done.changed) repaint();
      go(done.node);
      return;
    }
    if (event.key.length !== 1) return;
    event.preventDefault();
    typed = event.timeStamp - when < TYPING ? typed + event.key : event.key;
    when = event.timeStamp;
    go(typeAhead(tree, rows, node, typed));
  });

  /** @param {Event} event */
  const nodeOf = (event) => Number(/** @type {Element} */ (event.target).closest("[data-node]")?.getAttribute("data-node") ?? -1);
  /** @param {number} i */
  function turn(i) {
    if (!tree || i < 0 || !isParent(tree, i)) return;
    open[i] = open[i] ? 0 : 1;
    // What is selected stays in sight: its closed ancestor stands for it.
    if (!open[i] && node > i && node < tree.end[i]) go(i);
    else repaint();
  }
  element.addEventListener("click", (event) => {
    const i = nodeOf(event);
    if (i < 0) return;
    if (/** @type {Element} */ (event.target).closest(".gl-twist")) turn(i);
    else go(i);
  });
  element.addEventListener("dblclick", (event) => turn(nodeOf(event)));

  return {
    element,
    tree: () => tree,
    node: () => node,
    found: () => found,

    /**
     * @param {Packed | null} packed the tree as it is now; null when there is none
     * @param {boolean} another whether it is another tree, not a new state of the one before
     */
    show(packed, another) {
      const next = packed && unpack(packed);
      if (next) {
        open = last && !another ? carried(last, open, next) : opened(next);
        last = next;
      }
      tree = next;
      node = -1;
      also = new Set();
      set(element, "hidden", !next);
      this.search(query);
    },

    /**
     * The selection has moved to a node; its ancestors are opened.
     *
     * @param {number} to -1 for none
     * @param {number[]} [others] nodes that belong to it, too
     */
    follow(to, others = []) {
      also = new Set(others);
      if (to >= 0) go(to, true);
      else {
        node = -1;
        mark();
      }
    },

    /** @param {string} wanted @returns {number} how many nodes have it */
    search(wanted) {
      query = wanted;
      found = tree ? search(tree, wanted) : new Int32Array(0);
      hits = new Set(found);
      repaint();
      return found.length;
    },

    /** @param {1 | -1} direction */
    next(direction) {
      go(nextFound(found, node, direction));
    },

    /** @param {number} to */
    go,

    /** @param {boolean} wanted everything open, or everything closed */
    all(wanted) {
      if (!tree) return;
      setAll(tree, open, -1, wanted);
      if (!wanted && tree.count > 0) open[0] = 1;
      if (node >= 0) reveal(tree, open, node);
      repaint();
    },
  };
}

/** @param {string} words @returns {string} in one line of bearable length */
function shortened(words) {
  const line = words.replaceAll("\n", "↵");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/**
 * The head of a tree: its name, how many nodes it has, and a bar that compares it with the others.
 *
 * @param {string} title
 * @param {(wanted: boolean) => void} all open or close everything
 */
export function paneHead(title, all) {
  const figure = h("span", { class: "gl-tree-count" });
  const bar = h("i", { class: "gl-bar" });
  const pickers = h("span", { class: "gl-pickers" });
  const openAll = h("button", { type: "button", class: "gl-quiet-button", "aria-label": `open all of ${title}`, title: "open all" }, "⊞");
  const closeAll = h("button", { type: "button", class: "gl-quiet-button", "aria-label": `close all of ${title}`, title: "close all" }, "⊟");
  openAll.addEventListener("click", () => all(true));
  closeAll.addEventListener("click", () => all(false));
  return {
    element: h(
      "header",
      { class: "gl-tree-head" },
      h("b", { class: "gl-tree-title" }, title),
      pickers,
      figure,
      h("span", { class: "gl-tree-tools" }, openAll, closeAll),
      h("span", { class: "gl-bar-track", "aria-hidden": "true" }, bar),
    ),
    pickers,
    /**
     * @param {Tree | null} tree
     * @param {number} most nodes of the largest tree
     * @param {number | null} found how many of them a search has found; null when nothing is searched
     */
    count(tree, most, found) {
      const [whole, shown] = [tree?.whole ?? 0, tree?.count ?? 0].map((one) => one.toLocaleString("en"));
      const searched = found === null ? "" : `${found.toLocaleString("en")} of `;
      say(figure, tree ? `${searched}${shown === whole ? "" : `${shown} of `}${whole} nodes` : "");
      set(figure, "title", shown === whole ? null : "a tree of this size is cut off at the end");
      bar.style.width = `${tree && most > 0 ? (100 * tree.whole) / most : 0}%`;
    },
  };
}
