/**
 * What the page of modes shows, as pure functions of its payload: no DOM here.
 */

/** @typedef {string | boolean | string[]} Value */
/** Settings by name: `cgo`, `buildmode`, `tags`, `linkmode`, `extldflags`, `strip`. @typedef {Record<string, Value>} Way */
/** @typedef {{id: string, flag: string, options: {value: Value, label: string}[]}} Setting */

/**
 * A build: `outcome` is "static", "dynamic", "library", "archive", "refused" or "unavailable".
 *
 * @typedef {object} Build
 * @property {string} program
 * @property {Way} way
 * @property {string} name
 * @property {string} command
 * @property {string} outcome
 * @property {string} kind
 * @property {string} linker
 * @property {string} interpreter
 * @property {string[]} needed
 * @property {string} entry
 * @property {number} size
 * @property {string[]} c packages with C
 * @property {string[]} warnings
 * @property {string} story
 * @property {string} silence
 * @property {string} missing
 */

/** An end of the tree, with the numbers of its builds. @typedef {{says: string, outcome: string, rows: number[]}} Leaf */
/** @typedef {{question: string, branches: {answer: string, to: Tree}[]}} Fork */
/** @typedef {Leaf | Fork} Tree */

/** An import of the program that is in its source. @typedef {{line: number, column: number, start: number, end: number}} Place */

/**
 * Whose C is in the program, for one setting of CGO_ENABLED and the tags.
 *
 * @typedef {object} C
 * @property {boolean} cgo
 * @property {string[]} tags
 * @property {string} uses_c
 * @property {string[]} left_out
 * @property {string[][]} chains
 * @property {number} packages
 * @property {string} command
 */

/**
 * @typedef {object} Matrix
 * @property {number} [seq]
 * @property {Setting[]} settings
 * @property {string[]} programs
 * @property {Build[]} rows
 * @property {Tree} tree
 * @property {number} of how many builds there will be
 * @property {string[]} missing
 * @property {C[]} c
 * @property {Record<string, Place>} [imports]
 */

/** How an outcome is marked, beside its word. @type {Record<string, string>} */
export const MARKS = { static: "■", dynamic: "⇢", library: "▤", archive: "▥", refused: "✕", unavailable: "–" };

/** @param {Value | undefined} value */
const plain = (value) => JSON.stringify(value ?? null);

/** @param {Way} a @param {Way} b @returns {number} how many settings differ */
export function distance(a, b) {
  return Object.keys(a).filter((name) => plain(a[name]) !== plain(b[name])).length;
}

/**
 * @param {Build[]} rows
 * @param {Way} way
 * @param {string} program
 * @returns {number} the row's number, -1 when nobody measured this way
 */
export function find(rows, way, program) {
  return rows.findIndex((row) => row.program === program && distance(row.way, way) === 0);
}

/**
 * The build of a leaf that is nearest to the one in view: the same program, then the fewest other settings.
 *
 * @param {Build[]} rows
 * @param {number[]} among
 * @param {Way} way
 * @param {string} program
 */
export function nearest(rows, among, way, program) {
  const far = (/** @type {number} */ row) => distance(rows[row].way, way) + (rows[row].program === program ? 0 : 100);
  return among.reduce((best, row) => (best < 0 || far(row) < far(best) ? row : best), -1);
}

/** @param {Tree} tree @returns {tree is Leaf} */
export function isLeaf(tree) {
  return "says" in tree;
}

/** @param {Tree} tree @returns {number[]} the builds below */
export function rowsBelow(tree) {
  return isLeaf(tree) ? tree.rows : tree.branches.flatMap(({ to }) => rowsBelow(to));
}

/**
 * The branches on the way to a build, each by its path: "1", "1.0", "1.0.2".
 *
 * @param {Tree} tree
 * @param {number} row
 * @returns {string[]} none when the build is not in the tree
 */
export function pathTo(tree, row) {
  /** @type {string[]} */
  const path = [];
  let here = tree;
  while (!isLeaf(here)) {
    const at = here.branches.findIndex(({ to }) => rowsBelow(to).includes(row));
    if (at < 0) return [];
    path.push([...(path.at(-1)?.split(".") ?? []), at].join("."));
    here = here.branches[at].to;
  }
  return path;
}

/**
 * A line of the tree as it is drawn: a question, or an answer to the one above it.
 *
 * @typedef {{id: string, depth: number, question: string, answer: string, leaf: Leaf | null, open: boolean, builds: number, at: number, of: number}} Line
 */

/**
 * @param {Tree} tree
 * @param {(id: string) => boolean} open
 * @returns {Line[]} what is to be seen, from top to bottom
 */
export function lines(tree, open) {
  /** @type {Line[]} */
  const found = [];
  /** @param {Tree} here @param {string} id @param {number} depth */
  const visit = (here, id, depth) => {
    if (isLeaf(here)) return;
    found.push({ id: `${id}?`, depth, question: here.question, answer: "", leaf: null, open: true, builds: 0, at: 0, of: 0 });
    here.branches.forEach(({ answer, to }, at) => {
      const mine = id ? `${id}.${at}` : String(at);
      const opened = !isLeaf(to) && open(mine);
      found.push({ id: mine, depth, question: "", answer, leaf: isLeaf(to) ? to : null, open: opened, builds: rowsBelow(to).length, at: at + 1, of: here.branches.length });
      if (opened) visit(to, mine, depth + 1);
    });
  };
  visit(tree, "", 0);
  return found;
}

/**
 * Where an arrow key leads among answers.
 *
 * @param {Line[]} answers those that are to be seen
 * @param {string} id the one with the focus
 * @param {string} key
 * @returns {{to?: string, open?: string, close?: string}} where to go, what to open or to close
 */
export function step(answers, id, key) {
  const at = answers.findIndex((line) => line.id === id);
  const line = answers[at];
  if (!line) return {};
  const parent = id.split(".").slice(0, -1).join(".");
  switch (key) {
    case "ArrowDown":
      return { to: answers[Math.min(at + 1, answers.length - 1)].id };
    case "ArrowUp":
      return { to: answers[Math.max(at - 1, 0)].id };
    case "Home":
      return { to: answers[0].id };
    case "End":
      return { to: answers[answers.length - 1].id };
    case "ArrowRight":
      if (line.leaf) return {};
      return line.open ? { to: `${id}.0` } : { open: id };
    case "ArrowLeft":
      if (line.open) return { close: id };
      return parent ? { to: parent } : {};
    default:
      return {};
  }
}

/**
 * Whose C is in a build of the program in view.
 *
 * @param {C[]} all
 * @param {Way} way
 * @returns {C | null}
 */
export function cOf(all, way) {
  return all.find((one) => one.cgo === way.cgo && plain(one.tags) === plain(way.tags)) ?? null;
}

/** @param {number} bytes */
export function figure(bytes) {
  return bytes.toLocaleString("en-US");
}

/** @param {string} path */
export function lastPart(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}
