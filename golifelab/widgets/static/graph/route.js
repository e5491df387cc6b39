/**
 * Between two rows of blocks is a channel for the level pieces of lines. Lines that end in the same place
 * share a track there; others get tracks of their own where they would meet.
 */

/**
 * A piece of a line in one channel: it comes from above at `x1` and goes on below at `x2`. Pieces of one
 * `net` end in the same place.
 *
 * @typedef {{x1: number, x2: number, net: string, track: number}} Piece
 */

/** @typedef {{left: number, right: number, uppers: number[], lower: number, pieces: Piece[]}} Net */

/**
 * Give every piece of a channel its track.
 *
 * @param {Piece[]} pieces changed
 * @returns {number} how many tracks there are
 */
export function assignTracks(pieces) {
  /** @type {Map<string, Net>} */
  const nets = new Map();
  for (const piece of pieces) {
    const { x1, x2 } = piece;
    let net = nets.get(piece.net);
    if (!net) nets.set(piece.net, (net = { left: x2, right: x2, uppers: [], lower: x2, pieces: [] }));
    net.left = Math.min(net.left, x1);
    net.right = Math.max(net.right, x1);
    net.uppers.push(x1);
    net.pieces.push(piece);
  }
  /** @type {Map<number, Net>} */
  const lowers = new Map();
  for (const net of nets.values()) lowers.set(net.lower, net);
  /** @type {Map<Net, number>} the first track that a net may have */
  const least = new Map();
  /** @type {{left: number, right: number}[][]} */
  const tracks = [];
  const bent = [...nets.values()].filter((net) => net.right > net.left);
  for (const net of inOrder(bent, lowers)) {
    let track = least.get(net) ?? 0;
    const free = (/** @type {{left: number, right: number}[] | undefined} */ used) =>
      !used?.some((one) => one.left <= net.right + 4 && net.left - 4 <= one.right);
    while (!free(tracks[track])) track += 1;
    (tracks[track] ??= []).push(net);
    for (const piece of net.pieces) piece.track = track;
    for (const x of net.uppers) {
      const next = lowers.get(x);
      if (next && next !== net) least.set(next, Math.max(least.get(next) ?? 0, track + 1));
    }
  }
  return tracks.length;
}

/**
 * A line that comes down at some x must turn away above the line that goes on down from there. Where that
 * goes round in circles, one of them loses.
 *
 * @param {Net[]} nets
 * @param {Map<number, Net>} lowers
 * @returns {Net[]}
 */
function inOrder(nets, lowers) {
  /** @type {Net[]} */
  const done = [];
  /** @type {Set<Net>} */
  const seen = new Set();
  for (const root of [...nets].sort((a, b) => a.left - b.left || a.right - b.right)) {
    /** @type {{net: Net, next: number}[]} */
    const stack = seen.has(root) ? [] : [{ net: root, next: 0 }];
    seen.add(root);
    while (stack.length > 0) {
      const at = stack[stack.length - 1];
      if (at.next === at.net.uppers.length) {
        done.push(at.net);
        stack.pop();
        continue;
      }
      const other = lowers.get(at.net.uppers[at.next]);
      at.next += 1;
      if (!other || seen.has(other) || other.right === other.left) continue;
      seen.add(other);
      stack.push({ net: other, next: 0 });
    }
  }
  return done.reverse();
}
