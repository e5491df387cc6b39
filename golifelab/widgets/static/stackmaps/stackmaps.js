/**
 * The stack maps of a function: the lives of its pointers with a scrubber over the instructions, its frame, the
 * bitmaps' bytes, and on demand how the runtime finds the function of the address.
 */

import { createBits } from "./bits.js";
import { createChart } from "./chart.js";
import { createFrame } from "./frame.js";
import { createList } from "./list.js";
import { count, figures, findfunc, hex, keep, begin, move, sentence, stepAt } from "./model.js";
import { h, say, set } from "../page/dom.js";
import { instead } from "../page/failure.js";
import { createFunctionPicker } from "../page/functions.js";
import { watch } from "../page/host.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").StackMaps} StackMaps */
/** @typedef {Partial<StackMaps> & {seq?: number, failed?: string, functions?: import("../page/functions.js").FunctionChoice[], symbol?: string}} Payload */

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createStackMaps(parent, select, model) {
  const life = new AbortController();
  const live = model.get("step") !== undefined;
  /** @type {StackMaps | null} */
  let maps = null;
  /** @type {import("./model.js").Cell | null} */
  let cell = null;
  let step = 0;
  /** What was selected from here leads nowhere. */
  let own = "";
  /** @type {Selection} */
  let selection = {};

  const picker = createFunctionPicker(model);
  const shown = h("span", { class: "gl-maps-figures" });
  const status = h("span", { class: "gl-status", role: "status" }, "compiling and linking …");
  const words = h("p", { class: "gl-maps-sentence", role: "status" });
  const said = h("p", { class: "gl-maps-compiler gl-note" });
  const chart = createChart((to) => go(to), keys);
  const list = createList((to) => go(to), keys);
  const frame = createFrame((chosen) => {
    cell = chosen ?? null;
    chart.mark(cell ? `${cell.area} ${cell.word}` : "");
    if (maps) bits.show(maps, step, cell);
  });
  const bits = createBits();
  const steps = h("tbody");
  const lookup = h(
    "details",
    { class: "gl-maps-lookup" },
    h("summary", {}, "How the runtime finds the function of this address"),
    h("table", {}, h("thead", {}, h("tr", {}, ...["step", "what", "gives", "read at"].map((head) => h("th", { scope: "col" }, head)))), steps),
  );
  const body = h("div", { class: "gl-maps-body", hidden: true }, chart.element, words, said, h("div", { class: "gl-maps-sides" }, list.element, frame.element), bits.element, lookup);
  const element = h("section", { class: "gl-maps", "aria-label": "stack maps", "data-part": "machine" }, h("header", { class: "gl-maps-top" }, picker.element, shown, status), body);
  parent.append(element);
  lookup.addEventListener("toggle", () => look());

  /** @param {KeyboardEvent} event */
  function keys(event) {
    if (!maps || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = move(maps, step, event.key);
    if (to === null) return;
    event.preventDefault();
    go(to);
  }

  /** @param {number} to @param {boolean} [tell] */
  function go(to, tell = true) {
    if (!maps) return;
    step = Math.max(0, Math.min(maps.instructions.text.length - 1, to));
    const told = sentence(maps, step);
    say(words, told);
    chart.at(maps, step, told);
    list.at(step);
    frame.at(step);
    bits.show(maps, step, cell);
    look();
    const names = maps.instructions.names[step];
    say(said, names ? `The compiler’s own -live at this call: ${names.length > 0 ? names.join(" ") : "nothing"}` : "");
    set(said, "hidden", !names);
    if (live && model.get("step") !== step) {
      model.set("step", step);
      model.save_changes();
    }
    if (!tell) return;
    const { address, line, column } = maps.instructions;
    /** @type {Selection} */
    const chosen = { address: hex(address[step]) };
    if (line[step] && maps.instructions.own[step]) Object.assign(chosen, { file: maps.file, line: line[step], column: column[step] });
    own = JSON.stringify(chosen);
    select(chosen);
  }

  function look() {
    if (!maps || !lookup.open) return;
    const rows = findfunc(maps, maps.instructions.address[step]);
    const made = rows.map((row) => h("tr", {}, h("td", {}, row.name), h("td", {}, h("code", {}, row.what)), h("td", {}, h("code", {}, row.value)), h("td", {}, h("code", {}, row.at))));
    steps.replaceChildren(...made);
  }

  if (live) {
    const follow = () => {
      if (model.get("step") !== step) go(model.get("step"), false);
    };
    watch(model, "step", follow, life.signal);
  }

  return {
    element,
    destroy: () => life.abort(),
    /** @param {Payload} next */
    show(next) {
      set(element, "data-stale", Boolean(next.failed) && maps !== null);
      if (next.functions && next.failed) picker.show(next.functions, maps?.function ?? "");
      if (next.failed || !next.instructions) {
        say(status, maps ? instead(next.failed, "compiled") : (next.failed ?? ""));
        return;
      }
      const before = maps;
      maps = /** @type {StackMaps} */ (next);
      say(status, "");
      if (next.functions && next.symbol) picker.show(next.functions, next.symbol);
      else picker.show([], maps.function);
      shown.replaceChildren(h("b", {}, count(maps.maps.length + maps.hidden.maps, "bitmap")), ` · ${figures(maps)}`);
      set(body, "hidden", false);
      const wanted = before ? keep(before, step, maps) : model.get("step") || begin(maps);
      step = wanted;
      chart.show(maps);
      frame.show(maps);
      list.show(maps, wanted);
      go(wanted, false);
    },
    /** @param {Selection} next */
    select(next) {
      selection = next;
      if (!maps || JSON.stringify(selection) === own) return;
      const to = stepAt(maps, selection);
      if (to >= 0 && to !== step) go(to, false);
    },
  };
}
