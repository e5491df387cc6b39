import assert from "node:assert/strict";
import { test } from "node:test";
import { cardOf, sizeOf } from "../../golifelab/widgets/static/graph/block.js";
import { fitting, nextZoom } from "../../golifelab/widgets/static/graph/camera.js";
import { layout, structureOf } from "../../golifelab/widgets/static/graph/layout.js";
import { entryOf, readBlocks, shortLine } from "../../golifelab/widgets/static/graph/model.js";
import { blocksOfPass, createScenes, sameStructure } from "../../golifelab/widgets/static/graph/scene.js";
import { escaped, graphSvg } from "../../golifelab/widgets/static/graph/svg.js";

const METRICS = { char: 7, line: 16, title: 21, pad: 7 };
const LINES = `\
  b1:
    (6) v7 = Arg <string> {a<b>&"}
    (7) v10 = Less64 <bool> v9 v7
    If v10 -> b3 b2 (likely)
  b2: <- b1 b3
    Ret v20
  b3: <- b1
    (8) v11 = Add64 <int> v9 v7
    Plain -> b2
    (8) v11 = ADDQ <int> v9 v7 : AX
  b1: <- b9
  b9:
    Plain -> b1
  b3: <- b1 DEAD`.split("\n");
/** @param {number[][]} rows */
const codeOf = (...rows) => ({ seq: 1, function: "main.f", lines: LINES, passes: rows.map((one, i) => ({ name: `p${i}`, ns: 1, rows: one })) });
const FIRST = [0, 1, 2, 3, 4, 5, 6, 7, 8];

test("what a pass leaves alone is not laid out anew, and comes back as it was", () => {
  const code = codeOf(FIRST, [0, 1, 2, 3, 4, 5, 6, 9, 8], [0, 1, 2, 3, 4, 5, 6, 9, 8]);
  const scenes = createScenes();
  const [first, second, third] = code.passes.map((_, i) => scenes(code, i, new Set(), METRICS));
  assert.equal(second.structure, first.structure);
  assert.notEqual(second.drawn, first.drawn);
  assert.equal(third.structure, first.structure);
  assert.equal(scenes(code, 0, new Set(), METRICS), first);
  assert.deepEqual(second.cards.map((card) => card.change), ["", "", "+1 −1"]);
  assert.deepEqual(second.cards[2].fresh, [true]);
  assert.deepEqual(third.cards.map((card) => card.change), ["", "", ""]);
  assert.notEqual(scenes(code, 0, new Set(), { ...METRICS, char: 9 }), first, "larger letters");
  assert.equal(blocksOfPass(code, code.passes[1])[2].rows[0], 9);
  assert.equal(scenes(code, 1, new Set(), METRICS).index.get("b3"), 2);
});

test("another structure is told by any block, edge or place in the dump", () => {
  const read = (/** @type {number[]} */ rows) => readBlocks(LINES, rows);
  assert.ok(sameStructure(read(FIRST), read([0, 2, 3, 4, 5, 6, 8])));
  assert.ok(!sameStructure(read(FIRST), read([0, 3, 4, 5])));
  assert.ok(!sameStructure(read(FIRST), read([0, 3, 6, 8, 4, 5])));
  assert.ok(!sameStructure(read(FIRST), read([0, 3, 4, 5, 13, 8])));
});

test("a structure serves blocks of any size", () => {
  const successors = [[1, 2], [2], []];
  const sizes = [[90, 40], [200, 90]].map(([width, height]) => successors.map((to, key) => ({ successors: to, key, width, height })));
  const structure = structureOf(successors);
  for (const shapes of sizes) assert.deepEqual(layout(shapes, structure), layout(shapes));
});

test("a function begins where nothing leads to, wherever that stands in the dump", () => {
  const fused = readBlocks(LINES, [10, 5, 11, 12]);
  assert.equal(entryOf(fused), 1);
  const { order, blocks } = layout(fused.map(({ successors }, key) => ({ successors, key, width: 90, height: 40 })), structureOf(fused.map((block) => block.successors), entryOf(fused)));
  assert.deepEqual(order, [1, 0]);
  assert.ok(Number(blocks[1]?.y) < Number(blocks[0]?.y));
  assert.equal(entryOf(readBlocks(LINES, FIRST)), 0);
  assert.equal(entryOf([]), 0);
});

test("zooming ends at both ends, and fitting shows all, however large", () => {
  assert.deepEqual([nextZoom(1, -1), nextZoom(1, 1), nextZoom(1.25, 1), nextZoom(0.015, -1), nextZoom(0.004, 1)], [0.8, 1.25, 1.25, 0.015, 0.015]);
  const view = { width: 800, height: 400 };
  assert.equal(fitting({ width: 100, height: 100 }, view), 1);
  assert.equal(fitting({ width: 4000, height: 100_000 }, view), 0.004);
});

test("the picture of a graph is a file of its own: well-formed, escaped, whole", () => {
  const blocks = readBlocks(LINES, FIRST);
  const had = new Set(FIRST.filter((row) => row !== 7));
  const cards = blocks.map((block) => cardOf(block, blocks, LINES[block.end], (row) => shortLine(LINES[row]), false, had, block.name === "b3" ? undefined : block));
  const drawn = layout(blocks.map(({ successors }, i) => ({ successors, key: i, ...sizeOf(cards[i], METRICS) })));
  const text = graphSvg(drawn, cards, { blocks, metrics: METRICS, title: "f <&>", pins: (name) => (name === "v10" ? 2 : name === "b2" ? 9 : 0) });
  assert.match(text, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
  assert.match(text, /<title>f &#60;&#38;&#62;<\/title>/);
  assert.ok(!/<(b|string)>/.test(text), "no element of Go's");
  for (const name of ["b1", "b2", "b3"]) assert.match(text, new RegExp(`font-weight="bold">${name}`));
  assert.match(text, /b2 #9/);
  assert.match(text, /fill="#56b4e9"/, "the pin's tint");
  assert.match(text, /stroke-width="2.4"/, "likely");
  assert.match(text, /stroke-dasharray="4 3"/, "unlikely, and new");
  // Every element that is opened is closed, in its turn.
  /** @type {string[]} */
  const stack = [];
  for (const [, slash, name, self] of text.matchAll(/<(\/?)([\w:]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (slash) assert.equal(stack.pop(), name);
    else if (!self) stack.push(name);
  }
  assert.deepEqual(stack, []);
  const edges = (text.match(/fill="none"/g) ?? []).length;
  assert.equal(edges, 3, "one path for every kind of line");
  assert.equal(escaped("a\u0000\u001bb\ud800\"'"), "a��b�&#34;&#39;");
  assert.match(graphSvg(layout([]), [], { blocks: [], metrics: METRICS }), /^<svg [^>]*><rect [^>]*\/><\/svg>$/);
});
