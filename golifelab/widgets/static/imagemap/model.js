/**
 * An executable as a map: parts of the file, sections, segments, and what each byte of a section is.
 */

/** @typedef {{name: string, kind: string, start: number, end: number, why: string}} Part */
/**
 * @typedef {{name: string, type: string, flags: string, address: number, offset: number, size: number, file_size: number,
 *   loaded: boolean, alignment: number, segment: number}} Section
 */
/**
 * @typedef {{type: string, permissions: string, offset: number, address: number, file_size: number, memory_size: number,
 *   alignment: number}} Segment
 */
/** @typedef {{size: number[], kind: number[], name: number[], why: number[], package: number[], number: number[]}} Columns */
/** @typedef {{count: number[], shown: number[], source: number[], offset: number[], kind: number[]}} PointerColumns */
/**
 * @typedef {{name: string, size: number, page: number, entry: number, facts: [string, string][], parts: Part[],
 *   sections: Section[], segments: Segment[], kinds?: string[], spans?: Record<string, Columns>, closed?: string[],
 *   texts?: string[], pointers?: PointerColumns | null, lines?: Record<string, [string, number]>,
 *   counts?: {objects: number, definitions: number, placed: number}, failed?: string, seq?: number}} Payload
 */

/**
 * One thing on the map. `at` is its address (null: never in memory), `offset` its place in the file (null: not in
 * the file); `bytes` and `filed` are its bytes in memory and in the file. `section` and `index` say which span it is.
 *
 * @typedef {{key: string, kind: string, name: string, at: number | null, offset: number | null, bytes: number, filed: number,
 *   section: Section | null, index: number}} Item
 */

/**
 * @typedef {{payload: Payload, items: Item[], segments: Item[], starts: Map<string, number[]>,
 *   places: Map<number, [string, number]>}} ImageMap
 */

/** @param {Payload} payload @returns {ImageMap} */
export function decode(payload) {
  /** @type {Map<string, number[]>} */
  const starts = new Map();
  /** @type {Map<number, [string, number]>} */
  const places = new Map();
  for (const section of payload.sections) {
    const columns = payload.spans?.[section.name];
    if (!columns) continue;
    let at = section.address;
    starts.set(
      section.name,
      columns.size.map((size, index) => {
        const start = at;
        at += size;
        if (columns.number[index] >= 0) places.set(columns.number[index], [section.name, index]);
        return start;
      }),
    );
  }
  return { payload, items: outline(payload), segments: payload.segments.map(segmentItem), starts, places };
}

/** The parts of the file in their order, and the sections that take no bytes of it where they would be. @param {Payload} payload */
function outline(payload) {
  /** @type {Item[]} */
  const items = payload.parts
    .filter(({ kind }) => kind !== "section")
    .map((part) => {
      const segment = payload.segments.find((one) => one.type === "LOAD" && part.start >= one.offset && part.end <= one.offset + one.file_size);
      const at = segment ? segment.address + part.start - segment.offset : null;
      const size = part.end - part.start;
      return { key: `part ${part.start}`, kind: part.kind, name: part.name, at, offset: part.start, bytes: at === null ? 0 : size, filed: size, section: null, index: -1 };
    });
  for (const section of payload.sections) items.push(sectionItem(section));
  const place = (/** @type {Item} */ item) => {
    const segment = item.offset === null && item.section ? payload.segments[item.section.segment] : undefined;
    return segment ? segment.offset + segment.file_size : (item.offset ?? item.section?.offset ?? 0);
  };
  // What takes no bytes of the file comes where those of its segment end, in the order of memory.
  return items.sort((a, b) => place(a) - place(b) || Number(b.filed === 0) - Number(a.filed === 0) || (a.at ?? 0) - (b.at ?? 0));
}

/** @param {Section} section @returns {Item} */
export function sectionItem(section) {
  return {
    key: `section ${section.name}`,
    kind: "section",
    name: section.name,
    at: section.loaded ? section.address : null,
    offset: section.file_size > 0 ? section.offset : null,
    bytes: section.loaded ? section.size : 0,
    filed: section.file_size,
    section,
    index: -1,
  };
}

/** @param {Segment} segment @param {number} index @returns {Item} */
function segmentItem(segment, index) {
  const inside = segment.memory_size > 0;
  return {
    key: `segment ${index}`,
    kind: "segment",
    name: `${segment.type} #${index}`,
    at: inside ? segment.address : null,
    offset: segment.file_size > 0 ? segment.offset : null,
    bytes: segment.memory_size,
    filed: segment.file_size,
    section: null,
    index,
  };
}

/** The span of a number in a section. @param {ImageMap} map @param {Section} section @param {number} index @returns {Item} */
export function spanItem(map, section, index) {
  const columns = /** @type {Columns} */ (map.payload.spans?.[section.name]);
  const at = /** @type {number[]} */ (map.starts.get(section.name))[index];
  const filed = section.file_size > 0 ? columns.size[index] : 0;
  return {
    key: `span ${section.name} ${index}`,
    kind: map.payload.kinds?.[columns.kind[index]] ?? "unknown",
    name: text(map, columns.name[index]),
    at,
    offset: filed > 0 ? section.offset + at - section.address : null,
    bytes: columns.size[index],
    filed,
    section,
    index,
  };
}

/** @param {ImageMap} map @param {number} index */
export const text = (map, index) => map.payload.texts?.[index] ?? "";

/** How many spans of a section are known. @param {ImageMap} map @param {Section} section */
export const spanCount = (map, section) => map.starts.get(section.name)?.length ?? 0;

/** The number of the last entry that is not over a value; -1 for none. @param {number[]} sorted @param {number} value */
export function lastAtMost(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The innermost thing at an address. @param {ImageMap} map @param {number} address @returns {Item | null} */
export function itemAt(map, address) {
  for (const section of map.payload.sections) {
    if (!section.loaded || address < section.address || address >= section.address + section.size) continue;
    const starts = map.starts.get(section.name);
    return starts ? spanItem(map, section, lastAtMost(starts, address)) : sectionItem(section);
  }
  return map.items.find((item) => item.at !== null && item.at <= address && address < item.at + item.bytes) ?? null;
}

/** The thing that has a key. @param {ImageMap} map @param {string} key @returns {Item | null} */
export function itemOf(map, key) {
  const span = /^span (.*) (\d+)$/.exec(key);
  if (!span) return [...map.items, ...map.segments].find((item) => item.key === key) ?? null;
  const section = map.payload.sections.find(({ name }) => name === span[1]);
  return section && Number(span[2]) < spanCount(map, section) ? spanItem(map, section, Number(span[2])) : null;
}

/** The placed symbol of a number. @param {ImageMap} map @param {number} number @returns {Item | null} */
export function itemOfSymbol(map, number) {
  const place = map.places.get(number);
  const section = place && map.payload.sections.find(({ name }) => name === place[0]);
  return place && section ? spanItem(map, section, place[1]) : null;
}

/** @param {ImageMap} map @param {string} wanted @param {number} limit spans @returns {Item[]} whose names hold a text */
export function search(map, wanted, limit) {
  const word = wanted.trim().toLowerCase();
  if (!word) return [];
  /** @type {Item[]} */
  const found = map.items.filter(({ name }) => name.toLowerCase().includes(word));
  const hits = new Set();
  (map.payload.texts ?? []).forEach((one, index) => one.toLowerCase().includes(word) && hits.add(index));
  /** @type {Item[]} */
  const exact = [];
  for (const section of map.payload.sections) {
    const names = map.payload.spans?.[section.name]?.name ?? [];
    for (let index = 0; index < names.length && found.length < limit; index += 1) {
      if (!hits.has(names[index])) continue;
      const item = spanItem(map, section, index);
      (item.name.toLowerCase() === word ? exact : found).push(item);
    }
  }
  return [...exact, ...found];
}

/** What a selection means on this map. @param {ImageMap} map @param {import("../page/broker.js").Selection} selection @returns {Item | null} */
export function itemOfSelection(map, selection) {
  if (selection.address) return itemAt(map, Number(selection.address));
  const name = selection.function;
  if (name) {
    const found = search(map, name, 200).filter(({ kind }) => kind === "symbol");
    return found.find((item) => item.name === name) ?? found.find((item) => item.name.endsWith(`.${name}`)) ?? null;
  }
  const { file, line } = selection;
  if (!file || !line) return null;
  /** @type {[number, number] | null} */
  let best = null;
  for (const [number, [where, first]] of Object.entries(map.payload.lines ?? {})) {
    if (where === file && first <= line && (!best || first > best[1])) best = [Number(number), first];
  }
  return best && itemOfSymbol(map, best[0]);
}

/** What others are told of a thing. @param {ImageMap} map @param {Item} item @returns {import("../page/broker.js").Selection} */
export function selectionOf(map, item) {
  /** @type {import("../page/broker.js").Selection} */
  const selection = {};
  if (item.at !== null) selection.address = hex(item.at);
  const columns = item.section && item.index >= 0 ? map.payload.spans?.[item.section.name] : null;
  const line = columns && map.payload.lines?.[String(columns.number[item.index])];
  if (line) Object.assign(selection, { function: item.name, file: line[0], line: line[1], column: 0 });
  return selection;
}

/** @param {number} number */
export const hex = (number) => `0x${number.toString(16)}`;

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 10_000) return `${Math.round(bytes).toLocaleString("en")} B`;
  return bytes < 10_000_000 ? `${(bytes / 1024).toFixed(bytes < 102_400 ? 1 : 0)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

/**
 * How many bytes of a section are of each kind.
 *
 * @param {ImageMap} map @param {Section} section @returns {{kind: string, bytes: number}[]}
 */
export function totals(map, section) {
  const columns = map.payload.spans?.[section.name];
  const sums = (map.payload.kinds ?? []).map((kind) => ({ kind, bytes: 0 }));
  columns?.kind.forEach((kind, index) => (sums[kind].bytes += columns.size[index]));
  return sums.filter(({ bytes }) => bytes > 0);
}
