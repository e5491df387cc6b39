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

/** @type {WeakMap<Model, Promise<unknown>>} what is shown last of each model */
const turns = new WeakMap();

/**
 * Call `show` with the decoded payload of a trait, now and whenever it changes. Decoding takes a moment:
 * a payload that was overtaken by a newer one meanwhile is not shown. Payloads of several traits are shown in
 * the order in which they came, however long each takes: what builds on another one comes behind it.
 *
 * @param {Model} model
 * @param {string} trait
 * @param {(payload: any) => void} show
 * @param {AbortSignal} signal
 */
export function follow(model, trait, show, signal) {
  inTurn(model, trait, show, signal, false);
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
  inTurn(model, trait, show, signal, true);
}

/**
 * @param {Model} model
 * @param {string} trait
 * @param {(payload: any) => void} show
 * @param {AbortSignal} signal
 * @param {boolean} every whether those that were overtaken are shown as well
 */
function inTurn(model, trait, show, signal, every) {
  let latest = 0;
  const update = async () => {
    const bytes = model.get(trait);
    if (!bytes || bytes.byteLength === 0) return;
    latest += 1;
    const mine = latest;
    const before = turns.get(model);
    let done = () => {};
    turns.set(model, new Promise((resolve) => (done = () => resolve(undefined))));
    try {
      const text = await gunzip(bytes);
      await before;
      if ((every || mine === latest) && !signal.aborted) show(JSON.parse(text));
    } finally {
      done();
    }
  };
  watch(model, trait, update, signal);
  void update();
}
