import assert from "node:assert/strict";
import { test } from "node:test";

import { deepest, eventOf, held, label, moved, placed, sentence, stacks, stepsOf, stopAt, used } from "../../golifelab/widgets/static/boot/model.js";

const names = ["rt0_go", "runtime.newproc", "runtime.schedule", "runtime.main", "main.main", "runtime.goexit"];

/** @returns {import("../../golifelab/widgets/static/boot/model.js").Boot} */
function boot() {
  const eight = (/** @type {number} */ value) => Array.from({ length: 5 }, () => value);
  return {
    release: "1.27.3",
    how: "ptrace",
    exit_code: 0,
    cut: "",
    recorded: "",
    counts: { "main.main": 1 },
    limited: false,
    names,
    stops: {
      name: [0, 1, 2, 3, 4],
      first: [1, 1, 0, 1, 1],
      at: [0, 10, 30, 40, 60],
      thread: [0, 0, 1, 0, 0],
      sp: [1000, 900, 5000, 7900, 7800],
      stack: ["system", "system", "system", "goroutine", "goroutine"],
      g: eight(1),
      goid: [0, 0, 0, 1, 1],
      m: eight(2),
      register: eight(1),
      lo: [0, 0, 0, 7000, 7000],
      hi: [0, 1000, 6000, 8000, 8000],
      base: [1000, 1000, 6000, 8000, 8000],
      chain: [[], [0], [], [5], [3, 5]],
    },
    calls: { name: ["mmap", "rt_sigaction"], text: ["mmap(NULL) = 0x1", "rt_sigaction(1) = 0"], count: [1, 64], at: [20, 35], thread: [0, 0], error: ["", ""] },
    inits: { package: ["os"], at: [50], goid: [1], runtime: [0] },
    events: [[0, 0], [0, 1], [1, 0], [0, 2], [1, 1], [0, 3], [2, 0], [0, 4]],
    words: { "main.main": "the program’s own" },
    steps: ["rt0_go", "runtime.newproc", "runtime.main", "main.main"],
    wrong: ["rt0_go", "runtime.main", "runtime.newproc", "main.main"],
    hidden: { stops: 0, calls: 0, inits: 0 },
  };
}

test("the steps are the milestones, or everything", () => {
  assert.deepEqual(stepsOf(boot(), false), [0, 1, 5, 7]);
  assert.equal(stepsOf(boot(), true).length, 8);
});

test("an event between arrivals belongs to the last one", () => {
  assert.equal(stopAt(boot(), 2), 1);
  assert.equal(stopAt(boot(), 6), 3);
  assert.equal(eventOf(boot(), "main.main"), 7);
  assert.equal(eventOf(boot(), "runtime.exit"), -1);
});

test("words for each kind of event", () => {
  assert.equal(label(boot(), 1), "runtime.newproc on the system stack of thread 0");
  assert.equal(label(boot(), 4), "system call rt_sigaction, 64 in a row");
  assert.equal(label(boot(), 6), "the inits of os");
  assert.equal(sentence(boot(), 7), "the program’s own");
  assert.match(sentence(boot(), 4), /the first of 64/);
  assert.match(sentence(boot(), 6), /of the program’s packages/);
});

test("both stacks at an event: the one in use, and what the other was left with", () => {
  const early = stacks(boot(), 4);
  assert.equal(early.goroutine, null);
  assert.deepEqual(early.system?.names, ["rt0_go", "runtime.newproc"], "another thread’s arrival changes nothing");
  const late = stacks(boot(), 7);
  assert.equal(late.now, "goroutine");
  assert.deepEqual(late.goroutine?.names, ["runtime.goexit", "runtime.main", "main.main"]);
  assert.equal(late.system?.stop, 1);
});

test("bytes in use hang from where the stack begins", () => {
  assert.equal(used(boot(), 1), 100);
  assert.equal(deepest(boot(), "system"), 1000);
  assert.equal(deepest(boot(), "goroutine"), 200);
});

test("the first thread is on one stack at a time, without a gap", () => {
  assert.deepEqual(
    held(boot()).map(({ lane, from, to }) => [lane, from, to]),
    [["system", 0, 1], ["system", 1, 5], ["goroutine", 5, 7], ["goroutine", 7, 8]],
  );
});

test("the exercise: what is drawn wrong is told, and one move may put it right", () => {
  const { steps, wrong } = boot();
  assert.deepEqual(placed(wrong, steps), [true, false, false, true]);
  const repaired = moved(wrong, 1, 2);
  assert.deepEqual(placed(repaired, steps), [true, true, true, true]);
  assert.deepEqual(moved(wrong, 0, 9), ["runtime.main", "runtime.newproc", "main.main", "rt0_go"]);
});
