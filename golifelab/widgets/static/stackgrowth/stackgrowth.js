/**
 * The stack of a goroutine by the depth of its calls: a staircase to walk along, to guess at, and to compare.
 */

import { h, say, set, uid } from "../page/dom.js";
import { instead } from "../page/failure.js";
import { createFunctionPicker } from "../page/functions.js";
import { watch } from "../page/host.js";
import { createStaircase } from "./chart.js";
import { bytes, figure, frameWords, nearest, nextStep, reach, roundArguments, sentence, sizeAt, verdict } from "./model.js";

/** @typedef {import("./model.js").Row} Row */
/** @typedef {Partial<import("./model.js").Growth> & {failed?: string, recorded?: string, against?: string, choices?: {id: string, label: string}[]}} Payload */

/**
 * @param {HTMLElement} parent
 * @param {(selection: import("../page/broker.js").Selection) => void} _
 * @param {import("../page/host.js").Model} model
 */
export function createStackGrowth(parent, _, model) {
  const life = new AbortController();
  const live = model.get("argument") !== undefined;
  /** @type {Row[]} */
  let rows = [];
  let argument = live ? model.get("argument") : 10_000;
  let round = roundArguments(1e8);
  let guessing = false;
  /** @type {{argument: number, size: number, guess: number}[]} */
  let guesses = [];

  const picker = createFunctionPicker(model);
  const against = h("select", { "aria-label": "another Go beside it" });
  const beside = h("label", { hidden: !live || !model.get("runtime") }, "with another Go: ", against);
  const guess = h("button", { type: "button", class: "gl-stair-button", "aria-pressed": "false" }, "guess first");
  const status = h("span", { class: "gl-status", role: "status" }, "compiling and running …");
  const chart = createStaircase((to) => go(to));
  const slider = h("input", { type: "range", class: "gl-stair-slider", min: 0, max: round.length - 1, "aria-label": "argument" });
  const field = h("input", { type: "text", inputmode: "numeric", class: "gl-stair-field", size: 11, "aria-label": "argument, as a number" });
  const size = h("select", { "aria-label": "my guess" });
  const measure = h("button", { type: "button", class: "gl-stair-button" }, "measure");
  const asked = h("span", { class: "gl-stair-asked", hidden: true }, "my guess: ", size, " ", measure);
  const told = h("p", { class: "gl-stair-told", role: "status" });
  const legend = h("ul", { class: "gl-stair-legend" });
  const shrinking = h("div", { class: "gl-stair-shrinking" });
  const counters = h("tbody");
  const body = h(
    "div",
    { hidden: true },
    chart.element,
    h("p", { class: "gl-stair-key gl-note" }, "Upwards: the size of the stack. Both scales are of powers. Thin: reckoned from what was measured."),
    h("div", { class: "gl-stair-controls" }, h("code", { class: "gl-stair-call" }), slider, field, asked),
    told,
    legend,
    shrinking,
    h(
      "details",
      {},
      h("summary", {}, "What the runtime counts while such a goroutine lives"),
      h("table", { class: "gl-stair-table" }, h("thead", {}, h("tr", {}, ...["argument", "its stack", "StackInuse", "HeapAlloc"].map((name) => h("th", { scope: "col" }, name)))), counters),
    ),
  );
  const element = h("section", { class: "gl-stair", "aria-label": "stack growth", "data-part": "process" }, h("header", { class: "gl-stair-top" }, picker.element, beside, guess, status), body);
  parent.append(element);

  slider.addEventListener("input", () => go(round[Number(slider.value)]));
  slider.addEventListener("keydown", (event) => {
    const to = event.key === "n" ? nextStep(rows[0], argument) : event.key === "p" ? before(rows[0], argument) : 0;
    if (event.key !== "n" && event.key !== "p") return;
    event.preventDefault();
    if (to) go(to);
  });
  const typed = () => {
    const wanted = Number(field.value.replace(/[\s,_]/g, ""));
    if (Number.isFinite(wanted)) go(Math.max(0, Math.min(Math.round(wanted), 1e12)));
    field.value = figure(argument);
  };
  field.addEventListener("change", typed);
  field.addEventListener("keydown", (event) => event.key === "Enter" && typed());
  against.addEventListener("change", () => {
    model.set("against", against.value);
    model.save_changes();
  });
  guess.addEventListener("click", () => {
    guessing = !guessing;
    guesses = [];
    set(guess, "aria-pressed", String(guessing));
    set(asked, "hidden", !guessing);
    chart.guessing(guessing, guesses);
    tell();
  });
  measure.addEventListener("click", () => {
    const row = rows[0];
    const truth = sizeAt(row, argument).size;
    if (truth) guesses = [...guesses.filter((one) => one.argument !== argument), { argument, size: truth, guess: Number(size.value) }];
    chart.guessing(true, guesses);
    say(told, truth ? `${sentence(row, argument)} ${verdict(Number(size.value), truth)}` : sentence(row, argument));
  });
  if (live) watch(model, "argument", () => model.get("argument") !== argument && go(model.get("argument")), life.signal);

  /** @param {number} to */
  function go(to) {
    argument = to;
    slider.value = String(nearest(round, to));
    field.value = figure(to);
    chart.at(to);
    tell();
    if (live && model.get("argument") !== to) {
      model.set("argument", to);
      model.save_changes();
    }
  }

  function tell() {
    const row = rows[0];
    if (!row) return;
    const words = guessing ? `How large is the stack of ${row.function}(${figure(argument)})?` : sentence(row, argument);
    say(told, words);
    set(slider, "aria-valuetext", words);
    for (const [index, item] of [...legend.children].entries()) {
      const { size: now } = sizeAt(rows[index], argument);
      const value = item.querySelector("b");
      if (value) say(value, guessing ? "" : now ? bytes(now) : "overflows");
    }
  }

  /** @param {Payload} next */
  function offer(next) {
    if (!next.choices) return;
    const key = JSON.stringify(next.choices);
    if (against.dataset.key !== key) {
      against.dataset.key = key;
      against.replaceChildren(...next.choices.map(({ id, label }) => h("option", { value: id }, label)));
    }
    against.value = next.against ?? "";
    set(beside, "hidden", !live || !model.get("runtime") || next.choices.length < 2);
  }

  function fill() {
    const row = rows[0];
    legend.replaceChildren(
      ...rows.map((one, index) =>
        h("li", { "data-row": index % 4 }, h("span", { class: "gl-stair-line", "aria-hidden": "true" }), h("code", {}, one.label), h("span", { class: "gl-note" }, `${one.label.startsWith("go") ? "" : `go${one.go}, `}${frameWords(one)}`), h("b", {})),
      ),
    );
    const most = Math.log2(Math.max(2, ...row.shrinking.map(([, stack]) => stack)));
    shrinking.replaceChildren(
      h("h4", { id: headed }, "A large stack that is not needed any more, after each collection"),
      h("p", { class: "gl-note" }, "The bars are on a scale of powers: half the stack is one step shorter."),
      h(
        "ol",
        { "aria-labelledby": headed },
        ...row.shrinking.map(([number, stack, , fresh]) => {
          const bar = h("span", { class: "gl-stair-bar", "aria-hidden": "true" });
          bar.style.width = `${(100 * (Math.log2(stack) - 9)) / (most - 9)}%`;
          return h("li", { title: `a new goroutine begins with ${bytes(fresh)}` }, h("span", {}, String(number)), h("span", { class: "gl-stair-track" }, bar), h("span", {}, bytes(stack)));
        }),
      ),
    );
    set(shrinking, "hidden", row.shrinking.length === 0);
    counters.replaceChildren(
      ...row.growth.map(([n, stack, inuse, heap]) => h("tr", {}, h("th", { scope: "row" }, figure(n)), ...[bytes(stack), signed(inuse), signed(heap)].map((text) => h("td", {}, text)))),
    );
    const sizes = [...row.steps.map(([one]) => one)];
    while (sizes.length > 0 && sizes[sizes.length - 1] < row.edge[0]) sizes.push(sizes[sizes.length - 1] * 2);
    if (size.options.length !== sizes.length) size.replaceChildren(...sizes.map((one) => h("option", { value: one }, bytes(one))));
    const call = body.querySelector(".gl-stair-call");
    if (call) say(call, `${row.function}(…)`);
  }
  const headed = uid("shrinking");

  return {
    element,
    destroy() {
      chart.destroy();
      life.abort();
    },
    /** @param {Payload} next */
    show(next) {
      offer(next);
      const symbol = next.function || rows[0]?.function || "";
      if (next.functions?.length) picker.show(next.functions, symbol);
      set(element, "data-stale", Boolean(next.failed) && rows.length > 0);
      if (next.failed || !next.rows?.length) {
        say(status, rows.length > 0 ? instead(next.failed, "ran") : (next.failed ?? ""));
        return;
      }
      rows = next.rows;
      if (!next.functions?.length) picker.show([], rows[0].function);
      say(status, next.recorded ? `${next.recorded}, not live` : (rows.find((row) => row.ended)?.ended ?? ""));
      round = roundArguments(reach(rows));
      set(slider, "max", round.length - 1);
      set(body, "hidden", false);
      fill();
      chart.show(rows);
      go(argument);
    },
    select() {},
  };
}

/** @param {Row} row @param {number} argument @returns {number} where the size before the present one ends; 0 for none */
function before(row, argument) {
  const lasts = row.steps.map(([, last]) => last).filter((last) => last < argument);
  return lasts.length > 0 ? Math.max(...lasts) : 0;
}

/** @param {number} count */
function signed(count) {
  return count > 0 ? `+${figure(count)}` : count < 0 ? `−${figure(-count)}` : "0";
}
