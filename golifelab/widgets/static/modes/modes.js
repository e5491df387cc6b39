/**
 * Ways to build a program: settings to choose, what comes of them, the questions that decide it, all builds.
 */

import { cOf, figure, find, nearest } from "./model.js";
import { createSettings } from "./settings.js";
import { chip, createTable } from "./table.js";
import { createTree } from "./tree.js";
import { h, say, set, uid } from "../page/dom.js";
import { watch } from "../page/host.js";
import { follow } from "../page/payload.js";

/** @typedef {import("./model.js").Build} Build */
/** @typedef {import("./model.js").C} C */
/** @typedef {import("./model.js").Matrix} Matrix */
/** @typedef {import("./model.js").Way} Way */

/**
 * @param {HTMLElement} parent
 * @param {(selection: import("../page/broker.js").Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createModes(parent, select, model) {
  const life = new AbortController();
  // A matrix that stands alone brings its builds with it; an editor's builds come as they are made.
  const live = model.get("measured") !== undefined;
  /** @type {Matrix | null} what the program is made of */
  let facts = null;
  /** @type {Matrix | null} the builds so far */
  let matrix = null;
  /** @type {Way} */
  let way = {};
  let program = "";
  let file = "";

  const status = h("span", { class: "gl-status", role: "status" }, "building …");
  const lacking = h("p", { class: "gl-note gl-modes-lacking", hidden: true });
  const settings = createSettings((id, value) => (id === "program" ? see(way, String(value)) : see({ ...way, [id]: value }, program)));
  const command = h("code", { class: "gl-modes-command" });
  const card = h("div", { class: "gl-modes-card", role: "region", id: uid("card"), tabindex: "-1", "aria-label": "what came of it" });
  const tree = createTree((leaf) => {
    if (!matrix) return;
    const row = matrix.rows[nearest(matrix.rows, leaf.rows, way, program)];
    if (row) see(row.way, row.program);
  });
  const table = createTable((number) => {
    const row = matrix?.rows[number];
    if (row) see(row.way, row.program);
  });
  const frame = h(
    "section",
    { class: "gl-modes", "aria-label": "ways to build", "data-part": "machine" },
    h("header", { class: "gl-modes-head" }, status, lacking),
    h("div", { class: "gl-modes-top" }, h("div", {}, settings.element, command), card),
    h("div", { class: "gl-modes-below" }, h("div", { class: "gl-modes-why" }, h("h4", {}, "what decides"), tree.element), h("div", { class: "gl-modes-all" }, h("h4", {}, "all builds"), table.element)),
  );
  parent.append(frame);
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || card === event.target) return;
    event.preventDefault();
    card.focus();
  });

  /** @param {Way} next @param {string} which */
  function see(next, which) {
    way = next;
    program = which;
    if (live) {
      model.set("way", way);
      model.save_changes();
    }
    paint();
  }

  function paint() {
    const shown = matrix ?? facts;
    if (!shown) return;
    const several = shown.programs.length > 1;
    const choices = several ? [{ id: "program", flag: "program", options: shown.programs.map((name) => ({ value: name, label: name })) }, ...shown.settings] : shown.settings;
    settings.show(choices, { program, ...way });
    const number = matrix ? find(matrix.rows, way, program) : -1;
    const row = matrix?.rows[number] ?? null;
    say(command, row ? row.command : `CGO_ENABLED=${way.cgo ? 1 : 0} go build …`);
    card.replaceChildren(...(row ? told(row) : [h("p", { class: "gl-nothing" }, waiting())]));
    set(card, "aria-busy", !row && asks() ? "true" : null);
    if (matrix) {
      tree.show(matrix.tree, number);
      table.show(matrix.rows, number, several);
    }
    say(lacking, (matrix?.missing ?? []).map((one) => `For the rest: ${one}.`).join(" "));
    set(lacking, "hidden", !matrix?.missing.length);
    set(frame, "data-stale", live && (matrix?.seq ?? -1) !== (facts?.seq ?? -1));
    set(frame, "data-way", row ? `${row.program}: ${row.name}` : "");
    const done = matrix?.rows.length ?? 0;
    const going = live && asks() && (!matrix || done < matrix.of);
    set(status, "aria-busy", going ? "true" : null);
    say(status, going ? `building: ${done} of ${matrix?.of ?? shown.of} ways so far` : summary(done));
  }

  /** @returns {boolean} whether there is a kernel to build what nobody has built */
  const asks = () => live && Boolean(model.get("runtime"));

  const waiting = () => (asks() ? "building …" : "nobody has built it this way here");

  /** @param {number} done */
  function summary(done) {
    const counted = new Map();
    for (const row of matrix?.rows ?? []) counted.set(row.outcome, (counted.get(row.outcome) ?? 0) + 1);
    return `${done} builds: ${[...counted].map(([outcome, number]) => `${number} ${outcome}`).join(", ")}`;
  }

  /** @param {Build} row @returns {HTMLElement[]} */
  function told(row) {
    const several = (matrix?.programs.length ?? 0) > 1;
    const facts = [
      ["interpreter", row.interpreter],
      ["libraries", row.needed.join(", ")],
      ["entry", row.entry],
      ["size", row.size ? `${figure(row.size)} bytes` : ""],
    ].filter(([, value]) => value);
    return [
      h("p", { class: "gl-modes-outcome" }, chip(row.outcome), row.kind && h("span", { class: "gl-note" }, ` ${row.kind}`)),
      h("p", {}, row.story),
      h("dl", { class: "gl-modes-facts" }, ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, h("code", {}, value))])),
      ...(row.silence ? [h("p", { class: "gl-modes-warning" }, h("b", {}, "! "), row.silence)] : []),
      ...row.warnings.map((warning) => h("p", { class: "gl-modes-warning" }, h("b", {}, "! "), "said all the same: ", h("q", {}, warning))),
      ...(several ? [plainly(row)] : bringers(cOf(matrix?.c ?? [], row.way))),
    ];
  }

  /** @param {Build} row */
  const plainly = (row) => h("p", { class: "gl-note" }, row.c.length > 0 ? `packages with C in the build: ${row.c.join(", ")}` : "no package with C in the build");

  /** Whose C comes in, and by which imports; those of the program lead to their line. @param {C | null} c */
  function bringers(c) {
    if (!c) return [];
    if (c.left_out.length > 0) return [h("p", { class: "gl-note" }, `${c.left_out.join(", ")}: left out, for it imports "C"`)];
    if (c.chains.length === 0) return [h("p", { class: "gl-note" }, `none of the ${c.packages} packages has C in it`)];
    return [
      h("p", { class: "gl-note" }, "how C comes in:"),
      h("ul", { class: "gl-modes-chains" }, ...c.chains.map((chain) => h("li", {}, ...chain.flatMap((path, at) => [at > 0 && " → ", link(chain.length === 1 ? "C" : at === 1 ? path : "", path)])))),
    ];
  }

  /** @param {string} imported the import to go to, "" for none @param {string} path */
  function link(imported, path) {
    const place = facts?.imports?.[imported] ?? (imported === "runtime/cgo" ? facts?.imports?.C : undefined);
    if (!place) return h("code", {}, path);
    return h("button", { type: "button", class: "gl-go", title: "go to the import", onclick: () => select({ file, ...place }) }, path);
  }

  if (live) {
    way = model.get("way");
    watch(
      model,
      "way",
      () => {
        way = model.get("way");
        paint();
      },
      life.signal,
    );
    follow(
      model,
      "measured",
      (/** @type {Matrix} */ next) => {
        matrix = next;
        program = next.programs[0] ?? program;
        paint();
      },
      life.signal,
    );
  }

  return {
    element: frame,
    destroy: () => life.abort(),
    /** @param {Matrix & {failed?: string, file?: string}} next */
    show(next) {
      file = next.file ?? "";
      if (next.failed) {
        set(frame, "data-stale", true);
        return say(status, next.failed);
      }
      facts = next;
      if (!live) {
        matrix = next;
        way = Object.keys(way).length > 0 ? way : (next.rows[0]?.way ?? {});
        program = program || (next.programs[0] ?? "");
      }
      paint();
    },
    select() {},
  };
}
