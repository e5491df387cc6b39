/**
 * The rules of initialisation, and what the pages say about them. Nothing here touches a page.
 */

/**
 * Something that is initialised, behind the rows that it needs. `list` is of packages, `how` of variables.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {number[]} needs rows that come before
 * @property {string} [list] "runtime", "main", or "" where there is nothing to run
 * @property {string[]} [functions]
 * @property {[number, number, number, number] | null} [trace] start and clock in milliseconds, bytes, allocations
 * @property {string} [text]
 * @property {string} [file]
 * @property {number} [line]
 * @property {number} [column]
 * @property {Record<string, string[]>} [through] functions that lead to a row
 * @property {string} [how] "code", "file", "zero", "none", "function"
 * @property {boolean} [early] of packages: package runtime needs it
 */

/** @typedef {Record<string, string[]>} Imports package → the packages that it imports */
/** @typedef {{package: string, ready: string[]}} Step */

/**
 * What the linker compares: the name of a package's record, so "a-b" comes before "a".
 *
 * @param {string} name
 */
const record = (name) => `${name.replaceAll(".", "%2e")}..inittask`;

/** @param {string} a @param {string} b */
const byRecord = (a, b) => (record(a) < record(b) ? -1 : record(a) > record(b) ? 1 : 0);

/**
 * The order for an import graph: of the packages that are ready, the one whose name comes first.
 *
 * @param {Imports} imports
 * @returns {{steps: Step[], left: string[]}} `left` are those that wait for one another
 */
export function schedule(imports) {
  const all = reached(imports);
  /** @type {Map<string, Set<string>>} */
  const waits = new Map([...all].map((name) => [name, new Set(imports[name] ?? [])]));
  /** @type {Step[]} */
  const steps = [];
  while (waits.size > 0) {
    const ready = [...waits].filter(([, needs]) => needs.size === 0).map(([name]) => name).sort(byRecord);
    if (ready.length === 0) break;
    steps.push({ package: ready[0], ready });
    waits.delete(ready[0]);
    for (const needs of waits.values()) needs.delete(ready[0]);
  }
  return { steps, left: [...waits.keys()] };
}

/** @param {Imports} imports @param {string} [from] @returns {Set<string>} the packages that a program is made of */
export function reached(imports, from = "main") {
  const found = new Set([from]);
  for (const name of found) for (const other of imports[name] ?? []) found.add(other);
  return found;
}

/** @param {Imports} imports @returns {string[]} every package that is named, main first, the others by name */
export function named(imports) {
  const all = new Set([...Object.keys(imports), ...Object.values(imports).flat()]);
  all.delete("main");
  return ["main", ...[...all].sort(byRecord)];
}

/** @param {Imports} imports @param {string} importer @param {string} imported whether that import would close a circle */
export function closes(imports, importer, imported) {
  return reached(imports, imported).has(importer);
}

/**
 * @param {Imports} imports
 * @param {string} importer
 * @param {string} imported
 * @returns {Imports} with that import, or without it where it was there
 */
export function toggled(imports, importer, imported) {
  const before = imports[importer] ?? [];
  const after = before.includes(imported) ? before.filter((name) => name !== imported) : [...before, imported];
  return { ...imports, [importer]: after };
}

/** @param {Imports} imports @param {string} name @returns {Imports} without that package */
export function without(imports, name) {
  return Object.fromEntries(Object.entries(imports).filter(([key]) => key !== name).map(([key, wanted]) => [key, wanted.filter((one) => one !== name)]));
}

/**
 * Rows for the ladder: the packages of a graph in their order.
 *
 * @param {Imports} imports
 * @returns {Row[]}
 */
export function rowsOf(imports) {
  const { steps } = schedule(imports);
  const number = new Map(steps.map((step, row) => [step.package, row]));
  return steps.map(({ package: name }) => ({ name, needs: (imports[name] ?? []).map((one) => number.get(one) ?? 0).sort((a, b) => a - b) }));
}

/**
 * The source of a package, as the kernel writes it.
 *
 * @param {Imports} imports
 * @param {string} name
 */
export function sourceOf(imports, name) {
  const head = name === "main" ? name : name.slice(name.lastIndexOf("/") + 1).replaceAll("-", "_");
  const lines = (imports[name] ?? []).map((other) => `import _ "${other}"\n`).join("");
  return `package ${head}\n\n${lines}${lines && "\n"}func init() { println("${name}") }\n${name === "main" ? "\nfunc main() {}\n" : ""}`;
}

/** @typedef {{column: number, row: number}} Spot */

/**
 * Where the packages of a graph are drawn: what imports nothing on the left, an importer right of all it imports.
 * An import that skips columns has a row of its own there, so that it passes between the boxes.
 *
 * @param {Imports} imports
 * @returns {{boxes: Map<string, Spot>, ways: {from: string, to: string, spots: Spot[]}[]}} `spots` from the importer on
 */
export function places(imports) {
  /** @type {Map<string, number>} */
  const depth = new Map();
  for (const { package: name } of schedule(imports).steps) {
    depth.set(name, Math.max(-1, ...(imports[name] ?? []).map((one) => depth.get(one) ?? 0)) + 1);
  }
  const edges = [...depth.keys()].flatMap((from) => (imports[from] ?? []).filter((to) => depth.has(to)).map((to) => ({ from, to })));
  /** @type {Map<string, Spot>} boxes by their name, passing imports by "from to column" */
  const spots = new Map();
  for (let column = 0; column <= Math.max(-1, ...depth.values()); column += 1) {
    const boxes = [...depth].filter(([, at]) => at === column).map(([name]) => ({ key: name, after: imports[name] ?? [] }));
    const passing = edges
      .filter(({ from, to }) => (depth.get(from) ?? 0) > column && (depth.get(to) ?? 0) < column)
      .map(({ from, to }) => ({ key: `${from} ${to} ${column}`, after: [spots.has(`${from} ${to} ${column - 1}`) ? `${from} ${to} ${column - 1}` : to] }));
    const height = (/** @type {string[]} */ names) => (names.length === 0 ? 0 : names.reduce((sum, name) => sum + (spots.get(name)?.row ?? 0), 0) / names.length);
    const all = [...boxes, ...passing].sort((a, b) => height(a.after) - height(b.after));
    all.forEach(({ key }, row) => spots.set(key, { column, row }));
  }
  const ways = edges.map(({ from, to }) => {
    const [high, low] = [depth.get(from) ?? 0, depth.get(to) ?? 0];
    const between = Array.from({ length: high - low - 1 }, (_, i) => `${from} ${to} ${high - 1 - i}`);
    return { from, to, spots: [from, ...between, to].flatMap((key) => spots.get(key) ?? []) };
  });
  return { boxes: new Map([...depth.keys()].map((name) => [name, spots.get(name) ?? { column: 0, row: 0 }])), ways };
}

/** @param {Row[]} rows @param {number} at @returns {number[]} the rows that need no row from `at` on: they are ready at that step */
export function ready(rows, at) {
  return rows.flatMap((row, number) => (number >= at && row.needs.every((other) => other < at) ? [number] : []));
}

/** @param {Row[]} rows @param {number} at @returns {number[]} the rows that wait for that one */
export const waiting = (rows, at) => rows.flatMap((row, number) => (row.needs.includes(at) ? [number] : []));

/**
 * An arc from the middle of a row's edge to that of an earlier one: the further, the wider.
 *
 * @param {number} from @param {number} to rows
 * @param {number} height of a row
 * @param {number} width of the place for arcs
 */
export function arc(from, to, height, width) {
  const [a, b] = [(from + 0.5) * height, (to + 0.5) * height];
  const out = round(width - 4 - Math.min(width - 8, 7 + 13 * Math.log2(Math.abs(from - to) + 0.3)));
  return `M${width} ${a}C${out} ${a} ${out} ${b} ${width} ${b}`;
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;

/** @param {Row[]} rows @returns {number} when the last one had ended, in milliseconds; 0 without a trace */
export const span = (rows) => Math.max(0, ...rows.map(({ trace }) => (trace ? trace[0] + trace[1] : 0)));

/** @param {number} milliseconds in words, as exact as the trace is */
export const clock = (milliseconds) => (milliseconds === 0 ? "< 1 µs" : milliseconds < 1 ? `${Math.round(milliseconds * 1000)} µs` : `${round(milliseconds)} ms`);

/** @param {number} number @param {string} one @param {string} [many] */
export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** @param {string[]} names */
const list = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`);

const SHOWN = 6;

/** @param {string[]} names not more than a few of them */
export const few = (names) => (names.length <= SHOWN ? list(names) : `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`);

/** @param {number} number from 1 */
export function ordinal(number) {
  const last = number % 100 > 10 && number % 100 < 14 ? 0 : number % 10;
  return `${number}${["th", "st", "nd", "rd"][last] ?? "th"}`;
}

/**
 * Why a row has its place, in a sentence.
 *
 * @param {Row[]} rows
 * @param {number} at
 * @param {string} thing "package" or "variable"
 */
export function reason(rows, at, thing) {
  const row = rows[at];
  if (!row) return "";
  if (row.how === "function") return `${row.name} runs when every variable has its value.`;
  if (row.how === "zero" && !row.text) return "It has no initialiser: it is zero from the start.";
  const first = row.needs.length > 0 ? `It needs ${few(row.needs.map((other) => through(rows, row, other)))}.` : `It needs no other ${thing}.`;
  // The runtime's own list comes first, whatever is ready beside it.
  const others = ready(rows, at).filter((other) => other !== at && rows[other].how !== "function" && rows[other].early === row.early);
  const names = few(others.map((other) => rows[other].name));
  if (others.length === 0) return `${first} Nothing else is ready at this step.`;
  const rule = thing === "package" ? "its name comes first" : "it is declared first";
  return `${first} Also ready: ${names}; ${rule}.`;
}

/** @param {Row[]} rows @param {Row} row @param {number} other */
function through(rows, row, other) {
  const way = row.through?.[String(other)];
  return rows[other].name + (way ? ` (through ${way.map((name) => `${name}()`).join(", ")})` : "");
}

/** What the value of a variable is made by: a sign and words. */
export const HOW = /** @type {Record<string, [string, string]>} */ ({
  code: ["●", "set by the function init"],
  file: ["▤", "its value is in the file: no code"],
  zero: ["○", "zero from the start: no code"],
  none: ["–", "without a name, and nothing to do: left out"],
  function: ["ƒ", "called behind the variables"],
});

/** Who runs a package's functions: a sign and words. */
export const LISTS = /** @type {Record<string, [string, string]>} */ ({
  runtime: ["◇", "run by the runtime’s own list"],
  main: ["●", "run by the main list"],
  "": ["·", "nothing to run: it only passes the order on"],
});
