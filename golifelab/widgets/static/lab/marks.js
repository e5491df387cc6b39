/**
 * What a reader has marked in the lab: pinned values and blocks, what is searched for, what the last edit
 * changed. One for all panes and views; it knows no page.
 *
 * A pane that shows another program or target numbers its values otherwise: `beside` gives the same marks with
 * that pane's names.
 */

import { hitsOfPasses, parseQuery } from "./query.js";

/** @typedef {import("./query.js").Query} Query */
/** @typedef {{name: string, index: number}} Pin `index` counts from 1; it stays while the pin stays */

/**
 * @typedef {object} Pins
 * @property {(name: string) => void} toggle pin a value ("v13") or block ("b4"), or unpin it
 * @property {(name: string) => number} of its index, 0 when it is not pinned
 * @property {() => Pin[]} list in the order of their indices
 * @property {() => void} clear
 */

/**
 * @typedef {object} Search
 * @property {() => Query} query
 * @property {(text: string) => void} set
 * @property {(line: string) => boolean} test whether a line is a hit; none is while nothing is searched for
 * @property {(line: string) => [number, number][]} spans the pieces of a line to mark
 * @property {(code: {lines: string[], passes: {rows: number[]}[]}) => number[]} passes hits in every pass
 */

/**
 * What the last edit did to a value or block of the text that is shown: "+" it is new, "~" it is another.
 *
 * @typedef {object} Changes
 * @property {(name: string) => "" | "+" | "~"} of
 * @property {(marks: Record<string, "+" | "~">) => void} set
 */

/** @typedef {{pins: Pins, search: Search, changes: Changes, subscribe: (listener: () => void) => () => void}} Marks */

/**
 * @typedef {object} Shared
 * @property {(key: string) => void} turn to another function: its own pins come back
 * @property {(names: Record<string, string>) => void} carry the pins over an edit: the name before → the name now
 * @property {(names: () => Record<string, string> | null) => Beside} beside the marks of a pane with other names
 */

/**
 * @typedef {object} Translation
 * @property {(name: string) => string} here a name of the first pane in this one, "" for none
 * @property {(name: string) => string} home a name of this pane in the first one, "" for none
 */

/** @typedef {Marks & Translation} Beside */

/** @returns {Marks & Shared} */
export function createMarks() {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** @type {Map<string, Map<string, number>>} of every function the indices of what is pinned */
  const functions = new Map();
  let key = "";
  let query = parseQuery("");
  /** @type {Record<string, "+" | "~">} */
  let changed = {};
  /** @type {WeakMap<object, {query: Query, hits: number[]}>} */
  const counted = new WeakMap();

  const pinned = () => functions.get(key) ?? new Map();
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };

  /** @type {Pins} */
  const pins = {
    toggle(name) {
      if (!name) return;
      const held = pinned();
      functions.set(key, held);
      if (!held.delete(name)) held.set(name, free(held));
      tell();
    },
    of: (name) => pinned().get(name) ?? 0,
    list: () => [...pinned()].map(([name, index]) => ({ name, index })).sort((a, b) => a.index - b.index),
    clear() {
      if (!functions.delete(key)) return;
      tell();
    },
  };

  /** @type {Search} */
  const search = {
    query: () => query,
    set(text) {
      if (text === query.text) return;
      query = parseQuery(text);
      tell();
    },
    test: (line) => query.test(line),
    spans: (line) => query.spans(line),
    passes(code) {
      const known = counted.get(code);
      if (known?.query === query) return known.hits;
      const hits = hitsOfPasses(code, query);
      counted.set(code, { query, hits });
      return hits;
    },
  };

  /** @type {Changes} */
  const changes = {
    of: (name) => (Object.hasOwn(changed, name) ? changed[name] : ""),
    set(marks) {
      changed = marks;
      tell();
    },
  };

  /** @param {() => void} listener */
  const subscribe = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  return {
    pins,
    search,
    changes,
    subscribe,
    turn(next) {
      if (next === key) return;
      key = next;
      tell();
    },
    carry(names) {
      const before = pinned();
      if (before.size === 0) return;
      const after = new Map();
      for (const [name, index] of before) if (Object.hasOwn(names, name)) after.set(names[name], index);
      functions.set(key, after);
      tell();
    },
    beside: (names) => besideOf({ pins, search, changes, subscribe }, names),
  };
}

/** @param {Map<string, number>} held @returns {number} the lowest index that is free */
function free(held) {
  const used = new Set(held.values());
  let index = 1;
  while (used.has(index)) index += 1;
  return index;
}

/**
 * @param {Marks} marks
 * @param {() => Record<string, string> | null} names from the first pane's names to this one's; null: the same names
 * @returns {Beside}
 */
function besideOf(marks, names) {
  /** @type {{of: Record<string, string> | null, back: Map<string, string>}} */
  let turned = { of: null, back: new Map() };
  const back = () => {
    const now = names();
    if (turned.of !== now) turned = { of: now, back: new Map(Object.entries(now ?? {}).map(([one, other]) => [other, one])) };
    return turned.back;
  };
  const here = (/** @type {string} */ name) => {
    const now = names();
    return now === null ? name : Object.hasOwn(now, name) ? now[name] : "";
  };
  const home = (/** @type {string} */ name) => (names() === null ? name : (back().get(name) ?? ""));
  const { pins } = marks;
  return {
    ...marks,
    here,
    home,
    pins: {
      ...pins,
      toggle: (name) => pins.toggle(home(name)),
      of: (name) => pins.of(home(name)),
      list: () => pins.list().flatMap(({ name, index }) => (here(name) ? [{ name: here(name), index }] : [])),
    },
    // Another text or target has not changed by the edit of the first.
    changes: { of: (name) => (names() === null ? marks.changes.of(name) : ""), set: marks.changes.set },
  };
}
