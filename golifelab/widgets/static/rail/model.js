/**
 * What the rail shows, as pure functions from payloads to the picture: no DOM here.
 */

/** @typedef {"front" | "middle" | "machine" | "process"} Part */

/**
 * - `fresh`: of the text as it is now
 * - `pending`: being made
 * - `stale`: of an earlier text; life stopped before this station, or it was not asked for
 * - `error`: life stopped here
 * - `recorded`: from a recording, not from this machine
 *
 * @typedef {"fresh" | "pending" | "stale" | "error" | "recorded"} State
 */

/**
 * A station. Only `id` and `state` are always there: a `pending` or `stale` station without a figure keeps
 * the last good one.
 *
 * @typedef {object} Station
 * @property {string} id
 * @property {State} state
 * @property {string} [label] the station's name; default: `id`
 * @property {Part} [part]
 * @property {string} [figure] its one number, already formatted: "47", "412→57", "2.3"
 * @property {string} [unit] "tokens", "values", "MB"
 * @property {string} [of] whose figure it is, where that can change: a function's symbol
 * @property {string} [detail] a sentence of more figures, for the panel
 * @property {number | null} [bytes]
 * @property {number | null} [ms] how long it took
 * @property {string} [note] why it is pending, stale, recorded or in error
 * @property {string | null} [change] since the last edit: "+2". Left out, it is computed from the figures
 */

/**
 * One step of the thread of the selected position.
 *
 * @typedef {object} Link
 * @property {string} label what the position is at this station: "+", "v13 Add64", "ADDQ BX, AX"
 * @property {"exact" | "descendant" | "absorbed" | "category" | "contains"} kind
 * @property {string} [evidence] how we know
 * @property {[string, string][]} [rows] facts, name and value
 * @property {string} [code] a listing, shown as it is
 */

/**
 * The rail's payload.
 *
 * @typedef {object} Rail
 * @property {number} seq the number of the edit that it belongs to
 * @property {Station[]} stations in the order of a program's life
 * @property {{file: string, line: number, column: number} | null} [position]
 * @property {Record<string, Link[]>} [thread] station id → links
 * @property {{file?: string, line?: number, column?: number, message: string, phase?: string}[]} [errors]
 * @property {string} [target] "linux/amd64 · go1.27.3"
 * @property {string} [note] what is less than usual, and why
 */

/**
 * What is on the page, and what the next edit will be compared with.
 *
 * @typedef {object} Picture
 * @property {Rail} rail
 * @property {Record<string, Memory>} baseline station id → what it was before this edit
 */

/** @typedef {{figure: string, here: string, place: string, of?: string}} Memory */

/** @type {Record<Part, string>} */
export const PARTS = {
  front: "front end",
  middle: "middle end",
  machine: "machine and link",
  process: "process",
};

/** What a kind of link means, in a mark and in words. */
export const KINDS = {
  exact: { mark: "=", words: "the same thing, exactly" },
  descendant: { mark: "↳", words: "made from it" },
  absorbed: { mark: "⊂", words: "merged into something else" },
  category: { mark: "≈", words: "of no position of its own" },
  contains: { mark: "⊃", words: "the thing around it" },
};

/**
 * @param {string | undefined} figure "1,204", "412→57"
 * @returns {number | null} the whole number it ends in, if it is one
 */
export function count(figure) {
  const last = (figure ?? "").split("→").at(-1)?.replace(/[,\u2009\u202f\s]/g, "") ?? "";
  return /^\d+$/.test(last) ? Number(last) : null;
}

/**
 * What an edit did to a station: the difference of its figures, else whether what is at the selected
 * position became something else.
 *
 * @param {Memory | undefined} before
 * @param {Memory} after
 * @returns {string} "+2", "−1"; "≠" for a difference that is no number; "" for none
 */
export function change(before, after) {
  // Figures of two functions have nothing to do with each other.
  if (!before || !after.figure || before.of !== after.of) return "";
  if (before.figure !== after.figure) {
    const [a, b] = [count(before.figure), count(after.figure)];
    if (a === null || b === null || a === b) return "≠";
    return b > a ? `+${b - a}` : `−${a - b}`;
  }
  return before.place === after.place && before.here !== after.here ? "≠" : "";
}

/**
 * Put a new payload over the picture: stations that have nothing new keep their last good figure and
 * links; changes are counted from what was there before the edit.
 *
 * @param {Picture | null} before
 * @param {Rail} next
 * @returns {Picture}
 */
export function advance(before, next) {
  const old = new Map((before?.rail.stations ?? []).map((station) => [station.id, station]));
  const edited = before !== null && next.seq !== before.rail.seq;
  // A text that does not compile is no landmark: the next good one is compared with the last good one.
  const good = edited && !before.rail.stations.some((station) => station.state === "error");
  const baseline = good ? { ...before.baseline, ...memories(before.rail) } : (before?.baseline ?? {});
  const moved = before !== null && place(before.rail) !== place(next);
  /** @type {Record<string, Link[]>} */
  const thread = {};
  const stations = next.stations.map((station) => {
    const last = old.get(station.id);
    const live = station.state === "fresh" || station.state === "recorded";
    const merged = { ...station };
    if (last && !live && !station.figure) {
      merged.figure = last.figure;
      merged.of = last.of;
      merged.unit = last.unit;
      merged.detail = station.detail || last.detail;
      merged.bytes = last.bytes;
      merged.ms = last.ms;
    }
    const links = next.thread?.[station.id];
    const kept = before?.rail.thread?.[station.id];
    if (links && links.length > 0) thread[station.id] = links;
    // An old link is worth keeping only while it is about the same place.
    else if (!live && !moved && kept) thread[station.id] = kept;
    const now = memory(merged, { ...next, thread });
    merged.change = live ? (station.change ?? change(baseline[station.id], now)) : "";
    return merged;
  });
  return { rail: { ...next, stations, thread }, baseline };
}

/**
 * @param {Station} station
 * @param {Rail} rail
 * @returns {Memory}
 */
function memory(station, rail) {
  const here = (rail.thread?.[station.id] ?? []).map((link) => link.label).join(" ");
  return { figure: station.figure ?? "", here, place: place(rail), of: station.of };
}

/**
 * @param {Rail} rail
 * @returns {Record<string, Memory>} of the stations that were reached: an edit that was overtaken before
 *   the others is no landmark for them
 */
function memories(rail) {
  const good = rail.stations.filter((station) => station.state === "fresh" || station.state === "recorded");
  return Object.fromEntries(good.map((station) => [station.id, memory(station, rail)]));
}

/** @param {Rail} rail */
function place({ position }) {
  return position ? `${position.file}:${position.line}:${position.column}` : "";
}

/**
 * One sentence about the whole rail, for the eye and for a screen reader.
 *
 * @param {Rail} rail
 * @returns {{state: "done" | "working" | "stopped", text: string}}
 */
export function summary(rail) {
  const stopped = rail.stations.find((station) => station.state === "error");
  if (stopped) return { state: "stopped", text: `stopped at ${stopped.label ?? stopped.id}` };
  const waiting = rail.stations.find((station) => station.state === "pending");
  if (waiting) return { state: "working", text: `working on ${waiting.label ?? waiting.id}` };
  const changed = rail.stations.filter((station) => station.change);
  if (changed.length === 0) return { state: "done", text: "up to date" };
  const names = changed.map(({ id, label, change: mark }) => `${label ?? id}${mark === "≠" ? "" : ` ${mark}`}`);
  return { state: "done", text: `changed: ${names.join(", ")}` };
}

/**
 * @param {Link} link
 * @returns {string} its label; something to see where that is only space
 */
export function labelOf(link) {
  return link.label.trim() === "" ? "␣" : link.label;
}

/**
 * @param {number | null | undefined} bytes
 * @returns {string} "1,204 bytes", "2.3 MB"
 */
export function size(bytes) {
  if (bytes === null || bytes === undefined) return "";
  if (bytes < 10_000) return `${bytes.toLocaleString("en")} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(2)} MB`;
}

/**
 * @param {number | null | undefined} ms
 * @returns {string} "0.6 ms", "43 ms", "1.2 s"; "" when it was not measured
 */
export function duration(ms) {
  if (!ms) return "";
  if (ms < 0.1) return `${(ms * 1000).toFixed(0)} µs`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/**
 * Where a key moves the focus in a row of tabs.
 *
 * @param {string} key
 * @param {number} at
 * @param {number} length
 * @returns {number | null} the new index; null when the key is not for the row
 */
export function step(key, at, length) {
  switch (key) {
    case "ArrowRight":
      return Math.min(at + 1, length - 1);
    case "ArrowLeft":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return length - 1;
    default:
      return null;
  }
}
