/**
 * Two states of a function laid beside each other: which line is which, what differs, what moved.
 *
 * Values are one where the kernel says so (two edits, two targets), or where they have one number (two passes
 * of one function). Blocks and values that keep their order hold the picture together; the rest has moved.
 */

/** @typedef {import("./diffstate.js").Item} Item */
/** @typedef {import("./diffstate.js").Part} Part */
/** @typedef {import("./diffstate.js").State} State */

/**
 * Who is who, by names on the left.
 *
 * @typedef {object} Who
 * @property {Map<string, string>} names the name on the right, of values and blocks
 * @property {Set<string>} removed what has no partner on the right
 * @property {Set<string>} others all that is living on the right
 * @property {Map<string, string[]>} changes what differs, in words; nothing for a pair that is the same
 * @property {Map<string, string>} by the evidence that a pair is one
 */

/**
 * A line of the picture. "away" is what a value or block left behind that stands elsewhere on the right;
 * "reordered" stands in the same block at another place. `from` and `to` name the blocks of a move.
 *
 * @typedef {object} Row
 * @property {"same" | "changed" | "moved" | "reordered" | "added" | "removed" | "away"} kind
 * @property {Item | null} left
 * @property {Item | null} right
 * @property {string[]} changes
 * @property {string} [from]
 * @property {string} [to]
 */

/**
 * @typedef {object} Payload
 * @property {[string, string, string[], string][]} values
 * @property {[string, string, string[]][]} blocks
 * @property {string[]} added
 * @property {string[]} removed
 * @property {string[]} blocks_added
 * @property {string[]} blocks_removed
 */

/** @typedef {{rows: Row[], who: Who, back: Map<string, string>, left: State, right: State, counts: Counts}} Picture `back` leads from names on the right to the left */
/** @typedef {{same: number, changed: number, added: number, removed: number, moved: number, reordered: number, blocks: number}} Counts
 * values of each kind ("moved" ones to another block), and `blocks` that are new, gone, changed or elsewhere */

const NAMES = /\b[vb]\d+\b/g;

/**
 * Two passes of one function: values are told by their numbers, unless one was given away to another value.
 *
 * @param {State} left
 * @param {State} right
 * @returns {Who}
 */
export function byNumber(left, right) {
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const [name, value] of left.values) {
    const other = right.values.get(name);
    const same = other && (value.op === other.op || (value.type === other.type && value.place === other.place));
    if (same) names.set(name, name);
  }
  for (const [one, other] of blockPairs(left, right, names)) names.set(one, other);
  const removed = new Set([...left.values.keys(), ...left.blocks.keys()].filter((name) => !names.has(name)));
  /** @type {Who} */
  const who = { names, removed, others: new Set([...right.values.keys(), ...right.blocks.keys()]), changes: new Map(), by: new Map() };
  for (const [name, partner] of names) {
    const one = left.values.get(name) ?? left.blocks.get(name)?.end;
    const other = right.values.get(partner) ?? right.blocks.get(partner)?.end;
    if (!one || !other) continue;
    const found = differences(one, other, who);
    if (one.kind === "value" && names.get(one.block) !== other.block) found.push("block");
    if (found.length > 0) who.changes.set(name, found);
    if (one.kind === "value") who.by.set(name, "number");
  }
  return who;
}

/**
 * The blocks that hold most of the same values are one; with as many, those that have one number.
 *
 * @param {State} left
 * @param {State} right
 * @param {Map<string, string>} names of values
 * @returns {Map<string, string>}
 */
function blockPairs(left, right, names) {
  /** @type {Map<string, {one: string, other: string, votes: number}>} */
  const votes = new Map();
  for (const [name, partner] of names) {
    const [one, other] = [left.values.get(name)?.block ?? "", right.values.get(partner)?.block ?? ""];
    const vote = votes.get(`${one} ${other}`) ?? { one, other, votes: 0 };
    vote.votes += 1;
    votes.set(`${one} ${other}`, vote);
  }
  /** @type {Map<string, string>} */
  const pairs = new Map();
  const taken = new Set();
  const pair = (/** @type {string} */ one, /** @type {string} */ other) => {
    if (pairs.has(one) || taken.has(other)) return;
    pairs.set(one, other);
    taken.add(other);
  };
  const unlike = (/** @type {{one: string, other: string}} */ { one, other }) => Number(one !== other);
  for (const { one, other } of [...votes.values()].sort((a, b) => b.votes - a.votes || unlike(a) - unlike(b))) pair(one, other);
  for (const name of left.blocks.keys()) if (right.blocks.has(name)) pair(name, name);
  return pairs;
}

/**
 * @param {Item} one
 * @param {Item} other
 * @param {Who} who
 * @returns {string[]} what differs, as Python's comparison calls it
 */
function differences(one, other, who) {
  /** @type {string[]} */
  const found = [];
  if (one.op !== other.op) found.push(one.kind === "end" ? "kind" : "operation");
  if (one.type !== other.type) found.push("type");
  if (one.location !== other.location) found.push("register");
  // Mostly nothing has changed: then no words need to be laid beside each other.
  if (one.rest === other.rest && (one.rest.match(NAMES) ?? []).every((name) => (who.names.get(name) ?? name) === name && !who.removed.has(name))) return found;
  const [a, b] = [one, other].map((item) => words(item.rest));
  const pairs = aligned(a, b, who);
  const lone = [...pairs.left, ...pairs.right];
  if (lone.some((word) => /^[vb]\d+$/.test(word))) found.push("arguments");
  if (lone.some((word) => !/^[vb]\d+$/.test(word) && word.trim() !== "")) found.push(one.kind === "end" ? "likely" : "aux");
  return found;
}

/**
 * What the kernel found of two states (comparison_payload in golifelab/views/comparison.py).
 *
 * @param {Payload} payload
 * @returns {Who}
 */
export function byPayload(payload) {
  const { values, blocks } = payload;
  /** @type {Who} */
  const who = {
    names: new Map([...values, ...blocks].map(([one, other]) => [one, other])),
    removed: new Set([...payload.removed, ...payload.blocks_removed]),
    others: new Set([...values.map((row) => row[1]), ...blocks.map((row) => row[1]), ...payload.added, ...payload.blocks_added]),
    changes: new Map(),
    by: new Map(values.map(([one, , , by]) => [one, by])),
  };
  for (const [one, , changes] of [...values, ...blocks]) if (changes.length > 0) who.changes.set(one, changes);
  return who;
}

/**
 * @param {State} left
 * @param {State} right
 * @param {Who} who
 * @returns {Picture}
 */
export function picture(left, right, who) {
  /** @type {Map<string, string>} */
  const back = new Map([...who.names].map(([one, other]) => [other, one]));
  /** @type {Row[]} */
  const rows = [];
  const lefts = [...left.blocks.values()];
  const rights = [...right.blocks.values()];
  const places = new Map(rights.map((part, i) => [part.name, i]));
  const kept = inOrder(lefts.map((part) => places.get(who.names.get(part.name) ?? "") ?? -1));
  const partnerOf = (/** @type {Part} */ part) => left.blocks.get(back.get(part.name) ?? "");

  let next = 0;
  const fill = (/** @type {number} */ until) => {
    for (; next < until; next += 1) blockRows(partnerOf(rights[next]) ?? null, rights[next], false);
  };
  lefts.forEach((part, i) => {
    const to = places.get(who.names.get(part.name) ?? "");
    if (to === undefined) blockRows(part, null, false);
    else if (kept.has(i)) {
      fill(to);
      blockRows(part, rights[to], true);
      next = to + 1;
    } else {
      const behind = to > 0 ? rights[to - 1].name : "";
      rows.push({ kind: "away", left: part.heading, right: null, changes: ["place"], to: behind });
    }
  });
  fill(rights.length);

  /** @param {Part | null} one @param {Part | null} other @param {boolean} inPlace */
  function blockRows(one, other, inPlace) {
    const moved = Boolean(one && other) && !inPlace;
    const heading = one && other ? (moved ? "moved" : "same") : one ? "removed" : "added";
    rows.push({ kind: heading, left: one?.heading ?? null, right: other?.heading ?? null, changes: moved ? ["place"] : [] });
    valueRows(one?.values ?? [], other?.values ?? []);
    if (!one?.end && !other?.end) return;
    const changes = one && other ? (who.changes.get(one.name) ?? []) : [];
    const kind = one && other ? (changes.length > 0 ? "changed" : "same") : one ? "removed" : "added";
    rows.push({ kind, left: one?.end ?? null, right: other?.end ?? null, changes });
  }

  /** @param {Item[]} ones @param {Item[]} others of a pair of blocks */
  function valueRows(ones, others) {
    const at = new Map(others.map((item, i) => [item.name, i]));
    const held = inOrder(ones.map((item) => at.get(who.names.get(item.name) ?? "") ?? -1));
    let done = 0;
    const until = (/** @type {number} */ end) => {
      for (; done < end; done += 1) rows.push(rightRow(others[done], at));
    };
    ones.forEach((item, i) => {
      const partner = right.values.get(who.names.get(item.name) ?? "");
      if (!partner) rows.push({ kind: "removed", left: item, right: null, changes: [] });
      else if (held.has(i)) {
        until(/** @type {number} */ (at.get(partner.name)));
        rows.push(pairRow(item, partner, "same"));
        done += 1;
      } else if (!at.has(partner.name)) rows.push({ kind: "away", left: item, right: null, changes: ["block"], to: partner.block });
    });
    until(others.length);
  }

  /** @param {Item} item @param {Map<string, number>} here @returns {Row} of a value on the right that nothing holds in place */
  function rightRow(item, here) {
    const partner = left.values.get(back.get(item.name) ?? "");
    if (!partner) return { kind: "added", left: null, right: item, changes: [] };
    const stayed = who.names.get(partner.block) === item.block && here.has(item.name);
    return stayed ? pairRow(partner, item, "reordered") : { ...pairRow(partner, item, "moved"), from: partner.block };
  }

  /** @param {Item} one @param {Item} other @param {"same" | "moved" | "reordered"} otherwise @returns {Row} */
  function pairRow(one, other, otherwise) {
    const changes = who.changes.get(one.name) ?? [];
    const changed = changes.some((what) => what !== "block");
    return { kind: otherwise === "moved" ? "moved" : changed ? "changed" : otherwise, left: one, right: other, changes };
  }

  return { rows, who, back, left, right, counts: count(rows) };
}

/** @param {Row[]} rows @returns {Counts} */
function count(rows) {
  const counts = { same: 0, changed: 0, added: 0, removed: 0, moved: 0, reordered: 0, blocks: 0 };
  const blocks = new Set();
  for (const { kind, left, right } of rows) {
    const item = right ?? left;
    if (!item) continue;
    if (item.kind === "value") {
      if (kind !== "away") counts[kind] += 1;
    } else if (kind !== "same" && kind !== "away") blocks.add(item.block + (right ? "" : "−"));
  }
  counts.blocks = blocks.size;
  return counts;
}

/**
 * The longest part of a list that ascends; those that are -1 are left out.
 *
 * @param {number[]} places
 * @returns {Set<number>} indices into the list
 */
export function inOrder(places) {
  /** @type {number[]} the last index of the best row of each length */
  const tops = [];
  const before = new Array(places.length).fill(-1);
  places.forEach((place, i) => {
    if (place < 0) return;
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[tops[middle]] < place) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? tops[low - 1] : -1;
    tops[low] = i;
  });
  /** @type {Set<number>} */
  const found = new Set();
  for (let i = tops.at(-1) ?? -1; i >= 0; i = before[i]) found.add(i);
  return found;
}

/**
 * @param {string} text
 * @returns {string[]} words, names and signs, with what lies between
 */
export const words = (text) => text.match(/\.autotmp_\d+|[\p{L}\p{N}_·]+|\s+|./gu) ?? [];

/**
 * Which words of two lines have no like on the other side.
 *
 * @param {string[]} ones
 * @param {string[]} others
 * @param {Who} who
 * @returns {{left: string[], right: string[], lone: [Set<number>, Set<number>]}} the words, and their indices
 */
export function aligned(ones, others, who) {
  const like = (/** @type {string} */ a, /** @type {string} */ b) => {
    if (who.names.has(a)) return who.names.get(a) === b;
    // What is not living is nothing, whatever its number.
    if (/^[vb]\d+$/.test(a) && /^[vb]\d+$/.test(b)) return a[0] === b[0] && !who.removed.has(a) && !who.others.has(b);
    return a === b || (a.startsWith(".autotmp_") && b.startsWith(".autotmp_"));
  };
  const width = others.length + 1;
  const best = new Uint16Array((ones.length + 1) * width);
  for (let i = ones.length - 1; i >= 0; i -= 1) {
    for (let j = others.length - 1; j >= 0; j -= 1) {
      // A word weighs more than the space before it.
      best[i * width + j] = like(ones[i], others[j])
        ? best[(i + 1) * width + j + 1] + (ones[i].trim() ? 3 : 1)
        : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
    }
  }
  const lone = /** @type {[Set<number>, Set<number>]} */ ([new Set(), new Set()]);
  let [i, j] = [0, 0];
  while (i < ones.length || j < others.length) {
    if (i < ones.length && j < others.length && like(ones[i], others[j])) [i, j] = [i + 1, j + 1];
    else if (j >= others.length || (i < ones.length && best[(i + 1) * width + j] >= best[i * width + j + 1])) lone[0].add(i++);
    else lone[1].add(j++);
  }
  return { left: [...lone[0]].map((at) => ones[at]), right: [...lone[1]].map((at) => others[at]), lone };
}
