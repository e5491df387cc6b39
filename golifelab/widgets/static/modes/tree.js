/**
 * The decision tree: questions with their answers below them, those on the way to the build in view open.
 */

import { MARKS, lines, pathTo, step } from "./model.js";
import { reveal } from "./table.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("./model.js").Leaf} Leaf */
/** @typedef {import("./model.js").Line} Line */
/** @typedef {import("./model.js").Tree} Tree */

/**
 * @param {(leaf: Leaf) => void} choose
 */
export function createTree(choose) {
  const element = h("div", { class: "gl-modes-tree", role: "tree", "aria-label": "the questions that decide; arrow keys walk through the answers" });
  /** @type {Tree | null} */
  let tree = null;
  /** @type {Set<string>} branches that the reader opened or closed against the way to the build in view */
  let opened = new Set();
  /** @type {Set<string>} */
  let closed = new Set();
  /** @type {string[]} */
  let path = [];
  /** @type {Line[]} */
  let answers = [];
  let active = "";

  /** @param {string} id */
  const open = (id) => opened.has(id) || (path.includes(id) && !closed.has(id));

  /** @param {Line} line */
  function draw(line) {
    if (line.question) return h("div", { class: "gl-modes-question", role: "presentation", style: `--gl-depth: ${line.depth}` }, line.question);
    const here = path.at(-1) === line.id;
    return h(
      "div",
      {
        class: "gl-modes-answer",
        role: "treeitem",
        style: `--gl-depth: ${line.depth}`,
        "data-id": line.id,
        "data-path": path.includes(line.id),
        "aria-level": line.depth + 1,
        "aria-posinset": line.at,
        "aria-setsize": line.of,
        "aria-expanded": line.leaf ? null : String(line.open),
        "aria-selected": String(here),
        tabindex: line.id === active ? "0" : "-1",
      },
      h("span", { class: "gl-modes-turn", "aria-hidden": "true" }, line.leaf ? "" : line.open ? "▾" : "▸"),
      h("span", { class: "gl-modes-told" }, h("span", { class: "gl-modes-says" }, line.answer), " ", line.leaf && end(line.leaf)),
      h("span", { class: "gl-modes-count", title: "builds that were measured" }, line.builds),
    );
  }

  /** @param {Leaf} leaf */
  const end = (leaf) => h("span", { class: "gl-modes-end", "data-outcome": leaf.outcome }, h("span", { "aria-hidden": "true" }, MARKS[leaf.outcome] ?? ""), ` ${leaf.says}`);

  /** @param {boolean} [focus] */
  function paint(focus = false) {
    if (!tree) return;
    const held = focus || element.contains(element.ownerDocument.activeElement);
    const all = lines(tree, open);
    answers = all.filter((line) => line.answer);
    if (!answers.some(({ id }) => id === active)) active = path.findLast((id) => answers.some((line) => line.id === id)) ?? answers[0]?.id ?? "";
    element.replaceChildren(...all.map(draw));
    if (held) at(active)?.focus({ preventScroll: !focus });
  }

  /** @param {string} id @returns {HTMLElement | null} */
  const at = (id) => element.querySelector(`[data-id="${id}"]`);

  /** @param {string} id @param {boolean} wanted */
  function turn(id, wanted) {
    (wanted ? opened : closed).add(id);
    (wanted ? closed : opened).delete(id);
  }

  /** @param {string} id */
  function take(id) {
    active = id;
    const line = answers.find((one) => one.id === id);
    if (line?.leaf) return choose(line.leaf);
    if (line) turn(id, !line.open);
    paint(true);
  }

  element.addEventListener("click", (event) => {
    const id = /** @type {Element} */ (event.target).closest("[data-id]")?.getAttribute("data-id");
    if (id) take(id);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return take(active);
    }
    const { to, open: wanted, close } = step(answers, active, event.key);
    if (to === undefined && wanted === undefined && close === undefined) return;
    event.preventDefault();
    if (wanted !== undefined) turn(wanted, true);
    if (close !== undefined) turn(close, false);
    if (to !== undefined) active = to;
    paint(true);
  });

  return {
    element,
    /** @param {Tree} next @param {number} row the build in view; -1 for one that nobody measured */
    show(next, row) {
      const before = path.join();
      path = pathTo(next, row);
      // What the reader opened by hand belongs to the tree that was there.
      if (JSON.stringify(next) !== JSON.stringify(tree)) opened = new Set([...opened].filter((id) => lines(next, () => true).some((line) => line.id === id)));
      if (path.join() !== before) {
        closed = new Set();
        active = path.at(-1) ?? active;
      }
      tree = next;
      set(element, "hidden", "says" in next);
      paint();
      if (path.join() !== before) reveal(element, at(path.at(-1) ?? ""));
    },
  };
}
