/**
 * A row's own piece of the lines that run along a list.
 */

import { svg } from "../page/dom.js";

/**
 * @param {number} width in pixels
 * @param {number} tall the height that the paths are drawn in; they are stretched to that of the row
 * @param {string} quiet
 * @param {string} hot drawn over it
 * @returns {SVGSVGElement}
 */
export function path(width, tall, quiet, hot) {
  return svg(
    "svg",
    { class: "gl-asm-jumps", viewBox: `0 0 ${width} ${tall}`, preserveAspectRatio: "none", width, "aria-hidden": "true" },
    quiet && svg("path", { d: quiet, "vector-effect": "non-scaling-stroke" }),
    hot && svg("path", { d: hot, class: "gl-asm-hot", "vector-effect": "non-scaling-stroke" }),
  );
}
