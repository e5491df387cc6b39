/**
 * Bytes in rows of sixteen: where a byte is, what keys do, how one reads.
 */

export const WIDTH = 16;
const PAGE = 16;

/**
 * @param {string} text base64
 * @returns {Uint8Array}
 */
export const decode = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** @param {number} byte */
export const hex = (byte) => byte.toString(16).padStart(2, "0");

/**
 * @param {number} byte
 * @returns {string} the character that it is in ASCII, a dot for what is none
 */
export const ascii = (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·");

/**
 * @param {number} offset
 * @param {number} [digits]
 */
export const address = (offset, digits = 6) => offset.toString(16).padStart(digits, "0");

/**
 * Where a key leads.
 *
 * @param {string} key
 * @param {boolean} control
 * @param {number} at a byte
 * @param {number} count bytes there are
 * @returns {number | null} null for a key that does nothing here
 */
export function move(key, control, at, count) {
  const bound = (/** @type {number} */ to) => Math.max(0, Math.min(count - 1, to));
  const row = at - (at % WIDTH);
  switch (key) {
    case "ArrowRight":
      return bound(at + 1);
    case "ArrowLeft":
      return bound(at - 1);
    case "ArrowDown":
      return at + WIDTH < count ? at + WIDTH : at;
    case "ArrowUp":
      return at >= WIDTH ? at - WIDTH : at;
    case "PageDown":
      return bound(at + PAGE * WIDTH);
    case "PageUp":
      return Math.max(at % WIDTH, at - PAGE * WIDTH);
    case "Home":
      return control ? 0 : row;
    case "End":
      return control ? count - 1 : bound(row + WIDTH - 1);
    default:
      return null;
  }
}
