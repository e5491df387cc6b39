/**
 * An editor tied to the traits of a model: text and edits out, colours, squiggles and selection in.
 */

import { h } from "../page/dom.js";
import { editLoop } from "./edit.js";
import { createEditor } from "./editor.js";
import { follow } from "../page/payload.js";

/** @typedef {import("../page/broker.js").Selection} Selection */

/**
 * An editor bound to a model's `source`, `seq`, `marks` and `selection`.
 *
 * @param {import("../page/host.js").Model} model
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {AbortSignal} signal
 */
export function boundEditor(model, parent, select, signal) {
  const editor = createEditor({
    parent,
    source: model.get("source"),
    file: model.get("file"),
    readonly: model.get("readonly"),
    onEdit: () => loop.edited(),
    onSelect: select,
  });
  const loop = editLoop(model, editor.text, editor.replace, signal);
  follow(
    model,
    "marks",
    (marks) => {
      // Marks belong to one text; those of an older one would colour the wrong characters.
      if (marks.seq === loop.seq()) editor.mark(marks);
      loop.answered(marks.seq);
    },
    signal,
  );
  signal.addEventListener("abort", editor.destroy);
  return editor;
}

/** @returns {HTMLElement} the frame that Escape leads to */
export function editorFrame() {
  return h("div", { class: "gl-editor", tabindex: "-1", "data-gl-frame": true, role: "group", "aria-label": "editor" });
}
