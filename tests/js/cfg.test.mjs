import assert from "node:assert/strict";
import { test } from "node:test";
import { flowOf } from "../../golifelab/widgets/static/graph/flow.js";
import { layout } from "../../golifelab/widgets/static/graph/layout.js";
import { edgeWords, readBlocks, readLine, shortLine } from "../../golifelab/widgets/static/graph/model.js";
import { headOf, inView, keyLeads, kindsOf, lineOf } from "../../golifelab/widgets/static/graph/paths.js";
import { assignTracks } from "../../golifelab/widgets/static/graph/route.js";
import { dice, structured } from "./graphs.mjs";

/** @typedef {import("../../golifelab/widgets/static/graph/layout.js").Layout} Layout */
/** @typedef {import("../../golifelab/widgets/static/graph/layout.js").Shape} Shape */

/** @param {number} count @param {number} seed any graph, with jumps into the middle of loops, too @returns {number[][]} */
function wild(count, seed) {
  const random = dice(seed);
  return Array.from({ length: count }, () => Array.from({ length: random(4) }, () => random(count)));
}

/** @param {number[][]} graph @param {number} [seed] @returns {Shape[]} */
function shapes(graph, seed = 1) {
  const random = dice(seed);
  return graph.map((successors, key) => ({ successors, key, width: 70 + random(260), height: 30 + random(200) }));
}

const GRAPHS = [
  ...Array.from({ length: 25 }, (_, i) => structured(10 + i * 8, i + 1)),
  ...Array.from({ length: 40 }, (_, i) => wild(2 + i, i + 7)),
];

/** @param {Layout} made */
const placed = (made) => made.blocks.filter((block) => block !== null);

test("blocks do not overlap, and all that can be reached are there", () => {
  for (const graph of GRAPHS) {
    const made = layout(shapes(graph));
    const blocks = placed(made);
    assert.equal(blocks.length, made.order.length);
    for (const a of blocks) {
      assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= made.width && a.y + a.height <= made.height);
      for (const b of blocks) {
        const apart = a === b || a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
        assert.ok(apart, `${a.block} and ${b.block}`);
      }
    }
  }
});

test("every edge is drawn once, from its block to its block, around all others", () => {
  for (const graph of GRAPHS) {
    const made = layout(shapes(graph));
    const wanted = made.order.flatMap((from) => graph[from].map((to, index) => `${from}.${index}>${to}`));
    assert.deepEqual(made.edges.map((edge) => `${edge.from}.${edge.index}>${edge.to}`).sort(), wanted.sort());
    for (const { from, to, points } of made.edges) {
      const [start, end] = [made.blocks[from], made.blocks[to]];
      assert.ok(start && end);
      assert.equal(points[0][1], start.y + start.height);
      assert.ok(points[0][0] > start.x && points[0][0] < start.x + start.width);
      const [x, y] = points[points.length - 1];
      assert.ok((y === end.y && x > end.x && x < end.x + end.width) || (x === end.x && y > end.y && y < end.y + end.height));
      for (let i = 1; i < points.length; i += 1) {
        const [[x1, y1], [x2, y2]] = [points[i - 1], points[i]];
        assert.ok(x1 === x2 || y1 === y2, "level or upright");
        for (const block of placed(made)) {
          const beside = Math.max(x1, x2) <= block.x || Math.min(x1, x2) >= block.x + block.width;
          const away = Math.max(y1, y2) <= block.y || Math.min(y1, y2) >= block.y + block.height;
          assert.ok(beside || away, `${from} > ${to} runs through ${block.block}`);
        }
      }
    }
  }
});

test("a loop's box holds its blocks, the loops in it, and nothing else", () => {
  for (const graph of GRAPHS) {
    const made = layout(shapes(graph));
    const inside = (/** @type {{x: number, y: number, width: number, height: number}} */ a, /** @type {typeof a} */ b) =>
      a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
    made.loops.forEach((loop, i) => {
      for (const block of placed(made)) {
        let at = made.loopOf[block.block];
        while (at >= 0 && at !== i) at = made.loops[at].parent;
        assert.equal(inside(block, loop), at === i, `${block.block} in the loop of ${loop.header}`);
      }
      if (loop.parent < 0) return;
      const outer = made.loops[loop.parent];
      assert.ok(loop.x > outer.x && loop.x + loop.width < outer.x + outer.width && loop.depth === outer.depth + 1);
    });
  }
});

test("control flows down, but for what leads back; what follows a loop stands below it", () => {
  const made = layout(shapes([[1], [2, 4], [3], [1], []]));
  const at = (/** @type {number} */ i) => /** @type {NonNullable<typeof made.blocks[0]>} */ (made.blocks[i]);
  assert.deepEqual(made.edges.filter((edge) => edge.back).map((edge) => [edge.from, edge.to]), [[3, 1]]);
  assert.equal(made.loops.length, 1);
  assert.ok(at(4).y > at(3).y + at(3).height, "after the loop");
  assert.ok(at(2).x > at(1).x && at(1).x > at(0).x, "indented");
  assert.equal(at(4).x, at(0).x);
  for (const graph of GRAPHS) {
    const { blocks, edges } = layout(shapes(graph));
    for (const { from, to, back } of edges) assert.equal(Number(blocks[to]?.row) > Number(blocks[from]?.row), !back);
  }
});

test("the order of the dump and the sizes of blocks move no block to another row or side", () => {
  for (const graph of GRAPHS.slice(0, 25)) {
    const before = layout(shapes(graph));
    // Passes reorder the blocks of the dump: the same graph told from the end, the entry still first.
    const place = graph.map((_, i) => (i === 0 ? 0 : graph.length - i));
    /** @type {Shape[]} */
    const told = [];
    shapes(graph).forEach((shape, i) => (told[place[i]] = { ...shape, successors: shape.successors.map((to) => place[to]) }));
    const after = layout(told);
    before.blocks.forEach((block, i) => assert.deepEqual({ ...after.blocks[place[i]], block: i }, { ...block, block: i }));
    const sized = layout(shapes(graph, 99));
    const inOrder = (/** @type {Layout} */ made) => placed(made).sort((a, b) => a.row - b.row || a.x - b.x).map((one) => one.block);
    assert.deepEqual(inOrder(sized), inOrder(before));
  }
});

test("a block that goes leaves those above it in their rows, and those of a row in their order", () => {
  for (const graph of GRAPHS.slice(0, 25)) {
    const before = layout(shapes(graph));
    const leaf = graph.findLastIndex((successors, i) => i > 0 && successors.length === 0);
    if (leaf < 0) continue;
    const after = layout(shapes(graph.map((successors) => successors.filter((to) => to !== leaf))));
    const row = Number(before.blocks[leaf]?.row);
    const above = (/** @type {Layout} */ made) =>
      placed(made).filter((block) => block.row < row).sort((a, b) => a.row - b.row || a.x - b.x).map((block) => [block.row, block.block]);
    const [was, is] = [above(before), above(after)];
    assert.deepEqual(is, was);
  }
});

test("lines that end in different places never share a track where they meet", () => {
  const random = dice(5);
  for (let round = 0; round < 200; round += 1) {
    const pieces = Array.from({ length: 1 + random(20) }, () => {
      const x2 = 10 * random(30);
      return { x1: 10 * random(30) + 5 * random(2), x2, net: `${x2}`, track: 0 };
    });
    assignTracks(pieces);
    for (const a of pieces) {
      for (const b of pieces) {
        const apart = Math.max(a.x1, a.x2) < Math.min(b.x1, b.x2) || Math.max(b.x1, b.x2) < Math.min(a.x1, a.x2);
        assert.ok(a.net === b.net || apart || a.track !== b.track || a.x1 === a.x2 || b.x1 === b.x2);
      }
    }
  }
});

test("loops nest as they do in the source, and a jump into a loop's middle makes none", () => {
  const nested = flowOf([[1], [2, 5], [3], [3, 4], [1], []]);
  assert.deepEqual(nested.loops.map((loop) => [loop.header, loop.depth]), [[3, 2], [1, 1]]);
  assert.deepEqual([...nested.loop], [-1, 1, 1, 0, 1, -1]);
  assert.deepEqual([...nested.idom], [-1, 0, 1, 2, 3, 1]);
  assert.equal(flowOf([[1, 2], [2], [1, 3], []]).loops.length, 0);
  assert.deepEqual(layout([]).blocks, []);
});

test("the time grows about as the number of blocks does", (t) => {
  const best = (/** @type {number} */ count) => {
    const given = shapes(structured(count, 3));
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      layout(given);
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  best(500);
  const [small, middle, large] = [500, 2000, 8000].map(best);
  t.diagnostic(`500 blocks ${small.toFixed(1)} ms, 2,000 ${middle.toFixed(1)} ms, 8,000 ${large.toFixed(1)} ms`);
  // Growth with the square would be 256 times; what collecting garbage adds is let pass.
  assert.ok(large / small < 200, "sixteen times the blocks");
});

const DUMP = `\
  b1:
    (?) v1 = InitMem <mem>
    (-6) v7 = Arg <int> {a} (a[int])
    (7) v10 = Less64 <bool> v9 v7
    If v10 -> b3 b2 (likely)
  b2: <- b1
    (+10) v18 = SUBQ <int> v8 v7 : BX (~r0[int])
    Ret v20
  b3: <- b1 b9
    Plain -> b2
  b4: DEAD
    BlockInvalid`.split("\n");

test("blocks are read from the lines of the dump", () => {
  const blocks = readBlocks(DUMP, [...DUMP.keys()]);
  assert.deepEqual(blocks.map(({ name, kind, likely, successors, dead }) => [name, kind, likely, successors, dead]), [
    ["b1", "If", "likely", [2, 1], false],
    ["b2", "Ret", "", [], false],
    ["b3", "Plain", "", [1], false],
    ["b4", "BlockInvalid", "", [], true],
  ]);
  assert.deepEqual([blocks[0].heading, blocks[0].rows, blocks[0].end], [0, [1, 2, 3], 4]);
  assert.deepEqual([0, 1].map((i) => edgeWords(blocks[0], i)), [{ way: "yes", weight: "likely" }, { way: "no", weight: "unlikely" }]);
  assert.deepEqual(edgeWords(blocks[2], 0), { way: "", weight: "" });
  assert.equal(readLine(DUMP[1]), null);
  assert.deepEqual(readBlocks(["    nothing opens this", "x"], [0, 1]), []);
  assert.deepEqual([DUMP[2], DUMP[6]].map(shortLine), ["v7 = Arg <int> {a}", "v18 = SUBQ <int> v8 v7 : BX"]);
});

test("the keys lead down to the next row, up again, and sideways", () => {
  const made = layout(shapes([[1], [2, 4], [3, 5], [1], [], [1]]));
  const press = (/** @type {number} */ from, /** @type {string} */ key) => keyLeads(made, from, key);
  assert.deepEqual([press(0, "ArrowDown"), press(1, "ArrowDown"), press(2, "ArrowUp"), press(0, "ArrowUp")], [1, 2, 1, -1]);
  assert.deepEqual([press(3, "ArrowRight"), press(5, "ArrowLeft"), press(5, "ArrowRight")], [5, 3, -1]);
  assert.deepEqual([press(3, "Home"), press(0, "End"), press(0, "x"), press(99, "Home")], [0, 4, -1, -1]);
});

test("only what meets the view is found, lines that pass through it too", () => {
  const made = layout(shapes([[1], [2, 4], [3], [1], []]));
  const all = inView(made, { x: 0, y: 0, width: made.width, height: made.height });
  assert.deepEqual([all.blocks, all.edges.length], [[0, 1, 2, 3, 4], 5]);
  const third = made.blocks[2];
  assert.ok(third);
  const some = inView(made, { x: 0, y: third.y + 1, width: third.x + 5, height: 2 });
  assert.deepEqual(some.blocks, [2]);
  const passing = some.edges.map((edge) => `${edge.from}>${edge.to}`).sort();
  assert.deepEqual(passing, ["1>4", "3>1"]);
});

test("paths have round corners and end in an arrow", () => {
  /** @type {[number, number][]} */
  const points = [[0, 0], [0, 20], [40, 20], [40, 50]];
  assert.equal(lineOf(points), "M0,0L0,14Q0,20 6,20L34,20Q40,20 40,26L40,50");
  assert.equal(headOf(points), "M40,50L36,42L44,42Z");
  assert.equal(headOf([[0, 0], [10, 0]]), "M10,0L2,-4L2,4Z");
});

test("lines of one kind are one path, those of the block that is looked at the last", () => {
  const blocks = readBlocks(DUMP, [...DUMP.keys()]);
  const made = layout(blocks.map(({ successors }, key) => ({ successors, key, width: 100, height: 40 })));
  const kinds = (/** @type {string} */ near) => kindsOf(made.edges, blocks, near).map(([kind]) => kind);
  assert.deepEqual(kinds("").sort(), ["on", "on head", "on likely", "on likely head", "on unlikely", "on unlikely head"]);
  assert.deepEqual(kinds("b3").slice(-4).sort(), ["on likely own", "on likely own head", "on own", "on own head"]);
});
