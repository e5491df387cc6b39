/**
 * Go counts bytes, the browser counts UTF-16 units: translating between the two.
 */

/**
 * The offsets of one text in both counts.
 */
export class Offsets {
  /** @type {Int32Array | null} for every UTF-16 index its byte offset; null when all is ASCII */
  #bytes = null;
  /** @type {number[]} UTF-16 index of every line's first character */
  #lines = [0];

  /** @param {string} text */
  constructor(text) {
    this.length = text.length;
    let ascii = true;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit === 10) this.#lines.push(i + 1);
      else if (unit > 127) ascii = false;
    }
    if (!ascii) this.#bytes = byteOffsets(text);
  }

  /**
   * @param {number} byte
   * @returns {number} the UTF-16 index of the character at (or just before) this byte offset
   */
  index(byte) {
    const table = this.#bytes;
    if (!table) return Math.max(0, Math.min(byte, this.length));
    let low = 0;
    let high = table.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (table[middle] <= byte) low = middle;
      else high = middle - 1;
    }
    // Both halves of a pair have the same offset; the character begins at the first.
    return low > 0 && table[low - 1] === table[low] ? low - 1 : low;
  }

  /**
   * @param {number} index UTF-16 index
   * @returns {number} its byte offset
   */
  byte(index) {
    return this.#bytes ? this.#bytes[Math.min(index, this.length)] : index;
  }

  /**
   * @param {number} line from 1
   * @param {number} column from 1, in bytes; 0 means the line as a whole
   * @returns {number} UTF-16 index
   */
  at(line, column) {
    const start = this.#lines[Math.max(0, Math.min(line, this.#lines.length) - 1)];
    return this.index(this.byte(start) + Math.max(column, 1) - 1);
  }

  /**
   * @param {number} index UTF-16 index
   * @returns {{line: number, column: number}} as Go counts: both from 1, the column in bytes
   */
  position(index) {
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lines[middle] <= index) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: this.byte(index) - this.byte(this.#lines[low]) + 1 };
  }
}

const WORD = /[\p{L}\p{N}_]/u;

/**
 * The thing a cursor is at: the word or sign it stands before, or the one it stands right behind.
 *
 * @param {string} text
 * @param {number} cursor UTF-16 index
 * @param {boolean} typed whether the cursor got there by typing: then what is behind it is meant
 * @returns {number} where that thing begins
 */
export function thingAt(text, cursor, typed) {
  const solid = (/** @type {number} */ i) => i >= 0 && i < text.length && !/\s/.test(text[i]);
  let at = cursor;
  if ((typed || !solid(cursor)) && solid(cursor - 1)) at = cursor - 1;
  if (!solid(at)) return cursor;
  if (WORD.test(text[at])) while (at > 0 && WORD.test(text[at - 1])) at -= 1;
  return at;
}

/**
 * @param {string} text
 * @returns {Int32Array} for every UTF-16 index, the end included, its offset in UTF-8
 */
function byteOffsets(text) {
  const table = new Int32Array(text.length + 1);
  let byte = 0;
  for (let i = 0; i < text.length; i += 1) {
    table[i] = byte;
    const unit = text.charCodeAt(i);
    if (unit < 0x80) byte += 1;
    else if (unit < 0x800) byte += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < text.length) {
      // A surrogate pair is one character of four bytes; its second half sits at the same offset.
      table[i + 1] = byte;
      byte += 4;
      i += 1;
    } else byte += 3;
  }
  table[text.length] = byte;
  return table;
}
