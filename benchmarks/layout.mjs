/**
 * Lays out graphs as large as functions get, and prints the seconds that each time took, as JSON.
 */

import { layout } from "../golifelab/widgets/static/graph/layout.js";
import { dice, structured } from "../tests/js/graphs.mjs";

const ROUNDS = 15;

/** @param {number} count of blocks */
function times(count) {
  const random = dice(1);
  const shapes = structured(count, 3).map((successors, key) => ({ successors, key, width: 70 + random(260), height: 30 + random(200) }));
  // The first times are the engine's, which compiles what runs often.
  for (let i = 0; i < 5; i += 1) layout(shapes);
  return Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    layout(shapes);
    return (performance.now() - start) / 1000;
  });
}

const found = Object.fromEntries([500, 2000, 8000].map((count) => [`layout of ${count.toLocaleString("en")} blocks`, times(count)]));
console.log(JSON.stringify(found));
