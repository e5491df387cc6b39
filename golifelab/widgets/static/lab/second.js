/**
 * The second pane: what it shows beside the first, and how the two go together.
 */

import { h, say, set } from "../page/dom.js";
import { createPane } from "./pane.js";
import { alike } from "./passes.js";
import { carryLine, createSubjects, words } from "./subjects.js";
import { LAB } from "./views.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./passes.js").Code} Code */
/** @typedef {import("./subjects.js").Subject} Subject */
/** @typedef {ReturnType<typeof createPane>} Pane */

/**
 * @typedef {object} SecondOptions
 * @property {Pane} pane the first one
 * @property {ReturnType<typeof import("./marks.js").createMarks>} marks
 * @property {(selection: Selection) => void} select
 * @property {(request: Record<string, unknown>) => void} ask
 * @property {(subject: Subject) => void} choose called with what the reader wants to see here
 * @property {() => string} text what is in the editor
 * @property {() => void} onChange
 * @property {string} first the pass to begin with
 * @property {string} [against] what it is compared with to begin with
 * @property {boolean} alone whether there is no kernel
 */

/**
 * @param {HTMLElement} parent
 * @param {SecondOptions} options
 */
export function createSecond(parent, { pane, marks, select, ask, choose, text, onChange, first, against, alone }) {
  /** @type {Subject} */
  let subject = {};
  /** @type {Record<string, string> | null} names of the first pane → names here */
  let names = null;
  /** @type {Selection} */
  let selection = {};
  /** The same by the names and lines of this pane. @type {Selection} */
  let told = {};
  // Two passes of one code are compared; two programs are gone through together.
  let linked = false;
  let following = false;
  /** Steps between the two panes while both show the same code. */
  let distance = 0;

  const beside = marks.beside(() => names);
  const second = createPane(parent, { tabs: LAB, select: choosePlace, marks: beside, side: 1, ask, alone, onChange: changed, first, against });
  const wait = h("p", { class: "gl-note gl-pane-wait", role: "status", hidden: true });
  const failure = h("pre", { class: "gl-failure gl-pane-failure", role: "alert", hidden: true });
  second.head.after(wait, failure);
  const subjects = createSubjects(second.subject, choose, alone);
  const link = h("button", { type: "button", class: "gl-toggle gl-link-toggle", "aria-pressed": "false", title: "both panes go through the passes together", onclick: () => turn(!linked) }, "linked");
  second.head.append(link);

  /** @param {boolean} on */
  function turn(on) {
    linked = on;
    set(link, "aria-pressed", String(linked));
    if (linked && same()) distance = second.at() - pane.at();
    else if (linked) follow(pane, second);
  }
  const same = () => Object.keys(subject).length === 0;

  /** Do something that the other pane does not follow. @param {() => void} run */
  function quietly(run) {
    following = true;
    run();
    following = false;
  }
  /** @param {Pane} from @param {Pane} to */
  function follow(from, to) {
    const [one, other] = [from.code(), to.code()];
    if (!one || !other || following) return;
    quietly(() => to.go(same() ? from.at() + (to === second ? distance : -distance) : alike(one, from.at(), other)));
  }
  function changed() {
    if (linked && !following) follow(second, pane);
    onChange();
  }

  /** What is chosen here is told by the first pane's names, as all else. @param {Selection} wanted */
  function choosePlace(wanted) {
    const { value, ...rest } = wanted;
    const there = value ? beside.home(value) : "";
    const line = subject.source === undefined || !rest.line ? rest.line : carryLine(subject.source, text(), rest.line);
    const column = line === rest.line ? rest.column : 0;
    select({ ...rest, ...(line ? { line, column } : {}), ...(there ? { value: there } : {}) });
    if (!value || there) return;
    // What has no like in the first pane is selected here alone.
    told = wanted;
    second.select(told);
    onChange();
  }

  return {
    pane: second,
    /** @returns {boolean} whether it shows the code of the first pane */
    same,
    choose: choosePlace,
    /** @returns {Selection} what is selected, by the names and lines of this pane */
    selection: () => told,
    words: () => words(subject, [], second.code()?.target),

    /** @param {Subject} next */
    set(next) {
      const other = JSON.stringify(next) !== JSON.stringify(subject);
      const was = same();
      subject = next;
      subjects.set(subject);
      if (!other) return;
      set(failure, "hidden", true);
      if (same()) {
        names = null;
        const code = pane.code();
        if (code) this.adopt(code);
      }
      if (was !== same()) turn(!same());
      say(wait, same() ? "" : "compiling …");
      set(wait, "hidden", same());
    },

    /** The first pane has new code. @param {Code} code */
    adopt(code) {
      if (!same()) return;
      const begins = !second.code();
      quietly(() => second.show(code, pane.more()));
      set(second.element, "data-stale", null);
      // What the function was to begin with is the most telling neighbour.
      if (begins && !first) second.go(0);
    },

    /** The first pane shows another pass. */
    follow() {
      if (linked) follow(pane, second);
    },

    /** @param {any} payload what Python made of the subject */
    show(payload) {
      if (JSON.stringify(payload.subject) !== JSON.stringify(subject)) return;
      set(wait, "hidden", true);
      say(failure, payload.failure ?? "");
      set(failure, "hidden", !payload.failure);
      set(second.element, "data-stale", Boolean(payload.failure) && second.code() !== null);
      if (payload.failure) return;
      const fresh = !second.code();
      names = payload.partners;
      quietly(() => second.show({ ...payload.code, seq: payload.seq }, { machine: payload.machine, lives: payload.lives }));
      if (linked && !(fresh && first)) follow(pane, second);
      this.select(selection);
    },

    /** @param {Code["target"]} target @param {import("./history.js").Edit[]} edits @param {Record<string, string[]>} choices */
    offer(target, edits, choices) {
      subjects.show(target, edits, choices);
    },

    /** @param {Selection} next in the first pane's words */
    select(next) {
      selection = next;
      const line = next.line && subject.source !== undefined ? carryLine(text(), subject.source, next.line) : next.line;
      const value = next.value && beside.here(next.value);
      told = { ...next, ...(line ? { line } : {}), ...(next.value ? { value } : {}) };
      second.select(told);
    },
  };
}
