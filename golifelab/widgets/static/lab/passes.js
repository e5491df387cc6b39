/**
 * The passes of the SSA compiler over one function, as a table of lines: what each pass changed.
 */

/**
 * One pass: its name, its nanoseconds, and the function after it, as indices into the lines.
 *
 * @typedef {{name: string, ns: number, rows: number[]}} Pass
 */

/**
 * The code of a function. `lines` holds every different line once; the first "pass" is the function as it
 * was built. `places` tells for every line where in the file it comes from, 0 where that is unknown.
 *
 * @typedef {object} Code
 * @property {number} seq
 * @property {string} function its link symbol
 * @property {string[]} lines
 * @property {Pass[]} passes
 * @property {string} [file] the file that the lines' positions are in
 * @property {([number, number] | 0)[]} [places] line and column
 * @property {{symbol: string, name: string, line: number}[]} [functions] all that the program has
 * @property {{goos: string, goarch: string, goamd64: string, go: string, gcflags?: string[], label: string}} [target]
 * @property {string} [tier]
 */

/** @typedef {Code} Passes */

/** @typedef {{row: number, mark: "" | "+" | "−"}} Line */

/**
 * The lines of a pass with what it added and what it took away, in reading order.
 *
 * @param {number[]} before
 * @param {number[]} after
 * @returns {Line[]}
 */
export function difference(before, after) {
  const held = new Set(after);
  const had = new Set(before);
  /** @type {Line[]} */
  const lines = [];
  /** @type {Line[]} */
  let added = [];
  let at = 0;
  // What was lost goes before what took its place, both before the next line that stayed.
  const settle = (/** @type {number} */ until) => {
    for (; at < until; at += 1) if (!held.has(before[at])) lines.push({ row: before[at], mark: "−" });
    lines.push(...added);
    added = [];
  };
  for (const row of after) {
    if (!had.has(row)) {
      added.push({ row, mark: "+" });
      continue;
    }
    // A line that only moved is not looked for behind.
    const there = before.indexOf(row, at);
    settle(there >= 0 ? there : at);
    if (there >= 0) at = there + 1;
    lines.push({ row, mark: "" });
  }
  settle(before.length);
  return lines;
}

/** @type {WeakMap<Pass, Line[]>} whoever scrubs meets every pass again and again */
const drawn = new WeakMap();

/**
 * @param {Code} code
 * @param {number} at
 * @returns {Line[]} the lines of a pass with what it added and took away; of the first without marks
 */
export function linesOf(code, at) {
  const pass = code.passes[at];
  if (!pass) return [];
  const held = drawn.get(pass);
  if (held) return held;
  const made = at === 0 ? pass.rows.map((row) => ({ row, mark: /** @type {const} */ ("") })) : difference(code.passes[at - 1].rows, pass.rows);
  drawn.set(pass, made);
  return made;
}

/**
 * @param {Passes} payload
 * @returns {number[]} for every pass how many lines it added or took away; 0 for the first
 */
export function impacts(payload) {
  return payload.passes.map((pass, i) => {
    if (i === 0) return 0;
    const had = new Set(payload.passes[i - 1].rows);
    const held = new Set(pass.rows);
    let changed = 0;
    for (const row of held) if (!had.has(row)) changed += 1;
    for (const row of had) if (!held.has(row)) changed += 1;
    return changed;
  });
}

/**
 * The pass that shows the same stage as before after an edit: the one of the same name, counted from the
 * first (a pass like "opt" has only one, "early phielim and copyelim" has several).
 *
 * @param {Passes | null} before
 * @param {number} at
 * @param {Passes} next
 * @returns {number}
 */
export function keepPass(before, at, next) {
  // To begin with, the last pass that did something.
  if (!before || next.passes.length === 0) return Math.max(0, impacts(next).findLastIndex((changed) => changed > 0));
  const name = before.passes[at]?.name;
  const nth = before.passes.slice(0, at).filter((pass) => pass.name === name).length;
  const places = next.passes.flatMap((pass, i) => (pass.name === name ? [i] : []));
  return places[Math.min(nth, places.length - 1)] ?? Math.min(at, next.passes.length - 1);
}

/**
 * The next pass that changed something, in a direction; the end when there is none.
 *
 * @param {number[]} impact
 * @param {number} at
 * @param {1 | -1} direction
 * @returns {number}
 */
export function nextChange(impact, at, direction) {
  for (let i = at + direction; i >= 0 && i < impact.length; i += direction) if (impact[i] > 0 || i === 0) return i;
  return direction > 0 ? impact.length - 1 : 0;
}

/**
 * @param {string} line "    (+8) v13 = Add64 <int> v7 v8"
 * @returns {number} the source line it names, 0 for none. A "-" before it says that the line is not where
 *   a statement begins, a "+" that it is
 */
export function sourceLine(line) {
  return Number(/^\s*\([+-]?(\d+)\)/.exec(line)?.[1] ?? 0);
}

/**
 * A row's text in pieces, so that an SSA value can be followed through the lines.
 *
 * @param {string} text
 * @returns {{text: string, value: boolean}[]}
 */
export function pieces(text) {
  return text
    .split(/(\b[vb]\d+\b)/)
    .filter((piece) => piece !== "")
    .map((piece) => ({ text: piece, value: /^v\d+$/.test(piece) }));
}

/**
 * @param {Code} code
 * @param {number} row
 * @returns {{line: number, column: number}} where in the source a row comes from; 0 where that is unknown
 */
export function placeOf(code, row) {
  const place = code.places?.[row];
  if (place) return { line: place[0], column: place[1] };
  return { line: sourceLine(code.lines[row] ?? ""), column: 0 };
}

/** @type {WeakMap<Pass, Map<string, number>>} */
const known = new WeakMap();

/**
 * @param {Code} code
 * @param {Pass} pass
 * @returns {Map<string, number>} for every value of a pass the row that defines it
 */
export function definitions(code, pass) {
  const held = known.get(pass);
  if (held) return held;
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const row of pass.rows) {
    const name = /^\s*\([^)]*\)\s+(v\d+) =/.exec(code.lines[row])?.[1];
    if (name) found.set(name, row);
  }
  known.set(pass, found);
  return found;
}

/**
 * The pass of another code that shows the same stage: the one of the same name, else the last before it that
 * both have.
 *
 * @param {Code} code
 * @param {number} at
 * @param {Code} other
 * @returns {number}
 */
export function alike(code, at, other) {
  for (let i = at; i >= 0; i -= 1) {
    const found = other.passes.findIndex((pass) => pass.name === code.passes[i]?.name);
    if (found >= 0) return found;
  }
  return 0;
}

/**
 * The value that stands for a place of the source after a pass: of several the one that does the work there.
 *
 * @param {Code} code
 * @param {number} at
 * @param {{line?: number, column?: number}} place
 * @returns {string} "" for none
 */
export function valueAt(code, at, { line, column }) {
  if (!line || !column || !code.passes[at]) return "";
  let best = "";
  for (const [name, row] of definitions(code, code.passes[at])) {
    const there = placeOf(code, row);
    if (there.line !== line || there.column !== column) continue;
    const idle = /= (Copy|Phi|Arg\w*|MakeResult|InitMem)\b|<mem>| DEAD/.test(code.lines[row]);
    if (!idle) return name;
    best ||= name;
  }
  return best;
}
