/**
 * One selection for all views of a program.
 *
 * Views never talk to each other. Each joins the channel of its program and hears what the others
 * select; the browser does this alone, so it works in a page without a kernel too.
 */

import { watch } from "./host.js";

/** @typedef {import("./host.js").Model} Model */

/**
 * What can be selected. A position has `file`, `line` (from 1) and `column` (from 1, in bytes, as Go
 * counts; 0 when unknown); the other currencies are an SSA value and an address in the program. Whoever
 * selects a piece of text says which bytes it covers, `start` up to `end`. The compiler gives a number to several
 * values, one after the other: `life` ("v13#2") says which, where it isn't the one in the pass that is shown.
 *
 * @typedef {{file?: string, line?: number, column?: number, start?: number, end?: number, function?: string, value?: string, life?: string, address?: string}} Selection
 */

/** @typedef {(selection: Selection) => void} Listener */

/**
 * @typedef {object} Channel
 * @property {Selection} current
 * @property {Set<Listener>} members
 */

/** @type {Map<string, Channel>} */
const channels = new Map();

/**
 * @param {Selection | null | undefined} a
 * @param {Selection | null | undefined} b
 * @returns {boolean}
 */
export function same(a, b) {
  const flat = (/** @type {Selection} */ s) => JSON.stringify(Object.entries(s).sort());
  return flat(a ?? {}) === flat(b ?? {});
}

/**
 * Join a channel.
 *
 * @param {string} name views with an empty name are linked to nobody
 * @param {Listener} listener called with every new selection, the member's own included
 * @returns {{current: () => Selection, select: (selection: Selection) => void, leave: () => void}}
 */
export function join(name, listener) {
  const channel = (name && channels.get(name)) || { current: {}, members: new Set() };
  if (name) channels.set(name, channel);
  channel.members.add(listener);
  return {
    current: () => channel.current,
    select(selection) {
      if (same(selection, channel.current)) return;
      channel.current = { ...selection };
      for (const member of [...channel.members]) member(channel.current);
    },
    leave() {
      channel.members.delete(listener);
      if (channel.members.size === 0) channels.delete(name);
    },
  };
}

/**
 * Link a widget's `selection` trait to the channel of its program: what is selected anywhere reaches
 * `show` and, through the trait, Python; what Python selects reaches every view.
 *
 * @param {Model} model
 * @param {Listener} show
 * @param {AbortSignal} signal
 * @returns {(selection: Selection) => void} select
 */
export function link(model, show, signal) {
  const program = model.get("program");
  const member = join(program ? `${model.get("runtime") ?? ""}/${program}` : "", (selection) => {
    if (!same(model.get("selection"), selection)) {
      model.set("selection", selection);
      model.save_changes();
    }
    show(selection);
  });
  signal.addEventListener("abort", member.leave);
  watch(model, "selection", () => member.select(model.get("selection") ?? {}), signal);
  // A view that arrives late adopts what the others look at; the first one brings its own.
  if (Object.keys(member.current()).length > 0) show(member.current());
  else member.select(model.get("selection") ?? {});
  return member.select;
}
