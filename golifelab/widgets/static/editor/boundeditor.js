/**
 * An editor tied to the traits of a model: text and edits out, colours, squiggles and selection in.
 */

import { h } from "../page/dom.js";
import { editLoop } from "./edit.js";
import { createEditor } from "./editor.js";
import { watch } from "../page/host.js";
import { follow } from "../page/payload.js";

/** @typedef {import("../page/broker.js").Selection} Selection */

/**
 * An editor bound to a model's `source`, `seq`, `marks`, `file`, `others` and `selection`.
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
  /** @type {Map<string, {text: string, marks: any}>} the newest marks of every file that was in the editor */
  const marked = new Map();

  /** @param {string} name @param {string} text */
  function show(name, text) {
    if (name === editor.file()) return;
    editor.open(name, text);
    const known = marked.get(name);
    if (known?.text === text) editor.mark(known.marks);
  }

  watch(model, "file", () => show(model.get("file"), model.get("source")), signal);
  follow(
    model,
    "marks",
    (marks) => {
      // Marks belong to one text; those of an older one would colour the wrong characters.
      if (marks.seq === loop.seq()) {
        editor.mark(marks);
        marked.set(editor.file(), { text: editor.text(), marks });
      }
      loop.answered(marks.seq);
    },
    signal,
  );
  signal.addEventListener("abort", editor.destroy);
  return {
    ...editor,

    /** Take another file of the program into the editor. @param {string | undefined} name */
    turn(name) {
      const { [name ?? ""]: text, ...rest } = model.get("others") ?? {};
      if (!name || text === undefined) return;
      // All of it goes to Python in one piece: whose text it is can't be mistaken there.
      model.set("others", { ...rest, [editor.file()]: editor.text() });
      show(name, text);
      model.set("file", name);
      loop.edited(true);
    },
  };
}

/**
 * A choice of the program's files, for one that has several.
 *
 * @param {import("../page/host.js").Model} model
 * @param {(name: string) => void} choose
 * @param {AbortSignal} signal
 */
export function filePicker(model, choose, signal) {
  const names = [model.get("file"), ...Object.keys(model.get("others") ?? {})].sort();
  if (names.length < 2) return null;
  const picker = h("select", { "aria-label": "file in the editor" }, ...names.map((name) => h("option", { value: name }, name)));
  const now = () => (picker.value = model.get("file"));
  now();
  watch(model, "file", now, signal);
  picker.addEventListener("change", () => choose(picker.value));
  return h("label", { class: "gl-file" }, "file ", picker);
}

/** @returns {HTMLElement} the frame that Escape leads to */
export function editorFrame() {
  return h("div", { class: "gl-editor", tabindex: "-1", "data-gl-frame": true, role: "group", "aria-label": "editor" });
}
