/**
 * What the interface explainer shows, as pure functions of its payload: no DOM here.
 */

/** @typedef {{file: string, line: number, column: number}} Place */

/**
 * A method of a method set. `through` are the embedded fields on the way to it.
 *
 * @typedef {object} Method
 * @property {string} name
 * @property {string} signature
 * @property {string} receiver
 * @property {boolean} pointer
 * @property {string[]} through
 * @property {Place | null} position
 */

/**
 * A type or an interface. `methods` is null where they are not known.
 *
 * @typedef {{name: string, kind: string, position: Place | null, methods: Method[] | null}} Named
 */

/**
 * Whether a type is an interface, and why not. `ok` is null where the checker could not be asked.
 *
 * @typedef {object} Cell
 * @property {boolean | null} ok
 * @property {string} reason
 * @property {string} method
 * @property {string} have
 * @property {string} want
 * @property {string} message the checker's own sentence
 * @property {string} question the line of Go that it was asked about
 * @property {Place | null} position
 */

/**
 * @typedef {object} Interfaces
 * @property {number} seq
 * @property {Named[]} types
 * @property {Named[]} interfaces
 * @property {Cell[][]} cells one list a type
 * @property {{types: number, interfaces: number}} hidden
 * @property {number} errors
 * @property {boolean} parsed false when the text was not checked: then nothing could be asked
 */

/**
 * A place in the grid. -1 is the heading: row -1 names the interfaces, column -1 the types.
 *
 * @typedef {{row: number, column: number}} At
 */

/**
 * A cell in a mark and a word.
 *
 * @param {Cell} cell
 * @returns {{mark: string, word: string, state: "yes" | "no" | "open"}}
 */
export function verdict(cell) {
  if (cell.ok) return { mark: "✓", word: "yes", state: "yes" };
  if (cell.ok === null) return { mark: "?", word: cell.reason || "not asked", state: "open" };
  // What is missing says more than that something is.
  const word = cell.reason === "missing method" && cell.method ? `no ${cell.method}` : cell.reason || "no";
  return { mark: "✗", word, state: "no" };
}

/**
 * Where a key moves the choice in the grid, headings included.
 *
 * @param {string} key
 * @param {boolean} control whether Control (or Command) is held: Home and End then mean the whole grid
 * @param {At} at
 * @param {number} rows
 * @param {number} columns
 * @returns {At | null} null when the key is not for the grid
 */
export function move(key, control, { row, column }, rows, columns) {
  const held = (/** @type {At} */ to) => ({
    row: Math.max(-1, Math.min(rows - 1, to.row)),
    // The corner above the types names nothing.
    column: Math.max(to.row < 0 ? 0 : -1, Math.min(columns - 1, to.column)),
  });
  switch (key) {
    case "ArrowRight":
      return held({ row, column: column + 1 });
    case "ArrowLeft":
      return held({ row, column: column - 1 });
    case "ArrowDown":
      return held({ row: row + 1, column });
    case "ArrowUp":
      return held({ row: column < 0 ? Math.max(0, row - 1) : row - 1, column });
    case "Home":
      return held({ row: control ? 0 : row, column: 0 });
    case "End":
      return held({ row: control ? rows - 1 : row, column: columns - 1 });
    default:
      return null;
  }
}

/**
 * The place that shows the same after an edit: the cell of the same type and interface; to begin with,
 * the first cell that misses by little, else the first that says no, else the first.
 *
 * @param {Interfaces | null} before
 * @param {At} at
 * @param {Interfaces} next
 * @returns {At}
 */
export function keep(before, at, next) {
  const type = before?.types[at.row]?.name;
  const interfaceName = before?.interfaces[at.column]?.name;
  const row = at.row < 0 ? -1 : next.types.findIndex((one) => one.name === type);
  const column = at.column < 0 ? -1 : next.interfaces.findIndex((one) => one.name === interfaceName);
  const lost = (at.row >= 0 && row < 0) || (at.column >= 0 && column < 0);
  if (before && before.types.length > 0 && !lost) return { row, column };
  const near = (/** @type {Cell} */ cell) => cell.ok === false && cell.reason !== "missing method";
  for (const wanted of [near, (/** @type {Cell} */ cell) => cell.ok === false]) {
    for (let i = 0; i < next.cells.length; i += 1) {
      const j = next.cells[i].findIndex(wanted);
      if (j >= 0) return { row: i, column: j };
    }
  }
  return { row: 0, column: 0 };
}

/**
 * The methods of a type and of the pointer to it in one list, sorted by name, and which of them an
 * interface wants.
 *
 * @param {Interfaces} payload
 * @param {Named} type T or *T
 * @param {Named | null} wanted
 * @returns {{value: string, pointer: string, rows: {method: Method, value: boolean, pointer: boolean, wanted: boolean}[]}}
 *   `value` and `pointer` are the names T and *T; a row says which of the two have the method
 */
export function methodRows(payload, type, wanted) {
  const value = type.name.replace(/^\*/, "");
  const pointer = `*${value}`;
  const of = (/** @type {string} */ name) => payload.types.find((one) => one.name === name)?.methods ?? [];
  const own = new Set(of(value).map((method) => method.name));
  const reached = new Map([...of(value), ...of(pointer)].map((method) => [method.name, method]));
  const through = new Set(of(pointer).map((method) => method.name));
  const names = new Set((wanted?.methods ?? []).map((method) => method.name));
  const rows = [...reached.values()].map((method) => ({
    method,
    value: own.has(method.name),
    pointer: through.has(method.name),
    wanted: names.has(method.name),
  }));
  return { value, pointer, rows: rows.sort((a, b) => (a.method.name < b.method.name ? -1 : 1)) };
}

/**
 * @param {Method} method
 * @returns {string} "Score(by int) float64": a method as an interface would write it
 */
export function asWritten(method) {
  return method.name + method.signature.replace(/^func/, "");
}

/**
 * One sentence for a chosen place.
 *
 * @param {Interfaces} payload
 * @param {At} at
 * @returns {string}
 */
export function sentence(payload, { row, column }) {
  const type = payload.types[row]?.name ?? "";
  const wanted = payload.interfaces[column]?.name ?? "";
  if (row < 0) return tell(wanted, "wants", payload.interfaces[column]);
  if (column < 0) return tell(type, "has", payload.types[row]);
  const cell = payload.cells[row][column];
  if (cell.ok) return `${type} is ${article(wanted)} ${wanted}.`;
  if (cell.ok === null) return `Whether ${type} is ${article(wanted)} ${wanted} could not be asked.`;
  return `${type} is no ${wanted}: ${REASONS[cell.reason]?.(cell.method) ?? cell.reason}.`;
}

/** @type {Record<string, (method: string) => string>} a reason in words */
const REASONS = {
  "missing method": (method) => `it has no method ${method}`,
  "pointer receiver": (method) => `its ${method} has a pointer receiver, so only the pointer type has it`,
  "wrong signature": (method) => `its ${method} takes or gives something else`,
  "wrong name": (method) => `it has no method ${method}, only one that is spelled differently`,
  "unexported method": (method) => `${method} is not exported, and belongs to another package`,
  "field, not method": (method) => `its ${method} is a field`,
  ambiguous: (method) => `it reaches ${method} in two ways, so in none`,
  "pointer to interface": () => "it is a pointer to an interface, which has no methods",
  "not in type set": () => "it is not one of the types that are listed",
  "not comparable": () => "its values cannot be compared",
  "empty type set": () => "no type is",
  "not an interface": () => "that is not an interface",
  "invalid type": () => "the type has an error of its own",
};

/**
 * @param {string} name
 * @param {string} verb
 * @param {Named} named
 */
function tell(name, verb, { methods }) {
  if (methods === null) return `${name}: its methods are not known here.`;
  const { length } = methods;
  return `${name} ${verb} ${length === 0 ? "no methods" : `${length} method${length === 1 ? "" : "s"}`}.`;
}

/** @param {string} name */
function article(name) {
  return /^[aeiou]/i.test(name) ? "an" : "a";
}
