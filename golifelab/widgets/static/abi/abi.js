/**
 * The ABI explorer: a signature to type, and how its parameters and results travel on each processor.
 */

import { area, boxes, figures, keep, label, names, way } from "./model.js";
import { h, say, set, uid } from "../page/dom.js";
import { watch } from "../page/host.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Assignment} Assignment */
/** @typedef {import("./model.js").Column} Column */
/** @typedef {import("./model.js").Explained} Explained */

/** Milliseconds after the last key before the compiler is asked. */
const PAUSE = 120;
/** Tints that tell parameters apart; beyond them they come again. The name is in every box, too. */
const TINTS = 6;

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createAbi(parent, select, model) {
  void select;
  const life = new AbortController();
  // In a page without a kernel nobody would answer.
  const live = model.get("signature") !== undefined && !model.get("readonly");
  /** @type {Explained | null} the newest that was understood */
  let payload = null;
  let at = -1;
  /** @type {HTMLElement[]} */
  let options = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const list = h("datalist", { id: uid("functions") });
  const problem = h("p", { class: "gl-abi-problem", role: "status", id: uid("problem"), hidden: true });
  const field = h("input", {
    class: "gl-abi-field",
    type: "text",
    spellcheck: "false",
    autocomplete: "off",
    list: list.id,
    "aria-label": "a signature, or the name of a function",
    "aria-describedby": problem.id,
    placeholder: "func(n int, s string) error",
    value: model.get("signature") || "",
  });
  const understood = h("code", { class: "gl-function" });
  const chips = h("div", { class: "gl-abi-chips", role: "listbox", "aria-label": "parameters and results; arrow keys walk through them" });
  const words = h("div", { class: "gl-abi-words", role: "region", tabindex: "-1", "aria-label": "how it travels" });
  const sides = h("div", { class: "gl-abi-sides" });
  const element = h(
    "section",
    { class: "gl-abi", "aria-label": "calling convention", "data-part": "machine" },
    h("header", { class: "gl-abi-head" }, live && field, list, problem, understood),
    chips,
    words,
    sides,
  );
  parent.append(element);

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      model.set("signature", field.value);
      model.save_changes();
    }, PAUSE);
  });
  watch(
    model,
    "signature",
    () => {
      // What is being typed is newer than what comes back.
      if (document.activeElement !== field) field.value = model.get("signature");
    },
    life.signal,
  );
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // Tab goes on from here, and the notebook's own keys work again.
    event.preventDefault();
    words.focus();
  });
  chips.addEventListener("keydown", (event) => {
    /** @type {Record<string, number>} */
    const moves = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 };
    if (moves[event.key] === undefined) return;
    event.preventDefault();
    choose(Math.max(0, Math.min(options.length - 1, moves[event.key])), true);
  });
  sides.addEventListener("click", (event) => {
    const index = /** @type {Element} */ (event.target).closest("[data-index]")?.getAttribute("data-index");
    if (index !== null && index !== undefined) choose(Number(index), false);
  });

  /** @param {number} index @param {boolean} focus */
  function choose(index, focus) {
    at = index;
    options.forEach((option, i) => {
      option.tabIndex = i === Math.max(0, at) ? 0 : -1;
      set(option, "aria-selected", i === at ? "true" : "false");
    });
    if (focus) options[at]?.focus();
    for (const box of sides.querySelectorAll("[data-index]")) set(box, "data-ring", box.getAttribute("data-index") === String(at));
    const columns = payload?.columns.filter((column) => column.failure === undefined) ?? [];
    const one = columns[0]?.assignments[at];
    if (!one) {
      words.replaceChildren(h("p", { class: "gl-nothing" }, "it takes nothing and gives nothing"));
      return;
    }
    words.replaceChildren(
      h("p", {}, h("b", {}, names(columns[0].assignments)[at]), " ", h("code", {}, one.type), h("span", { class: "gl-note" }, ` · ${one.role}`)),
      ...columns.map((column) => h("p", {}, h("span", { class: "gl-abi-where" }, column.architecture), " ", way(column, at))),
    );
  }

  /** @param {Explained} next */
  function build(next) {
    const columns = next.columns.filter((column) => column.failure === undefined);
    const assignments = columns[0]?.assignments ?? [];
    const named = names(assignments);
    const focused = chips.contains(document.activeElement);
    options = assignments.map((one, index) =>
      h(
        "div",
        { class: "gl-abi-chip", role: "option", tabindex: "-1", "data-tint": index % TINTS, "data-role": one.role, onclick: () => choose(index, true) },
        one.role === "result" ? "→ " : "",
        h("b", {}, named[index]),
        " ",
        h("code", {}, one.type),
      ),
    );
    chips.replaceChildren(...options);
    set(chips, "hidden", options.length === 0);
    sides.replaceChildren(...next.columns.map((column) => side(column)));
    choose(keep(payload?.columns.find((column) => column.failure === undefined)?.assignments ?? [], at, assignments), focused);
  }

  /** One processor. @param {Column} column */
  function side(column) {
    const head = h("h4", { class: "gl-abi-processor" }, column.architecture);
    if (column.failure !== undefined) return h("section", { class: "gl-abi-side", "aria-label": column.architecture }, head, h("p", { class: "gl-nothing" }, column.failure));
    return h(
      "section",
      { class: "gl-abi-side", "aria-label": column.architecture, "data-architecture": column.architecture },
      h("header", {}, head, h("span", { class: "gl-note" }, figures(column))),
      ...ways(column, "in", "registers on the way in"),
      ...ways(column, "out", "registers on the way out"),
      ...stack(column),
    );
  }

  /** @param {Column} column @param {"in" | "out"} which @param {string} title */
  function ways(column, which, title) {
    const named = names(column.assignments);
    const files = /** @type {const} */ (["integer", "floating"]).map((file) => boxes(column, which, file));
    const rows = files
      .filter(({ boxes: shown }) => shown.length > 0)
      .map(({ boxes: shown, more }) =>
        h(
          "div",
          { class: "gl-abi-registers" },
          ...shown.map(({ register, index, piece }) => {
            const text = piece ? label(named[index], piece) : "";
            return h(
              "div",
              { class: "gl-abi-box", "data-index": piece ? index : null, "data-tint": piece ? index % TINTS : null, "data-free": !piece, title: piece ? `${register}: ${text}, ${piece.type}, byte ${piece.offset} of ${named[index]}` : `${register} is free` },
              h("span", { class: "gl-abi-register" }, register),
              h("span", { class: "gl-abi-piece" }, text || "–"),
            );
          }),
          more > 0 ? h("span", { class: "gl-note gl-abi-more" }, `${more} more free`) : "",
        ),
      );
    return [h("h5", { class: "gl-abi-title" }, title), ...(rows.length > 0 ? rows : [h("p", { class: "gl-nothing" }, "none")])];
  }

  /** @param {Column} column */
  function stack(column) {
    const named = names(column.assignments);
    const title = h("h5", { class: "gl-abi-title" }, `the caller’s stack: ${column.arguments_size} bytes`);
    const stretches = area(column);
    if (stretches.length === 0) return [title, h("p", { class: "gl-nothing" }, "nothing there")];
    const told = { argument: "travels here", result: "comes back here", spill: "room to save", "": "" };
    return [
      title,
      h(
        "div",
        { class: "gl-abi-stack" },
        ...[...stretches].reverse().map(({ start, end, index, kind }) =>
          h(
            "div",
            { class: "gl-abi-slot", "data-kind": kind || null, "data-index": index >= 0 ? index : null, "data-tint": index >= 0 ? index % TINTS : null },
            h("code", { class: "gl-abi-offset" }, `${start}(FP)`),
            h("span", { class: "gl-abi-holder" }, h("b", {}, index >= 0 ? named[index] : ""), " ", h("span", { class: "gl-note" }, index >= 0 ? told[kind] : "not for arguments")),
            h("span", { class: "gl-abi-size" }, `${end - start} B`),
          ),
        ),
      ),
    ];
  }

  return {
    element,
    /** @param {Explained | Column} received a processor alone is a payload of one */
    show(received) {
      const next = "columns" in received ? received : alone(received);
      if (list.dataset.names !== next.functions.join("\n")) {
        list.replaceChildren(...next.functions.map((name) => h("option", { value: name })));
        list.dataset.names = next.functions.join("\n");
      }
      if (field.value === "" && document.activeElement !== field) field.value = next.asked;
      set(problem, "hidden", next.problem === "");
      problem.replaceChildren(...(next.problem ? complaint(next) : []));
      set(field, "aria-invalid", next.problem ? "true" : null);
      const stale = next.problem !== "" && payload !== null;
      set(element, "data-stale", stale);
      if (stale && payload) say(understood, `still shown: ${payload.signature}`);
      if (next.problem !== "") return;
      say(understood, next.signature === next.asked && live ? "" : next.signature);
      set(element, "data-signature", next.signature);
      build(next);
      payload = next;
      choose(at, false);
    },
    select() {},
    destroy() {
      clearTimeout(timer);
      life.abort();
    },
  };
}

/** What is wrong, with a caret under the place where that is known. @param {Explained} payload */
function complaint({ asked, problem, at }) {
  const text = h("span", {}, problem);
  return at < 0 ? [text] : [h("code", { class: "gl-abi-caret", "aria-hidden": "true" }, `${asked}\n${" ".repeat(at)}^`), text];
}

/** @param {Column} column @returns {Explained} */
function alone(column) {
  return { seq: 0, asked: column.signature, functions: [], signature: column.signature, columns: [column], problem: "", at: -1 };
}
