import assert from "node:assert/strict";
import { test } from "node:test";

import { beyond, bytes, frameWords, nearest, nextStep, reach, roundArguments, sentence, sizeAt, stairs, verdict } from "../../golifelab/widgets/static/stackgrowth/model.js";

/** @type {import("../../golifelab/widgets/static/stackgrowth/model.js").Row} */
const DEEP = {
  label: "as written",
  function: "deep",
  go: "1.27.3",
  start: 2048,
  steps: [
    [2048, 85],
    [4096, 257],
    [8192, 597],
  ],
  rate: 12,
  edge: [536870912, 44739157],
  limit: 1_000_000_000,
  frame: 24,
  levels: 2,
  growth: [],
  shrinking: [],
  ended: "",
};
const FLAT = { ...DEEP, rate: 0, steps: [], edge: /** @type {[number, number]} */ ([0, 0]), ended: "a larger argument takes no larger stack" };

test("a size is measured as far as that goes, then it follows from the law", () => {
  assert.deepEqual(sizeAt(DEEP, 0), { size: 2048, measured: true });
  assert.deepEqual(sizeAt(DEEP, 257), { size: 4096, measured: true });
  assert.deepEqual(sizeAt(DEEP, 258), { size: 8192, measured: true });
  assert.deepEqual(sizeAt(DEEP, 10_000), { size: 131072, measured: false });
  assert.deepEqual(sizeAt(DEEP, 44_739_157), { size: 536870912, measured: false });
  assert.equal(sizeAt(DEEP, 44_739_158).size, 0);
  assert.deepEqual(sizeAt(FLAT, 1e9), { size: 2048, measured: false });
});

test("where the next size comes", () => {
  assert.equal(nextStep(DEEP, 10), 86);
  assert.equal(nextStep(DEEP, 85), 86);
  assert.equal(nextStep(DEEP, 86), 258);
  assert.equal(nextStep(DEEP, 9999), 0);
});

test("the stair goes on from the measured part without a gap, up to the limit", () => {
  assert.deepEqual(stairs(DEEP), [
    [1, 2048],
    [85, 2048],
    [85, 4096],
    [257, 4096],
    [257, 8192],
    [597, 8192],
  ]);
  const law = beyond(DEEP);
  assert.deepEqual(law[0], [597, 8192]);
  assert.deepEqual(law[1], [597, 16384]);
  assert.deepEqual(law.at(-1), [44739157, 536870912]);
  assert.ok(law.every(([n], at) => at === 0 || n >= law[at - 1][0]));
  assert.deepEqual(beyond(FLAT), []);
});

test("the slider has round arguments", () => {
  const round = roundArguments(1000);
  assert.deepEqual(round.slice(0, 4), [1, 2, 3, 4]);
  assert.ok(round.includes(10) && round.includes(11) && round.includes(470) && round.includes(1000));
  assert.ok(round.every((one, at) => at === 0 || one > round[at - 1]));
  assert.equal(round[nearest(round, 473)], 470);
  assert.equal(reach([FLAT]), 1500);
  assert.ok(reach([DEEP]) > 44_739_157);
});

test("what is said", () => {
  assert.equal(sentence(DEEP, 100), "deep(100) has a stack of 4 KiB, measured. The next size comes at 258.");
  assert.match(sentence(DEEP, 10_000), /128 KiB: by the law/);
  assert.match(sentence(DEEP, 5e7), /overflows: the limit of 1,000,000,000 bytes allows 512 MiB/);
  assert.match(sentence(FLAT, 7), /not seen to take a larger stack/);
  assert.equal(frameWords(DEEP), "12.0 bytes a level: 2 levels share a frame of 24 bytes");
  assert.equal(frameWords({ ...DEEP, rate: 24, levels: 1 }), "24.0 bytes a level, a frame of 24 bytes each");
  assert.equal(frameWords(FLAT), FLAT.ended);
  assert.equal(verdict(4096, 4096), "Right.");
  assert.equal(verdict(8 << 20, 128 << 10), "The guess, 8 MiB, was 64 × too large.");
  assert.equal(verdict(4096, 8192), "The guess, 4 KiB, was 2 × too small.");
  assert.equal(bytes(1536), "1.5 KiB");
  assert.equal(bytes(12), "12 bytes");
});
