import assert from "node:assert/strict";
import { test } from "node:test";
import { range } from "../../golifelab/widgets/static/page/virtual.js";

test("the lines in view are made, and some around them", () => {
  assert.deepEqual(range(0, 360, 18, 10), [0, 10]);
  assert.deepEqual(range(0, 360, 18, 10_000), [0, 45]);
  assert.deepEqual(range(18_000, 360, 18, 10_000), [975, 1045]);
  assert.deepEqual(range(1e9, 360, 18, 100), [75, 100]);
  assert.deepEqual(range(0, 360, 18, 0), [0, 0]);
});
