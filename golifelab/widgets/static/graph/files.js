/**
 * The graph tab with its whole picture in the export menu, also what is outside of the view.
 */

import { offerExport } from "../export/offers.js";
import { png } from "../export/snapshot.js";
import { createGraph } from "./graph.js";

/** @type {typeof createGraph} */
export function createGraphWithFiles(parent, context) {
  const view = createGraph(parent, context);
  offerExport(view.element, () => [
    { label: "whole graph (SVG)", name: "graph.svg", make: () => new Blob([view.picture()], { type: "image/svg+xml" }) },
    { label: "whole graph (PNG)", name: "graph.png", make: () => png(sized(view.picture())) },
  ]);
  return view;
}

/** @param {string} text SVG that begins with its size @returns {import("../export/snapshot.js").Picture} */
function sized(text) {
  const [width, height] = ["width", "height"].map((name) => Number(new RegExp(`^<svg[^>]* ${name}="([\\d.]+)"`).exec(text)?.[1] ?? 0));
  return { text, width, height };
}
