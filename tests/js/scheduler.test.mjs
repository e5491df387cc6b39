import assert from "node:assert/strict";
import { test } from "node:test";

import { boxes, figures, fit, lanes, moment, place, prepare, report, RUNNABLE, RUNNING, sentence, spanAt, steps, ticks, time, trouble, unpack, WAITING, why, zoom } from "../../golifelab/widgets/static/scheduler/model.js";

/* Two goroutines take turns on one P; the second is made by the first, and stopped by a signal. */
/** @type {import("../../golifelab/widgets/static/scheduler/model.js").Payload} */
const PAYLOAD = {
  nanoseconds: 1_000_000,
  events: 12,
  own: 2,
  processors: 2,
  async_preemption: true,
  ended: "finished",
  returncode: 0,
  said: "",
  cut: "",
  signals: 1,
  checks: 0,
  states: ["Undetermined", "NotExist", "Runnable", "Running", "Waiting", "Syscall"],
  goroutines: [
    { id: 1, name: "main.main", system: false, creator: -1, created: null, ended: null, spent: { Running: 600_000 }, preempted: 0, last: 1_000_000 },
    { id: 2, name: "runtime.bgsweep", system: true, creator: 1, created: null, ended: null, spent: { Waiting: 1_000_000 }, preempted: 0, last: 1_000_000 },
    { id: 7, name: "main.work", system: false, creator: 1, created: 100_000, ended: null, spent: { Running: 300_000 }, preempted: 1, last: 1_000_000 },
  ],
  threads: [501, 502],
  strings: ["", "preempted", "chan receive"],
  calls: [["main.work", "main.go", 9], ["main.main", "main.go", 3]],
  spans: {
    // G1 runs, G2 waits, G7 runnable, G1 waits, G7 runs, G7 runnable (signal), G1 syscall
    goroutine: [0, 1, 2, 0, 2, 2, 0],
    state: [3, 4, 2, 4, 3, 2, 5],
    start: [0, 0, 100_000, 200_000, 100_000, 300_000, 0],
    processor: [0, -1, -1, -1, 0, -1, 1],
    thread: [0, -1, -1, -1, 1, -1, 0],
    reason: [0, 0, 0, 2, 0, 1, 0],
    call: [-1, -1, 1, 1, -1, 0, 1],
    cause: [-1, -1, 1, -1, -1, -1, -1],
    preempted: [0, 0, 0, 0, 0, 1, 0],
  },
  collections: [],
  pauses: [],
  reports: [],
  hidden: { spans: 0, goroutines: 0 },
  until: null,
};
const run = prepare(PAYLOAD);

test("spans have their times, and each goroutine its own", () => {
  assert.deepEqual([...run.start], [0, 0, 100_000, 300_000, 400_000, 700_000, 700_000]);
  assert.deepEqual([...run.end], [300_000, 1_000_000, 400_000, 700_000, 700_000, 1_000_000, 1_000_000]);
  assert.deepEqual(run.of, [[0, 3, 6], [1], [2, 4, 5]]);
  assert.deepEqual([...run.turn], [0, 0, 0, 1, 1, 2, 2]);
});

test("lanes of goroutines, Ps and threads hold the same spans", () => {
  const names = (/** @type {any} */ mode, all = false) => lanes(run, mode, all).map((lane) => [lane.name, lane.spans]);
  assert.deepEqual(names("goroutines"), [["G1", [0, 3, 6]], ["G7", [2, 4, 5]]]);
  assert.deepEqual(names("goroutines", true).map(([name]) => name), ["G1", "G2", "G7"]);
  // A P that a goroutine left for a system call may do something else.
  assert.deepEqual(names("processors"), [["P0", [0, 4]], ["P1", []]]);
  assert.deepEqual(names("threads"), [["M0", [0, 6]], ["M1", [4]]]);
});

test("a lane is found at a time, and drawn with one box a pixel", () => {
  const [first, second] = lanes(run, "goroutines", false);
  assert.equal(spanAt(run, first, 299_999), 0);
  assert.equal(spanAt(run, first, 300_000), 3);
  assert.equal(spanAt(run, second, 0), 2);
  assert.equal(spanAt(run, second, 2_000_000), null);
  const view = { from: 0, to: 1_000_000 };
  const of = (/** @type {number} */ state) => boxes(run, second.spans, (i) => PAYLOAD.spans.state[i] === state, view, 100);
  assert.deepEqual(of(RUNNING), [[40, 70]]);
  assert.deepEqual(of(RUNNABLE), [[10, 40], [70, 100]]);
  assert.deepEqual(of(WAITING), []);
  // Neighbours on a P are told apart, where there is room.
  const [p0] = lanes(run, "processors", false);
  assert.deepEqual(boxes(run, p0.spans, () => true, { from: 200_000, to: 600_000 }, 100, 1), [[0, 24], [50, 99]]);
  // From afar, all are one line.
  assert.equal(boxes(run, second.spans, () => true, { from: 0, to: 1e12 }, 100).length, 1);
});

test("a span is told in words", () => {
  assert.equal(sentence(run, 4), "400 µs: G7 main.work runs on P0, M1 (thread 502) for 300 µs.");
  assert.equal(sentence(run, 5), "700 µs: G7 main.work could run and waits 300 µs for a P (preempted: SIGURG stopped it), at main.work main.go:9.");
  assert.equal(sentence(run, 3), "300 µs: G1 main.main waits for 400 µs (chan receive), at main.main main.go:3.");
  assert.equal(why(run, 2), "G1 made it");
  assert.deepEqual(place(run, 5), { function: "main.work", file: "main.go", line: 9, own: true });
  assert.equal(place(run, 0), null);
  assert.equal(figures(run), "2 goroutines · 2 Ps · 2 threads · 12 events · 1 preemption, 1 by SIGURG");
});

test("what plays is the program's own, or one goroutine", () => {
  assert.deepEqual(steps(run, 0, false), [0, 2, 3, 4, 5, 6]);
  assert.deepEqual(steps(run, 7, false), [2, 4, 5]);
  assert.deepEqual(steps(run, 99, false), []);
  assert.equal(steps(run, 0, true).length, 7);
});

test("windows stay within what there is", () => {
  const whole = 1_000_000;
  assert.deepEqual(zoom({ from: 0, to: whole }, 2, 500_000, whole), { from: 250_000, to: 750_000 });
  assert.deepEqual(zoom({ from: 0, to: 1000 }, 0.0001, 0, whole), { from: 0, to: whole });
  assert.deepEqual(fit({ from: -500, to: 500 }, whole), { from: 0, to: 1000 });
  assert.equal(zoom({ from: 0, to: 1000 }, 1e9, 500, whole).to - zoom({ from: 0, to: 1000 }, 1e9, 500, whole).from, 200);
  assert.deepEqual(ticks({ from: 0, to: 1000 }, 5), [0, 200, 400, 600, 800, 1000]);
});

test("times have units that suit them", () => {
  assert.deepEqual([0, 999, 1500, 2_000_000, 1.234e9].map(time), ["0 ns", "999 ns", "1.5 µs", "2 ms", "1.23 s"]);
  assert.deepEqual([[1_234_567, 1_000_000], [500_000_000, 1e8], [2.5e9, 5e8], [1_500, 500], [120, 20]].map(([at, step]) => moment(at, step)), ["1.2 ms", "500 ms", "2.5 s", "1.5 µs", "120 ns"]);
});

test("the scheduler's own words are those of the moment", () => {
  assert.equal(report(run, 0), "");
  const one = { queue: 1, queues: [2, 3], idle: 1, threads: 5 };
  const told = prepare({ ...PAYLOAD, reports: [{ at: -5, ...one }, { at: 500_000, ...one, queue: 7 }] });
  assert.equal(report(told, 499_999), "The scheduler’s own report at 0 ns (schedtrace): 1 of 2 Ps busy, 5 threads, 1 in the global queue, 2 and 3 in those of the Ps.");
  assert.match(report(told, 600_000), /at 500 µs .* 7 in the global queue/);
});

test("packed columns are read as they were", () => {
  const packed = (/** @type {string} */ kind, /** @type {ArrayBufferView} */ cells) => /** @type {[string, string]} */ ([kind, Buffer.from(cells.buffer).toString("base64")]);
  assert.deepEqual([...unpack(packed("b", new Int8Array([-1, 5])))], [-1, 5]);
  assert.deepEqual([...unpack(packed("h", new Int16Array([300, -2])))], [300, -2]);
  assert.deepEqual([...unpack(packed("i", new Int32Array([70_000])))], [70_000]);
  assert.deepEqual([...unpack(packed("d", new Float64Array([2 ** 40])))], [2 ** 40]);
});

test("what went otherwise is said", () => {
  assert.equal(trouble(PAYLOAD), "");
  assert.equal(trouble({ ...PAYLOAD, ended: "time limit" }), "The program was stopped: time limit.");
  assert.equal(trouble({ ...PAYLOAD, returncode: 2, cut: "it ends" }), "The program ended with exit code 2. The trace ends early: it ends.");
  assert.equal(trouble({ ...PAYLOAD, returncode: 2, said: "fatal error: deadlock!" }), "The program ended: fatal error: deadlock!");
  assert.match(figures({ ...run, payload: { ...run.payload, own: 100_001 } }), /^100,001 goroutines \(2 shown\) · /);
  assert.match(figures({ ...run, payload: { ...run.payload, own: 1, goroutines: PAYLOAD.goroutines.slice(0, 2) } }), /^1 goroutine · /);
  assert.match(trouble({ ...PAYLOAD, hidden: { spans: 1200, goroutines: 3 } }), /1,200 more spans.*3 more goroutines/);
});
