/**
 * The packages of a graph as boxes: to the left what imports nothing, an arrow from each importer to what it
 * imports, and in each box its place in the order. The table beside it says the same.
 */

import { places } from "./model.js";
import { set, svg, uid } from "../page/dom.js";

/** @typedef {import("./model.js").Imports} Imports */

const [WIDE, HIGH, GAP_X, GAP_Y] = [92, 24, 44, 12];

/** @param {number} column */
const x = (column) => 2 + column * (WIDE + GAP_X);
/** @param {number} row */
const y = (row) => 2 + row * (HIGH + GAP_Y);

/**
 * From the left edge of the first spot to the right edge of the last; those between are passed along.
 *
 * @param {import("./model.js").Spot[]} spots
 */
function path(spots) {
  const middle = (/** @type {number} */ row) => y(row) + HIGH / 2;
  const parts = spots.slice(1).map(({ column, row }, i) => {
    const [x1, y1, x2, y2] = [x(spots[i].column), middle(spots[i].row), x(column) + WIDE, middle(row)];
    const half = (x1 + x2) / 2;
    const along = i + 2 < spots.length ? `H${x(column)}` : "";
    return `C${half} ${y1} ${half} ${y2} ${x2 + (along ? 0 : 1)} ${y2}${along}`;
  });
  return `M${x(spots[0].column)} ${middle(spots[0].row)}${parts.join("")}`;
}

/** @param {(name: string) => void} choose */
export function createDiagram(choose) {
  const arrow = uid("arrow");
  const head = svg("marker", { id: arrow, viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8z", class: "gl-inits-tip" }));
  const edges = svg("g");
  const boxes = svg("g");
  const element = svg("svg", { class: "gl-inits-diagram", "aria-hidden": "true" }, svg("defs", {}, head), edges, boxes);

  return {
    element,
    /** @param {Imports} imports @param {string[]} order */
    show(imports, order) {
      const { boxes: placed, ways } = places(imports);
      const spots = [...placed.values(), ...ways.flatMap((way) => way.spots)];
      const width = Math.max(0, ...spots.map(({ column }) => x(column))) + WIDE + 4;
      const height = Math.max(0, ...spots.map(({ row }) => y(row))) + HIGH + 4;
      for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height })) set(element, name, value);
      edges.replaceChildren(
        ...ways.map((way) => svg("path", { class: "gl-inits-edge", "data-from": way.from, "data-to": way.to, "marker-end": `url(#${arrow})`, d: path(way.spots) })),
      );
      boxes.replaceChildren(
        ...[...placed].map(([name, { column, row }]) =>
          svg(
            "g",
            { class: "gl-inits-box", "data-name": name, transform: `translate(${x(column)} ${y(row)})`, onclick: () => choose(name) },
            svg("title", {}, name),
            svg("rect", { width: WIDE, height: HIGH, rx: 3 }),
            svg("text", { x: 6, y: HIGH / 2, "dominant-baseline": "central", class: "gl-inits-place" }, order.indexOf(name) + 1),
            svg("text", { x: 26, y: HIGH / 2, "dominant-baseline": "central" }, name.length > 9 ? `${name.slice(0, 8)}…` : name),
          ),
        ),
      );
    },
    /** @param {string} name the current package @param {string[]} done those before it @param {string[]} ready those that may follow */
    mark(name, done, ready) {
      for (const box of boxes.children) {
        const one = box.getAttribute("data-name") ?? "";
        set(box, "data-state", one === name ? "here" : done.includes(one) ? "done" : ready.includes(one) ? "ready" : null);
      }
      for (const edge of edges.children) set(edge, "data-chosen", edge.getAttribute("data-from") === name);
    },
  };
}
