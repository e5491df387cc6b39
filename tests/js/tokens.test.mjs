import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence, squiggleRange, tokenRanges } from "../../golifelab/widgets/static/editor/tokens.js";

test("tokens stay within the text; automatic semicolons are points", () => {
  const tokens = { from: [0, 7, 9, 40], to: [7, 7, 99, 50], class: ["keyword", "automatic", "name", "name"] };
  assert.deepEqual(tokenRanges(tokens, 12), [
    { from: 0, to: 7, style: "keyword" },
    { from: 7, to: 7, style: "automatic" },
    { from: 9, to: 12, style: "name" },
  ]);
});

test("a squiggle is never empty", () => {
  assert.deepEqual(squiggleRange({ from: 4, to: 5, message: "" }, "a + c"), { from: 4, to: 5 });
  assert.deepEqual(squiggleRange({ from: 5, to: 6, message: "" }, "a +  \nb"), { from: 2, to: 3 });
  assert.deepEqual(squiggleRange({ from: 9, to: 10, message: "" }, "a"), { from: 0, to: 1 });
  assert.deepEqual(squiggleRange({ from: 0, to: 1, message: "" }, ""), { from: 0, to: 0 });
});

test("a message says who says it", () => {
  assert.equal(sentence({ from: 0, to: 1, message: "undefined: c", phase: "types", code: "UndeclaredName" }), "undefined: c\ntypes · UndeclaredName");
  assert.equal(sentence({ from: 0, to: 1, message: "m" }), "m");
});
