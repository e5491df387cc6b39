/**
 * An import graph to edit. The order that follows from it is reckoned here, at once; the real one comes from
 * the kernel, which builds such a program and runs it.
 */

import { createDiagram } from "./diagram.js";
import { part } from "./inits.js";
import { createMatrix } from "./matrix.js";
import { few, named, ready, rowsOf, sourceOf, toggled, without } from "./model.js";
import { h, root, say, set } from "../page/dom.js";
import { watch } from "../page/host.js";
import { follow } from "../page/payload.js";

/** @typedef {import("./model.js").Imports} Imports */
/** @typedef {{imports: Imports, printed?: string[], failed?: string}} Made */

const NAME = /^[a-z][a-z0-9_-]*(\/[a-z][a-z0-9_-]*)*$/;
const MOST = 24;

/**
 * @param {import("../page/host.js").Host} host
 */
export function renderInitGraph({ model, el }) {
  const life = new AbortController();
  root(el, "initgraph");
  /** @type {Imports} */
  let imports = model.get("imports") ?? {};
  // A value that shows itself brings its graph with what came of it.
  const live = model.get("imports") !== undefined;
  /** @type {Made | null} */
  let made = null;
  /** @type {import("./model.js").Row[]} */
  let rows = [];

  const matrix = createMatrix({ toggle: (importer, imported) => change(toggled(imports, importer, imported)), choose: (name) => order.go(name) });
  const diagram = createDiagram((name) => order.go(name));
  const source = h("pre", { class: "gl-inits-source", tabindex: "0", role: "region", "aria-label": "source of the current package" });
  const verdict = h("p", { class: "gl-inits-verdict", role: "status" });
  const order = part({
    thing: "package",
    title: "The order that follows",
    heads: ["imports", "when run"],
    words: (row) => real(row.name),
    cells: (row, number) => {
      const at = place(row.name);
      return [h("code", { class: "gl-inits-text" }, (imports[row.name] ?? []).join(" ")), h("span", { class: "gl-inits-mark" }, at < 0 ? "…" : at === number ? `✓ ${at + 1}` : `✗ ${at + 1}`)];
    },
    chosen: () => {},
    moved: (number) => {
      const states = ready(rows, number).filter((other) => other !== number);
      say(source, sourceOf(imports, rows[number].name));
      diagram.mark(rows[number].name, rows.slice(0, number).map(({ name }) => name), states.map((other) => rows[other].name));
    },
  });
  const field = h("input", { type: "text", size: 12, "aria-label": "name of a new package", placeholder: "new package", maxlength: 30 });
  const add = h("button", { type: "button", onclick: () => more() }, "add");
  const gone = h("select", { "aria-label": "take a package away", onchange: () => change(without(imports, gone.value)) });
  const form = h("div", { class: "gl-inits-form" }, field, add, gone);
  const complaint = h("span", { class: "gl-note", role: "status" });
  form.append(complaint);
  const frame = h(
    "section",
    { class: "gl-inits gl-initgraph", "aria-label": "an import graph", "data-part": "process" },
    h("div", { class: "gl-inits-graph" }, h("div", { class: "gl-inits-sheet" }, matrix.element, form), h("div", { class: "gl-inits-drawn" }, h("div", {}, diagram.element, h("p", { class: "gl-inits-key gl-note" }, "An arrow is an import. Bold: the current one; filled: done; dashed: ready, too. ⟲ in the table: would close a circle.")), source)),
    verdict,
    order.element,
  );
  el.append(frame);

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    more();
  });

  function more() {
    const name = field.value.trim();
    const known = named(imports);
    const wrong = !NAME.test(name) ? "small letters, digits, hyphens and slashes make an import path" : known.includes(name) ? "there is one of that name" : known.length >= MOST ? "that are enough packages" : "";
    say(complaint, wrong);
    if (wrong) return;
    field.value = "";
    change({ ...imports, [name]: [], main: [...(imports.main ?? []), name] });
  }

  /** @param {string} name */
  const place = (name) => (fresh() && made?.printed ? made.printed.indexOf(name) : -1);
  const fresh = () => made !== null && JSON.stringify(made.imports) === JSON.stringify(full(imports));

  /** @param {string} name */
  function real(name) {
    const at = place(name);
    return at < 0 ? "not run yet" : `really the ${at + 1}.`;
  }

  /** @param {Imports} next */
  function change(next) {
    imports = next;
    if (live) {
      model.set("imports", imports);
      model.save_changes();
    }
    paint();
  }

  function paint() {
    rows = rowsOf(imports);
    const names = rows.map(({ name }) => name);
    matrix.show(imports);
    diagram.show(imports, names);
    gone.replaceChildren(h("option", { value: "" }, "take away …"), ...named(imports).slice(1).map((name) => h("option", { value: name }, name)));
    order.show(rows);
    const left = named(imports).filter((name) => !names.includes(name));
    const beside = left.length > 0 ? ` Nothing imports ${few(left)}: not part of the program.` : "";
    const same = fresh() && made?.printed?.join() === names.join();
    set(frame, "data-agrees", fresh() && made?.printed ? String(same) : null);
    say(verdict, `${told(same)}${beside}`);
  }

  /** @param {boolean} same */
  function told(same) {
    if (!fresh()) return live && model.get("runtime") ? "Building and running this program …" : "Predicted. Without a kernel nobody runs it.";
    if (made?.failed) return made.failed;
    return same ? "✓ Built and run: the packages printed their names in this very order." : `✗ Built and run, the packages printed: ${made?.printed?.join(", ")}.`;
  }

  watch(
    model,
    "imports",
    () => {
      if (JSON.stringify(model.get("imports")) === JSON.stringify(imports)) return;
      imports = model.get("imports");
      paint();
    },
    life.signal,
  );
  follow(
    model,
    "payload",
    (/** @type {Made} */ next) => {
      made = next.imports ? next : null;
      if (!live) imports = next.imports ?? {};
      paint();
    },
    life.signal,
  );
  life.signal.addEventListener("abort", order.destroy);
  paint();
  return () => {
    life.abort();
    el.replaceChildren();
  };
}

/**
 * A graph as the kernel writes it: every package has an entry, in the order of their first mention.
 *
 * @param {Imports} imports
 */
function full(imports) {
  const names = new Set([...Object.keys(imports), ...Object.values(imports).flat()]);
  return Object.fromEntries([...names].map((name) => [name, imports[name] ?? []]));
}
