/**
 * What is known about the chosen thing, and the ways on from it.
 */

import { h, svg } from "../page/dom.js";
import { hex, itemOfSymbol, sectionItem, size, text, totals } from "./model.js";

/** @typedef {import("./model.js").ImageMap} ImageMap */
/** @typedef {import("./model.js").Item} Item */

/** @type {Record<string, string>} */
export const KINDS = {
  symbol: "symbol of an object file",
  linker: "made by the linker",
  padding: "padding",
  unknown: "unknown",
  section: "section",
  segment: "segment",
  header: "header",
  gap: "gap in the file",
};

/**
 * @param {ImageMap} map
 * @param {Item | null} item
 * @param {(item: Item) => void} go
 * @returns {Node[]}
 */
export function cardOf(map, item, go) {
  if (!item) return [h("p", { class: "gl-card-title" }, map.payload.name.slice(0, 16)), table(map.payload.facts), placedWords(map)];
  const heading = h("p", { class: "gl-card-title" }, h("code", { class: "gl-ring" }, item.name || "(no name)"));
  const rows = [["what", KINDS[item.kind] ?? item.kind], ...places(map, item), ...more(map, item, go)];
  return [heading, table(rows), ...parts(map, item, go), ...pointers(map, item, go)];
}

/** @param {(string | Node)[][]} rows */
const table = (rows) =>
  h("table", { class: "gl-facts" }, h("tbody", {}, ...rows.map(([name, ...value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, ...value)))));

/** @param {ImageMap} map @param {Item} item @returns {(string | Node)[][]} */
function places(map, item) {
  const code = (/** @type {string} */ words) => h("code", {}, words);
  const rows = [];
  if (item.at !== null) rows.push(["address", code(`${hex(item.at)} – ${hex(item.at + item.bytes)}`)]);
  rows.push(["in memory", item.at === null ? "never: tools read it from the file" : size(item.bytes)]);
  if (item.offset !== null) rows.push(["file offset", code(`${hex(item.offset)} – ${hex(item.offset + item.filed)}`)]);
  rows.push(["in the file", item.filed === 0 ? "0 B: the loader clears it" : size(item.filed)]);
  if (item.at !== null && item.bytes > 0) {
    const { page } = map.payload;
    const [first, last] = [Math.floor(item.at / page), Math.floor((item.at + item.bytes - 1) / page)];
    rows.push(["pages", first === last ? code(hex(first * page)) : `${(last - first + 1).toLocaleString("en")}, from ${hex(first * page)}`]);
  }
  return rows;
}

/** @param {ImageMap} map @param {Item} item @param {(item: Item) => void} go @returns {(string | Node)[][]} */
function more(map, item, go) {
  const { payload } = map;
  /** @type {(string | Node)[][]} */
  const rows = [];
  /** @param {Item} to */
  const button = (to) => h("button", { type: "button", class: "gl-go", onclick: () => go(to) }, to.name);
  const { section } = item;
  if (item.kind === "segment") {
    const segment = payload.segments[item.index];
    rows.push(["rights", segment.permissions], ["aligned to", hex(segment.alignment)]);
    return rows;
  }
  if (!section) {
    const part = payload.parts.find(({ start }) => start === item.offset);
    return part ? [["known by", part.why]] : rows;
  }
  if (item.index >= 0) {
    const columns = /** @type {import("./model.js").Columns} */ (payload.spans?.[section.name]);
    const owner = text(map, columns.package[item.index]);
    const line = payload.lines?.[String(columns.number[item.index])];
    if (owner) rows.push(["package", owner]);
    if (line) rows.push(["source", `${line[0]}:${line[1]}`]);
    rows.push(["known by", text(map, columns.why[item.index])], ["section", button(sectionItem(section))]);
    return rows;
  }
  rows.push(["type", `${section.type} ${section.flags}`], ["aligned to", String(section.alignment)]);
  if (section.segment >= 0) rows.push(["segment", button(map.segments[section.segment])]);
  return rows;
}

/** What a section is made of, or which sections a segment has. @param {ImageMap} map @param {Item} item @param {(item: Item) => void} go */
function parts(map, item, go) {
  if (item.kind === "segment" && map.payload.segments[item.index].type === "LOAD") {
    const inside = map.payload.sections.filter(({ segment }) => segment === item.index);
    return [h("p", { class: "gl-map-list" }, "sections: ", ...inside.flatMap((one) => [h("button", { type: "button", class: "gl-go", onclick: () => go(sectionItem(one)) }, one.name), " "]))];
  }
  if (item.kind !== "section" || !item.section) return [];
  if (map.payload.closed?.includes(item.section.name)) return [h("p", { class: "gl-note" }, "It has too many symbols for this page.")];
  const sums = totals(map, item.section);
  if (sums.length === 0) return [];
  const all = sums.reduce((sum, { bytes }) => sum + bytes, 0);
  let x = 0;
  const bar = svg("svg", { class: "gl-map-share", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" });
  for (const { kind, bytes } of sums) {
    const width = (100 * bytes) / all;
    bar.append(svg("rect", { x, y: 0, width, height: 8, "data-kind": kind }));
    x += width;
  }
  const words = sums.map(({ kind, bytes }) => `${((100 * bytes) / all).toFixed(1)} % ${KINDS[kind]}`).join(", ");
  return [bar, h("p", { class: "gl-note" }, words)];
}

/** Who points here. @param {ImageMap} map @param {Item} item @param {(item: Item) => void} go */
function pointers(map, item, go) {
  const { pointers: known, spans } = map.payload;
  const number = item.section && item.index >= 0 ? (spans?.[item.section.name].number[item.index] ?? -1) : -1;
  if (!known || number < 0) return [];
  const count = known.count[number];
  if (count === 0) return [h("p", { class: "gl-note" }, "No relocation points here: a table, the runtime or the entry leads to it.")];
  let first = 0;
  for (let i = 0; i < number; i += 1) first += known.shown[i];
  const rows = [];
  for (let i = first; i < first + known.shown[number]; i += 1) {
    const from = itemOfSymbol(map, known.source[i]);
    if (!from) continue;
    rows.push(h("li", {}, h("button", { type: "button", class: "gl-go", onclick: () => go(from) }, from.name), ` +${hex(known.offset[i])}, ${text(map, known.kind[i])}`));
  }
  const rest = count - rows.length;
  return [h("p", { class: "gl-map-heading" }, `${count.toLocaleString("en")} ${count === 1 ? "place points" : "places point"} here`), h("ul", { class: "gl-map-pointers" }, ...rows, rest > 0 ? h("li", { class: "gl-note" }, `and ${rest.toLocaleString("en")} more`) : null)];
}

/** @param {ImageMap} map */
function placedWords(map) {
  const counts = map.payload.counts;
  if (!counts) return h("p", { class: "gl-note" }, map.payload.spans ? "The objects it was linked from are not known here: the file's own tables tell." : "The symbols are being placed…");
  const n = (/** @type {number} */ one) => one.toLocaleString("en");
  return h("p", { class: "gl-note" }, `${n(counts.objects)} objects define ${n(counts.definitions)} symbols; ${n(counts.placed)} of them are in this file.`);
}
