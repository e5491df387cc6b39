/**
 * The lives of the values of a function, read from the columns that Python sends (views/lives.py). No page.
 */

/** @typedef {"built" | "changed" | "moved" | "placed" | "gone" | "needed"} Kind */
/** @typedef {"" | "replaced" | "taken over" | "unused" | "with its users"} How */

/**
 * @typedef {object} Lives
 * @property {string} function
 * @property {Kind[]} kinds
 * @property {How[]} hows
 * @property {number[]} numbers of a value, a row a life
 * @property {number[]} nth
 * @property {number[]} counts how many events each life has
 * @property {number[]} swept
 * @property {number[]} how
 * @property {string[][]} by
 * @property {number[]} passes a row an event, in the order of the lives
 * @property {number[]} events
 * @property {number[]} blocks
 * @property {string[]} notes
 * @property {number} more lives that are left out
 */

/** @typedef {{pass: number, kind: Kind, block: number, note: string}} Event */

/**
 * One value from the pass that built it on. `gone` is the pass after which nothing needs it, `swept` the one
 * that took it out of the function; -1 while it is there. `nth` is 1 for the first value of its number: the
 * compiler uses numbers again.
 *
 * @typedef {object} Life
 * @property {string} name "v13"
 * @property {number} nth
 * @property {Event[]} events
 * @property {number} born
 * @property {number} gone
 * @property {number} swept
 * @property {How} how
 * @property {string[]} by
 */

/**
 * @typedef {object} Book
 * @property {(name: string) => Life[]} of all values that had a number, in order
 * @property {(name: string) => Life[]} into those whose work the values of this number do
 */

/** @type {WeakMap<Lives, Book>} */
const books = new WeakMap();

/**
 * @param {Lives} lives
 * @returns {Book}
 */
export function bookOf(lives) {
  const known = books.get(lives);
  if (known) return known;
  /** @type {Map<string, number[]>} */
  const rows = new Map();
  /** @type {Map<string, number[]>} */
  const absorbed = new Map();
  const starts = new Int32Array(lives.numbers.length + 1);
  lives.numbers.forEach((number, row) => {
    starts[row + 1] = starts[row] + lives.counts[row];
    add(rows, `v${number}`, row);
    if (took(lives.hows[lives.how[row]])) for (const name of lives.by[row]) add(absorbed, name, row);
  });
  /** @param {number} row @returns {Life} */
  const life = (row) => {
    const [from, to] = [starts[row], starts[row + 1]];
    const events = Array.from({ length: to - from }, (_, i) => ({
      pass: lives.passes[from + i],
      kind: lives.kinds[lives.events[from + i]],
      block: lives.blocks[from + i],
      note: lives.notes[from + i],
    }));
    const last = events.at(-1);
    return {
      name: `v${lives.numbers[row]}`,
      nth: lives.nth[row],
      events,
      born: events[0]?.pass ?? 0,
      gone: last?.kind === "gone" ? last.pass : -1,
      swept: lives.swept[row],
      how: lives.hows[lives.how[row]],
      by: lives.by[row],
    };
  };
  const book = {
    of: (/** @type {string} */ name) => (rows.get(name) ?? []).map(life),
    into: (/** @type {string} */ name) => (absorbed.get(name) ?? []).map(life),
  };
  books.set(lives, book);
  return book;
}

/** @param {Map<string, number[]>} map @param {string} name @param {number} row */
function add(map, name, row) {
  const held = map.get(name);
  if (held) held.push(row);
  else map.set(name, [row]);
}

/** @param {How} how */
const took = (how) => how === "replaced" || how === "taken over";

/**
 * Which of the lives of a number a pass shows: the one that is there, else the last before it, else the first.
 *
 * @param {Life[]} lives
 * @param {number} at
 * @returns {number} an index, -1 where there are none
 */
export function lifeAt(lives, at) {
  return Math.max(lives.findLastIndex((life) => life.born <= at), Math.min(0, lives.length - 1));
}

/**
 * @param {Life} life
 * @param {number} at
 * @returns {boolean} whether something needs it after a pass
 */
export function isAlive(life, at) {
  const last = life.events.findLast((event) => event.pass <= at);
  return last !== undefined && last.kind !== "gone";
}

/**
 * Whose work a value does: those that ended in it while it was there.
 *
 * @param {Book} book
 * @param {Life} life
 * @returns {Life[]}
 */
export function predecessors(book, life) {
  const end = life.gone < 0 ? Infinity : life.gone;
  return book.into(life.name).filter(({ gone }) => gone >= life.born && gone <= end);
}

/**
 * Whether the value of this number that a pass shows is the one that code was made for in the end.
 *
 * @param {Book} book
 * @param {string} name
 * @param {number} at
 * @returns {boolean}
 */
export function lasts(book, name, at) {
  const lives = book.of(name);
  const index = lifeAt(lives, at);
  return index === lives.length - 1 && lives[index]?.gone === -1;
}

/**
 * Where the work of a value is done in the end: the values that code was made for.
 *
 * @param {Book} book
 * @param {Life} life
 * @returns {string[]} names, each once; of blocks too
 */
export function heirs(book, life) {
  /** @type {Set<string>} */
  const found = new Set();
  const seen = new Set();
  const follow = (/** @type {Life} */ one) => {
    const key = `${one.name}#${one.nth}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (one.gone < 0) found.add(one.name);
    else if (took(one.how)) {
      for (const name of one.by) {
        if (!name.startsWith("v")) found.add(name);
        const lives = book.of(name);
        const next = lives[lifeAt(lives, one.gone)];
        if (next) follow(next);
      }
    }
  };
  follow(life);
  return [...found];
}

/**
 * What a value computed on its way, each operation once: "Add64 → ADDQ".
 *
 * @param {Life} life
 * @returns {string}
 */
export function operations(life) {
  /** @type {string[]} */
  const found = [];
  for (const { kind, note } of life.events) {
    const op = kind === "built" || kind === "needed" ? / = (\w+)/.exec(note)?.[1] : /becomes (\w+)/.exec(note)?.[1];
    if (op && found.at(-1) !== op) found.push(op);
  }
  return found.join(" → ");
}

/**
 * A note in pieces, so that the values in it can be followed.
 *
 * @param {Event} event
 * @returns {{text: string, name: boolean}[]}
 */
export function wordsOf({ kind, note }) {
  const said = kind === "built" ? note.replace(/^v\d+ = /, "") : note.replace(/^gone: /, "").replace(/^gone, /, "");
  return said
    .split(/(\bv\d+\b)/)
    .filter(Boolean)
    .map((text) => ({ text, name: /^v\d+$/.test(text) }));
}
