/**
 * The lab: edit on the left, the code of one function after every pass on the right, in one pane or two, and
 * below what becomes of the selected value and what the last edit did.
 */

import { boundEditor, editorFrame } from "../editor/boundeditor.js";
import { link } from "../page/broker.js";
import { h, root, say, set } from "../page/dom.js";
import { showFailure } from "../page/failure.js";
import { watch } from "../page/host.js";
import { follow, followEvery } from "../page/payload.js";
import { cellOf } from "./cell.js";
import { createCopy } from "./copy.js";
import { createFunctions } from "./functions.js";
import { createHistory, sinceWords } from "./history.js";
import { createHelp, listenToKeys } from "./keys.js";
import { createMarks } from "./marks.js";
import { createNotes } from "./notes.js";
import { createPane } from "./pane.js";
import { valueAt } from "./passes.js";
import { createPins, pinKey } from "./pins.js";
import { createSecond } from "./second.js";
import { createTrouble } from "./trouble.js";
import { LAB, STRIP } from "./views.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./passes.js").Code} Code */

/** Milliseconds after which Python is told where the reader has got to. */
const SETTLED = 150;

/** @param {ReturnType<typeof createPane>} pane */
const passOf = (pane) => pane.code()?.passes[pane.at()]?.name ?? "";

/** What a pane shows, as the view's state has it. @param {ReturnType<typeof createPane>} pane @param {string} [end] of its words there */
const stateOf = (pane, end = "") => ({ [`pass${end}`]: passOf(pane), [`tab${end}`]: pane.tab(), [`against${end}`]: pane.against() });

/** @param {import("../page/host.js").Host} host */
export function renderLab({ model, el }) {
  const life = new AbortController();
  const { signal } = life;
  root(el, "lab");
  const marks = createMarks();
  const begin = model.get("state") ?? {};
  /** @type {Selection} */
  let selection = {};
  /** @type {Selection} what the editor has last said of its cursor */
  let cursor = {};
  let typed = "";
  /** @type {import("./history.js").Since | null} */
  let since = null;
  let edited = { seq: -1, number: 0 };
  /** @type {Map<number, Code>} the code of every edit, by its number */
  const codes = new Map();

  const frame = editorFrame();
  const target = h("span", { class: "gl-note gl-lab-target" });
  const tools = h("span", { class: "gl-lab-tools" });
  const panes = h("div", { class: "gl-lab-panes" });
  const text = h("div", { class: "gl-lab-text" }, h("header", { class: "gl-lab-head" }, h("b", { class: "gl-lab-file" }, model.get("file")), target, tools), frame);
  const news = h("span", { class: "gl-lab-since" });
  const pinned = h("span", { class: "gl-lab-pins" });
  const line = h("div", { class: "gl-lab-line" }, news, pinned);
  const strip = h("div", { class: "gl-lab-strip" }, line);
  const everything = h("div", { class: "gl-lab-all" }, text, panes, strip);
  el.append(everything);

  /** @type {(selection: Selection) => void} */
  let publish = () => {};
  const select = (/** @type {Selection} */ wanted) => publish(wanted);
  const ask = (/** @type {Record<string, unknown>} */ request) => send({ compare: request });
  /** @param {Record<string, unknown>} traits */
  function send(traits) {
    for (const [name, value] of Object.entries(traits)) model.set(name, value);
    model.save_changes();
  }

  const editor = boundEditor(model, frame, moved, signal);
  const pane = createPane(panes, { tabs: LAB, select, marks, ask, alone: model.send === undefined, first: begin.pass, against: begin.against, onChange: () => changed() });
  const second = createSecond(panes, {
    pane,
    marks,
    select,
    ask,
    choose: (subject) => send({ subject }),
    text: editor.text,
    onChange: () => changed(1),
    first: begin.pass2 ?? "",
    against: begin.against2,
    alone: model.send === undefined,
  });
  const both = [pane, second.pane];
  /** The pane that was used last; the strip is about it. */
  let active = 0;
  const trouble = createTrouble(text, editor.place);
  const notes = createNotes(everything, pane.head, model, signal);
  const functions = createFunctions(pane.subject, model, signal);
  const history = createHistory(tools, back);
  const split = h("button", { type: "button", class: "gl-toggle", "aria-pressed": "false", title: "a second pane: another pass, an earlier edit, another processor or Go version", onclick: () => send({ two: !model.get("two") }) }, "two panes");
  tools.append(split);
  createCopy(tools, cell);
  const help = createHelp(tools);
  const pins = createPins(pinned, marks, (name) => choose(name));
  pinKey(el, marks, () => selection.value ?? "");
  const stripViews = STRIP.map((create) => create(strip, { ...pane.context, go: (at) => both[active].go(at), select: (wanted) => (active ? second.choose : select)(wanted) }));

  /** @param {string} name of a value or block that is to be selected */
  function choose(name) {
    if (name.startsWith("v")) select({ ...selection, function: pane.code()?.function, value: name });
  }

  /** The cursor has moved, or the text has. @param {Selection} at */
  function moved(at) {
    const now = editor.text();
    const code = pane.code();
    // While the text is ahead of the code the places in the code are old ones: the value stays.
    const value = now === typed && code ? valueAt(code, pane.at(), at) || valueAt(code, 0, at) : selection.value;
    typed = now;
    cursor = at;
    model.set("line", at.line ?? 0);
    select(value ? { ...at, function: code?.function, value } : at);
    queueMicrotask(() => model.save_changes());
  }

  /** @param {string} wanted an earlier text: typed in as any other, so that it can be undone */
  function back(wanted) {
    if (model.send === undefined) return; // nothing would compile it
    editor.write(wanted);
    editor.view.focus();
  }

  /** A pane shows another pass or another tab, or compares with something else. @param {number} [side] */
  function changed(side = 0) {
    if (side === 0) second.follow();
    lookAt();
    settle();
  }
  /** Tell each pane of the other, and the strip of the active one. */
  function lookAt() {
    both.forEach((one, side) => {
      const other = both[1 - side];
      const code = other.code();
      const there = model.get("two") && code ? { code, at: other.at(), side: 1 - side, same: second.same() } : null;
      const held = one.more().other;
      if (held?.code === there?.code && held?.at === there?.at && held?.same === there?.same) return;
      one.add({ other: there });
    });
    paintStrip();
  }
  function paintStrip() {
    const [one, code] = [both[active], both[active].code()];
    if (code) for (const view of stripViews) view.show(code, one.at(), one.more());
    for (const view of stripViews) view.select(active ? second.selection() : selection, true);
  }
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  function settle() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const state = { ...stateOf(pane), ...(model.get("two") ? stateOf(second.pane, "2") : {}) };
      if (pane.code() && JSON.stringify(state) !== JSON.stringify(model.get("state"))) send({ state });
      if (Object.keys(model.get("compare") ?? {}).length > 0 && both.every((one) => one.tab() !== "diff")) send({ compare: {} });
    }, SETTLED);
  }
  signal.addEventListener("abort", () => clearTimeout(timer));
  watch(
    model,
    "state",
    () => {
      const state = model.get("state") ?? {};
      both.forEach((one, side) => {
        const [pass, tab, against] = ["pass", "tab", "against"].map((word) => state[side ? `${word}2` : word]);
        const index = one.code()?.passes.findIndex((step) => step.name === pass) ?? -1;
        if (index >= 0) one.go(index);
        if (tab && tab !== one.tab()) one.turn(tab);
        if (against) one.compareWith(against);
      });
    },
    signal,
  );

  /** @returns {string} */
  function cell() {
    const code = pane.code();
    if (!code) return "";
    return cellOf({
      source: editor.text(),
      file: model.get("file"),
      target: code.target,
      function: model.get("function") || code.function,
      selection,
      pass: passOf(pane),
      tab: pane.tab(),
      against: pane.against(),
      subject: model.get("two") ? model.get("subject") : null,
      otherPass: passOf(second.pane),
      otherTab: second.pane.tab(),
      otherAgainst: second.pane.against(),
    });
  }

  /** @param {number} side */
  function activate(side) {
    active = side;
    both.forEach((one, i) => set(one.element, "data-active", i === active));
    paintStrip();
  }
  listenToKeys(el, {
    step(direction, anyChange) {
      const one = both[active];
      one.go(anyChange ? one.scrubber.next(direction) : one.at() + direction);
    },
    turn: (tab) => both[active].turn(LAB[tab]?.id ?? ""),
    search: () => both[active].search(),
    help,
    other() {
      if (model.get("two")) both[1 - active].scrubber.slider.focus();
    },
  });
  both.forEach((one, side) => {
    const use = () => active !== side && activate(side);
    one.element.addEventListener("focusin", use);
    one.element.addEventListener("pointerdown", use);
  });

  function arrange() {
    const two = Boolean(model.get("two"));
    set(second.pane.element, "hidden", !two);
    set(panes, "data-two", two);
    set(el, "data-two", two);
    set(split, "aria-pressed", String(two));
    activate(two ? active : 0);
    second.set(model.get("subject") ?? {});
    const code = pane.code();
    if (two && code) second.adopt(code);
    if (two) second.select(selection);
    lookAt();
    settle();
  }
  watch(model, "two", arrange, signal);
  watch(model, "subject", arrange, signal);

  publish = link(
    model,
    (next) => {
      selection = next;
      // Its own cursor is no news to the editor, with a value added either.
      const own = next.line === cursor.line && next.column === cursor.column && next.file === cursor.file;
      editor.show(own ? cursor : next);
      pane.select(next);
      if (model.get("two")) second.select(next);
      paintStrip();
      pins.select(next.value ?? "");
    },
    signal,
  );

  follow(
    model,
    "passes",
    (/** @type {Code & {errors?: import("./trouble.js").Trouble[]}} */ code) => {
      set(el, "data-broken", trouble.show(code.errors ?? []));
      marks.turn(code.function || pane.code()?.function || "");
      pane.show(code);
      if (code.passes.length === 0) return;
      set(el, "data-seq", code.seq);
      functions.show(code);
      notes.show(code);
      say(target, code.target?.label);
      if (model.get("two")) second.adopt(code);
      remember();
      offer();
      if (!selection.value) refind(code);
      lookAt();
      settle();
    },
    signal,
  );
  /** The code has caught up with the text: what stands for the cursor's place now? @param {Code} code */
  function refind(code) {
    const value = valueAt(code, pane.at(), selection) || valueAt(code, 0, selection);
    if (value) select({ ...selection, function: code.function, value });
  }
  for (const part of ["machine", "lives"]) {
    follow(model, part, (payload) => {
      const code = pane.code();
      if (!code || payload.seq !== code.seq || payload.function !== code.function) return;
      pane.add({ [part]: payload });
      if (second.same()) second.pane.add({ [part]: payload });
      paintStrip();
    }, signal);
  }
  follow(model, "other", (payload) => {
    second.show(payload);
    lookAt();
  }, signal);
  follow(model, "comparison", (payload) => {
    for (const one of both) one.add({ comparison: payload });
  }, signal);
  followEvery(model, "edits", (payload) => {
    carry(payload.carry);
    history.show(payload.items);
    since = payload.since;
    say(news, since ? `since ${since.number ? `edit ${since.number}` : "the first text"}: ${sinceWords(since)}` : "");
    edited = { seq: payload.seq, number: payload.items.at(-1).number };
    remember();
    marks.changes.set(since?.changes ?? {});
    offer();
  }, signal);
  /** Keep the code of every edit: the next one is compared with it. */
  function remember() {
    const code = pane.code();
    if (!code || code.seq !== edited.seq) return;
    codes.set(edited.number, code);
    for (const number of codes.keys()) if (!history.edits().some((edit) => edit.number === number)) codes.delete(number);
    const before = codes.get(since?.number ?? -1) ?? null;
    pane.add({ before: before?.function === code.function ? before : null });
  }
  /** What is pinned and selected stays so over an edit. @param {Record<string, string> | null} names */
  function carry(names) {
    if (!names) return;
    marks.carry(names);
    const value = selection.value && names[selection.value];
    if (value && value !== selection.value) select({ ...selection, value });
  }
  function offer() {
    second.offer(pane.code()?.target, history.edits(), model.get("choices") ?? {});
  }
  watch(model, "choices", offer, signal);

  showFailure(model, el, signal);
  if (begin.tab) pane.turn(begin.tab);
  if (begin.tab2) second.pane.turn(begin.tab2);
  arrange();
  return () => {
    life.abort();
    for (const one of both) one.destroy();
    for (const view of stripViews) view.destroy?.();
    pins.destroy();
    el.replaceChildren();
  };
}
