/**
 * The machine code of a function: its instructions with jumps, bytes and what each was made for, linked both
 * ways with the source and the values. Of the instruction that is chosen, everything that is known stands below.
 */

import { h, say, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";
import { belongs, blocksOf, bytesOf, figuresOf, fresh, gnuText, nameOf, originOf, placeAt, placeFor, placeWords, sinceWords } from "./asm.js";
import { createDetail } from "./asmdetail.js";
import { asmRow } from "./asmrow.js";
import { jumpsOf, widthOf } from "./jumps.js";
import { bookOf, heirs, lasts, lifeAt } from "./lives.js";
import { nextHit } from "./query.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./asm.js").Asm} Asm */
/** @typedef {import("./jumps.js").Jump} Jump */
/** @typedef {import("./lives.js").Lives} Lives */
/** @typedef {import("./pane.js").Context} Context */
/** @typedef {import("./passes.js").Code} Code */

/** Rows kept above and below the view: each has a dozen elements. */
const SPARE = 12;
/** The widths of text and place, in characters. */
const NARROWEST = 22;
const PLACE = 5;
const WIDEST = 44;

/**
 * @param {HTMLElement} parent
 * @param {Pick<Context, "select"> & Partial<Context>} context
 */
export function createMachine(parent, context) {
  /** @type {Asm | null} */
  let asm = null;
  /** @type {Code | null} */
  let code = null;
  /** @type {Lives | null} */
  let lives = null;
  let at = 0;
  let edit = -1;
  /** @type {Jump[]} */
  let jumps = [];
  let width = 0;
  /** @type {string[]} */
  let blocks = [];
  /** @type {Set<number>} instructions that the last edit brought */
  let added = new Set();
  /** @type {Selection} */
  let selection = {};
  /** Values that stand for the selected one in the end. @type {string[]} */
  let standing = [];
  /** Whether there are instructions for them. */
  let coded = false;
  let cursor = -1;
  let gnu = false;
  /** What was painted last, so that nothing is painted twice. @type {{asm: Asm | null, lives: Lives | null, key: string}} */
  let painted = { asm: null, lives: null, key: "" };

  const marks = context.marks ?? null;
  const figures = h("span", { class: "gl-asm-figures" });
  const since = h("span", { class: "gl-asm-since" });
  const instead = h("span", { class: "gl-asm-instead gl-note" });
  const note = h("p", { class: "gl-note gl-asm-note", hidden: true });
  const syntaxes = ["Go", "GNU"].map((label, i) =>
    h("button", { type: "button", class: "gl-asm-syntax", "aria-pressed": String(i === 0), title: `${label} syntax`, onclick: () => spell(i === 1) }, label),
  );
  const list = h("div", { class: "gl-asm-list", role: "listbox", tabindex: "0", "aria-label": "machine code", id: uid("asm") });
  const element = h("div", { class: "gl-asm", "data-part": "machine" });
  element.append(
    h("div", { class: "gl-asm-head" }, figures, since, instead, h("span", { class: "gl-asm-syntaxes", role: "group", "aria-label": "syntax" }, ...syntaxes)),
    note,
    list,
  );
  parent.append(element);
  const detail = createDetail(element, { choose, select: context.select });
  const rows = virtualList(list, rowElement, SPARE);

  /** @param {boolean} other */
  function spell(other) {
    gnu = other && Boolean(asm?.gnu);
    syntaxes.forEach((button, i) => set(button, "aria-pressed", String(gnu === (i === 1))));
    measure();
    repaint();
  }

  /** Columns are as wide as what is in them, up to a bound: what stands behind them stands in a line. */
  function measure() {
    if (!asm) return;
    let [text, place] = [NARROWEST, PLACE];
    for (let index = 0; index < asm.texts.length; index += 1) {
      text = Math.max(text, textOf(index).length);
      place = Math.max(place, placeWords(asm, index, code?.file).length);
    }
    list.style.setProperty("--gl-asm-wide", `${Math.min(WIDEST, text)}ch`);
    list.style.setProperty("--gl-asm-where", `${Math.min(WIDEST, place)}ch`);
  }

  /** @param {number} index */
  const rowId = (index) => `${list.id}-${index}`;

  /** @param {number} index */
  const textOf = (index) => (asm ? (gnu ? gnuText(asm, index) : asm.texts[index]) : "");

  /** What the search looks at. @param {number} index */
  function lineOf(index) {
    if (!asm) return "";
    const place = placeAt(asm, asm.place[index]);
    return `    (${place?.line ?? "?"}) ${originOf(asm, index)[0]} ${blocks[index]} ${asm.texts[index]} ${asm.gnu?.[index] ?? ""} ${bytesOf(asm, index).map(({ text }) => text).join(" ")}`;
  }

  /** @param {number} index */
  function hereOf(index) {
    if (!asm) return "";
    const name = nameOf(asm, index);
    if (selection.value && name && standing.includes(name)) return standing.includes(selection.value) ? "value" : "heir";
    const place = belongs(asm, index, { ...selection, value: undefined });
    // Beside a value's own instructions, what stands at its place is only near.
    return place && coded ? "line" : place;
  }

  /** @param {number} index */
  function rowElement(index) {
    const one = /** @type {Asm} */ (asm);
    const text = textOf(index);
    return asmRow(one, index, {
      id: rowId(index),
      text,
      spans: marks && !marks.search.query().empty && marks.search.test(lineOf(index)) ? marks.search.spans(text) : null,
      block: index === 0 || blocks[index] !== blocks[index - 1] ? blocks[index] : "",
      opens: index > 0 && blocks[index] !== blocks[index - 1],
      added: added.has(index),
      here: hereOf(index),
      chosen: cursor,
      file: code?.file,
      jumps,
      width,
      cut: text.length > WIDEST,
      marks,
    });
  }

  function repaint() {
    const key = JSON.stringify([cursor, standing, selection, gnu]);
    if (painted.asm === asm && painted.lives === lives && painted.key === key) return;
    painted = { asm, lives, key };
    set(list, "aria-activedescendant", cursor >= 0 ? rowId(cursor) : null);
    rows.show(asm?.texts.length ?? 0);
    detail.show(asm, code, cursor, blocks[cursor] ?? "");
    tellStanding();
  }

  /** @param {number} index */
  function choose(index) {
    if (!asm || index < 0 || index >= asm.texts.length) return;
    cursor = index;
    context.select(selectionOf(index));
    // What is selected may be the same as before: then nobody has told this view.
    repaint();
    rows.reveal(index);
  }

  /** @param {number} index @returns {Selection} */
  function selectionOf(index) {
    const one = /** @type {Asm} */ (asm);
    const place = placeFor(one, index, code?.file);
    const name = nameOf(one, index);
    /** @type {Selection} */
    const wanted = place ? { file: place.file, line: place.line, column: place.column } : {};
    if (name.startsWith("v")) {
      Object.assign(wanted, { function: one.function, value: name });
      const nth = lives ? bookOf(lives).of(name).length : 1;
      if (nth > 1) wanted.life = `${name}#${nth}`;
    }
    return wanted;
  }

  function stand() {
    standing = standingFor();
    coded = standing.length > 0 && Boolean(asm?.texts.some((_, index) => standing.includes(nameOf(/** @type {Asm} */ (asm), index))));
  }

  /** Which values stand for the selected one: that number may mean another value in the end. @returns {string[]} */
  function standingFor() {
    const value = selection.value ?? "";
    if (!value || !lives || selection.life?.startsWith(`${value}#`)) {
      return value ? [value] : [];
    }
    const book = bookOf(lives);
    const all = book.of(value);
    const life = all[lifeAt(all, at)];
    return !life || lasts(book, value, at) ? [value] : heirs(book, life);
  }

  /** Say who does the work of a value that has no code of its own. */
  function tellStanding() {
    const value = selection.value ?? "";
    const other = value && asm && !standing.includes(value);
    const names = standing.length > 0 ? standing.join(", ") : "nobody";
    say(instead, other ? `${value}: ${names}` : "");
    set(instead, "title", other ? `${value} is gone by now; ${standing.length === 0 ? "nothing shows who does its work" : `its work is done by ${names}`}` : null);
  }

  /** The first instruction of what is selected, -1 for none. */
  function firstHere() {
    const count = asm?.texts.length ?? 0;
    const all = Array.from({ length: count }, (_, i) => hereOf(i));
    for (const kind of ["value", "heir", "place", "line"]) {
      const index = all.findIndex((one) => one === kind);
      if (index >= 0) return index;
    }
    return -1;
  }

  list.addEventListener("click", (event) => {
    const row = /** @type {Element} */ (event.target).closest("[data-index]");
    if (!row) return;
    event.stopPropagation();
    // Who has marked text to copy it has chosen nothing.
    const text = getSelection();
    if (text && !text.isCollapsed && list.contains(text.anchorNode)) return;
    choose(Number(row.getAttribute("data-index")));
  });
  list.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !asm) return;
    const page = Math.max(1, Math.floor(list.clientHeight / 20));
    const last = asm.texts.length - 1;
    /** @type {Record<string, () => number>} */
    const moves = {
      ArrowDown: () => cursor + 1,
      ArrowUp: () => (cursor < 0 ? last : cursor - 1),
      PageDown: () => Math.min(last, cursor + page),
      PageUp: () => Math.max(0, cursor - page),
      Home: () => 0,
      End: () => last,
      Enter: () => (asm && cursor >= 0 ? asm.targets[cursor] : -1),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    choose(move());
  });
  const leave = marks?.subscribe(() => rows.show(asm?.texts.length ?? 0));

  /** @param {Asm} next @param {number} number of the edit that it belongs to */
  function take(next, number) {
    const same = asm?.function === next.function && asm.architecture === next.architecture;
    // Other code of one edit is of another processor, or of another Go.
    const before = same && number !== edit ? asm : null;
    added = before ? fresh(before, next) : new Set();
    say(since, before ? sinceWords(before, next) : "");
    set(since, "title", before ? "since the last edit" : null);
    if (!same) cursor = -1;
    asm = next;
    edit = number;
    jumps = jumpsOf(next.targets);
    width = widthOf(jumps);
    cursor = Math.min(cursor, next.texts.length - 1);
    say(figures, figuresOf(next));
    set(element, "data-observed", next.precision === "column");
    set(syntaxes[1], "disabled", next.gnu === null);
    set(syntaxes[1], "title", next.gnu ? "GNU syntax, as objdump and gdb write it" : next.gnu_note);
    const said = [next.precision === "line" && "Without the observed compiler: positions by line, and not what each instruction was made for.", next.more > 0 && `${next.more.toLocaleString("en")} more instructions are not shown.`].filter(Boolean).join(" ");
    say(note, said);
    set(note, "hidden", !said);
    if (gnu && !next.gnu) spell(false);
    else measure();
  }

  return {
    element,
    focus: () => list.focus(),

    /** @param {Code} next @param {number} pass @param {{machine: Asm | null, lives: Lives | null}} more */
    show(next, pass, more) {
      code = next;
      const machine = more.machine;
      const stale = machine === null && asm?.function === next.function;
      set(element, "data-stale", stale);
      if (!machine) {
        if (stale) return;
        asm = null;
        jumps = [];
        say(figures, "");
        say(since, "");
        rows.show(0);
        detail.show(null, null, -1, "");
        return;
      }
      const other = machine !== asm;
      at = pass;
      lives = more.lives;
      if (other) take(machine, next.seq);
      if (other) blocks = blocksOf(machine, code);
      stand();
      if (cursor < 0) cursor = firstHere();
      repaint();
    },

    /** @param {Selection} next @param {boolean} go */
    select(next, go) {
      selection = next;
      stand();
      // The instruction that was chosen stays so, while it is of what is selected.
      const index = cursor >= 0 && ["value", "heir", "place"].includes(hereOf(cursor)) ? cursor : firstHere();
      if (index >= 0) cursor = index;
      repaint();
      if (go && index >= 0) rows.reveal(index);
    },

    found() {
      const hits = marks ? (asm?.texts ?? []).filter((_, index) => marks.search.test(lineOf(index))).length : 0;
      return { hits, one: "instruction", many: "instructions" };
    },

    /** @param {1 | -1} direction */
    find(direction) {
      const hit = marks ? nextHit(asm?.texts.length ?? 0, (index) => marks.search.test(lineOf(index)), cursor, direction) : -1;
      choose(hit);
    },

    destroy: () => leave?.(),
  };
}
