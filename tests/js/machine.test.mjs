import assert from "node:assert/strict";
import { test } from "node:test";
import { belongs, blocksOf, bytesOf, figuresOf, fresh, gapsOf, gnuText, lastLine, nameOf, offset, originOf, placeFor, placeWords, sinceWords } from "../../golifelab/widgets/static/lab/asm.js";
import { jumpsOf, LANES, pathsOf, widthOf } from "../../golifelab/widgets/static/lab/jumps.js";

const KINDS = ["value", "block", "prologue", "epilogue", "tail", "mark", "none"];

/** @param {Partial<import("../../golifelab/widgets/static/lab/asm.js").Asm>} [parts] */
const asm = (parts = {}) => ({
  function: "main.add",
  architecture: "amd64",
  tier: "helper",
  precision: /** @type {const} */ ("column"),
  size: 12,
  frame_size: 0,
  arguments_size: 16,
  code: "4885c07e04e800000000c3c3",
  kinds: KINDS,
  pc: [0, 3, 5, 10],
  sizes: [3, 2, 5, 1],
  texts: ["TESTQ AX, AX", "JLE 10", "CALL main.g(SB)", "RET"],
  gnu: ["testq %rax, %rax", "jle 10", "callq 10", "retq"],
  gnu_note: "",
  words: ["test", "jump", "call", "return"],
  origins: [0, 1, 0, 3],
  ids: [11, 1, 13, 1],
  place: [0, 0, 1, 2],
  stacks: { 2: [0, 1] },
  targets: [-1, 3, -1, -1],
  files: ["main.go", "other.go"],
  places: /** @type {[number, number, number][]} */ ([[0, 7, 7], [1, 3, 2], [0, 8, 1]]),
  relocations: /** @type {import("../../golifelab/widgets/static/lab/asm.js").Relocation[]} */ ([[6, 4, "R_CALL", "main.g", 0], [5, 0, "R_KEEP", "main.h", 0]]),
  more: 0,
  ...parts,
});

const code = {
  seq: 0,
  function: "main.add",
  file: "main.go",
  lines: ["  b1:", "    (7) v11 = TESTQ <flags> v7 v7", "    LE v11 -> b2 b3", "  b3: <- b1", "    (3) v13 = CALLstatic <mem> v1", "    Ret v13"],
  passes: [{ name: "start", ns: 0, rows: [0, 1] }, { name: "trim", ns: 1, rows: [0, 1, 2, 3, 4, 5] }],
};

test("an instruction says what it was made for", () => {
  assert.deepEqual([0, 1, 2, 3].map((i) => nameOf(asm(), i)), ["v11", "b1", "v13", ""]);
  assert.deepEqual([0, 1, 3].map((i) => originOf(asm(), i)[0]), ["v11", "end b1", "epilogue"]);
  assert.deepEqual(blocksOf(asm(), code), ["b1", "b1", "b3", "b1"]);
  assert.equal(lastLine(code, "v13"), "(3) v13 = CALLstatic <mem> v1");
  assert.equal(lastLine(code, "v99"), "");
});

test("bytes that the linker fills in are told apart", () => {
  const [head, gap] = bytesOf(asm(), 2);
  assert.deepEqual([head.text, gap.text], ["e8", "00 00 00 00"]);
  assert.equal(head.gap, null);
  assert.equal(gap.gap?.[3], "main.g");
  assert.deepEqual(bytesOf(asm(), 0), [{ text: "48 85 c0", gap: null }]);
  // A relocation without bytes only keeps something: it is told, and marks nothing.
  assert.deepEqual(gapsOf(asm(), 2).map(([, , kind]) => kind), ["R_CALL", "R_KEEP"]);
});

test("what is selected belongs by value, by place, by line, and through inlined calls", () => {
  assert.equal(belongs(asm(), 0, { value: "v11" }), "value");
  assert.equal(belongs(asm(), 0, { file: "main.go", line: 7, column: 7 }), "place");
  assert.equal(belongs(asm(), 0, { file: "main.go", line: 7, column: 9 }), "line");
  assert.equal(belongs(asm(), 2, { file: "main.go", line: 7, column: 7 }), "place");
  assert.equal(belongs(asm(), 2, { file: "main.go", line: 3 }), "");
  assert.equal(belongs(asm(), 0, {}), "");
  const lines = asm({ precision: "line", places: [[0, 7, 0], [1, 3, 0], [0, 8, 0]] });
  assert.equal(belongs(lines, 0, { file: "main.go", line: 7, column: 9 }), "place");
});

test("an inlined instruction is selected where the reader's file calls it", () => {
  assert.deepEqual(placeFor(asm(), 2, "main.go"), { file: "main.go", line: 7, column: 7 });
  assert.deepEqual(placeFor(asm(), 2, "third.go"), { file: "other.go", line: 3, column: 2 });
  assert.deepEqual(placeFor(asm({ place: [-1, 0, 0, 0] }), 0, "main.go"), null);
});

test("offsets have one width", () => {
  assert.deepEqual([offset(3, 12), offset(3, 300), offset(299, 300)], ["03", "003", "12b"]);
});

test("an edit shows what it brought, wherever jumps lead to now", () => {
  const before = asm();
  const after = asm({ texts: ["TESTQ AX, AX", "JLE 15", "INCQ AX", "CALL main.g(SB)", "RET"], targets: [-1, 4, -1, -1, -1] });
  assert.deepEqual([...fresh(before, after)], [2]);
  assert.deepEqual([...fresh(after, before)], []);
  assert.deepEqual([...fresh(before, before)], []);
  const twice = asm({ texts: ["RET", "RET", "TESTQ AX, AX"], targets: [-1, -1, -1] });
  assert.equal(fresh(asm({ texts: ["TESTQ AX, AX", "RET"], targets: [-1, -1] }), twice).size, 2);
});

test("jumps nest: the short ones inside, those to one place together", () => {
  const jumps = jumpsOf([3, 2, -1, -1, 0, 3]);
  assert.deepEqual(
    jumps.map(({ to, from, lane }) => ({ to, from, lane })),
    [
      { to: 2, from: [1], lane: 0 },
      { to: 0, from: [4], lane: 1 },
      { to: 3, from: [0, 5], lane: 2 },
    ],
  );
  assert.equal(widthOf(jumpsOf([-1, -1])), 0);
  assert.ok(widthOf(jumps) > 0);
});

test("no two jumps of one lane meet, and there are never more lanes than there is room", () => {
  const targets = Array.from({ length: 300 }, (_, i) => ((i * 7919) % 3 === 0 ? (i * 104729) % 300 : -1));
  const jumps = jumpsOf(targets);
  for (const jump of jumps) {
    assert.ok(jump.lane < LANES);
    for (const other of jumps) {
      if (other === jump || other.lane < 0 || other.lane !== jump.lane) continue;
      assert.ok(other.bottom < jump.top || jump.bottom < other.top);
    }
  }
  assert.ok(jumps.some(({ lane }) => lane < 0));
});

test("a row draws its piece: the way of the chosen jump only is hot", () => {
  const jumps = jumpsOf([3, -1, -1, -1, -1, 3]);
  const width = widthOf(jumps);
  const drawn = Array.from({ length: 6 }, (_, row) => pathsOf(jumps, row, 0, width));
  assert.ok(drawn.every(({ quiet }) => quiet !== ""));
  assert.deepEqual(drawn.map(({ hot }) => hot !== ""), [true, true, true, true, false, false]);
  assert.ok(pathsOf(jumps, 4, 3, width).hot, "of its target, all ways are");
  assert.equal(pathsOf(jumps, 0, -1, width).hot, "");
});

test("figures are told in words", () => {
  assert.equal(figuresOf(asm()), "4 instructions · 12 bytes · no frame");
  assert.equal(figuresOf(asm({ frame_size: 2400, more: 1200 })), "1,204 instructions · 12 bytes · frame 2,400 bytes");
  assert.equal(sinceWords(asm(), asm({ size: 13, frame_size: 8 })), "+1 byte · +8 bytes of frame");
  assert.equal(sinceWords(asm(), asm({ texts: ["RET"] })), "−3 instructions");
  assert.equal(sinceWords(asm(), asm()), "");
});

test("GNU syntax names what the linker will fill in", () => {
  assert.equal(gnuText(asm(), 2), "callq 10 # main.g");
  assert.equal(gnuText(asm({ architecture: "arm64" }), 2), "callq 10 // main.g");
  assert.equal(gnuText(asm(), 0), "testq %rax, %rax");
  assert.equal(gnuText(asm({ gnu: null }), 0), "TESTQ AX, AX");
});

test("places of other files are named", () => {
  assert.equal(placeWords(asm(), 0, "main.go"), "7:7");
  assert.equal(placeWords(asm({ files: ["main.go", "$GOROOT/src/strings/builder.go"] }), 2, "main.go"), "builder.go:3:2");
  assert.equal(placeWords(asm(), 2), "3:2");
  assert.equal(placeWords(asm({ place: [-1, 0, 0, 0] }), 0, "main.go"), "");
});
