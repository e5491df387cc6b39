/**
 * Which program made this trace? Traces without names, kinds of programs to choose from, hints, and the evidence.
 */

import { contradiction, score } from "./model.js";
import { createSpace } from "./space.js";
import { createTrace } from "./trace.js";
import { h, say, set } from "../page/dom.js";
import { roving } from "./roving.js";

/** @typedef {import("./model.js").Case} Case */
/** @typedef {import("./model.js").Kind} Kind */
/** @typedef {{kinds: Kind[], cases: Case[], missing: [string, string][], recorded: string, waiting?: string}} Game */

/**
 * @param {HTMLElement} parent
 * @param {(selection: import("../page/broker.js").Selection) => void} _select
 * @param {import("../page/host.js").Model} [model] keeps the answers, where there is one
 */
export function createForensics(parent, _select, model) {
  /** @type {Game | null} */
  let game = null;
  let at = 0;
  /** @type {Record<string, string>} the kind that was guessed of each trace */
  let answers = { ...model?.get("answers") };
  /** @type {Record<string, number>} how many hints were asked for */
  const hinted = {};
  /** @type {Set<string>} the traces whose answer was told */
  const told = new Set();

  const tabs = h("div", { class: "gl-forensics-tabs", role: "tablist", "aria-label": "traces" });
  const total = h("p", { class: "gl-forensics-score", role: "status" });
  const note = h("p", { class: "gl-note" });
  const left = h("div", { class: "gl-forensics-trace", role: "tabpanel" });
  const choices = h("div", { class: "gl-forensics-choices", role: "radiogroup", "aria-label": "which program made this trace?" });
  const verdict = h("p", { class: "gl-forensics-verdict", "aria-live": "polite" });
  const hints = h("ol", { class: "gl-forensics-hints", "aria-live": "polite" });
  const hint = h("button", { type: "button", class: "gl-forensics-button", onclick: help }, "hint");
  const answer = h("button", { type: "button", class: "gl-forensics-button", onclick: reveal }, "show the answer");
  const evidence = h("div", { class: "gl-forensics-evidence", role: "region", "aria-label": "evidence" });
  const side = h("div", { class: "gl-forensics-side" }, h("h4", {}, "Which program made this trace?"), choices, verdict, h("div", { class: "gl-forensics-buttons" }, hint, answer), hints, evidence);
  const frame = h("section", { class: "gl-forensics", "aria-label": "which program made this trace?", "data-part": "process" }, h("div", { class: "gl-forensics-head" }, tabs, total), h("div", { class: "gl-forensics-body" }, left, side), note);
  parent.append(frame);
  const trace = createTrace(left, (call) => space.go(call));
  const space = createSpace(left, (call) => trace.go(call));
  roving(tabs, "[role=tab]", (element) => turn(Number(element.getAttribute("data-at"))));
  roving(choices, "[role=radio]", (element) => guess(element.getAttribute("data-kind") ?? ""));

  // Python may answer as well.
  const heard = () => {
    answers = { ...model?.get("answers") };
    if (game) trace.tell(over());
    paint();
  };
  model?.on("change:answers", heard);

  const one = () => /** @type {Game} */ (game).cases[at];
  const over = () => told.has(one().id) || answers[one().id] === one().answer;

  /** @param {number} next */
  function turn(next) {
    if (!game || !game.cases[next]) return;
    at = next;
    trace.show(one(), { functions: over() });
    space.show(one());
    paint();
  }

  /** @param {string} kind */
  function guess(kind) {
    if (!game || told.has(one().id)) return;
    answers = { ...answers, [one().id]: kind };
    model?.set("answers", answers);
    model?.save_changes();
    trace.tell(over());
    paint();
  }

  function help() {
    if (!game) return;
    const number = Math.min(one().hints.length, (hinted[one().id] ?? 0) + 1);
    hinted[one().id] = number;
    const clue = one().clues.find(({ name }) => name === one().hints[number - 1]);
    paint();
    if (clue) trace.mark(clue.rows);
  }

  function reveal() {
    if (!game) return;
    told.add(one().id);
    trace.tell(true);
    paint();
    evidence.querySelector("button")?.focus();
  }

  function paint() {
    if (!game) return;
    const { right, tried } = score(game.cases, answers);
    say(total, tried ? `${right} of ${game.cases.length} told apart` : `${game.cases.length} traces, each without its program’s name`);
    tabs.replaceChildren(
      ...game.cases.map(({ id, answer: truth, calls }, number) => {
        const state = answers[id] === truth ? "right" : told.has(id) ? "told" : answers[id] ? "wrong" : "open";
        const sign = { right: "✓", told: "·", wrong: "✗", open: "?" }[state];
        return h("button", { type: "button", role: "tab", "data-at": number, "data-state": state, "aria-selected": number === at ? "true" : "false", tabindex: number === at ? 0 : -1, "aria-label": `trace ${id}, ${calls.length} calls, ${state === "open" ? "not guessed yet" : state}` }, `trace ${id} ${sign}`);
      }),
    );
    const mine = answers[one().id];
    const truth = one().answer;
    choices.replaceChildren(
      ...game.kinds.map(({ id, label, command }, number) => {
        const sign = over() && id === truth ? "✓ " : id === mine && id !== truth ? "✗ " : "";
        return h("button", { type: "button", role: "radio", class: "gl-forensics-choice", "data-kind": id, "aria-checked": id === mine ? "true" : "false", tabindex: id === mine || (!mine && number === 0) ? 0 : -1, "aria-disabled": told.has(one().id) }, h("span", {}, sign + label), h("code", {}, command));
      }),
    );
    say(verdict, words(mine));
    set(verdict, "data-state", mine ? (mine === truth ? "right" : "wrong") : null);
    const count = hinted[one().id] ?? 0;
    say(hint, `hint ${Math.min(count + 1, one().hints.length)} of ${one().hints.length}`);
    set(hint, "disabled", count >= one().hints.length || over());
    set(answer, "disabled", over());
    hints.replaceChildren(
      ...one()
        .hints.slice(0, count)
        .map((name) => h("li", {}, one().clues.find((clue) => clue.name === name)?.says)),
    );
    evidence.replaceChildren(...(over() ? shownEvidence() : []));
    set(frame, "data-trace", one().id);
  }

  /** @param {string | undefined} mine */
  function words(mine) {
    const cases = /** @type {Game} */ (game).cases;
    const kinds = /** @type {Game} */ (game).kinds;
    const label = (/** @type {string} */ id) => kinds.find((kind) => kind.id === id)?.label ?? id;
    if (told.has(one().id) && mine !== one().answer) return `It was: ${label(one().answer)}.`;
    if (!mine) return "";
    if (mine === one().answer) return `✓ Right: ${label(mine)}.`;
    const found = contradiction(one(), cases.find((other) => other.answer === mine));
    return found ? `✗ No. Here ${found.here.says}; in a trace of “${label(mine)}” ${found.there.says}.` : "✗ No.";
  }

  function shownEvidence() {
    return [
      h("h4", {}, "What the trace tells"),
      h(
        "ul",
        {},
        ...one().clues.map((clue) =>
          h(
            "li",
            { "data-found": clue.found },
            h("span", { class: "gl-forensics-sign", "aria-hidden": "true" }, clue.found ? "●" : "○"),
            h(
              "span",
              {},
              clue.rows.length > 0 ? h("button", { type: "button", class: "gl-forensics-clue", title: "mark these calls in the trace", onclick: () => trace.mark(clue.rows) }, clue.says) : clue.says,
              h("span", { class: "gl-note" }, ` ${clue.therefore}`),
            ),
          ),
        ),
      ),
    ];
  }

  return {
    element: frame,
    /** @param {Game} next */
    show(next) {
      if (!next.cases?.length) {
        say(note, next.waiting ?? "there is no trace to show");
        set(frame, "data-waiting", true);
        return;
      }
      game = next;
      set(frame, "data-waiting", false);
      const lacking = next.missing.map(([label, reason]) => (label ? `${label}: ${reason}.` : `No live ones: ${reason}.`));
      say(note, [next.recorded ? `These traces were ${next.recorded}.` : "", ...lacking].filter(Boolean).join(" "));
      turn(Math.min(at, next.cases.length - 1));
    },
    select() {},
    destroy() {
      model?.off("change:answers", heard);
    },
  };
}
