import assert from "node:assert/strict";
import { test } from "node:test";
import { join, link } from "../../golifelab/widgets/static/page/broker.js";
import { editLoop, pause } from "../../golifelab/widgets/static/editor/edit.js";
import { follow, gunzip } from "../../golifelab/widgets/static/page/payload.js";
import { gzipSync } from "node:zlib";

/** @param {Record<string, unknown>} traits */
function model(traits) {
  /** @type {Record<string, (() => void)[]>} */
  const listeners = {};
  const held = {
    saved: 0,
    get: (/** @type {string} */ name) => traits[name],
    set(/** @type {string} */ name, /** @type {unknown} */ value) {
      traits[name] = value;
      for (const listener of listeners[`change:${name}`] ?? []) listener();
    },
    save_changes: () => void (held.saved += 1),
    on: (/** @type {string} */ event, /** @type {() => void} */ listener) => void (listeners[event] ??= []).push(listener),
    off: (/** @type {string} */ event, /** @type {() => void} */ listener) =>
      void (listeners[event] = (listeners[event] ?? []).filter((one) => one !== listener)),
  };
  return held;
}

const pack = (/** @type {unknown} */ value) => new DataView(new Uint8Array(gzipSync(JSON.stringify(value))).buffer);

const settle = () => new Promise((done) => setTimeout(done, 20));

/** @param {() => boolean} condition */
async function until(condition) {
  for (let i = 0; i < 500 && !condition(); i += 1) await settle();
}

test("a selection reaches all views of the program, and no others", () => {
  /** @type {unknown[]} */
  const heard = [];
  const life = new AbortController();
  const [a, b, other] = [model({ program: "p" }), model({ program: "p" }), model({ program: "q" })];
  const select = link(a, () => {}, life.signal);
  link(b, (selection) => heard.push(selection), life.signal);
  link(other, () => assert.fail("not this program"), life.signal);
  heard.length = 0;
  select({ file: "main.go", line: 8, column: 12 });
  select({ column: 12, line: 8, file: "main.go" });
  assert.deepEqual(heard, [{ file: "main.go", line: 8, column: 12 }], "the same selection is told once");
  assert.deepEqual(b.get("selection"), { file: "main.go", line: 8, column: 12 });
  assert.equal(b.saved, 1, "and saved once, for Python");
  b.set("selection", { value: "v13" });
  assert.deepEqual(a.get("selection"), { value: "v13" }, "what Python selects reaches the others");
  life.abort();
  select({ value: "v14" });
  assert.deepEqual(b.get("selection"), { value: "v13" }, "a view that is gone hears nothing");
});

test("a late view adopts what the others look at; one without a program stays alone", () => {
  const first = join("late", () => {});
  first.select({ line: 3 });
  /** @type {unknown} */
  let shown;
  const life = new AbortController();
  link(model({ runtime: undefined, program: "" }), () => {}, life.signal)({ line: 9 });
  const second = join("late", (selection) => (shown = selection));
  assert.deepEqual(second.current(), { line: 3 });
  second.select({ line: 4 });
  assert.deepEqual([first.current(), shown], [{ line: 4 }, { line: 4 }]);
  life.abort();
});

test("payloads are decoded, and overtaken ones are not shown", async () => {
  const life = new AbortController();
  const held = model({ payload: pack({ n: 1 }) });
  /** @type {unknown[]} */
  const shown = [];
  follow(held, "payload", (payload) => shown.push(payload.n), life.signal);
  held.set("payload", pack({ n: 2 }));
  await until(() => shown.length > 0);
  assert.deepEqual(shown, [2]);
  assert.equal(await gunzip(gzipSync("é😀")), "é😀");
  life.abort();
  held.set("payload", pack({ n: 3 }));
  await settle();
  assert.deepEqual(shown, [2]);
});

test("what builds on another trait is shown behind it, however small it is", async () => {
  const life = new AbortController();
  const large = Array.from({ length: 200_000 }, (_, n) => n * 7919);
  const held = model({ passes: pack({ large }), machine: pack({ n: 1 }) });
  /** @type {string[]} */
  const shown = [];
  follow(held, "passes", () => shown.push("passes"), life.signal);
  follow(held, "machine", () => shown.push("machine"), life.signal);
  follow(held, "nothing", () => shown.push("nothing"), life.signal);
  await until(() => shown.length > 1);
  assert.deepEqual(shown, ["passes", "machine"]);
  life.abort();
});

test("the pause grows with the measured cost, up to 120 ms", () => {
  assert.deepEqual([0, 200, 400, 600, 5000].map(pause), [0, 0, 60, 120, 120]);
});

test("edits are numbered beyond every number seen, and sent with what they belong to", async () => {
  const life = new AbortController();
  const held = model({ source: "a", seq: 4 });
  let text = "a";
  const loop = editLoop(held, () => text, (source) => (text = source), life.signal);
  text = "ab";
  loop.edited();
  assert.equal(held.saved, 0, "the selection may still join the message");
  await settle();
  assert.deepEqual([held.get("source"), held.get("seq"), held.saved], ["ab", 5, 1]);
  held.set("source", "python");
  held.set("seq", 9);
  assert.deepEqual([text, loop.seq()], ["python", 9]);
  loop.edited();
  assert.equal(loop.seq(), 10);
  assert.ok((loop.answered(10) ?? -1) >= 0);
  assert.equal(loop.answered(10), null, "answered once");
  life.abort();
});
