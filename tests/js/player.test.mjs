import assert from "node:assert/strict";
import { test } from "node:test";

import { playback } from "../../golifelab/widgets/static/page/player.js";

/** A clock that goes on by hand. */
function made(wanted = {}) {
  /** @type {({run: () => void, milliseconds: number} | null)[]} */
  const due = [];
  /** @type {[number, boolean][]} */
  const moved = [];
  const clock = playback({
    count: 3,
    stays: (step) => 100 * (step + 1),
    moved: (step, playing) => moved.push([step, playing]),
    later: (run, milliseconds) => due.push({ run, milliseconds }) - 1,
    cancel: (timer) => (due[timer] = null),
    ...wanted,
  });
  const next = () => {
    const found = due.findIndex(Boolean);
    const one = due[found];
    due[found] = null;
    one?.run();
    return one?.milliseconds;
  };
  return { clock, moved, next, waiting: () => due.filter(Boolean).length };
}

test("it plays to the end, each step for its own time, and stops there", () => {
  const { clock, moved, next, waiting } = made();
  clock.play();
  assert.equal(next(), 100);
  assert.equal(next(), 200);
  assert.deepEqual(moved, [[0, true], [1, true], [2, false]]);
  assert.equal(waiting(), 0);
  assert.equal(clock.playing(), false);
  clock.play();
  assert.equal(clock.index(), 0, "from the beginning again");
});

test("pausing stops the clock; a second pause says nothing", () => {
  const { clock, moved, waiting } = made();
  clock.play();
  clock.pause();
  clock.pause();
  assert.equal(waiting(), 0);
  assert.deepEqual(moved, [[0, true], [0, false]]);
});

test("a step by hand is kept within bounds", () => {
  const { clock } = made();
  clock.go(7);
  assert.equal(clock.index(), 2);
  clock.go(-1);
  assert.equal(clock.index(), 0);
  clock.go(1.4);
  assert.equal(clock.index(), 1);
});

test("what nobody sees stands still", () => {
  let seen = true;
  const { clock, next, waiting } = made({ seen: () => seen });
  clock.play();
  seen = false;
  next();
  assert.equal(clock.index(), 0);
  assert.equal(clock.playing(), false);
  assert.equal(waiting(), 0);
});

test("fewer steps keep the one shown in bounds and end what plays", () => {
  const { clock } = made({ start: 1 });
  clock.play();
  clock.resize(2);
  assert.equal(clock.playing(), false);
  assert.equal(clock.index(), 1);
  clock.resize(0);
  assert.equal(clock.index(), 0);
  clock.play();
  assert.equal(clock.playing(), false);
});

test("a faster pace shortens the wait", () => {
  const { clock, next } = made();
  clock.pace(2);
  clock.play();
  assert.equal(next(), 50);
});
