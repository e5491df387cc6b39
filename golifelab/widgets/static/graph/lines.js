/**
 * The lines of a graph, the boxes of its loops, and blocks that are seen from so far away that they are boxes.
 */

import { kindsOf } from "./paths.js";
import { set, svg } from "../page/dom.js";

/**
 * @param {SVGSVGElement} paths what they are drawn in
 * @param {import("./scene.js").Scene} scene
 * @param {import("./paths.js").Box} box what is in view, in the picture's own pixels
 * @param {{edges: import("./layout.js").PlacedEdge[], boxes: number[], near: string}} what `near` is the name of the block
 *   that is looked at
 */
export function drawLines(paths, { drawn, blocks }, box, { edges, boxes, near }) {
  const from = { x: Math.max(0, box.x), y: Math.max(0, box.y) };
  const size = { x: Math.max(1, Math.min(drawn.width, box.x + box.width) - from.x), y: Math.max(1, Math.min(drawn.height, box.y + box.height) - from.y) };
  for (const [name, value] of Object.entries({ viewBox: `${from.x} ${from.y} ${size.x} ${size.y}`, width: size.x, height: size.y })) set(paths, name, value);
  Object.assign(paths.style, { left: `${from.x}px`, top: `${from.y}px` });
  const loops = drawn.loops.map((loop) =>
    svg("rect", { class: "gl-cfg-loop", x: loop.x, y: loop.y, width: loop.width, height: loop.height, rx: 6 }),
  );
  const rects = boxes.map((i) => drawn.blocks[i]).map((one) => one && `M${one.x},${one.y}h${one.width}v${one.height}h${-one.width}Z`);
  paths.replaceChildren(
    ...loops.reverse(),
    ...kindsOf(edges, blocks, near).map(([kind, d]) => svg("path", { class: "gl-cfg-edge", "data-kind": kind, d })),
    ...(rects.length > 0 ? [svg("path", { class: "gl-cfg-box", d: rects.join("") })] : []),
  );
}
