/**
 * One level of the treemap: a tile for each part, and in the large ones what they consist of.
 */

import { h, set } from "../page/dom.js";
import { SIGNS, short, shownChildren, signed, state, words } from "./model.js";
import { neighbour, squarify } from "./squarify.js";

/** @typedef {import("./model.js").Node} Node */
/** @typedef {import("./squarify.js").Rect} Rect */

/** The line of a tile that has its name, in pixels, and what a tile must have to get one. */
const HEAD = 17;
const FIGURED = 96;
const NAMED = { width: 34, height: 15 };
/** What a tile must have for its parts to be seen, and how many of them are. */
const OPEN = { width: 50, height: 44 };
const INNER = 24;

/**
 * @param {{enter: (node: Node) => void, about: (node: Node | null) => void}} answers
 */
export function createMap({ enter, about }) {
  const element = h("div", { class: "gl-sizes-map", role: "listbox", "aria-label": "parts" });
  /** @type {Node[]} */
  let nodes = [];
  /** @type {Rect[]} */
  let rects = [];
  /** @type {HTMLElement[]} */
  let tiles = [];
  /** @type {string[]} names on the way here, which the names of symbols need not repeat */
  let around = [];
  let active = 0;

  /** @param {number} index @param {boolean} [focus] */
  function activate(index, focus = true) {
    if (tiles[active]) tiles[active].tabIndex = -1;
    active = index;
    const tile = tiles[active];
    if (!tile) return;
    tile.tabIndex = 0;
    if (focus) tile.focus({ preventScroll: true });
    about(nodes[active]);
  }

  element.addEventListener("keydown", (event) => {
    const to = neighbour(rects, active, event.key);
    if (to !== null) activate(to);
    else if (event.key === "Enter" || event.key === " ") enter(nodes[active]);
    else return;
    event.preventDefault();
  });

  /**
   * @param {Node} node
   * @param {Rect} rect
   * @param {boolean} compared
   */
  function decorate(node, rect, compared) {
    const change = compared ? state(node) : "";
    const sign = change ? h("b", { class: "gl-sizes-sign" }, SIGNS[change]) : null;
    const named = rect.width >= NAMED.width && rect.height >= NAMED.height;
    const figure = change && change !== "new" ? signed(node.now - node.before) : short(node.now);
    const title = named ? h("span", { class: "gl-sizes-name" }, sign, h("code", {}, fitted(node.name, rect.width, around)), rect.width > FIGURED ? h("span", { class: "gl-sizes-figure" }, figure) : null) : sign;
    return { change, title };
  }

  /**
   * @param {HTMLElement} tile
   * @param {Node} node
   * @param {Rect} rect
   * @param {boolean} compared
   */
  function inside(tile, node, rect, compared) {
    if (node.children.length === 0 || rect.width < OPEN.width || rect.height < OPEN.height) return;
    const parts = shownChildren(node, INNER);
    const frame = { x: 2, y: HEAD, width: rect.width - 6, height: rect.height - HEAD - 4 };
    const places = squarify(
      parts.map(({ weight }) => weight),
      frame,
    );
    parts.forEach((part, index) => {
      const place = places[index];
      if (place.width < 3 || place.height < 3) return;
      const { change, title } = decorate(part, place, compared);
      const one = h("div", { class: "gl-sizes-part", "data-kind": part.kind, "data-change": change, "aria-hidden": "true" }, title);
      put(one, place, 1);
      tile.append(one);
    });
    set(tile, "data-divided", true);
  }

  return {
    element,
    /** The tile that has the focus, or would get it. */
    focus: () => tiles[active]?.focus({ preventScroll: true }),
    /** @param {EventTarget | null} target */
    holds: (target) => target instanceof window.Node && element.contains(target),
    /**
     * @param {Node} node whose parts are shown
     * @param {{whole: number, compared: boolean, chosen: Node | null, names: string[]}} options
     */
    show(node, { whole, compared, chosen, names }) {
      around = names;
      const held = element.contains(document.activeElement);
      nodes = shownChildren(node).filter(({ weight }) => weight > 0);
      const size = { x: 0, y: 0, width: element.clientWidth || 640, height: element.clientHeight || 400 };
      rects = squarify(
        nodes.map(({ weight }) => weight),
        size,
      );
      tiles = nodes.map((one, index) => {
        const rect = rects[index];
        const { change, title } = decorate(one, rect, compared);
        const tile = h(
          "div",
          {
            class: "gl-sizes-tile",
            role: "option",
            tabindex: "-1",
            "aria-selected": String(one === chosen),
            "aria-label": words(one, whole, compared),
            "data-kind": one.kind,
            "data-change": change,
            "data-open": one.children.length > 0,
            onclick: () => {
              activate(index);
              enter(one);
            },
            onpointerenter: () => about(one),
            onfocus: () => {
              if (active !== index) activate(index, false);
            },
          },
          title,
        );
        put(tile, rect, 1);
        inside(tile, one, rect, compared);
        return tile;
      });
      element.replaceChildren(...tiles);
      const at = chosen ? nodes.indexOf(chosen) : -1;
      active = Math.max(0, at);
      if (tiles[active]) tiles[active].tabIndex = 0;
      for (const tile of tiles) set(tile, "data-lm-suppress-shortcuts", "true");
      if (held) tiles[active]?.focus({ preventScroll: true });
    },
  };
}

/** @param {HTMLElement} element @param {Rect} rect @param {number} between pixels between tiles */
function put(element, rect, between) {
  const { style } = element;
  style.left = `${rect.x}px`;
  style.top = `${rect.y}px`;
  style.width = `${Math.max(0, rect.width - between)}px`;
  style.height = `${Math.max(0, rect.height - between)}px`;
}

/**
 * @param {string} name "crypto/internal/fips140"
 * @param {number} width of the tile
 * @param {string[]} around
 * @returns {string} the end of a path, and a name without its package, where there is little room
 */
function fitted(name, width, around) {
  const room = Math.floor((width - 12 - (width > FIGURED ? 54 : 0)) / 6.8);
  const inside = name.length > room ? around.find((one) => name.startsWith(`${one}.`)) : undefined;
  if (inside) return name.slice(inside.length + 1);
  const slash = name.lastIndexOf("/");
  if (name.length > room && slash > 0 && !name.includes("(")) return `…${name.slice(slash)}`;
  return name;
}
