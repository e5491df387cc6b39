/**
 * What the editor draws on its text: the scanner's tokens, the checkers' squiggles.
 *
 * Offsets are UTF-16 units already: Python translates Go's bytes.
 */

/**
 * The tokens, in three equally long lists. A class is one of `keyword name number string operator
 * punctuation comment automatic`; an `automatic` token, a semicolon that nobody typed, is empty.
 *
 * @typedef {{from: number[], to: number[], class: string[]}} TokenMarks
 */

/**
 * An error with its extent in the text.
 *
 * @typedef {object} Squiggle
 * @property {number} from
 * @property {number} to
 * @property {string} message
 * @property {string} [phase] the part of the compiler that says it
 * @property {string} [code] the checker's name of the error
 */

/**
 * What the editor is sent for one version of its text.
 *
 * @typedef {object} Marks
 * @property {number} seq the edit that they belong to
 * @property {TokenMarks} [tokens]
 * @property {Squiggle[]} [squiggles]
 */

/** @typedef {{from: number, to: number, style: string}} Range */

/**
 * @param {TokenMarks} tokens
 * @param {number} length of the text
 * @returns {Range[]} what to colour, within the text
 */
export function tokenRanges(tokens, length) {
  return tokens.from.flatMap((from, i) => {
    const to = Math.min(tokens.to[i], length);
    const style = tokens.class[i];
    if (from > length) return [];
    // An empty range colours nothing; an automatic semicolon is drawn at a point.
    return to > from || style === "automatic" ? [{ from, to: Math.max(from, to), style }] : [];
  });
}

/**
 * @param {Squiggle} squiggle
 * @param {string} text
 * @returns {{from: number, to: number}} the part of the text to underline, never empty if that is possible
 */
export function squiggleRange(squiggle, text) {
  const from = Math.max(0, Math.min(squiggle.from, text.length));
  const to = Math.max(from, Math.min(squiggle.to, text.length));
  const covered = text.slice(from, to);
  if (covered.trim() !== "") return { from, to };
  // At the end of a line (or of the file) the error goes under the last thing before.
  const before = text.slice(0, from).trimEnd().length;
  return before > 0 ? { from: before - 1, to: before } : { from, to };
}

/**
 * @param {Squiggle} squiggle
 * @returns {string} the message, and below it the part of the compiler that says it
 */
export function sentence(squiggle) {
  const who = [squiggle.phase, squiggle.code].filter(Boolean).join(" · ");
  return who ? `${squiggle.message}\n${who}` : squiggle.message;
}
