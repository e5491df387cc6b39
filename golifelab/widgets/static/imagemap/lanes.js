/**
 * Four lanes to one scale: the file, the sections, the segments, and memory.
 */

import { set, svg, uid } from "../page/dom.js";
import { lastAtMost, sectionItem, size, spanItem, text } from "./model.js";
import { box, fileOffset } from "./scale.js";

/** @typedef {import("./model.js").ImageMap} ImageMap */
/** @typedef {import("./model.js").Item} Item */
/** @typedef {import("./model.js").Section} Section */
/** @typedef {import("./scale.js").Window} Window */
/** @typedef {{x: number, width: number}} Lane */

const GAP = 30;
const AXIS = 74;
const TOP = 20;
/** Pixels that a name needs, that a section needs for lines in it, and below which spans are drawn together. */
const NAMED = 13;
const THIN = 16;
const MERGED = 2.5;
/** The share of the height from which a section is divided into named spans; where the lines of thin ones begin. */
const DIVIDED = 0.55;
const MARGIN = 0.9;
const MAX_PAGES = 120;
/** @type {Record<string, string>} what the loader may do with a segment, in a word */
const RIGHTS = { "r-x": "code", "r--": "read only", "rw-": "data", "rwx": "anything" };

/** Draws lanes into an SVG element. */
export function createLanes() {
  const hatch = uid("hatch");
  const dots = uid("dots");
  const element = svg("svg", { class: "gl-map-lanes", role: "img" });
  const height = 460;

  /** @param {string} id @param {string} path */
  const pattern = (id, path) =>
    svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, svg("path", { d: path, class: "gl-map-pattern" }));

  /**
   * @param {ImageMap} map
   * @param {Window} view
   * @param {Item | null} chosen
   */
  function show(map, view, chosen) {
    const width = Math.max(element.clientWidth || 640, 420);
    const axis = width >= 620 ? AXIS : 0;
    const each = (width - 2 * axis - 3 * GAP - 4) / 4;
    const [file, sections, segments, memory] = [0, 1, 2, 3].map((i) => ({ x: 2 + axis + i * (each + GAP), width: each }));
    const draw = { map, view, height, hatch: `url(#${hatch})`, dots: `url(#${dots})` };
    set(element, "viewBox", `0 0 ${width} ${height + TOP + 4}`);
    set(element, "height", height + TOP + 4);
    const heads = /** @type {[Lane, string][]} */ ([
      [file, "file"],
      [sections, map.payload.counts && each >= 105 ? "sections ▌ main" : "sections"],
      [segments, "segments"],
      [memory, "memory"],
    ]);
    element.replaceChildren(
      svg("defs", {}, pattern(hatch, "M-1 7 L7 -1 M-1 1 L1 -1 M5 7 L7 5"), pattern(dots, "M1 1 h1 M4 4 h1")),
      ...heads.map(([lane, word]) => svg("text", { x: lane.x, y: 13, class: "gl-map-lane-name" }, word)),
      svg(
        "g",
        { transform: `translate(0 ${TOP})` },
        ...heads.map(([lane]) => svg("rect", { x: lane.x, y: 0, width: lane.width, height, class: "gl-map-room" })),
        ...bands(draw, file, sections),
        ...fileLane(draw, file),
        ...sectionLane(draw, sections),
        ...segmentLane(draw, segments),
        ...memoryLane(draw, memory),
        ...(axis ? ticks(draw, file.x - 6, memory.x + memory.width + 6) : []),
        ...(view.address === null ? [svg("text", { x: sections.x + 8, y: 24, class: "gl-map-word" }, "never in memory")] : []),
        ...ring(draw, chosen, file, [sections, segments, memory]),
      ),
    );
    set(element, "aria-label", words(map, view, chosen));
  }
  return { element, show, height, top: TOP };
}

/** @typedef {{map: ImageMap, view: Window, height: number, hatch: string, dots: string}} Drawing */

/** What the picture shows, in words. @param {ImageMap} map @param {Window} view @param {Item | null} chosen */
function words(map, view, chosen) {
  const where = chosen ? `; chosen: ${chosen.name}` : "";
  return `file, sections, segments and memory of ${map.payload.name} to one scale, ${size(view.bytes)} in view${where}`;
}

/** @param {Drawing} draw @param {number} at @param {number} bytes @param {number} [least] */
const inMemory = (draw, at, bytes, least) => (draw.view.address === null ? null : box(at - draw.view.address, bytes, draw.view, draw.height, least));
/** @param {Drawing} draw @param {number} offset @param {number} bytes @param {number} [least] */
const inFile = (draw, offset, bytes, least) => box(offset - draw.view.file, bytes, draw.view, draw.height, least);

/** @param {Drawing} draw @param {Section} section */
function look(draw, section) {
  if (!section.loaded) return "none";
  if (section.file_size === 0) return "zero";
  return draw.map.payload.segments[section.segment]?.permissions ?? "r--";
}

/**
 * A block with its name, if there is room.
 *
 * @param {Lane} lane
 * @param {{y: number, height: number}} at
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 * @param {string} name
 * @param {string} [figure]
 * @param {number} [inset] what stands at the right of the figure, in pixels
 */
function block(lane, at, attributes, name, figure = "", inset = 0) {
  const room = lane.width - 10 - inset;
  const letters = Math.floor(room / 6.6);
  const shown = name.length > letters ? `${name.slice(0, Math.max(letters - 1, 1))}…` : name;
  const both = figure && shown === name && name.length + figure.length + 2 <= letters;
  return svg(
    "g",
    { class: "gl-map-block", "data-key": attributes.key, "data-look": attributes.look, "data-kind": attributes.kind, "data-own": attributes.own },
    svg("rect", { x: lane.x, y: at.y, width: lane.width, height: Math.max(at.height, 0.75), fill: attributes.fill ?? null }),
    svg("title", {}, figure ? `${name}, ${figure}` : name),
    at.height >= NAMED ? svg("text", { x: lane.x + 5, y: at.y + Math.min(at.height / 2, 40) + 4 }, shown) : null,
    at.height >= NAMED && both ? svg("text", { x: lane.x + lane.width - 5 - inset, y: at.y + Math.min(at.height / 2, 40) + 4, "text-anchor": "end", class: "gl-map-figure" }, figure) : null,
  );
}

/** @param {Drawing} draw @param {Lane} lane */
function fileLane(draw, lane) {
  return draw.map.items.flatMap((item) => {
    if (item.offset === null || item.filed === 0) return [];
    const at = inFile(draw, item.offset, item.filed);
    if (!at) return [];
    const style = item.section ? look(draw, item.section) : item.kind;
    return [block(lane, at, { key: item.key, look: style, kind: item.kind }, item.name, size(item.filed))];
  });
}

/** @param {Drawing} draw @param {Lane} lane */
function sectionLane(draw, lane) {
  return draw.map.payload.sections.flatMap((section) => {
    if (!section.loaded) return [];
    const at = inMemory(draw, section.address, section.size);
    if (!at) return [];
    const item = sectionItem(section);
    const style = look(draw, section);
    const fill = style === "zero" ? draw.dots : undefined;
    const near = at.height >= DIVIDED * draw.height;
    const spans = draw.map.starts.has(section.name) && at.height >= THIN ? divided(draw, section, lane, near) : [];
    const named = !near || spans.length === 0;
    return [block(lane, at, { key: item.key, look: style, kind: "section", fill }, named ? section.name : "", named ? size(section.size) : "", spans.length > 0 ? lane.width * (1 - MARGIN) : 0), ...spans];
  });
}

/**
 * The spans of a section, the thin ones as lines that say that there is more; from afar all of them.
 *
 * @param {Drawing} draw @param {Section} section @param {Lane} lane @param {boolean} near
 */
function divided(draw, section, lane, near) {
  const { map, view, height } = draw;
  const starts = map.starts.get(section.name) ?? [];
  const columns = map.payload.spans?.[section.name];
  if (!columns || view.address === null) return [];
  const scale = height / view.bytes;
  const made = [];
  let merged = -1;
  for (let i = Math.max(lastAtMost(starts, view.address), 0); i < starts.length && starts[i] < view.address + view.bytes; i += 1) {
    const own = text(map, columns.package[i]) === "main" || null;
    if (own) {
      const y = Math.max((starts[i] - view.address) * scale, 0);
      const mark = { class: "gl-map-own", "data-key": spanItem(map, section, i).key, x: lane.x - 7, y, width: 6, height: Math.max(columns.size[i] * scale, 2) };
      made.push(svg("rect", mark, svg("title", {}, text(map, columns.name[i]))));
    }
    if (!near || columns.size[i] * scale < MERGED) {
      const y = (starts[i] - view.address) * scale;
      if (merged < 0 || y - merged >= MERGED) {
        merged = y;
        made.push(svg("rect", { class: "gl-map-many", x: lane.x + lane.width * MARGIN, y, width: lane.width * (1 - MARGIN), height: 1 }));
      }
      continue;
    }
    const at = inMemory(draw, starts[i], columns.size[i]);
    if (!at) continue;
    const item = spanItem(map, section, i);
    const fill = item.kind === "linker" ? draw.hatch : undefined;
    made.push(block({ x: lane.x + 12, width: lane.width - 12 }, at, { key: item.key, kind: item.kind, look: "span", fill, own }, item.name, size(item.bytes)));
  }
  return made;
}

/** @param {Drawing} draw @param {Lane} lane */
function segmentLane(draw, lane) {
  const narrow = 9;
  let others = 0;
  return draw.map.segments.flatMap((item, index) => {
    const segment = draw.map.payload.segments[index];
    if (item.at === null) return [];
    const at = inMemory(draw, item.at, item.bytes);
    const load = segment.type === "LOAD";
    // What is no LOAD describes bytes of one: it stands in front of it.
    const place = load ? { x: lane.x, width: lane.width - 22 } : { x: lane.x + lane.width - 20 + (others++ % 2) * (narrow + 1), width: narrow };
    if (!at) return [];
    const name = load ? `${segment.permissions} ${RIGHTS[segment.permissions] ?? ""}` : "";
    const block_ = block(place, load ? at : { y: at.y, height: Math.max(at.height, 2) }, { key: item.key, kind: "segment", look: load ? segment.permissions : "other" }, name, load ? size(item.bytes) : "");
    return [block_];
  });
}

/** Pages: what comes from the file, what is zeroed, and what rounding adds. @param {Drawing} draw @param {Lane} lane */
function memoryLane(draw, lane) {
  const { page, segments } = draw.map.payload;
  return segments.flatMap((segment, index) => {
    if (segment.type !== "LOAD" || draw.view.address === null) return [];
    const start = segment.address - (segment.address % page);
    const end = Math.ceil((segment.address + segment.memory_size) / page) * page;
    const outer = inMemory(draw, start, end - start);
    if (!outer) return [];
    const filed = inMemory(draw, segment.address, segment.file_size);
    const zeroed = segment.memory_size > segment.file_size ? inMemory(draw, segment.address + segment.file_size, end - segment.address - segment.file_size) : null;
    const name = `${segment.permissions} ${((end - start) / page).toLocaleString("en")} pages`;
    const key = draw.map.segments[index].key;
    return [
      block(lane, outer, { key, look: "pages", kind: "memory" }, ""),
      filed && svg("rect", { class: "gl-map-filed", "data-key": key, x: lane.x, y: filed.y, width: lane.width, height: filed.height }),
      zeroed && svg("rect", { class: "gl-map-zeroed", "data-key": key, x: lane.x, y: zeroed.y, width: lane.width, height: zeroed.height, fill: draw.dots }),
      ...pageLines(draw, lane, start, end),
      ...pageWords(lane, filed ?? outer, zeroed, name),
    ].filter((one) => one instanceof SVGElement);
  });
}

/** @param {Lane} lane @param {{y: number, height: number}} filed @param {{y: number, height: number} | null} zeroed @param {string} name */
function pageWords(lane, filed, zeroed, name) {
  /** @param {{y: number, height: number}} at @param {string} words */
  const word = (at, words) => svg("text", { class: "gl-map-word", x: lane.x + 5, y: at.y + Math.min(at.height / 2, 40) + 4 }, words);
  const made = filed.height >= NAMED ? [word(filed, name)] : [];
  if (zeroed && zeroed.height >= NAMED) made.push(word(zeroed, made.length > 0 ? "zeroes, not in the file" : `${name}, zeroes`));
  return made;
}

/** @param {Drawing} draw @param {Lane} lane @param {number} start @param {number} end */
function pageLines(draw, lane, start, end) {
  const { view, map } = draw;
  const page = map.payload.page;
  if (view.address === null || view.bytes / page > MAX_PAGES) return [];
  const first = Math.max(start, Math.floor(view.address / page) * page);
  const lines = [];
  for (let at = first; at <= Math.min(end, view.address + view.bytes); at += page) {
    const y = ((at - view.address) / view.bytes) * draw.height;
    if (y >= 0) lines.push(svg("path", { class: "gl-map-page", d: `M${lane.x} ${y}h${lane.width}` }));
  }
  return lines;
}

/** From each section's bytes in the file to where they are in memory. @param {Drawing} draw @param {Lane} file @param {Lane} sections */
function bands(draw, file, sections) {
  const { map, view, height } = draw;
  if (view.address === null) return [];
  const scale = height / view.bytes;
  const address = view.address;
  return map.payload.sections.flatMap((section) => {
    if (!section.loaded) return [];
    const from = ((section.file_size ? section.offset : fileOffset(map, section.address)) - view.file) * scale;
    const to = (section.address - address) * scale;
    const [out, into] = [section.file_size * scale, section.size * scale];
    if (Math.max(from + out, to + into) < 0 || Math.min(from, to) > height) return [];
    const [x, end] = [file.x + file.width, sections.x];
    const cut = (/** @type {number} */ y) => Math.max(-1, Math.min(height + 1, y)).toFixed(1);
    const d = `M${x} ${cut(from)}L${end} ${cut(to)}V${cut(to + into)}L${x} ${cut(from + out)}Z`;
    return [svg("path", { class: "gl-map-band", "data-look": look(draw, section), d })];
  });
}

/** What is chosen, in all lanes. @param {Drawing} draw @param {Item | null} item @param {Lane} file @param {Lane[]} memory */
function ring(draw, item, file, memory) {
  if (!item) return [];
  const made = [];
  const there = item.offset === null ? null : inFile(draw, item.offset, item.filed, 3);
  if (there) made.push(marked(file, there));
  const at = item.at === null || item.bytes === 0 ? null : inMemory(draw, item.at, item.bytes, 3);
  if (at) made.push(...memory.map((lane) => marked(lane, at)));
  return made;
}

/** @param {Lane} lane @param {{y: number, height: number}} at */
const marked = (lane, at) => svg("rect", { class: "gl-map-ring", x: lane.x - 1.5, y: at.y - 1, width: lane.width + 3, height: at.height + 2 });

/** Offsets at the left, addresses at the right. @param {Drawing} draw @param {number} left @param {number} right */
function ticks(draw, left, right) {
  const { view, height } = draw;
  return [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const y = Math.min(Math.max(share * height + 4, 9), height);
    const offset = Math.round(view.file + share * view.bytes);
    const shown = (/** @type {number} */ n) => `0x${Math.max(n, 0).toString(16)}`;
    return [
      offset <= draw.map.payload.size && offset >= 0 ? svg("text", { x: left, y, "text-anchor": "end", class: "gl-map-tick" }, shown(offset)) : null,
      view.address !== null ? svg("text", { x: right, y, class: "gl-map-tick" }, shown(Math.round(view.address + share * view.bytes))) : null,
    ].filter((one) => one !== null);
  });
}
