import assert from "node:assert/strict";
import { test } from "node:test";

import { cOf, distance, find, lastPart, lines, nearest, pathTo, rowsBelow, step } from "../../golifelab/widgets/static/modes/model.js";

/** @typedef {import("../../golifelab/widgets/static/modes/model.js").Build} Build */
/** @typedef {import("../../golifelab/widgets/static/modes/model.js").Tree} Tree */

/** @param {string} program @param {Record<string, any>} way @returns {Build} */
const row = (program, way) => ({ program, way: { cgo: false, tags: [], linkmode: "", ...way }, name: "", command: "", outcome: "", kind: "", linker: "", interpreter: "", needed: [], entry: "", size: 0, c: [], warnings: [], story: "", silence: "", missing: "" });

const ROWS = [row("a", {}), row("a", { cgo: true }), row("b", { cgo: true }), row("b", { cgo: true, tags: ["netgo"] })];
const leaf = (/** @type {number[]} */ ...rows) => ({ says: "static", outcome: "static", rows });
/** @type {Tree} */
const TREE = {
  question: "C?",
  branches: [
    { answer: "none", to: leaf(0) },
    {
      answer: "some",
      to: {
        question: "who?",
        branches: [
          { answer: "Go", to: leaf(1, 2) },
          { answer: "gcc", to: leaf(3) },
        ],
      },
    },
  ],
};

test("a build is found by its program and all its settings", () => {
  assert.equal(find(ROWS, { cgo: true, tags: ["netgo"], linkmode: "" }, "b"), 3);
  assert.equal(find(ROWS, { cgo: true, tags: ["netgo"], linkmode: "" }, "a"), -1);
  assert.equal(distance(ROWS[0].way, ROWS[3].way), 2);
});

test("of the builds at an end of the tree the nearest is shown", () => {
  assert.equal(nearest(ROWS, [1, 2], { cgo: true, tags: [], linkmode: "" }, "b"), 2);
  assert.equal(nearest(ROWS, [0, 1], { cgo: true, tags: ["netgo"], linkmode: "" }, "a"), 1);
  assert.equal(nearest(ROWS, [0, 3], { cgo: true, tags: [], linkmode: "" }, "a"), 0);
  assert.equal(nearest(ROWS, [], {}, "a"), -1);
});

test("the way to a build through the tree", () => {
  assert.deepEqual(rowsBelow(TREE), [0, 1, 2, 3]);
  assert.deepEqual(pathTo(TREE, 0), ["0"]);
  assert.deepEqual(pathTo(TREE, 3), ["1", "1.1"]);
  assert.deepEqual(pathTo(TREE, 9), []);
  assert.deepEqual(pathTo(leaf(0), 0), []);
});

test("only what is open is to be seen, each question above its answers", () => {
  const shut = lines(TREE, () => false);
  assert.deepEqual(shut.map(({ question, answer }) => question || answer), ["C?", "none", "some"]);
  assert.deepEqual(shut.map(({ builds }) => builds), [0, 1, 3]);
  const open = lines(TREE, (id) => id === "1");
  assert.deepEqual(open.map(({ id }) => id), ["?", "0", "1", "1?", "1.0", "1.1"]);
  assert.deepEqual(open.map(({ depth }) => depth), [0, 0, 0, 1, 1, 1]);
  assert.deepEqual([open[4].at, open[4].of], [1, 2]);
});

test("arrow keys walk, open and close as in every tree", () => {
  const answers = lines(TREE, (id) => id === "1").filter(({ answer }) => answer);
  assert.deepEqual(step(answers, "0", "ArrowDown"), { to: "1" });
  assert.deepEqual(step(answers, "0", "ArrowUp"), { to: "0" });
  assert.deepEqual(step(answers, "1", "ArrowRight"), { to: "1.0" });
  assert.deepEqual(step(answers, "1", "ArrowLeft"), { close: "1" });
  assert.deepEqual(step(answers, "1.1", "ArrowLeft"), { to: "1" });
  assert.deepEqual(step(answers, "1.1", "ArrowRight"), {});
  assert.deepEqual(step(answers, "1.1", "Home"), { to: "0" });
  assert.deepEqual(step(answers, "0", "End"), { to: "1.1" });
  assert.deepEqual(step(answers, "0", "x"), {});
  assert.deepEqual(step(answers, "9", "End"), {});
  const shut = lines(TREE, () => false).filter(({ answer }) => answer);
  assert.deepEqual(step(shut, "1", "ArrowRight"), { open: "1" });
  assert.deepEqual(step(shut, "1", "ArrowLeft"), {});
});

test("whose C is in a build depends on its settings", () => {
  const c = (/** @type {boolean} */ cgo, /** @type {string[]} */ tags) => ({ cgo, tags, uses_c: "", left_out: [], chains: [], packages: 0, command: "" });
  const all = [c(false, []), c(true, []), c(true, ["netgo"])];
  assert.equal(cOf(all, ROWS[3].way), all[2]);
  assert.equal(cOf(all, { cgo: false, tags: ["netgo"] }), null);
});

test("a path by its last part", () => {
  assert.equal(lastPart("/lib64/ld.so"), "ld.so");
  assert.equal(lastPart(""), "");
});
