import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, change, count, duration, labelOf, size, step, summary } from "../../golifelab/widgets/static/rail/model.js";

/** @typedef {import("../../golifelab/widgets/static/rail/model.js").Rail} Rail */

/**
 * @param {number} seq
 * @param {[string, import("../../golifelab/widgets/static/rail/model.js").State, string][]} stations
 * @param {Rail["thread"]} [thread]
 * @returns {Rail}
 */
function rail(seq, stations, thread = {}) {
  return {
    seq,
    stations: stations.map(([id, state, figure]) => ({ id, state, figure })),
    position: { file: "main.go", line: 8, column: 12 },
    thread,
  };
}

/** @param {string} label @returns {import("../../golifelab/widgets/static/rail/model.js").Link[]} */
const link = (label) => [{ label, kind: "exact" }];
/** @param {import("../../golifelab/widgets/static/rail/model.js").Picture} picture */
const changes = (picture) => picture.rail.stations.map((station) => station.change);

test("figures count by the number they end in", () => {
  assert.equal(count("1,204"), 1204);
  assert.equal(count("412→57"), 57);
  assert.equal(count("2.35"), null);
  assert.equal(count(undefined), null);
});

test("a change is a difference, or a mark", () => {
  const was = (/** @type {string} */ figure, here = "") => ({ figure, here, place: "p" });
  assert.equal(change(was("15→9"), was("15→7")), "−2");
  assert.equal(change(was("47"), was("49")), "+2");
  assert.equal(change(was("2.35"), was("2.36")), "≠");
  assert.equal(change(was("9", "ADD"), was("9", "SUB")), "≠");
  assert.equal(change(was("9", "ADD"), { ...was("9", "SUB"), place: "q" }), "", "another place says nothing");
  assert.equal(change(undefined, was("9")), "");
  assert.equal(change({ ...was("9"), of: "main.main" }, { ...was("7"), of: "main.add" }), "", "nor another function");
});

test("stations that wait keep the last good figure and links", () => {
  const first = advance(null, rail(0, [["tokens", "fresh", "47"], ["ssa", "fresh", "9"]], { ssa: link("v13") }));
  const next = advance(first, rail(1, [["tokens", "fresh", "49"], ["ssa", "pending", ""]]));
  assert.deepEqual(next.rail.stations.map((station) => station.figure), ["49", "9"]);
  assert.equal(next.rail.thread?.ssa[0].label, "v13");
  assert.deepEqual(changes(next), ["+2", ""]);
});

test("links of another place are not kept", () => {
  const first = advance(null, rail(0, [["ssa", "fresh", "9"]], { ssa: link("v13") }));
  const elsewhere = { ...rail(0, [["ssa", "pending", ""]]), position: { file: "main.go", line: 1, column: 1 } };
  assert.equal(advance(first, elsewhere).rail.thread?.ssa, undefined);
});

test("a change stays until the next edit, and errors are no landmark", () => {
  let picture = advance(null, rail(0, [["tokens", "fresh", "47"]]));
  picture = advance(picture, rail(1, [["tokens", "fresh", "49"]]));
  picture = advance(picture, rail(1, [["tokens", "fresh", "49"]]));
  assert.deepEqual(changes(picture), ["+2"]);
  picture = advance(picture, rail(2, [["tokens", "error", "40"]]));
  assert.deepEqual(changes(picture), [""]);
  picture = advance(picture, rail(3, [["tokens", "fresh", "50"]]));
  assert.deepEqual(changes(picture), ["+1"], "compared with the last good text, not with the broken one");
});

test("the summary says where life stopped, what is awaited, what changed", () => {
  assert.deepEqual(summary(rail(0, [["types", "error", "8"], ["ssa", "stale", ""]])), { state: "stopped", text: "stopped at types" });
  assert.deepEqual(summary(rail(0, [["ssa", "pending", ""]])), { state: "working", text: "working on ssa" });
  assert.equal(summary(rail(0, [["ssa", "fresh", "9"]])).text, "up to date");
  const { rail: changed } = advance(advance(null, rail(0, [["ssa", "fresh", "9"]])), rail(1, [["ssa", "fresh", "7"]]));
  assert.equal(summary(changed).text, "changed: ssa −2");
});

test("sizes, times and labels for the eye", () => {
  assert.deepEqual([size(1204), size(18_700), size(2_350_000), size(null)], ["1,204 bytes", "18.7 kB", "2.35 MB", ""]);
  assert.deepEqual([duration(0.036), duration(0.6), duration(43.2), duration(1234), duration(0)], ["36 µs", "0.6 ms", "43 ms", "1.2 s", ""]);
  assert.equal(labelOf({ label: " ", kind: "exact" }), "␣");
});

test("keys move within the row", () => {
  assert.deepEqual(["ArrowRight", "ArrowLeft", "Home", "End", "b"].map((key) => step(key, 3, 10)), [4, 2, 0, 9, null]);
  assert.equal(step("ArrowRight", 9, 10), 9);
});
