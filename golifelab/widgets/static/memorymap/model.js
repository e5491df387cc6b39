/**
 * A process's memory at its moments: mappings, the states of their pages, and what lies in them.
 */

/** @typedef {[number, number, string, string, string]} Region start, end, kind, name, why */

/**
 * @typedef {object} Row
 * @property {number} start
 * @property {number} end
 * @property {string} permissions
 * @property {string} kind
 * @property {string} name
 * @property {string} why
 * @property {string} path
 * @property {string[]} sections
 * @property {number} resident
 * @property {number} private
 * @property {string} pages runs of pages in one state
 * @property {Region[]} parts
 */

/** @typedef {{mapped: number, reserved: number, committed: number, resident: number, file: number, private: number}} Totals */

/**
 * @typedef {object} Moment
 * @property {string} name
 * @property {string} meaning
 * @property {string} held_at
 * @property {string} how
 * @property {Totals} totals
 * @property {[string, number, number][]} permissions
 * @property {number} writable_code
 * @property {Row[]} rows
 * @property {number} hidden
 * @property {Region[]} stacks
 * @property {[number, number, string][]} spans
 */

/**
 * @typedef {object} Payload
 * @property {string} name
 * @property {string} how
 * @property {string[]} notes
 * @property {string} recorded
 * @property {number} page
 * @property {number} window pages that one fault may bring
 * @property {[string, string][]} states
 * @property {Record<string, string>} kinds
 * @property {Moment[]} moments
 * @property {{name: string, start: number, end: number, file: boolean}[]} sections
 * @property {{start: number[], size: number[], name: number[]}} symbols
 * @property {Record<string, [string, number]>} lines
 * @property {string[]} texts
 */

export const [ABSENT, FILE, PRIVATE, ZERO, SWAPPED] = [0, 1, 2, 3, 4];
const LETTERS = "afpzs";
/** The article's own filter: `grep -E "(r-xp|rwxp|rw-p)" | head -5`. */
const GREP = /r-xp|rwxp|rw-p/;
const HEAD = 5;
/** Mappings that are farther apart belong to another part of the address space. */
const APART = 1 << 24;
const MAX_PAGES = 1 << 24;

/** The states of a mapping's pages, one byte each. @param {string} runs @param {number} count @returns {Uint8Array} */
export function readRuns(runs, count) {
  const states = new Uint8Array(Math.min(count, MAX_PAGES));
  let at = 0;
  for (const [, length, letter] of runs.matchAll(/(\d+)([afpzs])/g)) {
    const end = Math.min(at + Number(length), states.length);
    const state = LETTERS.indexOf(letter);
    if (state) states.fill(state, at, end);
    at = end;
  }
  return states;
}

/** Runs of pages that are in memory, as [first page, count, state]. @param {Row} row @returns {[number, number, number][]} */
export function presentRuns(row) {
  /** @type {[number, number, number][]} */
  const found = [];
  let at = 0;
  for (const [, length, letter] of row.pages.matchAll(/(\d+)([afpzs])/g)) {
    const state = LETTERS.indexOf(letter);
    if (state) found.push([at, Number(length), state]);
    at += Number(length);
  }
  return found;
}

/** @param {Row} row */
export const bytes = (row) => row.end - row.start;

/** @param {Row} row */
export const reserved = (row) => row.permissions.startsWith("---");

/** Whether a row is the process's own: vsyscall lies outside what a process may map. @param {Row} row */
export const own = (row) => row.end <= 2 ** 47;

/** @param {Moment} moment @param {number} address @returns {Row | null} */
export function rowAt(moment, address) {
  return moment.rows.find((row) => row.start <= address && address < row.end) ?? null;
}

/** What a page is at a moment: its state, or -1 where nothing is mapped. @param {Moment} moment @param {number} address @param {number} page */
export function stateAt(moment, address, page) {
  const row = rowAt(moment, address);
  if (!row) return -1;
  const number = Math.floor((address - row.start) / page);
  const run = presentRuns(row).find(([first, count]) => first <= number && number < first + count);
  return run ? run[2] : ABSENT;
}

/** The rows that the article's command shows. @param {Row[]} rows @returns {Row[]} */
export function grepped(rows) {
  return rows.filter((row) => GREP.test(row.permissions)).slice(0, HEAD);
}

/** What that command hides, by kind: [kind, mappings, bytes], the largest first. @param {Row[]} rows @returns {[string, number, number][]} */
export function hiddenKinds(rows) {
  const shown = new Set(grepped(rows));
  /** @type {Map<string, [string, number, number]>} */
  const sums = new Map();
  for (const row of rows) {
    if (shown.has(row)) continue;
    const sum = sums.get(row.kind) ?? [row.kind, 0, 0];
    sum[1] += 1;
    sum[2] += bytes(row);
    sums.set(row.kind, sum);
  }
  return [...sums.values()].sort((a, b) => b[2] - a[2]);
}

/** A line of /proc/PID/maps. @param {Row} row */
export function mapsLine(row) {
  return `${plain(row.start)}-${plain(row.end)} ${row.permissions}${row.path ? ` ${row.path}` : ""}`;
}

/** @param {number} number */
const plain = (number) => number.toString(16).padStart(8, "0");

/**
 * Mappings that lie together, as groups: an address space is mostly nothing.
 *
 * @param {Row[]} rows @returns {{start: number, end: number, rows: Row[]}[]}
 */
export function groups(rows) {
  /** @type {{start: number, end: number, rows: Row[]}[]} */
  const found = [];
  for (const row of rows.filter(own)) {
    const last = found.at(-1);
    if (last && row.start - last.end < APART && (row.path === "[stack]") === (last.rows[0].path === "[stack]")) {
      last.end = row.end;
      last.rows.push(row);
    } else found.push({ start: row.start, end: row.end, rows: [row] });
  }
  return found;
}

/** What a group of mappings is, in a few words. @param {Row[]} rows */
export function groupName(rows) {
  const kinds = new Set(rows.map((row) => row.kind));
  if (kinds.has("code")) return "the program";
  if (rows[0].path === "[stack]") return "first thread’s stack";
  if (kinds.has("page summary")) return kinds.has("library") ? "libraries and the runtime’s tables" : "the runtime’s tables";
  if (kinds.has("heap")) return "Go’s heap";
  if (kinds.has("library")) return "libraries";
  return rows[0].kind === "kernel" ? "the kernel’s pages" : rows[0].kind;
}

/**
 * The cells of a mapping's picture: each stands for `each` pages, so that there are at most `most`.
 *
 * `lead` cells before the first one belong to no page: windows begin at multiples of their size.
 *
 * @param {Row} row @param {Row | null} before the same addresses a moment earlier @param {Payload} payload @param {number} most
 */
export function cellsOf(row, before, payload, most) {
  const count = Math.round(bytes(row) / payload.page);
  let each = 1;
  while (count / each > most) each *= 2;
  const states = readRuns(row.pages, count);
  const earlier = before ? readRuns(before.pages, Math.round(bytes(before) / payload.page)) : null;
  const shift = before ? Math.round((row.start - before.start) / payload.page) : 0;
  const total = Math.ceil(count / each);
  const state = new Uint8Array(total);
  const share = new Float32Array(total);
  const fresh = new Uint8Array(total);
  for (let i = 0; i < states.length; i += 1) {
    const cell = Math.floor(i / each);
    const was = earlier ? (earlier[i + shift] ?? ABSENT) : ABSENT;
    if (states[i] !== ABSENT) {
      share[cell] += 1;
      if (state[cell] !== PRIVATE) state[cell] = states[i];
      if (was === ABSENT) fresh[cell] |= 1;
      else if (was === FILE && states[i] === PRIVATE) fresh[cell] |= 2;
    }
  }
  for (let cell = 0; cell < total; cell += 1) share[cell] /= Math.min(each, count - cell * each);
  const lead = each === 1 ? Math.round(row.start / payload.page) % payload.window : 0;
  return { each, count, total, state, share, fresh, lead };
}

/** @param {Payload} payload @param {number} address the number of the last symbol at or before it, -1 for none */
function lastSymbol({ symbols }, address) {
  let [low, high] = [0, symbols.start.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (symbols.start[middle] <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The functions and variables that have bytes in a range. @param {Payload} payload @param {number} start @param {number} end @returns {{start: number, size: number, name: string}[]} */
export function symbolsIn(payload, start, end) {
  const { symbols, texts } = payload;
  const found = [];
  const first = lastSymbol(payload, start);
  for (let i = Math.max(first, 0); i < symbols.start.length && symbols.start[i] < end; i += 1) {
    if (symbols.start[i] + symbols.size[i] > start) found.push({ start: symbols.start[i], size: symbols.size[i], name: texts[symbols.name[i]] });
  }
  return found;
}

/** Where a function or variable is. @param {Payload} payload @param {string} name @returns {number | null} */
export function addressOf(payload, name) {
  const { symbols, texts } = payload;
  const wanted = new Set();
  texts.forEach((text, index) => (text === name || text === `main.${name}`) && wanted.add(index));
  const at = symbols.name.findIndex((text) => wanted.has(text));
  return at < 0 ? null : symbols.start[at];
}

/** What is selected elsewhere, as an address here. @param {Payload} payload @param {import("../page/broker.js").Selection} selection @returns {number | null} */
export function addressSelected(payload, selection) {
  if (selection.address) return Number(selection.address);
  if (selection.function) return addressOf(payload, selection.function);
  const { file, line } = selection;
  if (!file || !line) return null;
  let [best, from] = ["", 0];
  for (const [name, [where, first]] of Object.entries(payload.lines)) {
    if (where === file && first <= line && first > from) [best, from] = [name, first];
  }
  return best ? addressOf(payload, best) : null;
}

/** @param {number} number */
export const hex = (number) => `0x${number.toString(16)}`;

/** A size in the unit that fits, powers of 1024. @param {number} count */
export function size(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** How many pages are in each state. @param {Row} row @param {number} page @returns {number[]} */
export function counts(row, page) {
  const found = [Math.round(bytes(row) / page), 0, 0, 0, 0];
  for (const [, count, state] of presentRuns(row)) {
    found[state] += count;
    found[ABSENT] -= count;
  }
  return found;
}
