/**
 * An editor and one panel that shows a stage of what is in it; or the panel alone, when the model has no
 * text to edit (a value that displays itself, a static page).
 */

import { boundEditor, editorFrame, filePicker } from "../editor/boundeditor.js";
import { link } from "./broker.js";
import { h, root, say, set } from "./dom.js";
import { showFailure } from "./failure.js";
import { follow } from "./payload.js";

/** @typedef {import("./broker.js").Selection} Selection */
/** @typedef {import("./host.js").Host} Host */

/**
 * What a panel is to its bench. `show` gets every payload, the newest last; a payload has `seq` (the edit
 * that it belongs to), `file` and `note` beside what the panel's own Python sends. `select` hears of every
 * selection, the panel's own included.
 *
 * @typedef {object} Panel
 * @property {(payload: any) => void} show
 * @property {(selection: Selection) => void} select
 * @property {() => void} [destroy]
 */

/**
 * @typedef {(parent: HTMLElement, select: (selection: Selection) => void, model: import("./host.js").Model) => Panel} CreatePanel
 */

/**
 * @param {string} name of the view; its root gets the class `golifelab-NAME`
 * @param {"beside" | "wide" | "below"} place where the panel is, seen from the editor, while there is room;
 *   a wide one is beside it, too, and wider than it
 * @param {CreatePanel} create
 * @returns {(host: Host) => () => void}
 */
export function bench(name, place, create) {
  return ({ model, el }) => {
    const life = new AbortController();
    root(el, name);
    const frame = model.get("source") === undefined ? null : editorFrame();
    const side = h("div", { class: "gl-bench-panel" });
    const note = h("p", { class: "gl-note gl-bench-note", hidden: true });
    el.append(h("div", { class: "gl-bench", "data-place": frame ? place : "alone" }, frame, side), note);

    /** @type {(selection: Selection) => void} */
    let publish = () => {};
    /** @param {Selection} selection */
    const select = (selection) => publish(selection);
    const editor = frame && boundEditor(model, frame, select, life.signal);
    const files = frame && filePicker(model, (file) => select({ file, line: 1, column: 1 }), life.signal);
    if (files) el.prepend(files);
    const panel = create(side, select, model);
    if (panel.destroy) life.signal.addEventListener("abort", panel.destroy);
    publish = link(
      model,
      (selection) => {
        editor?.turn(selection.file);
        editor?.show(selection);
        panel.select(selection);
      },
      life.signal,
    );
    let newest = -1;
    follow(
      model,
      "payload",
      (payload) => {
        if ((payload.seq ?? 0) < newest) return;
        newest = payload.seq ?? 0;
        panel.show(payload);
        set(el, "data-seq", newest);
        say(note, payload.note);
        set(note, "hidden", !payload.note);
      },
      life.signal,
    );
    showFailure(model, el, life.signal);
    return () => {
      life.abort();
      el.replaceChildren();
    };
  };
}
