/**
 * The life of a program under edit: the text on the left, the passes on the right, all stages below. And
 * two of its parts alone: the editor, and the code of one function.
 */

import { boundEditor, editorFrame } from "../editor/boundeditor.js";
import { link } from "../page/broker.js";
import { h, root } from "../page/dom.js";
import { showFailure } from "../page/failure.js";
import { follow } from "../page/payload.js";
import { createRail } from "../rail/rail.js";
import { createPane } from "./pane.js";
import { LIFE } from "./views.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("../page/host.js").Host} Host */

/** @param {Host} host */
export function renderEditor({ model, el }) {
  const life = new AbortController();
  root(el, "editor-view");
  const frame = editorFrame();
  el.append(frame);
  /** @type {(selection: Selection) => void} */
  let select = () => {};
  const editor = boundEditor(model, frame, (selection) => select(selection), life.signal);
  select = link(model, editor.show, life.signal);
  showFailure(model, el, life.signal);
  return () => {
    life.abort();
    el.replaceChildren();
  };
}

/** @param {Host} host */
export function renderLife({ model, el }) {
  const life = new AbortController();
  root(el, "life");
  const frame = editorFrame();
  const side = h("div", { class: "gl-side" });
  const below = h("div", { class: "gl-below" });
  el.append(h("div", { class: "gl-lab" }, frame, side, below));

  /** @type {(selection: Selection) => void} */
  let publish = () => {};
  /** @param {Selection} selection */
  const select = (selection) => publish(selection);
  const editor = boundEditor(model, frame, select, life.signal);
  const pane = createPane(side, { tabs: LIFE, select });
  const rail = createRail(below, select);
  publish = link(
    model,
    (selection) => {
      editor.show(selection);
      pane.select(selection);
    },
    life.signal,
  );
  follow(model, "passes", pane.show, life.signal);
  life.signal.addEventListener("abort", pane.destroy);
  follow(model, "payload", rail.show, life.signal);

  showFailure(model, el, life.signal);
  return () => {
    life.abort();
    el.replaceChildren();
  };
}

/** @param {Host} host */
export function renderSsa({ model, el }) {
  const life = new AbortController();
  root(el, "ssa-view");
  /** @type {(selection: Selection) => void} */
  let select = () => {};
  const pane = createPane(el, { tabs: LIFE, select: (selection) => select(selection) });
  life.signal.addEventListener("abort", pane.destroy);
  select = link(model, pane.select, life.signal);
  follow(model, "payload", pane.show, life.signal);
  return () => {
    life.abort();
    el.replaceChildren();
  };
}
