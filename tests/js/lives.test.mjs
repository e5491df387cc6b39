import assert from "node:assert/strict";
import { test } from "node:test";
import { bookOf, heirs, isAlive, lasts, lifeAt, operations, predecessors, wordsOf } from "../../golifelab/widgets/static/lab/lives.js";

/** @typedef {import("../../golifelab/widgets/static/lab/lives.js").Kind} Kind */
/** @typedef {import("../../golifelab/widgets/static/lab/lives.js").How} How */

const KINDS = /** @type {Kind[]} */ (["built", "changed", "moved", "placed", "gone", "needed"]);
const HOWS = /** @type {How[]} */ (["", "replaced", "taken over", "unused", "with its users"]);

/**
 * @param {{number: number, events: [number, Kind, string][], how?: How, by?: string[], swept?: number}[]} told
 */
function lives(told) {
  /** @type {Map<number, number>} */
  const seen = new Map();
  const nth = told.map(({ number }) => {
    seen.set(number, (seen.get(number) ?? 0) + 1);
    return /** @type {number} */ (seen.get(number));
  });
  const events = told.flatMap((life) => life.events);
  return {
    function: "main.f",
    kinds: KINDS,
    hows: HOWS,
    numbers: told.map(({ number }) => number),
    nth,
    counts: told.map((life) => life.events.length),
    swept: told.map(({ swept = -1 }) => swept),
    how: told.map(({ how = "" }) => HOWS.indexOf(how)),
    by: told.map(({ by = [] }) => by),
    passes: events.map(([pass]) => pass),
    events: events.map(([, kind]) => KINDS.indexOf(kind)),
    blocks: events.map(() => 1),
    notes: events.map(([, , note]) => note),
    more: 0,
  };
}

const STORY = lives([
  { number: 5, events: [[0, "built", "v5 = Load <int> v4 v1"], [8, "changed", "Load v4 v1 becomes MOVQload [8] v7 v1"], [10, "placed", "in AX"]] },
  { number: 6, events: [[0, "built", "v6 = Add64 <int> v5 v9"], [3, "gone", "gone: v5 stands for it"]], how: "replaced", by: ["v5"], swept: 4 },
  { number: 6, events: [[8, "built", "v6 = CMPQ <flags> v5 v8"]] },
  { number: 7, events: [[0, "built", "v7 = Less64 <bool> v6 v8"], [8, "gone", "gone: b1, now GT, does its work"]], how: "taken over", by: ["b1"], swept: 8 },
  { number: 9, events: [[0, "built", "v9 = Copy <int> v6"], [2, "gone", "gone: v6 stands for it"]], how: "replaced", by: ["v6"], swept: 2 },
  { number: 11, events: [[0, "built", "v11 = NilCheck <*p> v7 v1"], [5, "gone", "gone: nothing took its result"], [6, "needed", "needed again: v11 = NilCheck <*p> v7 v1"]], how: "" },
]);

test("a number is told life by life", () => {
  const book = bookOf(STORY);
  const [one, two] = book.of("v6");
  assert.deepEqual([one.nth, one.born, one.gone, one.swept, one.by], [1, 0, 3, 4, ["v5"]]);
  assert.deepEqual([two.nth, two.born, two.gone], [2, 8, -1]);
  assert.deepEqual(book.of("v99"), []);
  assert.equal(bookOf(STORY), book);
});

test("the pass tells which of them is meant", () => {
  const all = bookOf(STORY).of("v6");
  assert.deepEqual([0, 3, 7, 8, 20].map((at) => lifeAt(all, at)), [0, 0, 0, 1, 1]);
  assert.equal(lifeAt([], 3), -1);
  assert.equal(lifeAt(bookOf(lives([{ number: 1, events: [[5, "built", "v1 = Phi <int>"]] }])).of("v1"), 0), 0);
  assert.deepEqual([2, 3, 4].map((at) => isAlive(all[0], at)), [true, false, false]);
  const back = bookOf(STORY).of("v11")[0];
  assert.deepEqual([4, 5, 6].map((at) => isAlive(back, at)), [true, false, true]);
  assert.equal(back.gone, -1);
});

test("work is followed both ways", () => {
  const book = bookOf(STORY);
  const [load] = book.of("v5");
  const [added, compared] = book.of("v6");
  assert.deepEqual(predecessors(book, load).map(({ name }) => name), ["v6"]);
  assert.deepEqual(predecessors(book, added).map(({ name }) => name), ["v9"]);
  // The second value of the number did nothing of that.
  assert.deepEqual(predecessors(book, compared), []);
  assert.deepEqual(heirs(book, book.of("v9")[0]), ["v5"]);
  assert.deepEqual(heirs(book, book.of("v7")[0]), ["b1"]);
  assert.deepEqual(heirs(book, load), ["v5"]);
});

test("a number in the code may mean another value than in an early pass", () => {
  const book = bookOf(STORY);
  assert.equal(lasts(book, "v6", 0), false);
  assert.equal(lasts(book, "v6", 9), true);
  assert.equal(lasts(book, "v5", 0), true);
  assert.equal(lasts(book, "v7", 0), false);
  assert.equal(lasts(book, "v99", 0), false);
});

test("words and operations", () => {
  const [load] = bookOf(STORY).of("v5");
  assert.equal(operations(load), "Load → MOVQload");
  assert.deepEqual(wordsOf(load.events[0]), [{ text: "Load <int> ", name: false }, { text: "v4", name: true }, { text: " ", name: false }, { text: "v1", name: true }]);
  assert.deepEqual(wordsOf({ pass: 3, kind: "gone", block: -1, note: "gone: v5 stands for it" }), [{ text: "v5", name: true }, { text: " stands for it", name: false }]);
});
