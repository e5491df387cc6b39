/**
 * What the ABI explorer shows, as pure functions of its payload: no DOM here.
 */

/** @typedef {{register: string, type: string, offset: number, name: string | null}} Piece */

/**
 * How a receiver, parameter or result travels. `offset` and `spill` are bytes in the argument area, -1 for none.
 *
 * @typedef {{role: "receiver" | "parameter" | "result", name: string, type: string, empty: boolean, offset: number, spill: number, pieces: Piece[]}} Assignment
 */

/**
 * @typedef {object} Column
 * @property {string} architecture
 * @property {string} signature
 * @property {number} arguments_size
 * @property {Assignment[]} assignments
 * @property {string[]} integer registers that carry integers and pointers, in order
 * @property {string[]} floating
 * @property {string} [failure]
 */

/**
 * @typedef {object} Explained
 * @property {number} seq
 * @property {string} asked
 * @property {string[]} functions
 * @property {string} signature
 * @property {Column[]} columns
 * @property {string} problem
 * @property {number} at
 */

/** A box of the picture: a register, and the piece in it. @typedef {{register: string, index: number, piece: Piece | null}} Box */

/** A stretch of the argument area. @typedef {{start: number, end: number, index: number, kind: "argument" | "result" | "spill" | ""}} Stretch */

/** @param {Assignment} one @param {number} nth counted among those of its role @returns {string} what a parameter or result is called here */
export function called(one, nth) {
  if (one.name && one.name !== "_") return one.name;
  return one.role === "result" ? `result ${nth + 1}` : one.role === "receiver" ? "receiver" : `parameter ${nth + 1}`;
}

/** @param {Assignment[]} assignments @returns {string[]} by index */
export function names(assignments) {
  /** @type {Record<string, number>} */
  const counted = {};
  return assignments.map((one) => {
    const nth = counted[one.role] ?? 0;
    counted[one.role] = nth + 1;
    return called(one, nth);
  });
}

/** @param {string} name of the whole @param {Piece} piece @returns {string} "s.len", "n", "t+8" where it has no name */
export function label(name, piece) {
  if (piece.name !== null) return name + piece.name;
  return piece.offset === 0 ? name : `${name}+${piece.offset}`;
}

/**
 * The registers of one way, in the order of the convention, up to the last one that is used and one more.
 *
 * @param {Column} column
 * @param {"in" | "out"} way
 * @param {"integer" | "floating"} file
 * @returns {{boxes: Box[], more: number}} `more` counts registers that stay free behind those shown
 */
export function boxes(column, way, file) {
  /** @type {Map<string, {index: number, piece: Piece}>} */
  const taken = new Map();
  column.assignments.forEach((one, index) => {
    if ((one.role === "result") !== (way === "out")) return;
    for (const piece of one.pieces) taken.set(piece.register, { index, piece });
  });
  const all = column[file];
  const last = all.findLastIndex((register) => taken.has(register));
  const shown = last < 0 ? 0 : Math.min(all.length, last + 2);
  return {
    boxes: all.slice(0, shown).map((register) => ({ register, index: taken.get(register)?.index ?? -1, piece: taken.get(register)?.piece ?? null })),
    more: all.length - shown,
  };
}

/**
 * The argument area from its lowest byte up: what travels there, and where registers may be saved.
 *
 * @param {Column} column
 * @returns {Stretch[]} a stretch ends where the next one begins
 */
export function area(column) {
  /** @type {Stretch[]} */
  const found = [];
  column.assignments.forEach((one, index) => {
    if (one.offset >= 0) found.push({ start: one.offset, end: -1, index, kind: one.role === "result" ? "result" : "argument" });
    else if (one.spill >= 0) found.push({ start: one.spill, end: -1, index, kind: "spill" });
  });
  found.sort((a, b) => a.start - b.start);
  found.forEach((one, i) => (one.end = found[i + 1]?.start ?? Math.max(column.arguments_size, one.start)));
  if (found.length > 0 && found[0].start > 0) found.unshift({ start: 0, end: found[0].start, index: -1, kind: "" });
  return found;
}

/**
 * How one parameter or result travels, in a sentence.
 *
 * @param {Column} column
 * @param {number} index
 * @returns {string}
 */
export function way(column, index) {
  const one = column.assignments[index];
  if (!one) return "";
  const name = names(column.assignments)[index];
  if (one.pieces.length === 0) {
    return !one.empty ? `on the stack, from ${one.offset}(FP) on: its pieces do not all fit into registers` : "nowhere: it has no bytes";
  }
  const told = one.pieces.map((piece) => (one.pieces.length === 1 ? piece.register : `${label(name, piece)} in ${piece.register}`));
  const saved = one.spill >= 0 ? `; saved at ${one.spill}(FP), if need be` : "";
  return told.length === 1 ? `in ${told[0]}${saved}` : `${told.slice(0, -1).join(", ")} and ${told.at(-1)}${saved}`;
}

/**
 * The figures of a processor in words.
 *
 * @param {Column} column
 * @returns {string}
 */
export function figures(column) {
  const used = (/** @type {boolean} */ out) => new Set(column.assignments.filter((one) => (one.role === "result") === out).flatMap((one) => one.pieces.map((piece) => piece.register))).size;
  const stack = column.assignments.filter((one) => one.offset >= 0).length;
  const some = (/** @type {number} */ number, /** @type {string} */ noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  return [`${some(used(false), "register")} in`, `${some(used(true), "register")} out`, stack > 0 ? `${stack} on the stack` : "nothing on the stack"].join(" · ");
}

/**
 * The chosen parameter after the signature changed: the same name, else the same place.
 *
 * @param {Assignment[]} before
 * @param {number} index
 * @param {Assignment[]} next
 * @returns {number} -1 where there is none
 */
export function keep(before, index, next) {
  const name = before[index] && names(before)[index];
  const same = name ? names(next).findIndex((one, i) => one === name && next[i].role === before[index].role) : -1;
  if (same >= 0 || next.length === 0) return same;
  return Math.max(0, Math.min(index, next.length - 1));
}
