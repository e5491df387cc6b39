/**
 * Payloads: gzipped JSON in a bytes trait, shown in the order in which they were sent.
 */

import { watch } from "./host.js";

/** @typedef {import("./host.js").Model} Model */

/**
 * @param {DataView | ArrayBuffer | Uint8Array} bytes gzipped UTF-8 text
 * @returns {Promise<string>}
 */
export async function gunzip(bytes) {
  const { readable, writable } = new DecompressionStream("gzip");
  // Not by way of a Blob: the browser keeps those in another process. What is wrong with the bytes the reader hears.
  const writer = writable.getWriter();
  for (const done of [writer.write(/** @type {BufferSource} */ (bytes)), writer.close()]) done.catch(() => {});
  return new Response(readable).text();
}

/**
 * Call `show` with the decoded payload of a trait, now and whenever it changes. Decoding takes a moment:
 * a payload that was overtaken by a newer one meanwhile is not shown.
 *
 * @param {Model} model
 * @param {string} trait
 * @param {(payload: any) => void} show
 * @param {AbortSignal} signal
 */
export function follow(model, trait, show, signal) {
  let latest = 0;
  const update = async () => {
    const bytes = model.get(trait);
    if (!bytes || bytes.byteLength === 0) return;
    latest += 1;
    const mine = latest;
    const text = await gunzip(bytes);
    if (mine === latest && !signal.aborted) show(JSON.parse(text));
  };
  watch(model, trait, update, signal);
  void update();
}

/**
 * The same for payloads that build on each other: none is left out.
 *
 * @param {Model} model
 * @param {string} trait
 * @param {(payload: any) => void} show
 * @param {AbortSignal} signal
 */
export function followEvery(model, trait, show, signal) {
  let before = Promise.resolve();
  const update = () => {
    const bytes = model.get(trait);
    if (!bytes || bytes.byteLength === 0) return;
    const text = gunzip(bytes);
    before = before.then(async () => {
      const read = await text;
      if (!signal.aborted) show(JSON.parse(read));
    });
  };
  watch(model, trait, update, signal);
  update();
}
