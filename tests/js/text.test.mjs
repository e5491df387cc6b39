import assert from "node:assert/strict";
import { test } from "node:test";
import { Offsets, thingAt } from "../../golifelab/widgets/static/page/text.js";

const TEXT = "a := \"é😀\"\nb\n";

test("offsets agree with UTF-8", () => {
  const offsets = new Offsets(TEXT);
  for (let i = 0; i <= TEXT.length; i += 1) {
    if ((TEXT.codePointAt(i - 1) ?? 0) > 0xffff) continue; // the middle of a pair is no place
    assert.equal(offsets.byte(i), Buffer.byteLength(TEXT.slice(0, i)));
    assert.equal(offsets.index(offsets.byte(i)), i);
  }
});

test("positions count bytes from 1", () => {
  const offsets = new Offsets(TEXT);
  assert.deepEqual(offsets.position(0), { line: 1, column: 1 });
  assert.deepEqual(offsets.position(TEXT.indexOf("\"", 6)), { line: 1, column: 13 });
  assert.deepEqual(offsets.position(TEXT.indexOf("b")), { line: 2, column: 1 });
  assert.equal(offsets.at(2, 1), TEXT.indexOf("b"));
  assert.equal(offsets.at(1, 13), TEXT.indexOf("\"", 6));
});

test("places outside the text are held within it", () => {
  const offsets = new Offsets("ab");
  assert.equal(offsets.at(9, 9), 2);
  assert.equal(offsets.at(0, 0), 0);
  assert.equal(offsets.index(-3), 0);
});

test("a cursor means the thing before it, or the one behind it", () => {
  const line = "return a + bc";
  const at = (/** @type {number} */ i, typed = false) => thingAt(line, i, typed);
  assert.equal(at(line.indexOf("+")), line.indexOf("+"));
  assert.equal(at(line.indexOf("+") + 1), line.indexOf("+"));
  assert.equal(at(line.length), line.indexOf("bc"));
  assert.equal(at(3), 0);
  assert.equal(thingAt("a+b", 2, true), 1, "what was typed is meant");
  assert.equal(thingAt("a+b", 2, false), 2);
  assert.equal(thingAt("a  b", 2, false), 2, "between things there is nothing");
});
