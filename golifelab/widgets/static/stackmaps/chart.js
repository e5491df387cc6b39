/**
 * The lives of a frame's pointers: a row for each word, from the function's first instruction to its last,
 * and the scrubber that walks along.
 */

import { changes, hex, nameOf, runs, tail } from "./model.js";
import { h, set, svg } from "../page/dom.js";
import { drawnAlong } from "../page/track.js";

/** @typedef {import("./model.js").StackMaps} StackMaps */

const ROW = 16;
/** Rows that are drawn; the frame beside shows all words. */
const ROWS = 120;
/** Calls that are marked in all rows; of more, only the top row tells. */
const LINES = 60;

/**
 * @param {(step: number) => void} go
 * @param {(event: KeyboardEvent) => void} keys
 */
export function createChart(go, keys) {
  const bands = svg("g", { class: "gl-maps-bands" });
  const marks = svg("path", { class: "gl-maps-stops" });
  const growth = svg("rect", { class: "gl-maps-growth", y: 0 });
  const lives = svg("g");
  const cursor = svg("rect", { class: "gl-maps-cursor", y: 0, width: 1 });
  const picture = svg("svg", { class: "gl-maps-picture", preserveAspectRatio: "none", "aria-hidden": "true" }, bands, growth, lives, marks, cursor);
  const names = h("div", { class: "gl-maps-names" });
  const track = h("div", { class: "gl-maps-track", role: "slider", tabindex: "0", "aria-label": "instruction", "aria-valuemin": "1" }, picture);
  const element = h("div", { class: "gl-maps-chart" }, names, track);
  let steps = 1;

  drawnAlong(track, () => steps, go);
  track.addEventListener("keydown", keys);

  return {
    element,
    track,
    /** @param {StackMaps} maps */
    show(maps) {
      steps = Math.max(1, maps.instructions.text.length);
      const cells = maps.cells.filter((cell) => cell.ever).slice(0, ROWS);
      const high = ROW * (cells.length + 1);
      set(picture, "viewBox", `0 0 ${steps} ${high}`);
      picture.style.height = `${high}px`;
      set(track, "aria-valuemax", steps);
      const borders = [0, ...changes(maps), steps];
      bands.replaceChildren(
        ...borders.slice(1).flatMap((end, i) => (i % 2 === 1 ? [svg("rect", { x: borders[i], width: end - borders[i], y: 0, height: high })] : [])),
      );
      lives.replaceChildren(
        ...cells.map((cell, row) => {
          const y = ROW * (row + 1) + 3;
          const d = runs(maps, cell).map(([from, to]) => `M${from} ${y}H${to}V${y + ROW - 6}H${from}Z`).join("");
          return svg("g", { "data-cell": `${cell.area} ${cell.word}` }, svg("rect", { class: "gl-maps-dead", x: 0, width: steps, y: y + ROW / 2 - 4, height: 1.5 }), svg("path", { class: "gl-maps-life", d }));
        }),
      );
      const [from, to] = tail(maps);
      for (const [name, value] of Object.entries({ x: from, width: to - from, height: high })) set(growth, name, value);
      const calls = maps.instructions.stop.flatMap((stop, at) => (stop === "call" ? [at] : []));
      set(marks, "d", calls.map((at) => `M${at + 0.5} 2V${calls.length > LINES ? ROW : high}`).join(""));
      set(cursor, "height", high);
      set(track, "title", `arrow keys: instruction by instruction; Page Up and Page Down, or p and n: from call to call${to > from ? "; hatched: the stack is made larger, and the function begins anew" : ""}`);
      names.replaceChildren(
        h("div", { class: "gl-maps-label gl-note" }, cells.length > 0 ? `calls ┊${to > from ? ", growth ▒" : ""}` : "no word of this frame is ever a pointer"),
        ...cells.map((cell) => h("div", { class: "gl-maps-label", title: `${cell.area}, word ${cell.word}, ${cell.offset} bytes above the stack pointer` }, h("code", {}, nameOf(cell)))),
      );
      for (const label of names.children) /** @type {HTMLElement} */ (label).style.height = `${ROW}px`;
    },
    /** @param {StackMaps} maps @param {number} step @param {string} words */
    at(maps, step, words) {
      set(cursor, "x", step);
      set(track, "aria-valuenow", step + 1);
      const { address, text, line } = maps.instructions;
      set(track, "aria-valuetext", `${hex(address[step] ?? 0)} ${text[step] ?? ""}${line[step] ? `, line ${line[step]}` : ""}. ${words}`);
    },
    /** @param {string} chosen "arguments 2" */
    mark(chosen) {
      for (const row of lives.children) set(row, "data-chosen", row.getAttribute("data-cell") === chosen);
    },
  };
}
