/**
 * The ablation board: a switch for every pass of the compiler, what each does to the function alone, what
 * those that are switched do together; on demand, who saves what and how long it takes.
 */

import { createAsked } from "./asked.js";
import { rowsOf, sentence, shownRows, summary, toggled } from "./model.js";
import { createTable } from "./table.js";
import { h, say, set, uid } from "../page/dom.js";
import { createFunctionPicker } from "../page/functions.js";
import { watch } from "../page/host.js";
import { follow } from "../page/payload.js";

/** @typedef {import("./model.js").Board} Board */
/** @typedef {import("./model.js").Order} Order */
/** @typedef {import("./model.js").Row} Row */
/** @typedef {import("./model.js").Sweep} Sweep */

/**
 * @param {HTMLElement} parent
 * @param {(selection: import("../page/broker.js").Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createAblation(parent, select, model) {
  void select; // a pass is about the whole function: there is nothing to select
  const life = new AbortController();
  const live = model.get("switched") !== undefined;
  /** @type {Board | null} */
  let board = null;
  /** @type {Sweep | null} */
  let sweep = null;
  /** @type {Sweep | null} the last sweep that went to its end */
  let whole = null;
  /** @type {Row[]} */
  let rows = [];
  let all = !live;
  /** @type {Order} */
  let order = { column: -1, down: true };
  let about = "";

  const status = h("span", { class: "gl-status", role: "status" }, "compiling …");
  const picker = createFunctionPicker(model);
  const every = h("button", { type: "button", class: "gl-ablation-all", "aria-pressed": String(all), onclick: () => showAll(!all) }, "all passes");
  const off = h("button", { type: "button", class: "gl-ablation-back", hidden: !live, onclick: () => choose(optional()) }, "switch all off");
  const back = h("button", { type: "button", class: "gl-ablation-back", hidden: true, onclick: () => choose([]) }, "switch all back");
  const table = createTable({ toggle, sort, about: tell, live });
  const told = h("div", { class: "gl-ablation-about", role: "region", id: uid("about"), tabindex: "-1", "aria-label": "about the pass" });
  const asked = live ? createAsked(model, life.signal) : null;
  const frame = h(
    "section",
    { class: "gl-pane gl-ablation", "aria-label": "passes", "data-part": "middle" },
    h("header", { class: "gl-pane-top" }, picker.element, status, h("span", { class: "gl-ablation-buttons" }, off, back, every)),
    h("div", { class: "gl-ablation-frame" }, table.element),
    told,
    asked?.element,
  );
  parent.append(frame);

  /** @returns {string[]} */
  const switched = () => model.get("switched") ?? [];

  /** @returns {string[]} the passes that run by default and need not */
  const optional = () => rows.filter(({ entry }) => entry.runs && !entry.required).map(({ entry }) => entry.name);

  /** @param {string[]} names */
  function choose(names) {
    model.set("switched", names);
    model.save_changes();
    paint();
  }

  /** @param {string} name */
  function toggle(name) {
    choose(toggled(switched(), name));
  }

  /** @param {number} column */
  function sort(column) {
    order = { column, down: order.column === column ? !order.down : true };
    paint();
  }

  /** @param {boolean} wanted */
  function showAll(wanted) {
    all = wanted;
    set(every, "aria-pressed", String(all));
    paint();
  }

  /** @param {string} name */
  function tell(name) {
    about = name;
    const row = rows.find((one) => one.entry.name === name);
    if (!row || !board) return;
    const { entry } = row;
    const words = entry.says ? h("q", { title: "from the compiler's source" }, entry.says) : null;
    const refusal = entry.required ? h("q", { title: "the compiler's own words" }, entry.refusal) : null;
    told.replaceChildren(h("b", {}, entry.name), " ", words ?? "", h("p", {}, sentence(row, board.columns), refusal ? " " : null, refusal));
  }

  function paint() {
    if (!board) return;
    const names = switched();
    rows = rowsOf(board, sweep, names, whole?.function === board.function ? whole : null);
    table.totals(board, sweep?.baseline ?? null, live ? names.length : -1, together(board, names));
    table.show(board, shownRows(rows, all, order), order);
    // Said aloud when it is done, not fifty times before.
    set(status, "aria-busy", !sweep || sweep.done < sweep.of ? "true" : null);
    say(status, summary(rows, sweep));
    set(back, "hidden", names.length === 0);
    set(off, "hidden", !live || names.length > 0);
    set(frame, "data-fresh", fresh());
    tell(about || (rows[0]?.entry.name ?? ""));
  }

  /**
   * What the passes that are switched do together; null while that is not known.
   *
   * @param {Board} now
   * @param {string[]} names
   */
  function together(now, names) {
    const [only] = names;
    if (names.length === 1 && sweep?.cells[only]) return sweep.cells[only];
    const known = JSON.stringify([...names].sort()) === JSON.stringify([...(now.switched ?? [])].sort());
    if (known) return now.chosen ?? null;
    return model.get("runtime") ? null : { switched: "", measure: null, error: "not measured together: this page has no kernel" };
  }

  /** Whether the measures are of the text and the function that the board is of. */
  function fresh() {
    return Boolean(board && sweep && (sweep.seq ?? 0) === (board.seq ?? 0) && sweep.function === board.function);
  }

  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !table.holds(event.target)) return;
    event.preventDefault();
    told.focus();
  });
  if (live) {
    watch(model, "switched", paint, life.signal);
    follow(
      model,
      "sweep",
      (/** @type {Sweep} */ next) => {
        sweep = next;
        if (next.done === next.of) whole = next;
        paint();
      },
      life.signal,
    );
  }

  return {
    element: frame,
    destroy: () => life.abort(),
    /** @param {Board} next */
    show(next) {
      set(frame, "data-stale", Boolean(next.failed) && board !== null);
      asked?.of(next);
      if (next.failed) {
        say(status, board ? "the program does not compile: this is of the last one that did" : "the program does not compile");
        return;
      }
      board = next;
      if (next.sweep) sweep = next.sweep;
      picker.show(next.functions, next.function);
      paint();
    },
    select() {},
  };
}
