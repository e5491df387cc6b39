/**
 * What the boot page shows, worked out from its payload. Nothing here touches the page.
 */

/**
 * @typedef {object} Stops equally long lists, one entry an arrival
 * @property {number[]} name
 * @property {number[]} first
 * @property {number[]} at
 * @property {number[]} thread
 * @property {number[]} sp
 * @property {("system" | "goroutine" | "signal")[]} stack
 * @property {number[]} g
 * @property {number[]} goid
 * @property {number[]} m
 * @property {number[]} register
 * @property {number[]} lo
 * @property {number[]} hi
 * @property {number[]} base
 * @property {number[][]} chain
 */

/**
 * @typedef {object} Boot
 * @property {string} release
 * @property {string} how
 * @property {number | null} exit_code
 * @property {string} cut
 * @property {string} recorded
 * @property {Record<string, number>} counts
 * @property {boolean} limited
 * @property {string[]} names
 * @property {Stops} stops
 * @property {{name: string[], text: string[], count: number[], at: number[], thread: number[], error: string[]}} calls
 * @property {{package: string[], at: number[], goid: number[], runtime: number[]}} inits
 * @property {[number, number][]} events
 * @property {Record<string, string>} words
 * @property {string[]} steps
 * @property {string[]} wrong
 * @property {{stops: number, calls: number, inits: number}} hidden
 * @property {{file: string, line: number} | null} [main]
 */

export const STOP = 0;
export const CALL = 1;
export const INIT = 2;

/** @param {number} value @returns {string} */
export const hex = (value) => `0x${value.toString(16)}`;

/** @param {number} value @returns {string} "1,234" */
export const grouped = (value) => Math.round(value).toLocaleString("en-US");

/** @param {number} value @param {string} noun @returns {string} */
export const count = (value, noun) => `${grouped(value)} ${noun}${value === 1 ? "" : "s"}`;

/**
 * @param {string} name
 * @returns {string} without the package that most have; runtime.main keeps it, as main.main is there, too
 */
export const short = (name) => (name === "runtime.main" ? name : name.replace(/^runtime\./, ""));

/**
 * @param {Boot} boot
 * @param {boolean} all whether every event is a step, or only the milestones are
 * @returns {number[]} the events that are stepped through
 */
export function stepsOf(boot, all) {
  const every = boot.events.map((_, index) => index);
  return all ? every : every.filter((index) => boot.events[index][0] === STOP && boot.stops.first[boot.events[index][1]] === 1);
}

/**
 * @param {Boot} boot
 * @param {number} event
 * @returns {number} the arrival that is in force at an event: its own, or the last before it; -1 for none
 */
export function stopAt(boot, event) {
  for (let index = Math.min(event, boot.events.length - 1); index >= 0; index -= 1) if (boot.events[index][0] === STOP) return boot.events[index][1];
  return -1;
}

/** @param {Boot} boot @param {number} stop @returns {string} the function's name */
export const nameOf = (boot, stop) => boot.names[boot.stops.name[stop]] ?? "";

/** @param {Boot} boot @param {number} stop @returns {number} bytes of its stack that are in use */
export const used = (boot, stop) => Math.max(0, boot.stops.base[stop] - boot.stops.sp[stop]);

/** @param {Boot} boot @param {number} stop @returns {string} "the system stack of thread 0" */
export function stackWords(boot, stop) {
  const { stack, goid, thread } = boot.stops;
  if (stack[stop] === "goroutine") return `the stack of goroutine ${goid[stop]}`;
  if (stack[stop] === "signal") return `the signal stack of thread ${thread[stop]}`;
  return boot.stops.g[stop] ? `the system stack of thread ${thread[stop]}` : "the stack that the kernel made";
}

/** @param {Boot} boot @param {number} event @returns {string} what an event is, in few words */
export function label(boot, event) {
  const [kind, index] = boot.events[event] ?? [STOP, -1];
  if (kind === CALL) {
    const times = boot.calls.count[index];
    return `system call ${boot.calls.name[index]}${times > 1 ? `, ${times} in a row` : ""}`;
  }
  if (kind === INIT) return `the inits of ${boot.inits.package[index]}`;
  return index < 0 ? "nothing" : `${nameOf(boot, index)} on ${stackWords(boot, index)}`;
}

/**
 * @param {Boot} boot
 * @param {number} event
 * @returns {number} when it was, in microseconds
 */
export function when(boot, event) {
  const [kind, index] = boot.events[event];
  return [boot.stops.at, boot.calls.at, boot.inits.at][kind][index];
}

/**
 * The frames that are on both stacks at an event: those of the stack in use, and what the other one was left with.
 *
 * @param {Boot} boot
 * @param {number} event
 * @returns {{system: Frames | null, goroutine: Frames | null, now: "system" | "goroutine" | ""}}
 *
 * @typedef {{stop: number, names: string[]}} Frames the outermost function first
 */
export function stacks(boot, event) {
  /** @type {Frames | null} */
  let system = null;
  /** @type {Frames | null} */
  let goroutine = null;
  /** @type {"system" | "goroutine" | ""} */
  let now = "";
  for (let index = 0; index <= event && index < boot.events.length; index += 1) {
    const [kind, stop] = boot.events[index];
    if (kind !== STOP || !ofStory(boot, stop)) continue;
    const names = [...boot.stops.chain[stop].map((name) => boot.names[name]).reverse(), nameOf(boot, stop)];
    if (boot.stops.stack[stop] === "goroutine") {
      goroutine = { stop, names };
      now = "goroutine";
    } else {
      system = { stop, names };
      now = "system";
    }
  }
  return { system, goroutine, now };
}

/**
 * @param {Boot} boot
 * @param {"system" | "goroutine"} stack
 * @returns {number} the most bytes in use at any arrival on such a stack
 */
export function deepest(boot, stack) {
  return boot.stops.stack.reduce((most, kind, stop) => (kind === stack ? Math.max(most, used(boot, stop)) : most), 1);
}

/**
 * Whether an arrival is of what is followed: the first thread's system stack, and the goroutine of main, which may
 * go on in another thread.
 *
 * @param {Boot} boot
 * @param {number} stop
 * @returns {boolean}
 */
export function ofStory(boot, stop) {
  const { stack, thread, goid } = boot.stops;
  return stack[stop] === "system" ? thread[stop] === 0 : stack[stop] === "goroutine" && goid[stop] === 1;
}

/**
 * Which stack is in use, from each arrival of what is followed to the next.
 *
 * @param {Boot} boot
 * @returns {{lane: "system" | "goroutine", from: number, to: number, stop: number}[]}
 */
export function held(boot) {
  /** @type {{lane: "system" | "goroutine", from: number, to: number, stop: number}[]} */
  const found = [];
  boot.events.forEach(([kind, stop], event) => {
    if (kind !== STOP || !ofStory(boot, stop)) return;
    const last = found.at(-1);
    if (last) last.to = event;
    found.push({ lane: boot.stops.stack[stop] === "goroutine" ? "goroutine" : "system", from: event, to: boot.events.length, stop });
  });
  return found;
}

/**
 * @param {Boot} boot
 * @param {string} name
 * @returns {number} the event of a function's first arrival, -1 for none
 */
export function eventOf(boot, name) {
  return boot.events.findIndex(([kind, index]) => kind === STOP && nameOf(boot, index) === name);
}

/**
 * @param {Boot} boot
 * @param {number} event
 * @returns {string} what happens there, in a sentence
 */
export function sentence(boot, event) {
  const [kind, index] = boot.events[event];
  if (kind === CALL) {
    const times = boot.calls.count[index];
    return `${boot.calls.text[index]}${times > 1 ? `, the first of ${times} in a row` : ""}`;
  }
  if (kind === INIT) return `The inits of ${boot.inits.package[index]} begin, of the list ${boot.inits.runtime[index] ? "that the runtime itself needs" : "of the program’s packages"}.`;
  return boot.words[nameOf(boot, index)] ?? "";
}

/**
 * How far an arrangement is right: a step is when all that stand before it came before it.
 *
 * @param {string[]} arranged
 * @param {string[]} steps in the order in which they really came
 * @returns {boolean[]} for each place of the arrangement
 */
export function placed(arranged, steps) {
  const wanted = steps.filter((name) => arranged.includes(name));
  return arranged.map((name, index) => wanted[index] === name);
}

/**
 * @param {string[]} list
 * @param {number} from
 * @param {number} to
 * @returns {string[]} the list with one entry moved
 */
export function moved(list, from, to) {
  const target = Math.min(Math.max(to, 0), list.length - 1);
  const next = list.filter((_, index) => index !== from);
  next.splice(target, 0, list[from]);
  return next;
}
