import assert from "node:assert/strict";
import { test } from "node:test";

import {
  bars,
  climb,
  count,
  foundBy,
  keepPhase,
  linesAt,
  nextComplaint,
  outcome,
  placeOf,
  verdict,
} from "../../golifelab/widgets/static/checks/model.js";

/** @typedef {import("../../golifelab/widgets/static/checks/model.js").Checks} Checks */
/** @typedef {import("../../golifelab/widgets/static/checks/model.js").Phase} Phase */

/**
 * @param {string} name
 * @param {{lines?: [number, number][], errors?: number, ran?: boolean}} [facts] lines are places
 * @returns {Phase}
 */
function phase(name, { lines = [], errors = 0, ran = true } = {}) {
  return {
    name,
    about: "",
    made: "",
    ran,
    why: "",
    lines: lines.length,
    total: lines.length,
    errors,
    trace: {
      depth: lines.map(() => 0),
      file: lines.map(() => 0),
      line: lines.map(([line]) => line),
      column: lines.map(([, column]) => column),
      text: lines.map(() => "-- expr x"),
    },
  };
}

/**
 * @param {Phase[]} phases
 * @returns {Checks}
 */
function checks(phases) {
  const findings = phases.flatMap((one, i) =>
    Array.from({ length: one.errors }, () => ({
      phase: i, at: 0, by: [], file: "main.go", line: 1, column: 1, message: "m", code: "", number: 0, summary: "", example: "",
    })),
  );
  return {
    seq: 0,
    phases,
    files: ["main.go"],
    findings,
    first: phases.findIndex((one) => one.errors > 0),
    counts: { errors: findings.length, hidden: 0 },
    traced: true,
    truncated: false,
  };
}

/** @type {[number, number][]} */
const PLACES = [[3, 1], [3, 5], [4, 1], [3, 5], [0, 0]];

test("the longest trace has the longest bar, and a short one can be seen", () => {
  assert.deepEqual(bars([phase("a", { lines: [[1, 1]] }), phase("b", { lines: PLACES }), phase("c")]).map((n) => n.toFixed(2)), ["0.45", "1.00", "0.00"]);
  assert.deepEqual(bars([phase("a")]), [0]);
});

test("to begin with, the first complaint is shown; without one, the phase with most to do", () => {
  const quiet = checks([phase("scan"), phase("a", { lines: [[1, 1]] }), phase("b", { lines: PLACES })]);
  assert.equal(keepPhase(null, 0, quiet), 2);
  const loud = checks([phase("scan"), phase("a", { errors: 1 }), phase("b", { lines: PLACES, errors: 2 })]);
  assert.equal(keepPhase(null, 0, loud), 1);
  assert.equal(keepPhase(null, 0, checks([phase("a")])), 0);
});

test("after an edit the chosen phase stays, unless someone else complains first", () => {
  const before = checks([phase("scan"), phase("a", { errors: 1 }), phase("b", { errors: 1 })]);
  assert.equal(keepPhase(before, 2, before), 2, "the same complaint");
  const solved = checks([phase("scan"), phase("a"), phase("b", { errors: 1 })]);
  assert.equal(keepPhase(before, 0, solved), 2, "b is the first now");
  const good = checks([phase("scan"), phase("a"), phase("b")]);
  assert.equal(keepPhase(before, 1, good), 1);
  const lost = checks([phase("parse", { errors: 1 }), phase("a", { ran: false }), phase("b", { ran: false })]);
  assert.equal(keepPhase(good, 1, lost), 0);
});

test("keys climb within the column", () => {
  const keys = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", "x"];
  assert.deepEqual(keys.map((key) => climb(key, 3, 10, 4)), [4, 2, 7, 0, 0, 9, null]);
  assert.equal(climb("ArrowDown", -1, 10, 4), 0, "before the first line comes the first");
  assert.equal(climb("ArrowDown", 9, 10, 4), 9);
  assert.equal(climb("End", 0, 0, 4), null);
});

test("stepping from complaint to complaint", () => {
  const phases = [phase("a", { errors: 1 }), phase("b"), phase("c", { errors: 1 }), phase("d")];
  assert.equal(nextComplaint(phases, 0, 1), 2);
  assert.equal(nextComplaint(phases, 2, 1), 2);
  assert.equal(nextComplaint(phases, 3, -1), 2);
  assert.equal(nextComplaint(phases, 0, -1), 0);
});

test("lines about the selection: at its place, else on its line, else none", () => {
  const payload = checks([phase("a", { lines: PLACES })]);
  assert.deepEqual(linesAt(payload, 0, { file: "main.go", line: 3, column: 5 }), { lines: [1, 3], exact: true });
  assert.deepEqual(linesAt(payload, 0, { file: "main.go", line: 3, column: 2 }), { lines: [0, 1, 3], exact: false });
  assert.deepEqual(linesAt(payload, 0, { file: "main.go", line: 9, column: 2 }).lines, []);
  assert.deepEqual(linesAt(payload, 0, { file: "other.go", line: 3, column: 5 }).lines, []);
  assert.deepEqual(linesAt(payload, 0, { file: "main.go" }).lines, []);
});

test("a line's place is what it selects; a line without one selects nothing", () => {
  const payload = checks([phase("a", { lines: PLACES })]);
  assert.deepEqual(placeOf(payload, 0, 2), { file: "main.go", line: 4, column: 1 });
  assert.equal(placeOf(payload, 0, 4), null);
});

test("what a phase came to, in words", () => {
  const payload = checks([phase("a", { errors: 1 }), phase("b", { errors: 2 }), phase("c", { ran: false }), phase("d")]);
  assert.deepEqual(payload.phases.map((one, i) => outcome(one, i === payload.first)), ["✗ 1 error, the first", "✗ 2 errors", "never ran", ""]);
  assert.equal(foundBy(payload, 1).length, 2);
  assert.deepEqual(verdict(payload), { state: "bad", text: "a complained first · 3 errors in all" });
  assert.equal(verdict(checks([phase("a", { errors: 1 })])).text, "a complained · 1 error");
  payload.counts = { errors: 300, hidden: 100 };
  assert.equal(verdict(payload).text, "a complained first · 300 errors in all, the first 200 of them here");
  assert.deepEqual(verdict(checks([phase("a"), phase("c", { ran: false })])), { state: "good", text: "nobody complains: 1 phase ran" });
  assert.equal(count(2000, "line"), "2,000 lines");
});
