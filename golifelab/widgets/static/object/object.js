/**
 * An object file: its bytes, the tree of what they are, and its symbols. A byte and its field are one choice.
 */

import { createHex } from "../hex/hex.js";
import { address } from "../hex/model.js";
import { h, say, set, uid } from "../page/dom.js";
import { instead } from "../page/failure.js";
import { createFields } from "./fields.js";
import { fieldOf, found, instructionAt, leafAt, leafPlace, namedBy, pathOf, read, some, sourceOf, spanOf, text } from "./model.js";
import { createSymbols } from "./symbols.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").ObjectFile} ObjectFile */
/** @typedef {import("./model.js").Payload} Payload */

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 */
export function createObject(parent, select) {
  /** @type {ObjectFile | null} */
  let file = null;
  let field = 0;
  /** @type {Selection} */
  let selection = {};
  /** Where the code of the chosen source line is. @type {[number, number][]} */
  let marked = [];

  const figures = h("span", { class: "gl-object-figures", role: "status" }, "the compiler is at work …");
  const age = h("span", { class: "gl-note" });
  const bytes = createHex({
    label: "bytes of the object file; arrows move, [ and ] go to the field before and behind, Enter goes to the symbol that a reference means",
    look: (offset) => lookOf(offset),
    words: (offset) => (file ? `${address(offset)}: ${text(file, "name", leafAt(file, offset))} ${text(file, "value", leafAt(file, offset))}` : ""),
    chosen: (offset) => choose(file ? leafAt(file, offset) : 0, { from: "hex", offset }),
    key: press,
  });
  const fields = createFields((chosen) => choose(chosen, { from: "fields" }));
  const symbols = createSymbols((chosen) => visit(chosen));
  const tabs = ["fields", "symbols"].map((name) =>
    h("button", { type: "button", role: "tab", class: "gl-object-tab", id: uid("tab"), "data-tab": name, onclick: () => turn(name) }, name),
  );
  const card = h("div", { class: "gl-object-card", role: "region", tabindex: "-1", "aria-label": "the chosen field", "aria-live": "polite" });
  const element = h(
    "section",
    { class: "gl-object", "aria-label": "object file", "data-part": "machine" },
    h("header", { class: "gl-object-head" }, figures, age, legend()),
    h(
      "div",
      { class: "gl-object-body" },
      bytes.element,
      h("div", { class: "gl-object-side" }, h("div", { role: "tablist", "aria-label": "beside the bytes" }, ...tabs), fields.element, symbols.element),
    ),
    card,
  );
  parent.append(element);
  turn("fields");
  for (const tab of tabs) {
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = tabs[1 - tabs.indexOf(tab)];
      other.click();
      other.focus();
    });
  }
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // Tab goes on from here, and the notebook's own keys work again.
    event.preventDefault();
    card.focus();
  });

  /** @param {string} name */
  function turn(name) {
    for (const tab of tabs) {
      set(tab, "aria-selected", tab.dataset.tab === name ? "true" : "false");
      tab.tabIndex = tab.dataset.tab === name ? 0 : -1;
    }
    set(fields.element, "hidden", name !== "fields");
    set(symbols.element, "hidden", name !== "symbols");
    if (name === "symbols") symbols.arrange();
    else fields.arrange();
  }

  /** @param {number} offset @returns {import("../hex/hex.js").Look} */
  function lookOf(offset) {
    if (!file) return { tint: "", odd: false, first: false, line: false };
    const place = leafPlace(file, offset);
    const leaf = file.leaves[place];
    const here = marked.some(([from, to]) => offset >= from && offset < to);
    return { tint: file.tints[leaf], odd: place % 2 === 1, first: file.fields.offset[leaf] === offset, line: here };
  }

  /** @param {KeyboardEvent} event @param {number} offset */
  function press(event, offset) {
    if (!file || event.ctrlKey) return false;
    if (event.key === "Enter") {
      const named = namedBy(file, field);
      if (named >= 0) visit(named);
      return named >= 0;
    }
    if (event.key !== "[" && event.key !== "]") return false;
    const place = leafPlace(file, offset) + (event.key === "]" ? 1 : -1);
    if (place >= 0 && place < file.leaves.length) choose(file.leaves[place], { from: "key" });
    return true;
  }

  /** @param {number} symbol */
  function visit(symbol) {
    const target = file ? fieldOf(file, symbol) : -1;
    if (target >= 0) choose(target, { from: "symbols" });
  }

  /**
   * @param {number} next a field
   * @param {{from: string, offset?: number}} how
   */
  function choose(next, how) {
    if (!file) return;
    field = next;
    const [from, to] = spanOf(file, field);
    bytes.select(from, to, how.offset ?? from, how.from !== "hex");
    if (how.from !== "fields") fields.choose(field);
    tell();
    const source = sourceOf(file, how.offset ?? from);
    if (source.line > 0 && how.from !== "outside") {
      selection = { file: file.source, line: source.line, column: 0, function: source.function };
      mark(source.line);
      select(selection);
      bytes.repaint();
    }
  }

  function tell() {
    if (!file) return;
    const known = file;
    const [from, to] = spanOf(known, field);
    const named = namedBy(known, field);
    const cursor = bytes.at();
    const source = sourceOf(known, cursor);
    const instruction = instructionAt(known, cursor);
    const way = pathOf(known, field).slice(0, -1);
    card.replaceChildren(
      h(
        "p",
        { class: "gl-object-way" },
        ...way.map((one) => h("button", { type: "button", class: "gl-go", onclick: () => choose(one, { from: "way" }) }, text(known, "name", one))).flatMap((one) => [one, " › "]),
        h("b", {}, text(known, "name", field)),
      ),
      h("p", { class: "gl-object-value" }, h("code", {}, text(known, "value", field))),
      h("p", {}, text(known, "meaning", field)),
      ...(instruction ? [h("p", {}, h("span", { class: "gl-note" }, `byte ${cursor - instruction[0] + 1} of ${instruction[1]} of the instruction `), h("code", { class: "gl-object-instruction" }, instruction[2]))] : []),
      h(
        "p",
        { class: "gl-note" },
        `${some(to - from, "byte")} at ${address(from)}`,
        source.line > 0 ? ` · ${source.function}, line ${source.line}` : "",
        named >= 0 ? " · " : "",
        named >= 0 && h("button", { type: "button", class: "gl-go", onclick: () => visit(named) }, `go to ${known.symbols.name[named]}`),
      ),
    );
  }

  return {
    element,
    /** @param {Payload & {seq?: number}} payload */
    show(payload) {
      const stale = payload.errors > 0;
      set(element, "data-stale", stale && file !== null);
      const problem = payload.problem ? `: ${payload.problem}` : "";
      if (stale) {
        say(file ? age : figures, file ? instead(payload.problem, "compiled") : `no object file${problem}`);
        return;
      }
      const way = file ? pathOf(file, field).map((one) => /** @type {ObjectFile} */ (file).texts[/** @type {ObjectFile} */ (file).fields.name[one]]) : null;
      file = read(payload);
      say(age, "");
      const cut = [payload.shallow && "the smallest parts not told apart", payload.more > 0 && `${some(payload.more, "byte")} not shown`, payload.hidden > 0 && `${some(payload.hidden, "symbol")} not listed`].filter(Boolean);
      say(figures, [`${some(payload.size, "byte")}`, some(found(file, "").length + payload.hidden, "symbol"), some(payload.relocations, "relocation"), `go${payload.go} ${payload.architecture}`, ...cut].join(" · "));
      symbols.show(file);
      field = way ? again(file, way) : first(file);
      fields.show(file, field);
      bytes.show(file.bytes);
      const [from, to] = spanOf(file, field);
      bytes.select(from, to, from, true);
      tell();
      follow(selection, false);
    },
    /** @param {Selection} next */
    select(next) {
      const own = next.line === selection.line && next.file === selection.file;
      selection = next;
      if (!own) follow(next, true);
    },
  };

  /** @param {Selection} next @param {boolean} reveal */
  function follow(next, reveal) {
    mark(file && next.file === file.source ? (next.line ?? 0) : 0);
    if (file && marked.length > 0 && reveal) choose(leafAt(file, marked[0][0]), { from: "outside", offset: marked[0][0] });
    bytes.repaint();
  }

  /** @param {number} line of the source, 0 for none */
  function mark(line) {
    marked = (file?.lines ?? []).flatMap(([from, to, of]) => (of === line ? [[from, to]] : []));
  }
}

/**
 * What to begin with: the package's own code, as far as it has some.
 *
 * @param {ObjectFile} file
 */
function first(file) {
  const { name, kind, offset } = file.symbols;
  const main = name.findIndex((one, i) => one === "main.main" && offset[i] >= 0);
  const symbol = main >= 0 ? main : kind.findIndex((one, i) => one === "STEXT" && offset[i] >= 0);
  return symbol >= 0 ? Math.max(0, fieldOf(file, symbol)) : 0;
}

/**
 * The field that has the same names on its way as one of the file before the edit.
 *
 * @param {ObjectFile} file
 * @param {string[]} way
 */
function again(file, way) {
  let at = 0;
  for (const name of way.slice(1)) {
    let one = at + 1;
    while (one < file.after[at] && text(file, "name", one) !== name) one = file.after[one];
    if (one >= file.after[at]) break;
    at = one;
  }
  return at;
}

function legend() {
  const signs = [
    ["name", "names"],
    ["table", "tables"],
    ["hole", "holes and their list"],
    ["data", "data and code"],
    ["frame", "frame"],
  ];
  return h("span", { class: "gl-object-legend" }, ...signs.map(([tint, word]) => h("span", {}, h("span", { class: "gl-object-sign", "data-tint": tint, "aria-hidden": "true" }), ` ${word}`)));
}
