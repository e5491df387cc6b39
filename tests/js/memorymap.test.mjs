import assert from "node:assert/strict";
import { test } from "node:test";

import { addressSelected, cellsOf, counts, grepped, groupName, groups, hex, hiddenKinds, mapsLine, presentRuns, PRIVATE, readRuns, rowAt, size, stateAt, symbolsIn } from "../../golifelab/widgets/static/memorymap/model.js";
import { lineOf } from "../../golifelab/widgets/static/memorymap/pagegrid.js";
import { placesIn, power } from "../../golifelab/widgets/static/memorymap/parts.js";
import { around, layout, zoom } from "../../golifelab/widgets/static/memorymap/space.js";

const PAGE = 4096;

/** @param {number} start @param {number} pages @param {string} permissions @param {string} kind @param {string} [runs] @param {object} [more] @returns {import("../../golifelab/widgets/static/memorymap/model.js").Row} */
const row = (start, pages, permissions, kind, runs = "", more = {}) => ({ start, end: start + pages * PAGE, permissions, kind, name: kind, why: "", path: "", sections: [], resident: 0, private: 0, pages: runs, parts: [], ...more });

const CODE = row(0x400000, 40, "r-xp", "code", "16a20f2p2a", { sections: [".text"] });
const READ = row(0x428000, 10, "r--p", "read-only data", "10f");
const DATA = row(0x432000, 4, "rw-p", "data", "1a3p");
const HEAP = row(0xc000000000, 1024, "rw-p", "heap", "2p1022a");
const REST = row(0xc000400000, 15360, "---p", "heap reserve");
const TABLES = row(0x7f0000000000, 131072, "---p", "page summary");
const STACK = row(0x7ffc00000000, 33, "rw-p", "thread stack", "30a3p", { path: "[stack]" });
const VSYSCALL = row(0xffffffffff600000, 1, "--xp", "kernel");
const ROWS = [CODE, READ, DATA, HEAP, REST, TABLES, STACK, VSYSCALL];
/** @type {import("../../golifelab/widgets/static/memorymap/model.js").Moment} */
const MOMENT = { name: "main.main", meaning: "", held_at: "", how: "ptrace", totals: { mapped: 0, reserved: 0, committed: 0, resident: 0, file: 0, private: 0 }, permissions: [], writable_code: 0, rows: ROWS, hidden: 0, stacks: [[0xc000001000, 0xc000001800, "goroutine stack", "stack of goroutine 1", ""]], spans: [] };
/** @type {import("../../golifelab/widgets/static/memorymap/model.js").Payload} */
const PAYLOAD = {
  name: "p",
  how: "ptrace",
  notes: [],
  recorded: "",
  page: PAGE,
  window: 16,
  states: [],
  kinds: {},
  moments: [MOMENT],
  sections: [{ name: ".text", start: 0x401000, end: 0x427000, file: true }],
  symbols: { start: [0x401000, 0x401800, 0x403000], size: [0x800, 0x1000, 0x10], name: [0, 1, 2] },
  lines: { "main.main": ["main.go", 3], "main.leaf": ["main.go", 9] },
  texts: ["main.main", "main.leaf", "runtime.x"],
};

test("runs of pages", () => {
  assert.deepEqual([...readRuns("2a1f1p1z1s", 8)], [0, 0, 1, 2, 3, 4, 0, 0]);
  assert.equal(readRuns("99999999999999a", 3).length, 3);
  assert.deepEqual(presentRuns(CODE), [[16, 20, 1], [36, 2, 2]]);
  assert.deepEqual(counts(CODE, PAGE), [18, 20, 2, 0, 0]);
});

test("what is at an address", () => {
  assert.equal(rowAt(MOMENT, 0x400fff), CODE);
  assert.equal(rowAt(MOMENT, 0x1000), null);
  assert.deepEqual([0x400000, 0x410000, 0x424000, 0x1000].map((at) => stateAt(MOMENT, at, PAGE)), [0, 1, 2, -1]);
});

test("the article's filter hides what is not code or data, and all after the fifth line", () => {
  assert.deepEqual(grepped(ROWS), [CODE, DATA, HEAP, STACK]);
  const many = Array.from({ length: 9 }, (_, i) => row(0x1000000 * (i + 1), 1, "rw-p", "data"));
  assert.equal(grepped(many).length, 5);
  assert.deepEqual(hiddenKinds(ROWS)[0], ["page summary", 1, 131072 * PAGE]);
  assert.equal(hiddenKinds(ROWS).length, 4);
  assert.equal(mapsLine(STACK), "7ffc00000000-7ffc00021000 rw-p [stack]");
});

test("an address space is a few groups with nothing between", () => {
  const found = groups(ROWS);
  assert.deepEqual(found.map(({ rows }) => groupName(rows)), ["the program", "Go’s heap", "the runtime’s tables", "first thread’s stack"]);
  const placed = layout(ROWS, 400);
  const total = placed.reduce((sum, group) => sum + group.height, 0);
  assert.ok(total <= 400);
  assert.ok(placed.every(({ height }) => height >= 5));
  // Two groups that are large enough are to one scale.
  const [, heap, tables] = placed;
  assert.ok(Math.abs(heap.scale / tables.scale - 1) < 1e-9);
  assert.ok(placed.every((group, i) => i === 0 || group.y > placed[i - 1].y + placed[i - 1].height));
});

test("the loupe", () => {
  const view = around(DATA);
  assert.ok(view.start < DATA.start && view.start + view.bytes > DATA.end);
  const near = zoom(view, 4, 0);
  assert.equal(near.start, view.start);
  assert.equal(near.bytes, Math.max(view.bytes / 4, 16 * 1024));
  assert.equal(zoom(view, 1e9).bytes, 16 * 1024);
});

test("cells: windows begin at multiples of their size, what came is marked", () => {
  const before = { ...CODE, pages: "16a4f20a" };
  const cells = cellsOf(CODE, before, PAYLOAD, 2048);
  assert.deepEqual([cells.each, cells.total, cells.lead], [1, 40, 0]);
  assert.equal(cellsOf(READ, null, PAYLOAD, 2048).lead, 8);
  assert.equal(cells.state[36], PRIVATE);
  assert.deepEqual([16, 19, 20, 36].map((i) => cells.fresh[i]), [0, 0, 1, 1]);
  assert.equal(cellsOf(CODE, { ...CODE, pages: "40f" }, PAYLOAD, 2048).fresh[36], 2);
  const large = cellsOf(HEAP, null, PAYLOAD, 256);
  assert.deepEqual([large.each, large.total], [4, 256]);
  assert.equal(large.share[0], 0.5);
});

test("lines are whole windows", () => {
  for (const width of [200, 340, 600, 900, 1400]) {
    for (const total of [4, 200, 1024]) {
      const [line, pitch] = lineOf(width, 16, total);
      assert.equal(line % 16, 0);
      assert.ok(pitch >= 11 && pitch <= 24);
    }
  }
  assert.deepEqual(lineOf(1400, 16, 1024)[0], 64);
  assert.deepEqual(lineOf(1400, 16, 150), [32, 24]);
});

test("symbols and selections", () => {
  assert.deepEqual(symbolsIn(PAYLOAD, 0x402000, 0x403000).map(({ name }) => name), ["main.leaf"]);
  assert.equal(symbolsIn(PAYLOAD, 0x401000, 0x402000).length, 2);
  assert.equal(addressSelected(PAYLOAD, { file: "main.go", line: 12 }), 0x401800);
  assert.equal(addressSelected(PAYLOAD, { function: "main" }), 0x401000);
  assert.equal(addressSelected(PAYLOAD, { address: "0x432000" }), 0x432000);
  assert.equal(addressSelected(PAYLOAD, { file: "other.go", line: 1 }), null);
  assert.deepEqual(placesIn(PAYLOAD, MOMENT, CODE).map(({ name }) => name), [".text"]);
  assert.deepEqual(placesIn(PAYLOAD, MOMENT, HEAP).map(({ sort }) => sort), ["stack"]);
});

test("figures", () => {
  assert.deepEqual([0, 4096, 2048 * 1024, 1.5 * 2 ** 30].map(size), ["0 B", "4 KiB", "2 MiB", "1.50 GiB"]);
  assert.equal(hex(VSYSCALL.start), "0xffffffffff600000");
  assert.equal(power(2 ** 30, 2 ** 30), 1);
  assert.equal(power(4096, 2 ** 30), 0);
});
