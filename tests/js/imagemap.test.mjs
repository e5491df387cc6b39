import assert from "node:assert/strict";
import test from "node:test";

import * as model from "../../golifelab/widgets/static/imagemap/model.js";
import * as scale from "../../golifelab/widgets/static/imagemap/scale.js";

/** @param {string} name @param {number} address @param {number} offset @param {number} size @param {object} [more] */
const section = (name, address, offset, size, more = {}) => ({
  name,
  type: "PROGBITS",
  flags: "A",
  address,
  offset,
  size,
  file_size: size,
  loaded: true,
  alignment: 16,
  segment: 0,
  ...more,
});

/** Two segments: code from the start of the file, and data with zeroes behind it. @returns {any} */
const payload = () => ({
  name: "prog",
  size: 0x2000,
  page: 4096,
  entry: 0x400100,
  facts: [],
  parts: [
    { name: "ELF header", kind: "header", start: 0, end: 64, why: "first" },
    { name: "padding", kind: "gap", start: 64, end: 0x100, why: "gap" },
  ],
  sections: [
    section(".text", 0x400100, 0x100, 0x300),
    section(".data", 0x401400, 0x400, 0x100, { segment: 1 }),
    section(".bss", 0x401500, 0x500, 0x900, { file_size: 0, segment: 1 }),
    section(".debug", 0, 0x500, 0x700, { loaded: false, segment: -1 }),
  ],
  segments: [
    { type: "LOAD", permissions: "r-x", offset: 0, address: 0x400000, file_size: 0x400, memory_size: 0x400, alignment: 4096 },
    { type: "LOAD", permissions: "rw-", offset: 0x400, address: 0x401400, file_size: 0x100, memory_size: 0xa00, alignment: 4096 },
  ],
  kinds: ["symbol", "linker", "padding", "unknown"],
  texts: ["main.main", "padding", "main.add", "why", "main", "", "R_CALL", "fmt.main.main"],
  spans: {
    ".text": { size: [0x100, 0x10, 0x1f0], kind: [0, 2, 0], name: [0, 1, 2], why: [3, 3, 3], package: [4, 5, 4], number: [0, -1, 1] },
  },
  lines: { 0: ["main.go", 3], 1: ["main.go", 9] },
  pointers: { count: [0, 2], shown: [0, 1], source: [0], offset: [8], kind: [6] },
  closed: [],
});

/** What the tests know to be there. @param {unknown} one @returns {any} */
const sure = (one) => one;

test("the outline is in the order of the file, and what takes no bytes of it is there", () => {
  const map = model.decode(payload());
  assert.deepEqual(
    map.items.map(({ name }) => name),
    ["ELF header", "padding", ".text", ".data", ".bss", ".debug"],
  );
  const [head, , , , bss, debug] = map.items;
  assert.equal(head.at, 0x400000);
  assert.equal(debug.at, null);
  assert.deepEqual([bss.offset, bss.filed, bss.bytes], [null, 0, 0x900]);
});

test("an address leads to the innermost thing, and keys lead back", () => {
  const map = model.decode(payload());
  assert.equal(model.itemAt(map, 0x400100)?.name, "main.main");
  assert.equal(model.itemAt(map, 0x4001ff)?.name, "main.main");
  assert.equal(model.itemAt(map, 0x400200)?.kind, "padding");
  assert.equal(model.itemAt(map, 0x400210)?.name, "main.add");
  assert.equal(model.itemAt(map, 0x401510)?.name, ".bss");
  assert.equal(model.itemAt(map, 0x400010)?.name, "ELF header");
  assert.equal(model.itemAt(map, 0x10), null);
  for (const item of [...map.items, ...map.segments, sure(model.itemAt(map, 0x400210))]) assert.deepEqual(model.itemOf(map, item.key), item);
  assert.equal(model.itemOf(map, "span .text 99"), null);
});

test("a selection is an address, a function or a line", () => {
  const map = model.decode(payload());
  const named = (/** @type {import("../../golifelab/widgets/static/page/broker.js").Selection} */ selection) => model.itemOfSelection(map, selection)?.name;
  assert.equal(named({ address: "0x400110" }), "main.main");
  assert.equal(named({ function: "main.add" }), "main.add");
  assert.equal(named({ function: "add" }), "main.add");
  assert.equal(named({ file: "main.go", line: 5 }), "main.main");
  assert.equal(named({ file: "main.go", line: 12 }), "main.add");
  assert.equal(named({ file: "main.go", line: 1 }), undefined);
  assert.equal(named({ file: "other.go", line: 5 }), undefined);
  const item = sure(model.itemAt(map, 0x400210));
  assert.deepEqual(model.selectionOf(map, item), { address: "0x400210", function: "main.add", file: "main.go", line: 9, column: 0 });
  assert.equal(model.itemOfSymbol(map, 1)?.name, "main.add");
  assert.equal(model.itemOfSymbol(map, 7), null);
});

test("a search finds exact names first", () => {
  const map = model.decode(payload());
  assert.deepEqual(
    model.search(map, "MAIN.add", 10).map(({ name }) => name),
    ["main.add"],
  );
  assert.equal(model.search(map, "main", 10).length, 2);
  assert.equal(model.search(map, "main", 1).length, 1);
  assert.equal(model.search(map, "  ", 10).length, 0);
  assert.equal(model.search(map, ".bss", 10)[0].kind, "section");
});

test("shares of kinds add up to the section", () => {
  const map = model.decode(payload());
  const sums = model.totals(map, map.payload.sections[0]);
  assert.equal(
    sums.reduce((all, { bytes }) => all + bytes, 0),
    0x300,
  );
  assert.deepEqual(model.totals(map, map.payload.sections[2]), []);
});

test("file and memory have one scale", () => {
  const map = model.decode(payload());
  const all = sure(scale.whole(map));
  assert.deepEqual(all, { bytes: 0x2000, file: 0, address: 0x400000 });
  const data = sure(map.items.find(({ name }) => name === ".data"));
  const view = sure(scale.around(map, data));
  // The same room before it in the file and in memory.
  assert.ok(Math.abs(data.offset - view.file - (data.at - view.address)) < 1e-6);
  assert.ok(scale.inView(view, data));
  assert.ok(!scale.inView(view, map.items[0]));
  assert.equal(scale.around(map, sure(map.items.find(({ name }) => name === ".debug"))).address, null);
});

test("the place of zeroes in the file is the end of what their segment has there", () => {
  const map = model.decode(payload());
  assert.equal(scale.fileOffset(map, 0x401500), 0x500);
  const bss = sure(map.items.find(({ name }) => name === ".bss"));
  assert.ok(scale.around(map, bss).file < 0x500);
});

test("zooming holds its centre still and ends at all of it", () => {
  const map = model.decode(payload());
  const all = sure(scale.whole(map));
  const near = sure(scale.zoom(map, all, 4, 0.25));
  assert.equal(near.address + 0.25 * near.bytes, all.address + 0.25 * all.bytes);
  assert.deepEqual(scale.zoom(map, near, 1 / 100), all);
  assert.equal(scale.zoom(map, near, 1e9).bytes, 64);
  assert.equal(scale.pan(near, 0.5).address, near.address + near.bytes / 2);
});

test("going to a thing keeps some of what is around it, and never shows more than before", () => {
  const map = model.decode(payload());
  const item = sure(model.itemAt(map, 0x400200));
  const all = sure(scale.whole(map));
  const near = scale.bring(map, all, item);
  assert.ok(near.bytes >= 12 * item.bytes && near.bytes < all.bytes);
  assert.ok(scale.inView(near, item));
  const close = scale.bring(map, scale.around(map, item), item);
  assert.equal(close.bytes, scale.around(map, item).bytes);
});

test("boxes are cut at the window and never too thin to see", () => {
  const view = { bytes: 100, file: 0, address: 0 };
  assert.deepEqual(scale.box(10, 20, view, 200), { y: 20, height: 40 });
  assert.deepEqual(scale.box(-10, 20, view, 200), { y: 0, height: 20 });
  assert.deepEqual(scale.box(90, 20, view, 200), { y: 180, height: 20 });
  assert.deepEqual(scale.box(50, 0, view, 200, 3), { y: 100, height: 3 });
  assert.equal(scale.box(101, 20, view, 200), null);
  assert.equal(scale.box(-30, 20, view, 200), null);
});
