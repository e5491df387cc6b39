/**
 * Graphs to lay out, of any size, always the same ones.
 */

/** @param {number} seed */
export const dice = (seed) => (/** @type {number} */ n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;

/**
 * A graph as structured source gives it: branches, loops, breaks, switches and early returns, nested.
 *
 * @param {number} wanted how many blocks, about
 * @param {number} seed
 * @returns {number[][]}
 */
export function structured(wanted, seed) {
  const random = dice(seed);
  /** @type {number[][]} */
  const graph = [[]];
  const add = (/** @type {number[]} */ ...from) => {
    graph.push([]);
    for (const one of from) graph[one].push(graph.length - 1);
    return graph.length - 1;
  };
  /** @param {number} at @param {number} depth @param {number} out @returns {number} */
  function body(at, depth, out) {
    for (let i = 1 + random(4); i > 0 && graph.length < wanted; i -= 1) {
      const kind = depth > 7 ? 3 : random(6);
      if (kind === 0) {
        const then = body(add(at), depth + 1, out);
        const other = random(2) ? body(add(at), depth + 1, out) : at;
        at = add(then, other);
      } else if (kind === 1) {
        const header = add(at);
        const start = add(header);
        const after = add(header);
        graph[body(start, depth + 1, after)].push(header);
        at = after;
      } else if (kind === 2) {
        const cases = Array.from({ length: 3 + random(5) }, () => body(add(at), depth + 1, out));
        at = add(...cases);
      } else if (kind === 4 && out >= 0) {
        graph[at].push(out);
        at = add(at);
      } else if (kind === 5) {
        add(at);
        at = add(at);
      } else at = add(at);
    }
    return at;
  }
  let end = 0;
  while (graph.length < wanted) end = body(end, 0, -1);
  return graph;
}
