/**
 * A field to look for a name in, and the first that have what is typed in them.
 */

import { h, set, uid } from "./dom.js";

/**
 * @param {string} title what is looked for, in words
 * @param {(text: string) => {id: number, name: string, note: string}[]} look the finds, the best first
 * @param {(id: number) => void} choose
 */
export function createFinder(title, look, choose) {
  const list = h("ul", { class: "gl-finder-list", role: "listbox", id: uid("finds"), "aria-label": "found", hidden: true });
  const field = h("input", {
    class: "gl-finder-field",
    type: "search",
    spellcheck: "false",
    autocomplete: "off",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-label": title,
    placeholder: title,
  });
  const element = h("div", { class: "gl-finder" }, field, list);
  /** @type {{id: number, name: string, note: string}[]} */
  let finds = [];
  let active = -1;

  function close() {
    finds = [];
    show();
  }

  function show() {
    list.replaceChildren(
      ...finds.map((find, index) =>
        h(
          "li",
          {
            id: `${list.id}-${index}`,
            role: "option",
            "aria-selected": String(index === active),
            // Before the field loses the focus, which closes the list.
            onmousedown: (event) => {
              event.preventDefault();
              take(index);
            },
          },
          h("code", {}, find.name),
          h("span", {}, find.note),
        ),
      ),
    );
    set(list, "hidden", finds.length === 0);
    set(field, "aria-expanded", String(finds.length > 0));
    set(field, "aria-activedescendant", finds.length > 0 && active >= 0 ? `${list.id}-${active}` : null);
    list.children[active]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} index */
  function take(index) {
    const found = finds[index];
    if (!found) return;
    field.value = found.name;
    close();
    choose(found.id);
  }

  field.addEventListener("input", () => {
    finds = field.value.trim() ? look(field.value.trim()) : [];
    active = finds.length > 0 ? 0 : -1;
    show();
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && finds.length > 0) {
      event.stopPropagation();
      close();
    } else if (event.key === "Enter") take(active);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (finds.length === 0) return;
      active = (active + (event.key === "ArrowDown" ? 1 : finds.length - 1)) % finds.length;
      show();
    } else return;
    event.preventDefault();
  });
  return {
    element,
    field,
    /** @param {string} text */
    say(text) {
      if (document.activeElement !== field) field.value = text;
    },
  };
}

/**
 * The best finds: names that are what is typed, then those that end so, begin so, have it in them.
 *
 * @param {string[]} names
 * @param {string} text
 * @param {number} [most]
 * @returns {number[]} their places
 */
export function best(names, text, most = 12) {
  const wanted = text.toLowerCase();
  /** @type {[number, number][]} */
  const found = [];
  names.forEach((name, index) => {
    const low = name.toLowerCase();
    const at = low.indexOf(wanted);
    if (at < 0) return;
    const end = low.length - at - wanted.length;
    const rank = end === 0 ? (at === 0 ? 0 : low[at - 1] === "." ? 1 : 3) : at === 0 ? 2 : low[at - 1] === "." ? 4 : 5;
    // Of two names that differ in capitals only, the one that was typed.
    found.push([rank * 10_000 + name.length - (name.includes(text) ? 0.5 : 0), index]);
  });
  found.sort((a, b) => a[0] - b[0]);
  return found.slice(0, most).map(([, index]) => index);
}
