import assert from "node:assert/strict";
import test from "node:test";

import { bytes, contradiction, height, path, placeOf, score, shown, stairs, stepAt, time } from "../../golifelab/widgets/static/forensics/model.js";

/** @param {number} group */
const call = (group) => [0, "mmap", "", "0", 1, 0, group];
/** @type {any} */
const trace = {
  groups: ["memory", "files", "rest"],
  calls: [call(0), call(1), call(0), call(2), call(0)],
  steps: [
    [0, "reserve", "0x1000", 1 << 20, 1 << 20, 0],
    [2, "commit", "0x1000", 4096, (1 << 20) - 4096, 4096],
  ],
};

test("which calls are shown", () => {
  assert.deepEqual(shown(trace, "all"), [0, 1, 2, 3, 4]);
  assert.deepEqual(shown(trace, "memory"), [0, 2, 4]);
  assert.deepEqual(shown(trace, "files"), [1]);
  // A group that a trace has not shows everything: nobody stands before an empty list.
  assert.deepEqual(shown(trace, "signals"), [0, 1, 2, 3, 4]);
});

test("the place of a call among those that are shown", () => {
  for (const [call, place] of [[0, 0], [1, 0], [2, 1], [3, 1], [4, 2], [99, 2], [-5, 0]]) assert.equal(placeOf([0, 2, 4], call), place);
  assert.equal(placeOf([], 7), 0);
});

test("bytes and times as one says them", () => {
  assert.deepEqual([0, 4096, 1 << 20, 1213181952].map(bytes), ["0 bytes", "4 KiB", "1 MiB", "1.13 GiB"]);
  assert.deepEqual([-1, 0, 9999, 12345].map(time), ["", "0 µs", "9999 µs", "12.3 ms"]);
});

test("each power of two is as high as the next", () => {
  const most = 2 ** 30;
  const heights = [12, 16, 20, 24, 28].map((power) => height(2 ** power, most));
  const rises = heights.slice(1).map((value, at) => value - heights[at]);
  for (const rise of rises) assert.ok(Math.abs(rise - rises[0]) < 1e-9);
  assert.ok(heights[0] > 0);
  assert.equal(height(0, most), 0);
  assert.ok(Math.abs(height(most, most) - 1) < 1e-9);
});

test("staircases go from the first call to the last", () => {
  const corners = stairs(trace, 5, 100, 10);
  assert.deepEqual(corners[0], [0, 10]);
  assert.equal(corners.at(-1)?.[0], 100);
  assert.equal(corners[1][0], 50);
  assert.ok(corners.every(([x, y], at) => at === 0 || x >= corners[at - 1][0] || y === corners[at - 1][1]));
  assert.match(path(corners), /^M0\.0 10\.0(L[\d.]+ [\d.]+)+$/);
});

test("the step that a call has come to", () => {
  assert.equal(stepAt(trace, 0)?.[0], 0);
  assert.equal(stepAt(trace, 1)?.[0], 0);
  assert.equal(stepAt(trace, 4)?.[0], 2);
  assert.equal(stepAt({ ...trace, steps: trace.steps.slice(1) }, 1), null);
  assert.equal(stepAt({ ...trace, steps: [] }, 1), null);
});

test("a wrong guess is contradicted by the first thing that differs", () => {
  const clue = (/** @type {string} */ name, /** @type {boolean} */ found) => ({ name, found, rows: [], says: `${name} ${found}`, therefore: "" });
  /** @type {any} */
  const one = { id: "A", answer: "static", clues: [clue("a", true), clue("b", false)] };
  /** @type {any} */
  const other = { id: "B", answer: "pie", clues: [clue("a", true), clue("b", true)] };
  assert.deepEqual([contradiction(one, other)?.here.says, contradiction(one, other)?.there.says], ["b false", "b true"]);
  assert.equal(contradiction(one, one), null);
  assert.equal(contradiction(one, undefined), null);
  assert.deepEqual(score([one, other], { A: "static", B: "c" }), { right: 1, tried: 2 });
  assert.deepEqual(score([one, other], {}), { right: 0, tried: 0 });
});
