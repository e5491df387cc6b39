/**
 * Squarified treemaps: rectangles with areas as given, as near to squares as can be.
 *
 * After M. Bruls, K. Huizing, J. J. van Wijk, "Squarified Treemaps" (2000).
 */

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */

/**
 * @param {number[]} weights the largest first, none negative
 * @param {Rect} frame
 * @returns {Rect[]} one for each weight, in their order; together they fill the frame
 */
export function squarify(weights, frame) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0) || frame.width <= 0 || frame.height <= 0) return weights.map(() => ({ x: frame.x, y: frame.y, width: 0, height: 0 }));
  const scale = (frame.width * frame.height) / total;
  /** @type {Rect[]} */
  const made = [];
  let free = { ...frame };
  let start = 0;
  while (start < weights.length) {
    const side = Math.min(free.width, free.height);
    let end = start + 1;
    let sum = weights[start] * scale;
    let worst = ratio(sum, sum, sum, side);
    while (end < weights.length) {
      const next = sum + weights[end] * scale;
      const now = ratio(weights[start] * scale, weights[end] * scale, next, side);
      if (now > worst) break;
      [sum, worst] = [next, now];
      end += 1;
    }
    free = row(weights.slice(start, end), scale, sum, free, made);
    start = end;
  }
  return made;
}

/**
 * The worst ratio of sides in a row.
 *
 * @param {number} largest area
 * @param {number} smallest area
 * @param {number} sum of the areas
 * @param {number} side that the row stands on
 */
function ratio(largest, smallest, sum, side) {
  if (sum <= 0 || smallest <= 0) return Infinity;
  return Math.max((side * side * largest) / (sum * sum), (sum * sum) / (side * side * smallest));
}

/**
 * Lay one row on the shorter side.
 *
 * @param {number[]} weights
 * @param {number} scale
 * @param {number} sum of the row's areas
 * @param {Rect} free
 * @param {Rect[]} made
 * @returns {Rect} what is free after it
 */
function row(weights, scale, sum, free, made) {
  const upright = free.width >= free.height;
  const side = upright ? free.height : free.width;
  const depth = side > 0 ? sum / side : 0;
  let along = 0;
  for (const weight of weights) {
    const length = depth > 0 ? (weight * scale) / depth : 0;
    made.push(upright ? { x: free.x, y: free.y + along, width: depth, height: length } : { x: free.x + along, y: free.y, width: length, height: depth });
    along += length;
  }
  return upright
    ? { x: free.x + depth, y: free.y, width: Math.max(0, free.width - depth), height: free.height }
    : { x: free.x, y: free.y + depth, width: free.width, height: Math.max(0, free.height - depth) };
}

/**
 * The rectangle that an arrow key leads to.
 *
 * @param {Rect[]} rects
 * @param {number} from
 * @param {string} key
 * @returns {number | null} its place, the same one at the border; null for another key
 */
export function neighbour(rects, from, key) {
  if (key === "Home") return 0;
  if (key === "End") return rects.length - 1;
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!way || !rects[from]) return null;
  const here = rects[from];
  let best = from;
  let least = Infinity;
  rects.forEach((rect, index) => {
    const [ahead, beside, off] = way[0] ? apart(way[0], here.x, here.width, here.y, here.height, rect.x, rect.width, rect.y, rect.height) : apart(way[1], here.y, here.height, here.x, here.width, rect.y, rect.height, rect.x, rect.width);
    if (index === from || ahead < -1) return;
    // What lies beside the way counts more than what is far along it; of several the one in line.
    const distance = ahead + 8 * beside + off / 100;
    if (distance < least) [least, best] = [distance, index];
  });
  return best;
}

/**
 * How far a tile is from another along an axis, beside it, and off its middle.
 *
 * @param {number} sign 1 for to the right or down
 * @param {number} a where the one begins along the way
 * @param {number} size
 * @param {number} b where it begins across it
 * @param {number} breadth
 * @param {number} x the same of the other
 * @param {number} length
 * @param {number} y
 * @param {number} depth
 * @returns {[number, number, number]}
 */
function apart(sign, a, size, b, breadth, x, length, y, depth) {
  const ahead = sign > 0 ? x - (a + size) : a - (x + length);
  const beside = Math.max(0, y - (b + breadth) + 1, b - (y + depth) + 1);
  return [ahead, beside, Math.abs(y + depth / 2 - (b + breadth / 2))];
}
