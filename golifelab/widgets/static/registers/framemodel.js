/**
 * What the picture of a stack frame shows, as pure functions of its payload: no DOM here.
 */

/**
 * @typedef {{offset: number, room: number, area: string, name: string, spills: string[], instructions: number[]}} FrameSlot
 */

/**
 * @typedef {object} Frame
 * @property {string} architecture
 * @property {string} function
 * @property {number} frame_size
 * @property {number} arguments_size
 * @property {[string, number, number][]} areas kind, start, end; from the lowest address up
 * @property {FrameSlot[]} slots
 * @property {Record<string, {text: string, pc: number, line: number, column: number, step: number}>} code
 */

/**
 * A stretch of the stack: a slot, or what no instruction names.
 *
 * @typedef {{start: number, end: number, slots: FrameSlot[]}} Cell
 */

/**
 * An area, from the highest address down, with its stretches, also from the highest down.
 *
 * @param {Frame} frame
 * @returns {{kind: string, start: number, end: number, cells: Cell[]}[]}
 */
export function stack(frame) {
  return [...frame.areas].reverse().map(([kind, start, end]) => {
    const slots = frame.slots.filter((slot) => slot.offset >= start && slot.offset < end);
    /** @type {Map<number, FrameSlot[]>} several names may share a place */
    const places = new Map();
    for (const slot of slots) places.set(slot.offset, [...(places.get(slot.offset) ?? []), slot]);
    /** @type {Cell[]} */
    const cells = [];
    let at = start;
    for (const [offset, here] of [...places].sort(([a], [b]) => a - b)) {
      if (offset > at) cells.push({ start: at, end: offset, slots: [] });
      at = Math.min(end, offset + Math.max(...here.map((slot) => slot.room)));
      cells.push({ start: offset, end: at, slots: here });
    }
    if (at < end) cells.push({ start: at, end, slots: [] });
    return { kind, start, end, cells: cells.reverse() };
  });
}

/** @param {number} offset @returns {string} "SP", "SP+8", "SP-8" */
export function address(offset) {
  return offset === 0 ? "SP" : `SP${offset > 0 ? "+" : "−"}${Math.abs(offset)}`;
}

/** @param {Frame} frame @param {string} kind @returns {string} who an area belongs to */
export function owner(frame, kind) {
  const [, start] = frame.areas.find(([name]) => name === kind) ?? ["", 0];
  return start >= frame.frame_size ? "caller" : "own";
}

/** How high a stretch is drawn: big ones not in proportion. @param {number} bytes @returns {number} pixels */
export function height(bytes) {
  return Math.round(18 + 6 * Math.log2(Math.max(1, bytes / 8)));
}

/** @param {Cell} cell @returns {string} what a stretch holds, in words */
export function holds(cell) {
  if (cell.slots.length === 0) return "";
  return cell.slots.map((slot) => slot.name || "argument of a call").join(", ");
}
