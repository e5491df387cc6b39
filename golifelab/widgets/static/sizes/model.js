/**
 * The tree of an executable's bytes: groups in groups, with what they had before.
 */

/**
 * @typedef {object} Payload
 * @property {string[]} names
 * @property {string[]} packages
 * @property {string[]} sections
 * @property {string[]} kinds
 * @property {number[]} name
 * @property {number[]} package
 * @property {number[]} section
 * @property {number[]} kind
 * @property {number[]} file
 * @property {number[]} memory
 * @property {number[]} address
 * @property {number[]} [file_before]
 * @property {number[]} [memory_before]
 * @property {[string, string]} labels
 * @property {boolean} compared
 * @property {boolean} stripped
 */

/** @typedef {"file" | "memory"} Measure */
/** @typedef {"package" | "section" | "kind"} Grouping */

/**
 * `weight` is what its area shows: the larger one of before and now. `kind` is that of the most of its
 * bytes, `row` the place in the payload of a leaf, -1 of a group.
 *
 * @typedef {object} Node
 * @property {string} name
 * @property {string} kind
 * @property {number} now
 * @property {number} before
 * @property {number} weight
 * @property {Node[]} children the largest first
 * @property {number} row
 */

/** Siblings that are shown on their own; the others stand together. */
export const MOST = 60;

/** What is a number of its own in every grouping, from the outside in. */
const LEVELS = { package: ["package", "kind"], section: ["section", "package"], kind: ["kind", "package"] };

/**
 * @param {Payload} payload
 * @param {Grouping} grouping
 * @param {Measure} measure
 * @returns {Node}
 */
export function treeOf(payload, grouping, measure) {
  const now = payload[measure];
  const before = payload.compared ? (payload[`${measure}_before`] ?? []) : now;
  const root = group("the executable");
  /** @type {Map<string, Node>} */
  const groups = new Map();
  now.forEach((size, row) => {
    const was = before[row] ?? 0;
    if (size <= 0 && was <= 0) return;
    let parent = root;
    let key = "";
    for (const level of LEVELS[grouping]) {
      const name = label(payload, level, row);
      key += `\0${name}`;
      let next = groups.get(key);
      if (!next) {
        next = group(name);
        groups.set(key, next);
        parent.children.push(next);
      }
      parent = next;
    }
    parent.children.push({ name: leaf(payload, row), kind: payload.kinds[payload.kind[row]], now: size, before: was, weight: Math.max(size, was), children: [], row });
  });
  settle(root);
  return root;
}

/**
 * @param {Payload} payload
 * @param {string} level
 * @param {number} row
 */
function label(payload, level, row) {
  const kind = payload.kinds[payload.kind[row]];
  if (level === "kind") return kind;
  if (level === "section") return payload.sections[payload.section[row]] || "(no section)";
  // What belongs to no package is told by what it is.
  return payload.packages[payload.package[row]] || `(${kind})`;
}

/**
 * @param {Payload} payload
 * @param {number} row
 * @returns {string} what has no symbol has the name of its section
 */
export function leaf(payload, row) {
  const name = payload.names[payload.name[row]];
  const section = payload.sections[payload.section[row]];
  return name.startsWith("(") && section ? `${section} ${name}` : name;
}

/** @param {string} name @returns {Node} */
function group(name) {
  return { name, kind: "", now: 0, before: 0, weight: 0, children: [], row: -1 };
}

/**
 * Add up the groups, put the largest first, and leave out groups with a single group in them.
 *
 * @param {Node} node
 */
function settle(node) {
  if (node.children.length === 0) return;
  /** @type {Map<string, number>} */
  const kinds = new Map();
  node.now = 0;
  node.before = 0;
  node.weight = 0;
  for (const child of node.children) {
    settle(child);
    node.now += child.now;
    node.before += child.before;
    node.weight += child.weight;
    kinds.set(child.kind, (kinds.get(child.kind) ?? 0) + child.weight);
  }
  const [only] = node.children;
  if (node.children.length === 1 && only.children.length > 0) node.children = only.children;
  node.children.sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
  node.kind = [...kinds].reduce((most, one) => (one[1] > most[1] ? one : most), ["", -1])[0];
}

/**
 * The children that are shown: the largest, and one for all others.
 *
 * @param {Node} node
 * @param {number} [most]
 * @returns {Node[]}
 */
export function shownChildren(node, most = MOST) {
  if (node.children.length <= most) return node.children;
  const rest = group(`(${(node.children.length - most + 1).toLocaleString("en")} smaller ones)`);
  rest.children = node.children.slice(most - 1);
  settle(rest);
  return [...node.children.slice(0, most - 1), rest];
}

/**
 * What became of a node, as a word; "" where there is nothing to compare, and for what stayed the same.
 *
 * @param {Node} node
 * @returns {"" | "new" | "gone" | "grown" | "shrunk"}
 */
export function state(node) {
  if (node.now === node.before) return "";
  if (node.before === 0) return "new";
  if (node.now === 0) return "gone";
  return node.now > node.before ? "grown" : "shrunk";
}

/** A sign for each state: it is told by more than a colour. */
export const SIGNS = { "": "", new: "+", gone: "×", grown: "▲", shrunk: "▼" };

/**
 * @param {number} number of bytes
 * @returns {string} "919 kB"
 */
export function short(number) {
  const size = Math.abs(number);
  if (size < 1000) return `${number} B`;
  const [unit, by] = size < 1e6 ? ["kB", 1e3] : ["MB", 1e6];
  return `${(number / by).toFixed(size / by < 10 ? 1 : 0)} ${unit}`;
}

/** @param {number} number @returns {string} "+1,234", "−56", "0" */
export function signed(number) {
  const text = Math.abs(number).toLocaleString("en");
  return number > 0 ? `+${text}` : number < 0 ? `−${text}` : "0";
}

/**
 * A node in words, for who can't see it and for the line below the map.
 *
 * @param {Node} node
 * @param {number} whole
 * @param {boolean} compared
 */
export function words(node, whole, compared) {
  const bytes = node.now === 1 ? "byte" : "bytes";
  const share = whole > 0 ? `, ${((100 * node.now) / whole).toFixed(1)} %` : "";
  const head = `${node.name}: ${node.now.toLocaleString("en")} ${bytes}${share}`;
  const change = state(node);
  const more = node.children.length > 0 ? `, ${node.children.length.toLocaleString("en")} parts` : node.kind ? `, ${node.kind}` : "";
  const was = compared && change ? `, ${change}: ${signed(node.now - node.before)}` : compared ? ", unchanged" : "";
  return head + was + more;
}

/**
 * The way to a leaf, by the names on it.
 *
 * @param {Node} node
 * @param {number} row
 * @returns {Node[]} from the node to the leaf; empty when it is not in there
 */
export function wayTo(node, row) {
  if (node.row === row) return [node];
  for (const child of node.children) {
    const way = wayTo(child, row);
    if (way.length > 0) return [node, ...way];
  }
  return [];
}

/**
 * The row that a selection is about: a function's, or that of the symbol at an address.
 *
 * @param {Payload} payload
 * @param {import("../page/broker.js").Selection} selection
 * @returns {number} -1 for none
 */
export function rowAt(payload, selection) {
  const place = selection.function ? payload.names.indexOf(selection.function) : -1;
  if (place >= 0) return payload.name.indexOf(place);
  const address = Number(selection.address ?? Number.NaN);
  const tables = payload.kinds.indexOf("function tables");
  // What a function has in the runtime's tables lies in many places.
  return payload.address.findIndex((start, row) => start > 0 && payload.kind[row] !== tables && start <= address && address < start + payload.memory[row]);
}
