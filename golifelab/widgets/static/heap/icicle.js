/**
 * The icicle: a box for each function on a way from the root, as wide as what is allocated there.
 */

import { h, set, uid } from "../page/dom.js";
import { layout, move, words } from "./model.js";

/** @typedef {import("./model.js").Heap} Heap */
/** @typedef {import("./model.js").Tree} Tree */

const ROW = 20;
const NARROW = 3; // pixels
const NAMED = 28;
const MOST = 1500; // boxes

/**
 * @param {{choose: (node: number) => void, about: (node: number) => void, zoom: (node: number) => void}} answers
 */
export function createIcicle({ choose, about, zoom }) {
  const element = h("div", { class: "gl-heap-icicle", role: "tree", tabindex: "0", "aria-label": "who allocates" });
  const prefix = uid("part");
  /** @type {Heap | null} */
  let heap = null;
  /** @type {Tree | null} */
  let tree = null;
  let root = 0;
  let chosen = 0;
  let unit = "bytes";
  let wide = 0;
  /** @type {Set<number>} */
  let found = new Set();

  element.addEventListener("keydown", (event) => {
    if (!heap || !tree || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") zoom(chosen === root ? 0 : chosen);
    else if (event.key === "Backspace" || event.key === "Escape") zoom(Math.max(0, heap.nodes.parent[root]));
    else if (/^(Arrow|Home$)/.test(event.key)) choose(move(heap, tree, chosen, event.key));
    else return;
    event.preventDefault();
  });

  function paint() {
    if (!heap || !tree) return;
    wide = element.clientWidth || 700;
    const boxes = layout(heap, tree, root, NARROW / wide).slice(0, MOST);
    element.style.height = `${ROW * (1 + Math.max(0, ...boxes.map((box) => box.row)))}px`;
    element.replaceChildren(...boxes.map(box));
    mark();
  }

  /** @param {import("./model.js").Box} one */
  function box({ node, left, width, row }) {
    if (!heap || !tree) return h("div");
    const name = heap.names[heap.nodes.name[node]];
    const mine = heap.nodes.file[node] >= 0 && !heap.files[heap.nodes.file[node]].startsWith("$GOROOT");
    const pixels = width * wide;
    const made = h(
      "div",
      {
        class: "gl-heap-box",
        id: `${prefix}-${node}`,
        role: "treeitem",
        "aria-level": row + 1,
        "aria-label": words(heap, tree, node, unit),
        "data-own": tree.own[node] > 0.5 * tree.total[node],
        "data-mine": mine,
        "data-above": node !== root && row < depthOf(root),
        "data-found": found.has(node),
        onclick: () => {
          choose(node);
          element.focus({ preventScroll: true });
        },
        ondblclick: () => zoom(node === root ? 0 : node),
        onpointerenter: () => about(node),
        onpointerleave: () => about(chosen),
      },
      pixels > NAMED ? short(mine ? `${name}:${heap.nodes.line[node]}` : name, pixels) : null,
    );
    made.style.left = `${left * 100}%`;
    made.style.width = `calc(${width * 100}% - 1px)`;
    made.style.top = `${row * ROW}px`;
    return made;
  }

  /** @param {number} node */
  const depthOf = (node) => tree?.depth[node] ?? 0;

  function mark() {
    for (const one of element.children) set(one, "aria-selected", String(one.id === `${prefix}-${chosen}`));
    set(element, "aria-activedescendant", `${prefix}-${chosen}`);
  }

  const resized = new ResizeObserver(() => {
    if (Math.abs(element.clientWidth - wide) > 1) paint();
  });
  resized.observe(element);

  return {
    element,
    destroy: () => resized.disconnect(),
    /** @param {Heap} next @param {Tree} of @param {{root: number, chosen: number, unit: string, found: Set<number>}} how */
    show(next, of, how) {
      [heap, tree] = [next, of];
      ({ root, chosen, unit, found } = how);
      paint();
    },
    /** @param {number} node */
    mark(node) {
      chosen = node;
      mark();
    },
    /** @param {number} node @returns {boolean} whether it is drawn */
    drawn: (node) => element.querySelector(`#${prefix}-${node}`) !== null,
  };
}

/** @param {string} name @param {number} pixels */
function short(name, pixels) {
  const room = Math.floor((pixels - 6) / 6.6);
  const slash = name.lastIndexOf("/");
  return name.length > room && slash > 0 ? name.slice(slash + 1) : name;
}
