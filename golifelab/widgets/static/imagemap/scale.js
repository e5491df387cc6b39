/**
 * One scale for file and memory: as many bytes a pixel in both, so that a section is as high in one as in the other.
 */

/** @typedef {import("./model.js").Item} Item */
/** @typedef {import("./model.js").ImageMap} ImageMap */

/**
 * What is in view: `bytes` from top to bottom, beginning at a file offset and at an address (null: what is looked
 * at is never in memory).
 *
 * @typedef {{bytes: number, file: number, address: number | null}} Window
 */

const LEAST = 64;
/** How many times a thing's size is shown around it when one goes to it. */
const CONTEXT = 12;

/** All of it. @param {ImageMap} map @returns {Window} */
export function whole(map) {
  const loads = map.segments.filter((item, index) => map.payload.segments[index].type === "LOAD" && item.at !== null);
  const first = Math.min(...loads.map((item) => Number(item.at)));
  const last = Math.max(...loads.map((item) => Number(item.at) + item.bytes));
  const start = loads.length > 0 ? first - (first % map.payload.page) : 0;
  return { bytes: Math.max(map.payload.size, loads.length > 0 ? last - start : 0, LEAST), file: 0, address: loads.length > 0 ? start : null };
}

/** Where in the file the byte of an address is, or would be: behind what its segment has there. @param {ImageMap} map @param {number} address */
export function fileOffset(map, address) {
  const loads = map.payload.segments.filter((segment) => segment.type === "LOAD");
  const inside = loads.find((one) => address >= one.address && address < one.address + one.memory_size);
  const near = inside ?? loads.filter((one) => one.address <= address).at(-1) ?? loads[0];
  return near ? near.offset + address - near.address : address;
}

/** A thing with some room around it. @param {ImageMap} map @param {Item} item @returns {Window} */
export function around(map, item) {
  const size = Math.max(item.bytes, item.filed);
  const bytes = Math.max(size * 1.12, LEAST);
  const room = (bytes - size) / 2;
  if (item.at === null) return { bytes, file: (item.offset ?? 0) - room, address: null };
  return { bytes, file: (item.offset ?? fileOffset(map, item.at)) - room, address: item.at - room };
}

/**
 * A thing that is out of view, with what is around it: no more is in view than before.
 *
 * @param {ImageMap} map @param {Window} view @param {Item} item @returns {Window}
 */
export function bring(map, view, item) {
  const size = Math.max(item.bytes, item.filed, 1);
  const close = around(map, item);
  const bytes = Math.max(close.bytes, Math.min(view.bytes, CONTEXT * size));
  const room = (bytes - close.bytes) / 2;
  return { bytes, file: close.file - room, address: close.address === null ? null : close.address - room };
}

/** Magnify by a factor, with what is at a share of the height held still. @param {ImageMap} map @param {Window} view @param {number} factor @param {number} [share] @returns {Window} */
export function zoom(map, view, factor, share = 0.5) {
  const all = whole(map);
  const bytes = Math.min(Math.max(view.bytes / factor, LEAST), all.bytes);
  if (bytes === all.bytes) return all;
  const moved = share * (view.bytes - bytes);
  return { bytes, file: view.file + moved, address: view.address === null ? null : view.address + moved };
}

/** Move by a share of the height. @param {Window} view @param {number} share @returns {Window} */
export function pan(view, share) {
  const by = share * view.bytes;
  return { bytes: view.bytes, file: view.file + by, address: view.address === null ? null : view.address + by };
}

/** Whether a thing can be seen in the window. @param {Window} view @param {Item} item */
export function inView(view, item) {
  const from = item.at !== null && view.address !== null ? item.at - view.address : (item.offset ?? 0) - view.file;
  return from + Math.max(item.bytes, item.filed) > 0 && from < view.bytes;
}

/**
 * The edges of bytes in pixels, cut at the window's: null for what is outside. Nothing is thinner than `least`.
 *
 * @param {number} start of the bytes, from the window's first
 * @param {number} bytes
 * @param {Window} view
 * @param {number} height in pixels
 * @param {number} [least]
 * @returns {{y: number, height: number} | null}
 */
export function box(start, bytes, view, height, least = 0) {
  const scale = height / view.bytes;
  const top = start * scale;
  const bottom = (start + bytes) * scale;
  if (bottom < 0 || top > height) return null;
  const y = Math.max(top, 0);
  const size = Math.max(Math.min(bottom, height) - y, least);
  return { y: Math.min(y, height - least), height: size };
}
