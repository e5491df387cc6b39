/**
 * What a view knows of the world it lives in: the model of the widget protocol (anywidget's AFM), or
 * anything that looks like it. A static page brings a plain object of the same shape.
 */

/**
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, listener: () => void) => void} on
 * @property {(event: string, listener: () => void) => void} off
 * @property {(message: unknown) => void} [send] to the kernel; a page without one has none
 */

/**
 * @typedef {object} Host
 * @property {Model} model
 * @property {HTMLElement} el
 */

/**
 * Listen to a trait until the signal is aborted.
 *
 * @param {Model} model
 * @param {string} trait
 * @param {() => void} listener
 * @param {AbortSignal} signal
 */
export function watch(model, trait, listener, signal) {
  model.on(`change:${trait}`, listener);
  signal.addEventListener("abort", () => model.off(`change:${trait}`, listener));
}
