/**
 * A traced run: spans of goroutines as columns, cut into lanes, and told in words. Times are nanoseconds from
 * the first event.
 */

/**
 * @typedef {object} Goroutine
 * @property {number} id
 * @property {string} name the function that it begins in
 * @property {boolean} system the runtime's, or the tracing's
 * @property {number} creator -1 when it was there before
 * @property {number | null} created
 * @property {number | null} ended
 * @property {Record<string, number>} spent by state
 * @property {number} preempted how often
 * @property {number} last where its last span ends
 */

/**
 * @typedef {object} Columns equally long; -1 for none
 * @property {number[]} goroutine place in `goroutines`
 * @property {number[]} state place in `states`
 * @property {number[]} start from that of the span before
 * @property {number[]} processor
 * @property {number[]} thread place in `threads`
 * @property {number[]} reason place in `strings`
 * @property {number[]} call place in `calls`
 * @property {number[]} cause a goroutine's id
 * @property {number[]} preempted 1 by a signal, 2 by a stack check
 */

/**
 * @typedef {object} Payload
 * @property {number} nanoseconds
 * @property {number} events
 * @property {number} own goroutines of the program, those that are not sent too
 * @property {number} processors
 * @property {boolean} async_preemption
 * @property {string} ended
 * @property {number} returncode
 * @property {string} said what Go said where it ended the program
 * @property {string} cut
 * @property {number} signals
 * @property {number} checks
 * @property {string[]} states
 * @property {Goroutine[]} goroutines
 * @property {number[]} threads
 * @property {string[]} strings
 * @property {[string, string, number][]} calls function, file, line
 * @property {Columns} spans
 * @property {[number, number, string, number][]} collections
 * @property {[number, number, string, number][]} pauses
 * @property {{at: number, queue: number, queues: number[], idle: number, threads: number}[]} reports
 * @property {{spans: number, goroutines: number}} hidden
 * @property {number | null} until
 */

/** @typedef {"goroutines" | "processors" | "threads"} Mode */
/** @typedef {{key: number, name: string, detail: string, spans: number[]}} Lane */

/**
 * @typedef {object} Run
 * @property {Payload} payload
 * @property {Float64Array} start
 * @property {Float64Array} end
 * @property {number} count of spans
 * @property {number[][]} of spans by place of their goroutine, in order
 * @property {Int32Array} turn each span's place among its goroutine's
 */

export const [RUNNABLE, RUNNING, WAITING, SYSCALL] = [2, 3, 4, 5];
/** What a state is called, and how it is drawn: the order is that of the legend. */
export const STATES = /** @type {const} */ ([
  [RUNNING, "running", "running"],
  [RUNNABLE, "runnable", "can run, waits for a P"],
  [SYSCALL, "syscall", "in a system call"],
  [WAITING, "waiting", "waits for something"],
]);
export const MODES = /** @type {const} */ ([
  ["goroutines", "goroutines (G)"],
  ["processors", "processors (P)"],
  ["threads", "threads (M)"],
]);

/** Arrays for the kinds of cells that Python packs. @type {Record<string, (bytes: ArrayBuffer) => ArrayLike<number>>} */
const KINDS = { b: (bytes) => new Int8Array(bytes), h: (bytes) => new Int16Array(bytes), i: (bytes) => new Int32Array(bytes), d: (bytes) => new Float64Array(bytes) };

/** The numbers of a packed column. @param {[string, string]} column kind of cells, and bytes in base64 @returns {any} */
export function unpack([kind, text]) {
  return KINDS[kind](Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}

/** @param {any} sent a payload whose columns are packed @returns {Run} */
export function prepare(sent) {
  const spans = /** @type {Columns} */ (Object.fromEntries(Object.entries(sent.spans).map(([name, column]) => [name, typeof column[0] === "string" ? unpack(column) : column])));
  /** @type {Payload} */
  const payload = { ...sent, spans };
  const { goroutines } = payload;
  const count = spans.state.length;
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  const turn = new Int32Array(count);
  /** @type {number[][]} */
  const of = goroutines.map(() => []);
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    at += spans.start[i];
    start[i] = at;
    const mine = of[spans.goroutine[i]];
    if (mine.length > 0) end[mine[mine.length - 1]] = at;
    turn[i] = mine.length;
    mine.push(i);
  }
  // A span lasts until the next of its goroutine.
  for (const [place, mine] of of.entries()) if (mine.length > 0) end[mine[mine.length - 1]] = goroutines[place].last;
  return { payload, start, end, count, of, turn };
}

/**
 * The lanes, from top to bottom. Ps and threads have what runs on them; threads also the system calls they are in.
 *
 * @param {Run} run @param {Mode} mode @param {boolean} all the runtime's own goroutines too
 * @returns {Lane[]}
 */
export function lanes(run, mode, all) {
  const { spans, goroutines, threads, processors } = run.payload;
  if (mode === "goroutines") {
    return goroutines.flatMap((one, place) => (all || !one.system ? [{ key: one.id, name: `G${one.id}`, detail: one.name, spans: run.of[place] }] : []));
  }
  const column = mode === "processors" ? spans.processor : spans.thread;
  const on = (/** @type {number} */ i) => spans.state[i] === RUNNING || (mode === "threads" && spans.state[i] === SYSCALL);
  /** @type {Map<number, number[]>} */
  const found = new Map();
  if (mode === "processors") for (let p = 0; p < processors; p += 1) found.set(p, []);
  for (let i = 0; i < run.count; i += 1) {
    if (column[i] < 0 || !on(i)) continue;
    const mine = found.get(column[i]);
    if (mine) mine.push(i);
    else found.set(column[i], [i]);
  }
  const name = (/** @type {number} */ key) => (mode === "processors" ? `P${key}` : `M${key}`);
  return [...found].sort(([a], [b]) => a - b).map(([key, mine]) => ({ key, name: name(key), detail: mode === "threads" ? `thread ${threads[key]}` : `${mine.length} turns`, spans: mine }));
}

/** The first of some spans that ends after a time. @param {Run} run @param {number[]} spans @param {number} time */
export function firstAfter(run, spans, time) {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (run.end[spans[middle]] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The span of a lane at a time, or the next one; null behind the last. @param {Run} run @param {Lane} lane @param {number} time */
export function spanAt(run, lane, time) {
  return lane.spans[firstAfter(run, lane.spans, time)] ?? null;
}

/**
 * What a lane shows of one state in a window, in pixels: spans that would share a pixel are one.
 *
 * @param {Run} run @param {number[]} spans @param {(span: number) => boolean} wanted
 * @param {{from: number, to: number}} view @param {number} width
 * @param {number} [gap] what is left free behind those that are wide enough, so that neighbours are told apart
 * @returns {[number, number][]}
 */
export function boxes(run, spans, wanted, view, width, gap = 0) {
  const scale = width / (view.to - view.from);
  /** @type {[number, number][]} */
  const made = [];
  let last = null;
  for (let i = firstAfter(run, spans, view.from); i < spans.length && run.start[spans[i]] < view.to; i += 1) {
    const span = spans[i];
    if (!wanted(span)) continue;
    const x = Math.max(0, (run.start[span] - view.from) * scale);
    const whole = Math.min(width, Math.max((run.end[span] - view.from) * scale, x + 0.75));
    const end = whole - x >= 3 ? whole - gap : whole;
    if (last && x - last[1] < 0.5) last[1] = Math.max(last[1], end);
    else {
      last = /** @type {[number, number]} */ ([x, end]);
      made.push(last);
    }
  }
  return made;
}

/** @param {number} nanoseconds */
export function time(nanoseconds) {
  for (const [size, unit] of /** @type {[number, string][]} */ ([[1e9, "s"], [1e6, "ms"], [1e3, "µs"]])) {
    if (Math.abs(nanoseconds) >= size) return `${Number((nanoseconds / size).toPrecision(3))} ${unit}`;
  }
  return `${Math.round(nanoseconds)} ns`;
}

/** A moment on an axis whose lines are so far apart. @param {number} at @param {number} step */
export function moment(at, step) {
  const [size, unit] = step >= 5e8 ? [1e9, "s"] : step >= 5e5 ? [1e6, "ms"] : step >= 500 ? [1e3, "µs"] : [1, "ns"];
  return `${Number((at / size).toFixed(1)).toLocaleString("en")} ${unit}`;
}

/** Where lines of a time axis are. @param {{from: number, to: number}} view @param {number} [wanted] */
export function ticks(view, wanted = 8) {
  const rough = (view.to - view.from) / wanted;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? power;
  const made = [];
  for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) made.push(at);
  return made;
}

/** @param {Run} run @param {number} span */
export function place(run, span) {
  const call = run.payload.calls[run.payload.spans.call[span]];
  return call ? { function: call[0], file: call[1].split("/").at(-1) ?? "", line: call[2], own: !call[1].includes("/") } : null;
}

/** Why a span began, in words; "" where nothing is known. @param {Run} run @param {number} span */
export function why(run, span) {
  const { spans, strings } = run.payload;
  const state = spans.state[span];
  const reason = strings[spans.reason[span]] ?? "";
  if (spans.preempted[span] === 1) return "preempted: SIGURG stopped it";
  if (spans.preempted[span] === 2) return "preempted: it looked at its stack bound";
  const before = run.of[spans.goroutine[span]][run.turn[span] - 1];
  const cause = spans.cause[span];
  if (state === RUNNABLE && before === undefined && cause >= 0) return `G${cause} made it`;
  if (state === RUNNABLE && cause >= 0) return `G${cause} woke it`;
  if (state === RUNNABLE && before !== undefined && run.payload.spans.state[before] === WAITING) return "the runtime woke it";
  return reason;
}

/** A span as a sentence. @param {Run} run @param {number} span */
export function sentence(run, span) {
  const { spans, goroutines, threads } = run.payload;
  const who = goroutines[spans.goroutine[span]];
  const took = time(run.end[span] - run.start[span]);
  const state = spans.state[span];
  const on = spans.processor[span] >= 0 ? ` on P${spans.processor[span]}, M${spans.thread[span]} (thread ${threads[spans.thread[span]]})` : "";
  const what =
    state === RUNNING ? `runs${on} for ${took}` : state === SYSCALL ? `is in a system call for ${took}` : state === RUNNABLE ? `could run and waits ${took} for a P` : `waits for ${took}`;
  const at = place(run, span);
  const reason = why(run, span);
  const where = at ? `, at ${at.function} ${at.file}:${at.line}` : "";
  return `${time(run.start[span])}: G${who.id} ${who.name} ${what}${reason ? ` (${reason})` : ""}${where}.`;
}

/** What the scheduler itself said last, at a time; "" when it said nothing. @param {Run} run @param {number} at */
export function report(run, at) {
  const said = run.payload.reports.filter((one) => one.at <= at).at(-1) ?? run.payload.reports[0];
  if (!said) return "";
  const { processors } = run.payload;
  return `The scheduler’s own report at ${time(Math.max(0, said.at))} (schedtrace): ${processors - said.idle} of ${processors} Ps busy, ${said.threads} threads, ${said.queue} in the global queue, ${said.queues.join(", ").replace(/, (?=[^,]*$)/, " and ")} in those of the Ps.`;
}

/**
 * The steps that play: the spans of the one that is followed, else of all of the program's own.
 *
 * @param {Run} run @param {number} follow a goroutine's id, 0 for none @param {boolean} all
 */
export function steps(run, follow, all) {
  const { spans, goroutines } = run.payload;
  if (follow) {
    const found = goroutines.findIndex((one) => one.id === follow);
    return found < 0 ? [] : run.of[found];
  }
  const made = [];
  for (let i = 0; i < run.count; i += 1) if (all || !goroutines[spans.goroutine[i]].system) made.push(i);
  return made;
}

/** @param {Run} run */
export function figures({ payload }) {
  const { own } = payload;
  const sent = payload.goroutines.filter((one) => !one.system).length;
  const forced = payload.signals + payload.checks;
  const parts = [
    `${own.toLocaleString("en")} goroutine${own === 1 ? "" : "s"}${sent < own ? ` (${sent.toLocaleString("en")} shown)` : ""}`,
    `${payload.processors} P${payload.processors === 1 ? "" : "s"}`,
    `${payload.threads.length} thread${payload.threads.length === 1 ? "" : "s"}`,
    `${payload.events.toLocaleString("en")} events`,
    forced ? `${forced} preemption${forced === 1 ? "" : "s"}${payload.signals ? `, ${payload.signals} by SIGURG` : ""}` : "no preemption",
  ];
  if (payload.collections.length > 0) parts.push(`${payload.collections.length} collection${payload.collections.length === 1 ? "" : "s"}`);
  return parts.join(" · ");
}

/** What went otherwise than planned, in a sentence; "" for nothing. @param {Payload} payload */
export function trouble(payload) {
  const parts = [];
  if (payload.ended !== "finished") parts.push(`The program was stopped: ${payload.ended}.`);
  else if (payload.said) parts.push(`The program ended: ${payload.said}`);
  else if (payload.returncode !== 0) parts.push(`The program ended with exit code ${payload.returncode}.`);
  if (payload.cut) parts.push(`The trace ends early: ${payload.cut}.`);
  if (payload.hidden.spans > 0) parts.push(`${payload.hidden.spans.toLocaleString("en")} more spans are in .frame().`);
  if (payload.hidden.goroutines > 0) parts.push(`${payload.hidden.goroutines.toLocaleString("en")} more goroutines, too.`);
  return parts.join(" ");
}

/** A window magnified around a time; never wider than all, nor narrower than what can be told apart. @param {{from: number, to: number}} view @param {number} factor @param {number} at @param {number} whole */
export function zoom(view, factor, at, whole) {
  const size = Math.min(Math.max((view.to - view.from) / factor, 200), Math.max(whole, 200));
  const share = (at - view.from) / (view.to - view.from);
  return fit({ from: at - share * size, to: at + (1 - share) * size }, whole);
}

/** A window moved into what there is. @param {{from: number, to: number}} view @param {number} whole */
export function fit(view, whole) {
  const size = Math.min(view.to - view.from, Math.max(whole, 200));
  const from = Math.max(0, Math.min(view.from, Math.max(whole, 200) - size));
  return { from, to: from + size };
}
