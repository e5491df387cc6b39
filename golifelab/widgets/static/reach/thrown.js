/**
 * What the linker threw away: packages with how much of their code is in the program, and the functions
 * of one of them that are not.
 */

import { share } from "./model.js";
import { h, say, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("./model.js").Package} Package */

/**
 * @param {(name: string) => void} choose
 */
export function createThrown(choose) {
  const body = h("div", { class: "gl-reach-packages", role: "listbox", tabindex: "0", "aria-label": "packages, those with the most code first: how much of it is kept, and how many functions of all" });
  const title = h("p", { class: "gl-reach-title", role: "status" });
  const rest = h("div", { class: "gl-reach-functions", role: "listbox", tabindex: "0", "aria-label": "functions that were thrown away" });
  const element = h("div", { class: "gl-reach-thrown", role: "tabpanel", id: uid("panel"), "aria-label": "thrown away", hidden: true }, body, h("div", {}, title, rest));
  /** @type {Package[]} */
  let packages = [];
  let at = 0;
  let line = 0;
  body.id = uid("packages");
  rest.id = uid("functions");
  const list = virtualList(body, package_);
  const names = virtualList(rest, function_);

  /** @param {number} index */
  function package_(index) {
    const one = packages[index];
    const bar = h("span", { class: "gl-reach-bar", "aria-hidden": "true" }, h("span"));
    const whole = one.kept_bytes + one.thrown_bytes;
    /** @type {HTMLElement} */ (bar.firstElementChild).style.width = `${whole > 0 ? (100 * one.kept_bytes) / whole : 0}%`;
    const words = `${one.kept.toLocaleString("en")} of ${(one.kept + one.thrown).toLocaleString("en")}`;
    return h("div", { id: `${body.id}-${index}`, class: "gl-reach-package", role: "option", "aria-selected": String(index === at), onclick: () => go(index) }, h("code", {}, one.name), bar, h("span", { class: "gl-reach-share" }, share(one)), h("span", { class: "gl-reach-counts" }, words));
  }

  /** @param {number} index */
  function function_(index) {
    const one = packages[at];
    return h("div", { id: `${rest.id}-${index}`, class: "gl-reach-function", role: "option", "aria-selected": String(index === line), onclick: () => choose(one.names[index]) }, h("code", {}, one.names[index]), h("span", {}, `${one.sizes[index].toLocaleString("en")} B`));
  }

  /** @param {number} index */
  function go(index) {
    at = index;
    line = 0;
    paint();
  }

  function paint() {
    const one = packages[at];
    list.show(packages.length);
    list.reveal(at);
    set(body, "aria-activedescendant", `${body.id}-${at}`);
    say(title, one ? `${one.name}: ${one.thrown.toLocaleString("en")} functions, ${one.thrown_bytes.toLocaleString("en")} bytes of code are not in the program` : "");
    names.show(one?.names.length ?? 0);
    names.reveal(0);
  }

  body.addEventListener("keydown", (event) => {
    const to = moved(event.key, at, packages.length);
    if (to === null) return;
    event.preventDefault();
    go(to);
  });
  rest.addEventListener("keydown", (event) => {
    const one = packages[at];
    if (!one) return;
    if (event.key === "Enter" && one.names[line]) choose(one.names[line]);
    const to = moved(event.key, line, one.names.length);
    if (to !== null) {
      line = to;
      names.show(one.names.length);
      names.reveal(line);
      set(rest, "aria-activedescendant", `${rest.id}-${line}`);
    } else if (event.key !== "Enter") return;
    event.preventDefault();
  });

  return {
    element,
    /** Lay it out: while it was hidden it had no height. */
    shown: paint,
    /** @param {Package[]} next */
    show(next) {
      const name = packages[at]?.name;
      packages = next;
      at = Math.max(
        0,
        packages.findIndex((one) => one.name === name),
      );
      if (!element.hidden) paint();
    },
  };
}

/**
 * @param {string} key
 * @param {number} at
 * @param {number} count
 * @returns {number | null} where the key leads in a list; null for another key
 */
export function moved(key, at, count) {
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: count - 1 }[key];
  return to === undefined || count === 0 ? null : Math.max(0, Math.min(to, count - 1));
}
